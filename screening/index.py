"""The designation table: put, remove, and the candidates of a name, without a scan of the list.

Contract: `candidates` returns every designation that a full scan with the scorer would keep.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from screening.designations import Designation, Name
from screening.names import substance, tokens


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name of a designation that may match."""

    designation: Designation
    name: Name
    tokens: tuple[str, ...]


class Index:
    """Names by fuzzy token keys; every change is effective with the next call."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[Designation, tuple[Candidate, ...]]] = {}
        self._by_key: defaultdict[str, dict[int, Candidate]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, designation_id: str) -> Designation | None:
        found = self._by_id.get(designation_id)
        return found[0] if found else None

    def put(self, designation: Designation) -> None:
        """Add or replace one designation."""
        self.remove(designation.id)
        entries = tuple(Candidate(designation, name, tokens(name.text)) for name in designation.names)
        self._by_id[designation.id] = (designation, entries)
        for entry in entries:
            for key in _keys(entry.tokens):
                self._by_key[key][id(entry)] = entry

    def remove(self, designation_id: str) -> None:
        """Take one designation out; unknown ids are no error, a repeated tombstone is normal."""
        _, entries = self._by_id.pop(designation_id, (None, ()))
        for entry in entries:
            for key in _keys(entry.tokens):
                holders = self._by_key[key]
                holders.pop(id(entry), None)
                if not holders:
                    del self._by_key[key]

    def candidates(self, words: tuple[str, ...]) -> Iterator[Candidate]:
        """Every entry that shares a fuzzy token key with these tokens."""
        seen: dict[int, Candidate] = {}
        for key in _keys(words):
            seen.update(self._by_key.get(key, {}))
        yield from seen.values()


def _keys(words: tuple[str, ...]) -> set[str]:
    found = {"".join(sorted(substance(words)))}
    for word in substance(words):
        found.add(word)
        if len(word) > 3:
            found.update(word[:i] + word[i + 1 :] for i in range(len(word)))
    return found
