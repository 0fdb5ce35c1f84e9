"""One payment while a mapping reads it, and which places it has taken."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from screening.designations import Gender, Kind
from screening.payments.canonical import GENDERS, KINDS, account_scheme, birth_date_of, wrong_type
from screening.payments.json_path import JsonPath
from screening.payments.mapped.codes import is_code
from screening.payments.mapped.conditions import Condition, all_hold
from screening.payments.mapped.pieces import Piece
from screening.payments.mapped.sources import Source
from screening.payments.model import Field, Party, PartyIdentifier, Role
from screening.payments.strict_json import fields
from screening.tuples import make

CONSTANT = "(mapping)"
"""The path of what a mapping sets itself."""
_LETTERS: Mapping[str, Gender] = {"m": Gender.MALE, "f": Gender.FEMALE}


@dataclass(frozen=True, slots=True)
class PartyMapping:
    """Where one party, or each party of a list (`each`), stands in an event."""

    role: Role
    each: JsonPath | None
    sources: Mapping[str, Source]
    """By name, account, bic, lei, country, address, birth_date, kind, gender and role."""
    identifiers: Mapping[str, Source]
    """By scheme."""
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The event's words for what we call otherwise."""

    roles: Mapping[str, Role] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    genders: Mapping[str, Gender] = field(default_factory=dict)


class Reading:
    """Reads values at paths: `$` from the event, `@` from the element of a list."""

    def __init__(
        self, event: Any, at: str, piece: Piece, pinned: Callable[[JsonPath], JsonPath], words: Words
    ) -> None:
        self._event, self._at, self._piece, self.words = event, at, piece, words
        self._pinned = pinned
        self._taken: set[str] = set()
        self._unsure: list[Field] = []

    def at(self, path: JsonPath, element: Any = None, below: str | None = None) -> Iterable[tuple[Any, str]]:
        """What a path leads to, not taken by that."""
        if not path.relative:
            return self._pinned(path).values(self._event, self._at)
        if below is None:
            element, below = self._piece.element, self._piece.at
        return path.values(element, below)

    def first(self, source: Source | None, element: Any = None, below: str | None = None) -> tuple[Any, str]:
        """The first value that is there, and its place."""
        if source is None:
            return None, ""
        if source.constant is not None or source.join is not None or source.template:
            return next(iter(self.fields(source, element, below)), (None, ""))
        for path in source.paths:
            for value, where in self.at(path, element, below):
                if value is not None:
                    self._taken.add(where)
                    return value, where
        return None, ""

    def code(self, key: str, source: Source | None) -> str | None:
        """One text that should be a code; one that has not the shape of it is screened as text, too."""
        value, where = self.first(source)
        if value is not None and type(value) is not str:
            wrong_type(where, "a string", value)
        return None if value is None else self._coded(key, value, where)

    def reference(self, source: Source | None) -> str | None:
        """An id: a text, or a whole number."""
        value, where = self.first(source)
        if type(value) is int:
            return str(value)
        if value is None or value == "":
            return None
        if type(value) is not str or value.isspace():
            wrong_type(where, "a string that names the payment", value)
        return self._coded("id", value, where)

    def _coded(self, key: str, value: str, where: str) -> str:
        if where != CONSTANT and not is_code(key, value):
            self._unsure.append(Field(value, where))
        return value

    def fields(
        self, source: Source | None, element: Any = None, below: str | None = None
    ) -> tuple[Field, ...]:
        """Every text of a source, taken. Where a template takes parts, the whole text stays with the rest."""
        if source is None:
            return ()
        if source.constant is not None:
            return (Field(source.constant, CONSTANT),)
        found: list[Field] = []
        for path in source.paths:
            for value, where in self.at(path, element, below):
                if not source.template:
                    self._taken.add(where)
                if type(value) is str and value and not value.isspace():
                    found.append(make(Field, (value, where)))
                else:
                    found += fields(value, where)
        if source.template:
            parts = [(source.template.parts(text), where) for text, where in found]
            found = [Field(" ".join(taken), where) for taken, where in parts if taken]
        if source.join is not None and found:
            return (Field(source.join.join(text for text, _ in found), found[0].path),)
        return tuple(found)

    def parties(self, mapped: PartyMapping) -> Iterator[Party]:
        """The parties of one mapping that have anything to be screened."""
        elements: Iterable[tuple[Any, str]] = [(self._piece.element, self._piece.at)]
        if mapped.each is not None:
            elements = self.at(mapped.each)
        for element, below in elements:
            if self._holds(mapped.when, element, below):
                party = _PartyReading(self, mapped, element, below).party()
                if party.names or party.identifiers or party.addresses or party.countries or party.texts:
                    yield party

    def _holds(self, conditions: Sequence[Condition], element: Any, below: str) -> bool:
        return not conditions or all_hold(
            conditions, lambda path: (value for value, _ in self.at(path, element, below))
        )

    def rest(self, left_out: Iterable[JsonPath]) -> tuple[tuple[Field, ...], list[str]]:
        """Every text at a place that no path took, nor anything around it; and the places left out that
        hold a text."""
        without = {where for path in left_out for _, where in self.at(path)}
        rest, silent = list(self._unsure), set()
        for each in self._piece.texts:
            if without and (place := _around(each.path, without)):
                silent.add(place)
            elif each.path not in self._taken and not _around(each.path, self._taken):
                rest.append(each)
        return tuple(rest), sorted(silent)


class _PartyReading:
    """One party while it is read: a value that is not what its key is for is kept as text."""

    def __init__(self, reading: Reading, mapped: PartyMapping, element: Any, below: str) -> None:
        self._reading = reading
        self._mapped = mapped
        self._element = element
        self._below = below
        self._texts: list[Field] = []

    def party(self) -> Party:
        sources, words = self._mapped.sources, self._reading.words
        identifiers = self._identifiers()
        role = self._word("role", words.roles)
        kind = self._word("kind", words.kinds, KINDS)
        gender = self._word("gender", words.genders, GENDERS, _LETTERS)
        countries = self._codes("country", sources.get("country"))
        born = birth_date_of(*self._reading.first(sources.get("birth_date"), self._element, self._below))
        names, addresses = self._read("name"), self._read("address")
        return Party(
            role or self._mapped.role,
            names,
            tuple(identifiers),
            addresses,
            countries,
            tuple(self._texts),
            kind,
            born,
            gender,
        )

    def _identifiers(self) -> list[PartyIdentifier]:
        sources = self._mapped.sources
        found = [
            PartyIdentifier(key, *each)
            for key in ("bic", "lei")
            for each in self._codes(key, sources.get(key))
        ]
        found += [
            PartyIdentifier(account_scheme(each.value), *each)
            for each in self._codes("account", sources.get("account"))
        ]
        for scheme, source in self._mapped.identifiers.items():
            found += [PartyIdentifier(scheme, *each) for each in self._codes(scheme, source)]
        return found

    def _read(self, key: str) -> tuple[Field, ...]:
        return self._reading.fields(self._mapped.sources.get(key), self._element, self._below)

    def _codes(self, key: str, source: Source | None) -> tuple[Field, ...]:
        """The values that should be codes of this kind; those that are not are texts as well."""
        if source is None:
            return ()
        found = self._reading.fields(source, self._element, self._below)
        inside = len(found) > 1 and key != "country"  # a part of a name has four letters, too
        self._texts.extend(
            [each for each in found if not is_code(key, each.value) or (inside and each.value.isalpha())]
        )
        return found

    def _word(self, key: str, *known: Mapping[str, Any]) -> Any:
        """What the first text means; every text without a known meaning is kept."""
        if key not in self._mapped.sources:
            return None
        meanings = [self._meaning(each, known) for each in self._read(key)]
        return meanings[0] if meanings else None

    def _meaning(self, text: Field, known: Sequence[Mapping[str, Any]]) -> Any:
        value = text.value.strip()
        for words in known:
            if meaning := words.get(value) or words.get(value.lower()):
                return meaning
        self._texts.append(text)
        return None


def _around(path: str, places: set[str]) -> str:
    """The place that a path is at or inside of; empty for none."""
    while path and path not in places:
        path = path.rpartition("/")[0]
    return path
