"""A topic from its end backwards: the newest records that a search asks for, and how far back it looked.

Bounded in time, in records and in bytes, whatever the topic holds. What was not looked at is said, and the
place where it stopped lets the next call go on from there: nothing is passed over and nothing comes twice.
"""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import cramjam
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.console.reading.words import LONGEST_PARSED, Words
from streams.kafka.raw.batches import Record, batches, committed
from streams.kafka.raw.raw_log import RawLog, Reach, Sent

SECONDS = 1.5
"""An answer comes in two seconds; half a second is for the way and for what is made of it."""
FETCH_BYTES = 2 << 20
MOST_BYTES = 2 << 20
"""Of the records in an answer, beside the first."""
FIRST_CHUNK = 100
FIRST_SEARCHED = 20_000
"""Records in a partition's first chunk where words are searched, in which few will be found."""
LARGEST_CHUNK = 200_000
AT_ONCE = 4
"""Partitions that are read at once; a fetch and its decompression wait for each other otherwise."""


class Looked(NamedTuple):
    """How far a search looked: `records` of `of`, wholly back to a moment (Unix time; None: the beginning).

    `next` are the ends from which a later call goes on; empty when everything was looked at.
    """

    records: int
    of: int
    back_to: float | None
    next: Mapping[int, int]
    unread: int
    """Records of batches that cannot be decompressed, or only to more than is read."""
    ends: Mapping[int, int]
    """Where the topic ended: what comes later is found `after` these."""


class Found(NamedTuple):
    """The newest first."""

    records: list[Record]
    looked: Looked


@dataclass(slots=True)
class _Way:
    """One partition on its way back: `end` is where the next chunk ends, `found` what waits, newest first."""

    partition: int
    first: int
    end: int
    size: int
    """Offsets of the next chunk."""
    frontier: float = float("inf")
    """Everything newer was looked at."""
    found: deque[Record] = field(default_factory=deque)
    unread: int = 0

    @property
    def done(self) -> bool:
        return self.end <= self.first


async def newest(
    log: RawLog,
    topic: str,
    words: Words,
    limit: int,
    *,
    until: Mapping[int, int] | None = None,
    after: Mapping[int, int] | None = None,
    seconds: float = SECONDS,
) -> Found:
    """The newest records that hold the words, in the order of their time over all partitions.

    `until` (partition -> offset) continues an earlier search, `after` looks at nothing before those offsets.
    Raises BrokerError, KafkaError.
    """
    give_up_at = time.monotonic() + seconds
    reach = await log.reach(topic)
    ways = [_way(*each, until, after) for each in sorted(reach.items())]
    for way in ways:
        way.size = FIRST_SEARCHED if words else FIRST_CHUNK
    of = sum(way.end - way.first for way in ways)
    given: list[Record] = []
    while left := [way for way in ways if not way.done]:
        left.sort(key=lambda way: way.frontier, reverse=True)
        await asyncio.gather(*(_step(log, topic, way, words, limit, give_up_at) for way in left[:AT_ONCE]))
        _give(ways, given, limit, max((way.frontier for way in ways if not way.done), default=float("-inf")))
        if _full(given, limit) or time.monotonic() >= give_up_at:
            break
    _give(ways, given, limit, float("-inf"))
    return Found(given, _looked(ways, of, {each: reached.end for each, reached in reach.items()}))


def _way(
    partition: int, reach: Reach, until: Mapping[int, int] | None, after: Mapping[int, int] | None
) -> _Way:
    first = max(reach.first, (after or {}).get(partition, reach.first))
    end = reach.end if until is None else min(reach.end, until.get(partition, first))
    return _Way(partition, first, max(first, end), FIRST_CHUNK)


def _full(given: list[Record], limit: int) -> bool:
    return len(given) >= limit or sum(record.size for record in given) >= MOST_BYTES


def _give(ways: list[_Way], given: list[Record], limit: int, frontier: float) -> None:
    """Move what is not older than the frontier from the ways to what is given, the newest first."""
    while not _full(given, limit):
        waiting = [way for way in ways if way.found and way.found[0].time >= frontier]
        if not waiting:
            return
        given.append(max(waiting, key=lambda one: one.found[0].time).found.popleft())


def _looked(ways: list[_Way], of: int, ends: Mapping[int, int]) -> Looked:
    """What was found and not given counts as not looked at: the next call finds it again."""
    stopped = {way.partition: way.found[0].offset + 1 if way.found else way.end for way in ways}
    left = [way for way in ways if stopped[way.partition] > way.first]
    reached = [way.found[0].time if way.found else way.frontier for way in left]
    return Looked(
        records=of - sum(stopped[way.partition] - way.first for way in left),
        of=of,
        back_to=min(max(reached), time.time()) if reached else None,
        next={way.partition: stopped[way.partition] for way in left},
        unread=sum(way.unread for way in ways),
        ends=ends,
    )


async def _step(log: RawLog, topic: str, way: _Way, words: Words, limit: int, give_up_at: float) -> None:
    """Look through the batches before the place that the way has come to, as many as one fetch brings."""
    try:
        sent, position = await _fetch_before(log, topic, way)
    except OffsetOutOfRangeError:  # retention took it meanwhile
        way.first = way.end
        return
    part = await asyncio.to_thread(_search, sent, position, way, words, limit, give_up_at)
    way.found.extend(part.records)
    way.end = max(way.first, part.reached)
    way.frontier = min(way.frontier, part.oldest)
    way.unread += part.unread
    way.size = min(LARGEST_CHUNK, way.size * (2 if len(sent.batches) < FETCH_BYTES // 2 else 1))


async def _fetch_before(log: RawLog, topic: str, way: _Way) -> tuple[Sent, int]:
    """One fetch that reaches the way's end: nearer to it where the records are too large for that."""
    while True:
        position = max(way.first, way.end - way.size)
        sent = await log.fetch(topic, way.partition, position, FETCH_BYTES)
        last = max((batch.last for batch in batches(sent.batches)), default=way.end)
        if last >= way.end - 1 or way.size == 1:
            return sent, position
        way.size = max(1, min(way.size // 2, way.end - 1 - position))


class _Part(NamedTuple):
    """Records newest first; everything from `reached` on was looked at, nothing of it older than `oldest`."""

    records: list[Record]
    reached: int
    oldest: float
    unread: int


def _search(sent: Sent, position: int, way: _Way, words: Words, limit: int, give_up_at: float) -> _Part:
    """What stands in these batches; in a thread, for it takes milliseconds.

    Newest first, so that what it must leave when time or room is over is the oldest; something is always
    looked at, so that the next call goes on.
    """
    found: list[Record] = []
    oldest, size, unread = way.frontier, 0, 0
    for batch in reversed(list(committed(sent.batches, sent.aborted))):
        if batch.first >= way.end:
            continue
        try:
            data: bytes | None = batch.unpacked()
        except (KafkaError, cramjam.DecompressionError):  # one that nobody reads must not hide the others
            unread += min(batch.last + 1, way.end) - batch.first
            data = None
        if data is not None and words.may_stand_in(data):
            looked = 0
            for record in reversed(list(batch.records(way.partition, data))):
                if record.offset >= way.end:
                    continue
                if record.offset >= way.first and words.stand_in(record):
                    found.append(record)
                    size += record.size
                looked += record.size
                late = looked > LONGEST_PARSED and time.monotonic() >= give_up_at
                if len(found) >= limit or size >= MOST_BYTES or late:
                    return _Part(found, record.offset, min(oldest, record.time), unread)
        oldest = min(oldest, batch.first_ms / 1000)
        if time.monotonic() >= give_up_at:
            return _Part(found, batch.first, oldest, unread)
    return _Part(found, min([position, *(batch.first for batch in batches(sent.batches))]), oldest, unread)
