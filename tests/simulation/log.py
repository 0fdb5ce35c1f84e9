"""One copy of a partition as a broker keeps it: records, transactions, compaction, retention.

What Kafka's documentation and protocol say of the log, and no more: offsets with gaps, markers of
transactions that take an offset, the last stable offset, a cleaner that leaves each key's last committed
record below a point of its choice. `contract` holds it against a real broker.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Writer(NamedTuple):
    """Who sends within a transaction: the producer's id, its epoch, and the number of its record."""

    id: int
    epoch: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, or the marker that ends a transaction (`commits` is not None)."""

    offset: int
    leader_epoch: int
    timestamp: int
    key: bytes | None = None
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    writer: Writer | None = None
    commits: bool | None = None


@dataclass(slots=True)
class _Transaction:
    producer: int
    first: int
    last: int = -1
    """Where its marker stands; -1 while it is open."""


class Log:
    """Entries by offset. `high` is the high watermark: everything before it is on enough copies."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.start = 0
        self.end = 0
        self.high = 0
        self.epochs: list[tuple[int, int]] = []
        """Every leader's epoch, and the offset where it begins."""
        self._transactions: list[_Transaction] = []
        self._aborted: set[int] = set()
        self._epochs: dict[int, int] = {}
        """The newest epoch seen of each producer."""
        self._sequences: dict[int, tuple[int, int, int]] = {}
        """Epoch, number and offset of each producer's last record."""

    def append(self, entry: Entry) -> None:
        assert entry.offset >= self.end
        self.lead(entry.leader_epoch, entry.offset)
        self.entries.append(entry)
        self.end = entry.offset + 1
        if entry.writer is not None:
            self._note(entry, entry.writer)

    def lead(self, epoch: int, offset: int) -> None:
        """An epoch begins here, if it is a new one."""
        if not self.epochs or epoch > self.epochs[-1][0]:
            self.epochs.append((epoch, offset))

    def end_of(self, epoch: int) -> tuple[int, int]:
        """The newest epoch up to this one, and the offset behind its last record (KIP-101)."""
        known = [each for each in self.epochs if each[0] <= epoch]
        after = [offset for each, offset in self.epochs if each > epoch]
        return (known[-1][0] if known else -1), (after[0] if after else self.end)

    def common(self, leader: "Log") -> int:
        """Up to which offset this copy is the leader's."""
        end = self.end
        for epoch, _ in reversed(self.epochs):
            same, ends = leader.end_of(epoch)
            end = min(end, ends, self.end_of(same)[1] if same >= 0 else self.start)
            if same == epoch:
                break
        return end

    def open_for(self, producer: int) -> bool:
        """Whether a transaction of this producer is open here."""
        return any(each.producer == producer and each.last < 0 for each in self._transactions)

    def _note(self, entry: Entry, writer: Writer) -> None:
        producer = writer.id
        self._epochs[producer] = max(writer.epoch, self._epochs.get(producer, 0))
        open_ = next(
            (each for each in self._transactions if each.producer == producer and each.last < 0), None
        )
        if entry.commits is None:
            self._sequences[producer] = (writer.epoch, writer.sequence, entry.offset)
            if open_ is None:
                self._transactions.append(_Transaction(producer, entry.offset))
        elif open_ is not None:
            open_.last = entry.offset
            if not entry.commits:
                begun = bisect.bisect_left(self.entries, open_.first, key=_offset)
                self._aborted |= {
                    each.offset
                    for each in self.entries[begun:]
                    if each.writer is not None and each.writer.id == producer
                }

    @property
    def stable(self) -> int:
        """The last stable offset: no transaction that begins before it is undecided."""
        self._transactions = [each for each in self._transactions if not 0 <= each.last < self.high]
        return min([self.high, *(each.first for each in self._transactions)])

    def epoch_of(self, producer: int) -> int:
        return self._epochs.get(producer, -1)

    def repeated(self, writer: Writer) -> int | None:
        """The offset of a record that was sent again, None for a new one."""
        epoch, sequence, offset = self._sequences.get(writer.id, (-1, -1, -1))
        return offset if (epoch, sequence) == (writer.epoch, writer.sequence) else None

    def read(self, position: int, committed: bool) -> tuple[Sequence[Entry], int]:
        """The records from a position on that a reader may see, and where the next read goes on."""
        end = self.stable if committed else self.high
        if position >= end:
            return (), position
        first = bisect.bisect_left(self.entries, position, key=_offset)
        last = bisect.bisect_left(self.entries, end, key=_offset)
        seen = [
            each
            for each in self.entries[first:last]
            if each.commits is None and not (committed and each.offset in self._aborted)
        ]
        return seen, end

    def committed(self) -> list[Entry]:
        """Every record that a reader of committed records would be given."""
        return list(self.read(self.start, committed=True)[0])

    def truncate(self, end: int) -> None:
        """A new leader knows nothing of what stands behind: it was never acknowledged."""
        if end >= self.end:
            return
        kept = self.entries[: bisect.bisect_left(self.entries, end, key=_offset)]
        high = min(self.high, end)
        start, epochs = self.start, [each for each in self.epochs if each[1] < end]
        self.__init__()  # type: ignore[misc]  # emptied: others hold it
        for entry in kept:
            self.append(entry)
        self.start, self.end, self.high, self.epochs = start, end, high, epochs

    def compact(self, below: int, tombstones: bool) -> int:
        """The cleaner's work up to an offset; `tombstones` whether their time is over. Returns what went."""
        limit = min(below, self.stable)
        newest: dict[bytes | None, int] = {}
        for entry in self.entries:
            if entry.offset < limit and self._holds(entry):
                newest[entry.key] = entry.offset
        before = len(self.entries)
        self.entries = [
            each
            for each in self.entries
            if each.offset >= limit
            or each.commits is not None
            or (newest.get(each.key) == each.offset and not (tombstones and each.value is None))
        ]
        self._aborted = {offset for offset in self._aborted if offset >= limit}
        return before - len(self.entries)

    def _holds(self, entry: Entry) -> bool:
        return entry.commits is None and entry.offset not in self._aborted

    def delete_before(self, offset: int) -> None:
        """Retention, or somebody who deletes records."""
        self.start = max(self.start, min(offset, self.high))
        self.entries = self.entries[bisect.bisect_left(self.entries, self.start, key=_offset) :]


def _offset(entry: Entry) -> int:
    return entry.offset
