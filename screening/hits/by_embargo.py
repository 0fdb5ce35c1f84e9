"""Embargoes: countries by code and name, regions by their towns, goods by their words.

A country is matched by its code (a party's country, or the country in a BIC or IBAN) and by its name or its
towns in an address; a region by its names and towns; goods and ports by their words in free text. A match is
a designation of its own, `embargo:IR`, so that alerts look alike whatever they are about.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from screening.countries import stated_country
from screening.decisions import Reason
from screening.designations import Designation, Name, NameType
from screening.hits.address_code import code_in_address
from screening.hits.codes import country_of, is_iban
from screening.hits.streets import names_only_streets, words_in
from screening.matching.plain_words import is_borne
from screening.names.tokens import Class, make_token
from screening.names.vocabulary import known_name
from screening.payments.model import Party
from screening.policy.embargoes import SOURCE, Embargo


class EmbargoMatch(NamedTuple):
    """Where a payment matches an embargo: the value, what it matched, and in which kind of field."""

    designation: Designation
    reason: Reason
    value: str
    matched: str
    how: str
    path: str


_KUBA = ("kuba",)
LONGEST_CODE = 3
"""Letters or figures of a country's code; what is longer is words."""


class _Found(NamedTuple):
    """A phrase of an embargo where it stands in a text."""

    designation: Designation
    name: str
    """As the policy writes it."""
    words: tuple[str, ...]
    beside: tuple[str, ...]
    """The word before it and the one behind."""
    at: int
    """The number of its first word in the text."""

    @property
    def is_country(self) -> bool:
        return bool(self.designation.countries)

    def is_a_person(self, text: str) -> bool:
        """Is a country's name, as another alphabet has it, somebody's in Latin letters: Kuba Nowak?"""
        if self.words != _KUBA or _KUBA[0] not in text.casefold():
            return False
        return any(map(_is_common, self.beside))


class EmbargoIndex:
    """The embargoes of one policy, indexed."""

    def __init__(self, embargoes: Iterable[Embargo]) -> None:
        self._by_id: dict[str, Designation] = {}
        self._countries: dict[str, Designation] = {}
        self._places = _Phrases()
        self._towns = _Phrases()
        self._names = _Phrases()
        self._goods = _Phrases()
        self._unless = _Phrases()
        for embargo in embargoes:
            designation = _designation(embargo)
            self._by_id[designation.id] = designation
            self._countries |= dict.fromkeys(embargo.countries, designation)
            for phrases, words in (
                (self._places, (*embargo.names, *embargo.places)),
                (self._towns, embargo.places),
                (self._names, embargo.names),
                (self._goods, embargo.goods),
                (self._unless, embargo.unless),
            ):
                for word in words:
                    phrases.add(word, designation)

    def get(self, designation_id: str) -> Designation | None:
        """An embargo by the id of its designation; None if there is none."""
        return self._by_id.get(designation_id)

    def matches(self, party: Party) -> Iterator[EmbargoMatch]:
        """Every match of a party with an embargo; the party's own country comes first."""
        if not self._countries and not self._places and not self._goods:
            return
        yield from self._of_countries(party)
        yield from self._of_identifiers(party)
        yield from self._in_addresses(party)
        yield from self._in_texts(party)

    def _of_countries(self, party: Party) -> Iterator[EmbargoMatch]:
        for value, path in party.countries:
            code = stated_country(value)
            designation = self._countries.get(code) if code else None
            if code and designation:
                yield EmbargoMatch(designation, Reason.COUNTRY, value, code, "country", path)
            elif (
                code is None or len(value) > LONGEST_CODE
            ):  # it may name one, or a region: "IR of Iran", "Crimea"
                for found in self._names.found_in(value):
                    yield EmbargoMatch(found.designation, Reason.COUNTRY, value, found.name, "country", path)

    def _of_identifiers(self, party: Party) -> Iterator[EmbargoMatch]:
        for scheme, value, path in party.identifiers:
            country = country_of(scheme, value)
            designation = self._countries.get(country) if country else None
            if country and designation and (scheme == "bic" or is_iban(value)):
                how = "country of BIC" if scheme == "bic" else "country of IBAN"
                yield EmbargoMatch(designation, Reason.COUNTRY, value, country, how, path)

    def _in_addresses(self, party: Party) -> Iterator[EmbargoMatch]:
        """A street or town that is called after an embargoed country is no match in the address of a party
        in another country, and a code at the end is one only where the party gives no country."""
        elsewhere = frozenset([code for field in party.countries if (code := stated_country(field.value))])
        for value, path in party.addresses:
            named = list(self._places.found_in(value))
            if elsewhere:
                named = _without_streets(self._meant(named, value), value, elsewhere)
            for found in named:
                yield EmbargoMatch(found.designation, Reason.COUNTRY, value, found.name, "address", path)
        if party.addresses and not elsewhere:
            value, path = party.addresses[-1]
            code = code_in_address(value)
            if code and (designation := self._countries.get(code)):
                yield EmbargoMatch(designation, Reason.COUNTRY, value, code, "country", path)

    def _in_texts(self, party: Party) -> Iterator[EmbargoMatch]:
        for value, path in party.texts:
            for found in self._named_in(value):
                yield EmbargoMatch(found.designation, Reason.COUNTRY, value, found.name, "text", path)
            for found in self._goods.found_in(value):
                yield EmbargoMatch(found.designation, Reason.GOODS, value, found.name, "goods", path)

    def _named_in(self, text: str) -> list[_Found]:
        """The countries and regions that a free text names. A street with a house number names none, unless a
        town of theirs stands in the text: calle Cuba 15, La Habana."""
        named = [found for found in self._names.found_in(text) if not found.is_a_person(text)]
        named = self._meant(named, text)
        if not named or any(self._towns.found_in(text)):
            return named
        return _without_streets(named, text, numbered=True)

    def _meant(self, named: list[_Found], text: str) -> list[_Found]:
        """Without the names that are a part of something else, as the policy says."""
        if not named:
            return named
        others = {
            (other.designation.id, place)
            for other in self._unless.found_in(text)
            for place in range(other.at, other.at + len(other.words))
        }
        return [found for found in named if (found.designation.id, found.at) not in others]


class _Phrases:
    """Words and phrases that are searched in text of any script."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, Designation]]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_first)

    def add(self, phrase: str, designation: Designation) -> None:
        words = words_in(phrase)
        if words:
            self._by_first.setdefault(words[0], []).append((words, phrase, designation))

    def found_in(self, text: str) -> Iterator[_Found]:
        """Every place in a text where one of the phrases stands."""
        if not self._by_first:
            return
        words = words_in(text)
        for at, word in enumerate(words):
            for phrase, as_given, designation in self._by_first.get(word, ()):
                end = at + len(phrase)
                if words[at:end] == phrase:
                    beside = (*words[max(0, at - 1) : at], *words[end : end + 1])
                    yield _Found(designation, as_given, phrase, beside, at)


def _without_streets(
    named: list[_Found], text: str, elsewhere: frozenset[str] = frozenset(), *, numbered: bool = False
) -> list[_Found]:
    """Without the countries that only streets are called after; each is looked at once, however often it
    stands in the text."""
    countries = {found.words for found in named if found.is_country}
    streets = {words for words in countries if names_only_streets(text, words, elsewhere, numbered=numbered)}
    return [found for found in named if not (found.is_country and found.words in streets)]


def _is_common(word: str) -> bool:
    """Is a word a known name, or one that many bear?"""
    token = make_token(word)
    if known_name(word):
        return True
    return token is not None and token.cls is Class.WORD and (token.weight < 1.0 or is_borne(token))


def _designation(embargo: Embargo) -> Designation:
    what = "goods" if embargo.goods and not embargo.names else "country" if embargo.countries else "region"
    return Designation(
        id=f"{SOURCE}:{embargo.id}",
        names=(Name(f"{embargo.name} (embargoed {what})", NameType.PRIMARY),),
        programs=(SOURCE,),
        countries=embargo.countries,
    )
