"""The designations that have an identifier, by exact lookup."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from screening.designations import Designation, Identifier
from screening.hits.codes import codes_of
from screening.hits.marks import identifiers_of
from screening.hits.sought import Sought, in_field, in_party, in_text
from screening.payments.model import Party


class Owner(NamedTuple):
    """A designation and the identifier that it was found by."""

    designation: Designation
    identifier: Identifier


class IdentifierIndex:
    """Designations by their identifiers; every change takes effect with the next call."""

    def __init__(self) -> None:
        self._by_key: defaultdict[str, dict[str, Owner]] = defaultdict(dict)
        self._keys: dict[str, tuple[str, ...]] = {}

    def put(self, designation: Designation) -> None:
        """Add or replace one designation's identifiers."""
        self.remove(designation.id)
        keys: list[str] = []
        for identifier in identifiers_of(designation):
            for key in codes_of(identifier):
                keys.append(key)
                self._by_key[key][designation.id] = Owner(designation, identifier)
        if keys:
            self._keys[designation.id] = tuple(keys)

    def remove(self, designation_id: str) -> None:
        """Take one designation out; unknown ids are no error."""
        for key in self._keys.pop(designation_id, ()):
            owners = self._by_key.get(key)
            if owners is not None:
                owners.pop(designation_id, None)
                if not owners:
                    del self._by_key[key]

    def owners(self, scheme: str, value: str) -> Iterator[Owner]:
        """Every designation that has this identifier."""
        for sought in in_field(scheme, value):
            yield from self._owners(sought)

    def in_text(self, text: str) -> Iterator[tuple[str, Owner]]:
        """Owners of identifiers anywhere in free text, each with the part of the text that is the
        identifier."""
        for sought in in_text(text):
            yield from ((sought.part, owner) for owner in self._owners(sought))

    def of_party(self, party: Party) -> Iterator[tuple[str, str, str, Owner]]:
        """Owners of a party's identifiers and of those anywhere in its texts, each with the value, the part
        of it that is the identifier, and its path."""
        if not self._by_key:
            return
        for value, path, sought in in_party(party):
            yield from ((value, sought.part, path, owner) for owner in self._owners(sought))

    def _owners(self, sought: Sought) -> Iterator[Owner]:
        for owner in self._by_key.get(sought.key, {}).values():
            scheme = owner.identifier.scheme
            if sought.only in (None, scheme) and scheme not in sought.never:
                yield owner
