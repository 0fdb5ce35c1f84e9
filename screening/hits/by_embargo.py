"""Where a payment meets an embargo: countries by code and name, regions by their towns, goods by their words.

A country is met by its code (a party's country, the country in a BIC or IBAN) and by its name or its towns
in an address; a region by its names and towns; goods and ports by their words in free text. What is met is a
designation of its own, `embargo:IR`, so that alerts look alike whatever they are about.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from screening.countries import stated_country
from screening.decisions import Reason
from screening.designations import Designation, Name, NameType
from screening.hits.codes import country_of, is_iban
from screening.names.scripts import romanize
from screening.names.vocabulary import particles, street_words
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
        self._names = _Phrases()
        self._goods = _Phrases()
        for embargo in embargoes:
            designation = _designation(embargo)
            self._by_id[designation.id] = designation
            self._countries |= dict.fromkeys(embargo.countries, designation)
            for phrases, words in (
                (self._places, (*embargo.names, *embargo.places)),
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
        elsewhere = {code for field in party.countries if (code := stated_country(field.value))}
        for value, path in party.addresses:
            for matched, designation in self._places.found_in(value, with_streets=not elsewhere):
                yield EmbargoMatch(designation, Reason.COUNTRY, value, matched, "address", path)
        for value, path in party.texts:
            for matched, designation in self._names.found_in(value):
                yield EmbargoMatch(designation, Reason.COUNTRY, value, matched, "text", path)
            for matched, designation in self._goods.found_in(value):
                yield EmbargoMatch(designation, Reason.GOODS, value, matched, "goods", path)


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

    def found_in(self, text: str, *, with_streets: bool = True) -> Iterator[tuple[str, Designation]]:
        """What stands in a text; `with_streets`: also countries that a street is called after."""
        if not self._by_first:
            return
        words = _words(text)
        for at, word in enumerate(words):
            for phrase, as_given, designation in self._by_first.get(word, ()):
                if words[at : at + len(phrase)] != phrase:
                    continue
                if with_streets or not designation.countries or not _only_streets(text, phrase):
                    yield as_given, designation


_PARTS = re.compile("[,;/|\n]")


def _only_streets(text: str, phrase: tuple[str, ...]) -> bool:
    """Does the phrase stand in the names of streets and nowhere else? A comma ends such a name."""
    found = False
    for part in _PARTS.split(text):
        words = _words(part)
        for at in range(len(words)):
            if words[at : at + len(phrase)] == phrase:
                found = True
                if not _is_street(words, at, at + len(phrase)):
                    return False
    return found


def _is_street(words: tuple[str, ...], start: int, end: int) -> bool:
    """Is a street called after the place: Teheran-ro, Cuba Street, rue de Damas?"""
    behind, before = street_words()
    if end < len(words) and words[end] in behind:
        return True
    while start and words[start - 1] in particles():
        start -= 1
    return start > 0 and words[start - 1] in before


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
