"""Is the list complete? A ledger of what the list topic said, and the proof that nothing is missing.

A publisher writes a `begin` marker, the changed entries, then a `commit` marker that carries the count and
the hash of the whole list. The ledger keeps the same count and hash over the entries it has seen:

- right after a commit both must agree exactly;
- between commits (a publication under way, a single entry sent by hand) the list can only differ by the
  entries changed since the last commit, and the ledger checks that it does not differ by more.

The second check matters after a restart: a compacted topic no longer holds what was overwritten since.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from screening.completeness import ListDigest
from screening.decisions import ListVersion


class MarkerType(StrEnum):
    BEGIN = "begin"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Marker:
    """A publication's begin or commit, as the topic carries it; `published_at` is Unix time in seconds."""

    type: MarkerType
    source: str
    version: str
    count: int
    sha256: str
    published_at: float = 0.0


@dataclass(slots=True)
class _List:
    digest: ListDigest = field(default_factory=ListDigest)
    values: dict[str, bytes] = field(default_factory=dict)
    """SHA-256 of each entry's record, by key: what must leave the digest when the entry changes."""
    changed: set[str] = field(default_factory=set)
    """Keys written since the last commit."""
    begun: Marker | None = None
    committed: Marker | None = None


class Ledger:
    """One worker's account of every list on the topic, fed in the topic's order."""

    def __init__(self) -> None:
        self._lists: defaultdict[str, _List] = defaultdict(_List)

    def record(self, key: str, value: bytes | None) -> None:
        """An entry (`value`) or a delisting (None) under `source:uid`."""
        held = self._lists[key.partition(":")[0]]
        held.changed.add(key)
        before = held.values.pop(key, None)
        if before is not None:
            held.digest.remove_hash(before)
        if value is not None:
            held.values[key] = held.digest.add(key.encode(), value)

    def mark(self, marker: Marker) -> None:
        """A publication begins or is committed."""
        held = self._lists[marker.source]
        if marker.type is MarkerType.BEGIN:
            held.begun = marker
            return
        held.committed, held.begun = marker, None
        held.changed.clear()

    def problems(self) -> list[str]:
        """Why the lists cannot be called complete; empty when every list on the topic is proved."""
        return [problem for source, held in self._lists.items() if (problem := _problem(source, held))]

    def contradicted(self) -> bool:
        """A commit was just read that the entries do not bear out: something was lost or mixed up here."""
        return any(
            held.committed and not held.changed and _problem(name, held) for name, held in self._lists.items()
        )

    def versions(self) -> Mapping[str, ListVersion]:
        """Every committed list as it stands now."""
        return {
            source: ListVersion(held.committed.version, held.digest.count, held.digest.sha256)
            for source, held in self._lists.items()
            if held.committed
        }

    def pending(self) -> Mapping[str, str]:
        """Lists with a publication under way, and the version that is coming."""
        return {source: held.begun.version for source, held in self._lists.items() if held.begun}


def _problem(source: str, held: _List) -> str:
    commit = held.committed
    if commit is None:
        return f"list {source} has {held.digest.count} entries but was never committed; publish it to the end"
    if not held.changed:
        if (held.digest.count, held.digest.sha256) == (commit.count, commit.sha256):
            return ""
        return (
            f"list {source} {commit.version}: {held.digest.count} entries, hash {held.digest.sha256[:12]}, "
            f"but its commit says {commit.count}, {commit.sha256[:12]}; publish it again"
        )
    untouched = held.digest.count - sum(key in held.values for key in held.changed)
    if untouched <= commit.count <= untouched + len(held.changed):
        return ""
    return (
        f"list {source} {commit.version}: {untouched} entries as committed and {len(held.changed)} changed "
        f"since cannot come from the {commit.count} of its commit; publish it again"
    )
