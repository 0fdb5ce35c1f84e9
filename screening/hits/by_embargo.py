"""Where a payment meets an embargo: countries by code and name, regions by their towns, goods by their words.

A country is met by its code (a party's country, the country in a BIC or IBAN) and by its name or its towns
in an address; a region by its names and towns; goods and ports by their words in free text. What is met is a
designation of its own, `embargo:IR`, so that alerts look alike whatever they are about.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from screening.countries import stated_country
from screening.decisions import Reason
from screening.designations import Designation, Name, NameType
from screening.hits.codes import country_of, is_iban
from screening.matching.plain_words import is_borne
from screening.names.scripts import romanize
from screening.names.tokens import Class, make_token
from screening.names.vocabulary import known_name, particles, street_words
from screening.names.words import words_of
from screening.payments.model import Party
from screening.policy.embargoes import SOURCE, Embargo

LONGEST_CACHED = 140
"""Characters; towns and address lines come again, and the cache stays below 20 MB whatever is sent."""


class EmbargoMatch(NamedTuple):
    """Where a payment meets an embargo: what it said, what that met, and in which kind of value."""

    designation: Designation
    reason: Reason
    value: str
    matched: str
    how: str
    path: str


class EmbargoIndex:
    """The embargoes of one policy, ready to be met."""

    def __init__(self, embargoes: Iterable[Embargo]) -> None:
        self._by_id: dict[str, Designation] = {}
        self._countries: dict[str, Designation] = {}
        self._places = _Phrases()
        self._towns = _Phrases()
        self._names = _Phrases()
        self._goods = _Phrases()
        for embargo in embargoes:
            designation = _designation(embargo)
            self._by_id[designation.id] = designation
            self._countries |= dict.fromkeys(embargo.countries, designation)
            for phrases, words in (
                (self._places, (*embargo.names, *embargo.places)),
                (self._towns, embargo.places),
                (self._names, embargo.names),
                (self._goods, embargo.goods),
            ):
                for word in words:
                    phrases.add(word, designation)

    def get(self, designation_id: str) -> Designation | None:
        return self._by_id.get(designation_id)

    def matches(self, party: Party) -> Iterator[EmbargoMatch]:
        """Every place where a party meets an embargo; the country it gives itself comes first."""
        if not self._countries and not self._places and not self._goods:
            return
        for value, path in party.countries:
            code = stated_country(value)
            designation = self._countries.get(code) if code else None
            if code and designation:
                yield EmbargoMatch(designation, Reason.COUNTRY, value, code, "country", path)
            elif code is None:  # no country by itself, but it may name one: "IR of Iran, Shiraz"
                for matched, designation in self._names.found_in(value):
                    yield EmbargoMatch(designation, Reason.COUNTRY, value, matched, "country", path)
        for scheme, value, path in party.identifiers:
            country = country_of(scheme, value)
            designation = self._countries.get(country) if country else None
            if country and designation and (scheme == "bic" or is_iban(value)):
                how = "country of BIC" if scheme == "bic" else "country of IBAN"
                yield EmbargoMatch(designation, Reason.COUNTRY, value, country, how, path)
        elsewhere = frozenset([code for field in party.countries if (code := stated_country(field.value))])
        for value, path in party.addresses:
            for matched, designation in self._places.found_in(value, elsewhere):
                yield EmbargoMatch(designation, Reason.COUNTRY, value, matched, "address", path)
        for value, path in party.texts:
            for matched, designation in self._named_in(value):
                yield EmbargoMatch(designation, Reason.COUNTRY, value, matched, "text", path)
            for matched, designation in self._goods.found_in(value):
                yield EmbargoMatch(designation, Reason.GOODS, value, matched, "goods", path)

    def _named_in(self, text: str) -> list[tuple[str, Designation]]:
        """The countries and regions that a text names; no street does, unless a town of theirs stands there:
        calle Cuba 15, La Habana."""
        found = list(self._names.found_in(text, in_text=True))
        if found and not any(self._towns.found_in(text)):
            return list(self._names.found_in(text, in_text=True, of_streets=True))
        return found


class _Phrases:
    """Words and phrases, found in running text in any script."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, Designation]]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_first)

    def add(self, phrase: str, designation: Designation) -> None:
        words = _words(phrase)
        if words:
            self._by_first.setdefault(words[0], []).append((words, phrase, designation))

    def found_in(
        self,
        text: str,
        elsewhere: frozenset[str] = frozenset(),
        *,
        in_text: bool = False,
        of_streets: bool = False,
    ) -> Iterator[tuple[str, Designation]]:
        """What stands in a text, other than what streets are called after: in the address of a party of other
        countries, `elsewhere`, or, in a free text, `in_text`, with the number of a house, `of_streets`."""
        if not self._by_first:
            return
        words = _words(text)
        streets: dict[tuple[str, ...], bool] = {}
        for at, word in enumerate(words):
            for phrase, as_given, designation in self._by_first.get(word, ()):
                end = at + len(phrase)
                if words[at:end] != phrase or (in_text and _is_a_person(text, words, at, end, as_given)):
                    continue
                if (of_streets or elsewhere) and designation.countries:
                    if phrase not in streets:
                        streets[phrase] = _only_streets(text, phrase, elsewhere, numbered=in_text)
                    if streets[phrase]:
                        continue
                yield as_given, designation


_KUBA = "Куба"


def _is_a_person(text: str, words: tuple[str, ...], start: int, end: int, as_given: str) -> bool:
    """Is a country's name, as another alphabet has it, somebody's in Latin letters: Kuba Nowak?"""
    if as_given != _KUBA or "kuba" not in text.casefold():
        return False
    return any(_is_common(word) for word in (*words[max(0, start - 1) : start], *words[end : end + 1]))


def _is_common(word: str) -> bool:
    token = make_token(word)
    if known_name(word):
        return True
    return token is not None and token.cls is Class.WORD and (token.weight < 1.0 or is_borne(token))


_PARTS = re.compile("[,;/|\n]")
_CALLE = re.compile(r"(?<![^\W_])c/(?!o\b)", re.IGNORECASE)
"""A street of Spain."""
_US_STATES = frozenset(
    "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny "  # noqa: SIM905
    "nc nd oh ok or pa pr ri sc sd tn tx ut vt va wa wv wi wy".split()
)
LONGEST_HOUSE_NUMBER = 4
"""Figures; postal codes have more."""


def _only_streets(
    text: str, phrase: tuple[str, ...], elsewhere: frozenset[str], *, numbered: bool = False
) -> bool:
    """Does the phrase stand in the names of streets, or of towns of the US, and nowhere else? A comma ends
    such a name. `numbered`: only with the number of a house beside."""
    found = False
    parts = [_words(part) for part in _PARTS.split(_CALLE.sub("calle ", text))]
    for place, words in enumerate(parts):
        for at in range(len(words)):
            end = at + len(phrase)
            if words[at:end] != phrase:
                continue
            found = True
            if numbered:
                if not _is_numbered_street(words, at, end):
                    return False
            elif not _is_street(words, at, end) and not (
                "US" in elsewhere and _is_in_a_state(words[end:], parts[place + 1 :])
            ):
                return False
    return found


def _is_in_a_state(behind: tuple[str, ...], parts: Sequence[tuple[str, ...]]) -> bool:
    """Does a state of the US come next: Havana, FL 32333; Cuba City WI?"""
    following = behind[1:] if behind[:1] == ("city",) else behind
    if not following and parts:
        following = parts[0]
    return bool(following) and following[0] in _US_STATES


def _is_street(words: tuple[str, ...], start: int, end: int) -> bool:
    """Is a street called after the place: Teheran-ro, Cuba Street, rue de Damas, or "Cuba 2100" alone?"""
    behind, before = street_words()
    if end < len(words) and words[end] in behind:
        return True
    if start == 0 and end + 1 == len(words) and _is_house_number(words[end]):
        return True
    start = _before_particles(words, start)
    return start > 0 and words[start - 1] in before


def _is_numbered_street(words: tuple[str, ...], start: int, end: int) -> bool:
    """The same with a number: 45 Cuba Street, calle Cuba 15. What goes "via Iran" goes there."""
    behind, before = street_words()
    if end < len(words) and words[end] in behind:
        beside = (*words[max(0, start - 1) : start], *words[end + 1 : end + 2])
        return any(map(_is_house_number, beside))
    start = _before_particles(words, start)
    named = start > 0 and words[start - 1] in before and words[start - 1] != "via"
    return named and end < len(words) and _is_house_number(words[end])


def _before_particles(words: tuple[str, ...], start: int) -> int:
    while start and words[start - 1] in particles():
        start -= 1
    return start


def _is_house_number(word: str) -> bool:
    return word.isdigit() and len(word) <= LONGEST_HOUSE_NUMBER


def _words(text: str) -> tuple[str, ...]:
    return _known_words(text) if len(text) <= LONGEST_CACHED else _known_words.__wrapped__(text)


@lru_cache(maxsize=20_000)
def _known_words(text: str) -> tuple[str, ...]:
    return tuple(word if word.isascii() else romanize(word) for word in words_of(text))


def _designation(embargo: Embargo) -> Designation:
    what = "goods" if embargo.goods and not embargo.names else "country" if embargo.countries else "region"
    return Designation(
        id=f"{SOURCE}:{embargo.id}",
        names=(Name(f"{embargo.name} (embargoed {what})", NameType.PRIMARY),),
        programs=(SOURCE,),
        countries=embargo.countries,
    )
