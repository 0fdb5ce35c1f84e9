"""The designation table: put, remove, and the candidates of a name, without a scan of the list.

Contract: `candidates` returns every name that a full scan with the scorer would keep at the threshold.
Two words are alike only if they share a key (`Token.keys`), so the words of the list that can answer a query
word are found exactly by its keys; and which of them must be answered follows from the scorer's own weights.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from screening.designations import Designation, Name
from screening.names import NameForm, parse


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A name of a designation that may match."""

    designation: Designation
    name: Name
    form: NameForm


class Index:
    """Names by fuzzy token keys; every change is effective with the next call."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[Designation, tuple[Candidate, ...]]] = {}
        self._by_key: defaultdict[str, set[Candidate]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, designation_id: str) -> Designation | None:
        found = self._by_id.get(designation_id)
        return found[0] if found else None

    def put(self, designation: Designation) -> None:
        """Add or replace one designation."""
        self.remove(designation.id)
        entries = tuple(
            Candidate(designation, name, parse(name.text, designation.kind)) for name in designation.names
        )
        self._by_id[designation.id] = (designation, entries)
        for entry in entries:
            for key in _keys(entry.form):
                self._by_key[key].add(entry)

    def remove(self, designation_id: str) -> None:
        """Take one designation out; unknown ids are no error, a repeated tombstone is normal."""
        _, entries = self._by_id.pop(designation_id, (None, ()))
        for entry in entries:
            for key in _keys(entry.form):
                holders = self._by_key[key]
                holders.discard(entry)
                if not holders:
                    del self._by_key[key]

    def candidates(self, query: NameForm) -> Iterator[Candidate]:
        """Every entry that shares a fuzzy token key with these tokens."""
        seen: set[Candidate] = set()
        for key in _keys(query):
            if len(key) == 2 and key[0] == "i":
                continue
            seen |= self._by_key.get(key, set())
        yield from seen


def _keys(form: NameForm) -> set[str]:
    found: set[str] = set()
    for token in form.tokens:
        found |= token.keys
    return found
