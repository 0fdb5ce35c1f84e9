"""One reading of the list topic: folded record by record, searchable, and what is wrong with it."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from aiokafka import ConsumerRecord

from screening.decisions import ListState
from screening.ledger import Changes, Ledger, Marker, MarkerType
from screening.screener import Screener
from streams.lists.folding import Folded, fold
from streams.offline.snapshots import Snapshots
from streams.records.designations import is_marker, key_text, marker_key
from streams.records.json import designation_from_json


class Applied(NamedTuple):
    """A change that is in force now."""

    key: str
    what: str
    """ "added", "amended" or "removed"."""
    came_ms: int
    """When the broker took the record, milliseconds of Unix time; 0 where that is not known."""


class EntryChange(NamedTuple):
    """An entry was put into the table as its last record says, or taken out."""

    key: str
    offset: int
    """Of the record; -1 where it is not known."""
    came_ms: int
    """When the broker took it, milliseconds of Unix time; 0 where that is not known."""
    moved: frozenset[str]
    """Companies of party books that this made owned by blocked persons, or freed."""


OnChange = Callable[[EntryChange], object]


class ListTable:
    """The ledger, the markers and the search table of one reading of the topic. It reads nothing and never
    waits."""

    def __init__(
        self,
        topic: str,
        screener: Screener,
        on_change: OnChange | None = None,
        snapshots: Snapshots | None = None,
    ) -> None:
        self.topic = topic
        self.screener = screener
        self._snapshots = snapshots or Snapshots(None)
        self._on_change = on_change
        self.ledger = Ledger()
        self.markers: dict[str, tuple[Marker, float]] = {}
        """The last markers of each list by key, and when they were applied here (Unix time)."""
        self.unreadable: dict[str, str] = {}
        """Entries that cannot be read, by key, and why."""
        self._places: dict[str, tuple[int, int]] = {}
        """Offset and timestamp (Unix ms) of records that are not in force yet."""
        self._unindexed: dict[str, bytes] = {}

    def fold(self, record: ConsumerRecord[bytes, bytes]) -> Folded:
        """Enter one record into the ledger; the caller puts what comes into force with it into the table."""
        key = key_text(record.key)
        folded = fold(self.ledger, key, record.value, record.headers)
        if not is_marker(key):
            self._places[key] = (record.offset, record.timestamp)
        elif folded.marker:
            self.markers[key] = (folded.marker, time.time())
        return folded

    def put_aside(self, changes: Changes) -> None:
        """While the topic is first read, only an entry's last record counts: see `index_all`."""
        for key, value in changes.items():
            if value is None:
                self._unindexed.pop(key, None)
            else:
                self._unindexed[key] = value

    def recall(self) -> None:
        """Before `index_all`: read what a snapshot knows of the names. It takes long; nothing else here may
        run meanwhile."""
        self._snapshots.recall(self.screener, self._unindexed)

    def settle(self) -> None:
        """After `index_all`: keep a snapshot where it was missed. It takes long, as `recall` does."""
        self._snapshots.settle(self.screener)

    def index_all(self) -> Iterator[str]:
        """Put what was set aside into the table, one entry a step.

        Indexing costs far more than reading, so a topic with many versions of a list that is not compacted
        yet loads about as fast as one with a single version.
        """
        for key, value in self._unindexed.items():
            self._index(key, value)
            yield key
        self._unindexed.clear()

    def change(self, key: str, value: bytes | None) -> Applied | None:
        """Apply one entry that came into force, amended or delisted (None); returns None if it cannot be
        read."""
        what = "amended" if self.screener.get(key) else "added"
        offset, came_ms = self._places.get(key, (-1, 0))
        if value is None:
            what = "removed"
            moved = self.screener.remove(key)
            self._report(EntryChange(key, offset, came_ms, moved))
            self.unreadable.pop(key, None)
            self._places.pop(key, None)
        elif not self._index(key, value):
            return None
        return Applied(key, what, came_ms)

    def _index(self, key: str, value: bytes) -> bool:
        """Put one entry into the table; an unreadable one is a reason to pause screening."""
        offset, came_ms = self._places.pop(key, (-1, 0))
        try:
            designation = designation_from_json(value)
            if designation.id != key:
                raise ValueError(f"the entry says it is {designation.id}; key and id must be equal")
        except ValueError as error:
            self.unreadable[key] = f"{self.topic}@{offset} {key}: {error}"
            return False
        self.unreadable.pop(key, None)
        moved = self.screener.upsert(designation)
        self._report(EntryChange(key, offset, came_ms, moved))
        return True

    def _report(self, change: EntryChange) -> None:
        if self._on_change:
            self._on_change(change)

    def problems(self) -> list[str]:
        """Why the lists here cannot be relied on; empty if each is proved and readable."""
        return [*self.ledger.problems(), *self.unreadable.values()]

    def state(self, offset: int) -> None:
        """Name the lists in the next decisions as they are with every record before `offset`."""
        self.screener.lists = ListState(self.ledger.versions(), {0: offset})

    def committed(self, source: str) -> tuple[Marker, float]:
        """The commit of a list in force, and when it was applied here (Unix time)."""
        return self.markers[marker_key(source, MarkerType.COMMIT)]

    def status(self) -> Mapping[str, Mapping[str, object]]:
        """Each list in force here: version, entries, hash, when published, when applied."""
        lists: dict[str, dict[str, object]] = {}
        for source, at in self.screener.lists.versions.items():
            marker, applied_at = self.committed(source)
            lists[source] = {
                "version": at.version,
                "entries": at.entries,
                "sha256": at.sha256,
                "published_at": datetime.fromtimestamp(marker.published_at, UTC).isoformat(),
                "applied_at": datetime.fromtimestamp(applied_at, UTC).isoformat(timespec="milliseconds"),
            }
            if coming := self.ledger.pending().get(source):
                lists[source]["coming"] = coming
        return lists
