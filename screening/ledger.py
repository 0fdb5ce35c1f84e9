"""Is the list complete? A ledger of what the list topic said, and the proof that nothing is missing.

A publication is a `begin` marker, the entries that change, and a `commit` marker with the count and the hash
of the whole list. All of its changes come into force with its commit, and none before. So the ledger keeps
two things for each list: what is in force, whose count and hash must equal the commit's, and what has been
written since, which waits for the next commit. A record that does not belong to the publication under way was
written by somebody without a claim to the list: it is never in force, and the list is in doubt until it is
published again.

A list that was ever committed is required until it is withdrawn. The publisher repeats the names of all such
lists with every publication, so that a list whose records vanish is missed as long as any other is left.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from screening.decisions import ListVersion

SHOWN = 3
"""So many keys are named of those that were changed without a publication; there may be thousands."""
Changes = Mapping[str, bytes | None]
"""Entries that come in force together, by key; None: delisted."""
_MODULUS = 1 << 256


class ListDigest:
    """A rolling hash by which two holders of a list can tell that they hold the same list.

    It is the sum modulo 2^256 of SHA-256(key + NUL + value) over all entries. Adding or removing an entry
    costs one SHA-256, and two tables with equal entries have equal digests whatever their history (an
    additive multiset hash; Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing", 1997). It
    guards against loss and mix-ups, not against somebody who may write to the topic.
    """

    __slots__ = ("_sum", "count")

    def __init__(self) -> None:
        self._sum = 0
        self.count = 0

    @property
    def sha256(self) -> str:
        """64 hex digits; all zero for the empty list."""
        return f"{self._sum:064x}"

    def add(self, key: bytes, value: bytes) -> bytes:
        """Count one entry in; returns its own hash, for `remove_hash`."""
        entry = hashlib.sha256(key + b"\0" + value).digest()
        self._sum = (self._sum + int.from_bytes(entry)) % _MODULUS
        self.count += 1
        return entry

    def remove(self, key: bytes, value: bytes) -> None:
        """Count one entry out."""
        self.remove_hash(hashlib.sha256(key + b"\0" + value).digest())

    def remove_hash(self, entry: bytes) -> None:
        """Count one entry out by the hash that `add` returned."""
        self._sum = (self._sum - int.from_bytes(entry)) % _MODULUS
        self.count -= 1


class MarkerType(StrEnum):
    BEGIN = "begin"
    COMMIT = "commit"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Marker:
    """The begin, the commit or the withdrawal of a publication; `published_at` is Unix time in seconds."""

    type: MarkerType
    source: str
    version: str
    count: int
    sha256: str
    published_at: float = 0.0
    publication: str = ""
    """The id that the publication's records carry, too."""
    source_date: str = ""
    """The date that the list file gives itself, ISO 8601; empty if it gives none."""
    reason: str = ""
    """Of a withdrawal: why, and by whom."""
    by: str = ""


@dataclass(slots=True)
class _List:
    digest: ListDigest = field(default_factory=ListDigest)
    hashes: dict[str, bytes] = field(default_factory=dict)
    """SHA-256 of each entry in force, by key: what must leave the digest when the entry changes."""
    waiting: dict[str, bytes | None] = field(default_factory=dict)
    """Written since the last commit, by key."""
    strays: set[str] = field(default_factory=set)
    """Of these, the keys last written without a publication that had begun."""
    begun: Marker | None = None
    committed: Marker | None = None
    withdrawn: Marker | None = None


class Ledger:
    """One reader's account of every list on the topic, fed in topic order."""

    def __init__(self) -> None:
        self._lists: defaultdict[str, _List] = defaultdict(_List)
        self._registered: frozenset[str] = frozenset()
        self._unreadable: dict[str, str] = {}
        """By list, what of its markers cannot be read; under no name that of the names of all lists."""

    def record(self, key: str, value: bytes | None, publication: str = "") -> None:
        """Note an entry, or a delisting (`value` None), under `source:uid`; it is not in force before a
        commit."""
        held = self._lists[key.partition(":")[0]]
        held.waiting[key] = value
        if held.begun and publication and publication == held.begun.publication:
            held.strays.discard(key)
        else:
            held.strays.add(key)

    def mark(self, marker: Marker) -> Changes:
        """Note that a publication begins or is committed, or that the list is withdrawn; returns what comes
        into force."""
        held = self._lists[marker.source]
        if marker.type is MarkerType.BEGIN:
            held.begun = marker
            return {}
        self._unreadable.pop(marker.source, None)
        if marker.type is MarkerType.WITHDRAWAL:
            self._lists[marker.source] = _List(withdrawn=marker)
            return dict.fromkeys(held.hashes)
        changes, held.waiting = held.waiting, {}
        for key, value in changes.items():
            if (before := held.hashes.pop(key, None)) is not None:
                held.digest.remove_hash(before)
            if value is not None:
                held.hashes[key] = held.digest.add(key.encode(), value)
        held.committed, held.begun, held.withdrawn = marker, None, None
        held.strays.clear()
        return changes

    def erase(self, source: str) -> None:
        """Note that the list's commit marker was deleted, so that nothing says what the list is."""
        self._lists[source].committed = None
        self._unreadable.pop(source, None)

    def cannot_read(self, source: str, why: str) -> None:
        """Note that a marker of this list cannot be read; without `source`, the record of all lists' names.
        What was read before stays, and is in doubt until the list is committed or withdrawn again, or the
        names are written again."""
        self._unreadable[source] = why

    def register(self, names: Iterable[str]) -> None:
        """Note the lists that the publisher knows to have been in force and not withdrawn."""
        self._registered = frozenset(names)
        self._unreadable.pop("", None)

    def problems(self) -> list[str]:
        """Why the lists cannot be called complete; empty if every list on the topic is proved."""
        sources = dict.fromkeys([*self._lists, *self._unreadable])
        return [problem for source in sources if (problem := self.problem(source))]

    def problem(self, source: str) -> str:
        """Why this list cannot be called complete; empty if it is proved, or not on the topic. Without
        `source`, why the names of all lists are in doubt."""
        if why := self._unreadable.get(source):
            if not source:
                return f"{why}; publish any list again"
            return (
                f"list {source} has a marker that nobody can read: {why}; publish it again, or "
                f"`interdict lists withdraw {source} --reason ...`"
            )
        return _problem(source, self._lists[source]) if source in self._lists else ""

    def in_doubt(self, source: str) -> str:
        """Why this list cannot be relied on until it is published again: its own problem, or that of the
        names of all lists."""
        return self.problem(source) or self.problem("")

    def contradicted(self) -> bool:
        """Whether a commit was read that the entries do not match: something was lost or mixed up here."""
        return any(not _proved(held) for held in self._lists.values() if held.committed)

    def versions(self) -> Mapping[str, ListVersion]:
        """Every list in force."""
        return {
            source: ListVersion(held.committed.version, held.digest.count, held.digest.sha256)
            for source, held in self._lists.items()
            if held.committed
        }

    def required(self) -> frozenset[str]:
        """Every list that was ever in force and has not been withdrawn since."""
        committed = {source for source, held in self._lists.items() if held.committed}
        withdrawn = {source for source, held in self._lists.items() if held.withdrawn}
        return frozenset((self._registered | committed) - withdrawn)

    def withdrawn(self) -> Mapping[str, Marker]:
        """Lists that were taken out of force on purpose, each with the marker that says why."""
        return {source: held.withdrawn for source, held in self._lists.items() if held.withdrawn}

    def pending(self) -> Mapping[str, str]:
        """Lists with a publication under way, each with the version to come."""
        return {source: held.begun.version for source, held in self._lists.items() if held.begun}


def gone(name: str, topic: str, in_force: Iterable[str] = (), *, ever_in_force: bool = True) -> str:
    """What to say about a required list that is missing; one that was never on the topic is required by a
    setting.

    If the name is nearly that of a list `in_force`, the text suggests that one.
    """
    remedy = f"take it out of force with `interdict lists withdraw {name} --reason ...`"
    if not ever_in_force:
        meant = next(iter(get_close_matches(name, in_force)), "")
        remedy = "take it out of INTERDICT_REQUIRED_LISTS" + (f" (did you mean {meant}?)" if meant else "")
    return f"list {name} is required and not in force on {topic}; publish it, or {remedy}"


def _proved(held: _List) -> bool:
    commit = held.committed
    return commit is not None and (held.digest.count, held.digest.sha256) == (commit.count, commit.sha256)


def _problem(source: str, held: _List) -> str:
    commit = held.committed
    if commit is None:
        if not held.hashes and not any(value is not None for value in held.waiting.values()):
            return ""  # tombstones alone: there is nothing that they could take out of force
        entries = len(held.hashes) + sum(value is not None for value in held.waiting.values())
        if held.begun and not held.strays:
            return (
                f"list {source} is being received, {entries:,} of {held.begun.count:,} entries; payments "
                "wait for its end, and if that does not come, publish it again"
            )
        return (
            f"list {source} has {entries} entries but was never committed; publish it to the end, or "
            f"`interdict lists withdraw {source} --reason ...`"
        )
    if not _proved(held):
        return (
            f"list {source} {commit.version}: {held.digest.count} entries, hash {held.digest.sha256[:12]}, "
            f"but its commit says {commit.count}, {commit.sha256[:12]}; publish it again"
        )
    if held.strays:
        shown = ", ".join(sorted(held.strays)[:SHOWN]) + (", ..." if len(held.strays) > SHOWN else "")
        return (
            f"list {source} {commit.version}: {len(held.strays)} entries were changed without a publication "
            f"({shown}); publish it again"
        )
    return ""
