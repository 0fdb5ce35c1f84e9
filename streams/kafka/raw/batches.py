"""Record batches as a broker sends them: the format of Kafka since 0.11, read without a client's objects.

A search looks through millions of records for the few that hold a word. A client makes an object of each
(130,000 a second); here a batch is decompressed, searched as one run of bytes, and only what was found is
taken apart. https://kafka.apache.org/documentation/#recordbatch
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from aiokafka.record.default_records import DefaultRecordBatch

from streams.kafka.raw.compression import decompressed

_HEADER = struct.Struct(">qiibIhiqqqhii")
_LENGTH_AT = 12
"""A batch's length counts from here."""
_CODEC, _LOG_APPEND, _TRANSACTIONAL, _CONTROL = 0x07, 0x08, 0x10, 0x20
_ABORT = b"\x00\x00\x00\x00"
"""Key of a transaction's end that was aborted: version 0, type 0."""


class Record(NamedTuple):
    """One record where it stands; `time` is Unix time."""

    partition: int
    offset: int
    time: float
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @property
    def size(self) -> int:
        return len(self.key) + len(self.value or b"")


class Entry(NamedTuple):
    """One record as it was written; `time` is Unix time."""

    offset: int
    time: float
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    """A name that is not UTF-8 has surrogates in it, which nothing else has."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch, still compressed. `last` is its last offset; its records may be fewer after compaction."""

    first: int
    last: int
    first_ms: int
    newest_ms: int
    flags: int
    producer: int
    count: int
    packed: memoryview

    @property
    def transactional(self) -> bool:
        return bool(self.flags & _TRANSACTIONAL)

    @property
    def control(self) -> bool:
        return bool(self.flags & _CONTROL)

    def unpacked(self, most: int | None = None) -> bytes:
        """Its records, one after the other. Raises KafkaError where they are more bytes than `most`, or than
        what strangers send may hold."""
        return decompressed(self.flags & _CODEC, self.packed, most)

    def records(self, partition: int, unpacked: bytes) -> Iterator[Record]:
        """Its records, oldest first."""
        for entry in self.entries(unpacked):
            named = [(name.encode(errors="replace").decode(), said or b"") for name, said in entry.headers]
            yield Record(partition, entry.offset, entry.time, entry.key or b"", entry.value, tuple(named))

    def entries(self, unpacked: bytes) -> Iterator[Entry]:
        """The same as they were written. Raises KafkaError, IndexError where they are not what the batch
        says."""
        done = 0
        try:
            for record in DefaultRecordBatch(self._plain(unpacked)):
                yield Entry(record.offset, record.timestamp / 1000, record.key, record.value, record.headers)
                done += 1
        except UnicodeDecodeError:  # a header's name, which aiokafka takes in UTF-8 only
            yield from islice(self._any_names(unpacked), done, None)

    def _plain(self, unpacked: bytes) -> bytes:
        """The batch as if it had been sent unpacked; its checksum is not looked at."""
        sizes = self.first, _HEADER.size - _LENGTH_AT + len(unpacked), 0, 2, 0, self.flags & ~_CODEC
        times = self.last - self.first, self.first_ms, self.newest_ms
        return _HEADER.pack(*sizes, *times, self.producer, 0, 0, self.count) + unpacked

    def _any_names(self, unpacked: bytes) -> Iterator[Entry]:
        first, first_ms, stamped, number = self.first, self.first_ms, self.flags & _LOG_APPEND, _varint
        at = 0
        for _ in range(self.count):
            size, at = number(unpacked, at)
            end = at + size
            since_ms, at = number(unpacked, at + 1)  # after one byte of attributes, which mean nothing yet
            delta, at = number(unpacked, at)
            size, at = number(unpacked, at)
            key = None
            if size >= 0:
                key = unpacked[at : at + size]
                at += size
            size, at = number(unpacked, at)
            value = None
            if size >= 0:
                value = unpacked[at : at + size]
                at += size
            at_ms = self.newest_ms if stamped else first_ms + since_ms
            headers = _headers(unpacked, at) if unpacked[at] else []
            yield Entry(first + delta, at_ms / 1000, key, value, headers)
            at = end


def batches(sent: bytes) -> Iterator[Batch]:
    """The whole batches of an answer, oldest first; a broker cuts the last one off where the room ends."""
    view, at = memoryview(sent), 0
    while at + _HEADER.size <= len(sent):
        first, length, _, magic, _, flags, delta, first_ms, newest_ms, producer, _, _, count = (
            _HEADER.unpack_from(sent, at)
        )
        end = at + _LENGTH_AT + length
        if end > len(sent):
            return
        if magic == 2:  # older ones are of producers before 2017, which Kafka 4 no longer serves
            packed = view[at + _HEADER.size : end]
            yield Batch(first, first + delta, first_ms, newest_ms, flags, producer, count, packed)
        at = end


def committed(sent: bytes, aborted: list[tuple[int, int]]) -> Iterator[Batch]:
    """The batches without those of aborted transactions and without the marks of their ends.

    `aborted`: producer and first offset of each such transaction, as the broker sends them.
    """
    waiting = sorted(aborted, key=lambda one: one[1], reverse=True)
    gone: set[int] = set()
    for batch in batches(sent):
        while waiting and waiting[-1][1] <= batch.last:
            gone.add(waiting.pop()[0])
        if batch.control:
            if any(mark.key == _ABORT for mark in batch.records(0, batch.unpacked())):
                gone.discard(batch.producer)
        elif not (batch.transactional and batch.producer in gone):
            yield batch


def _headers(data: bytes, at: int) -> list[tuple[str, bytes | None]]:
    """Of one record, after their number; what is not UTF-8 in a name is in it as surrogates."""
    count, at = _varint(data, at)
    found = []
    for _ in range(count):
        name, at = _bytes(data, at)
        said, at = _bytes(data, at)
        found.append(((name or b"").decode(errors="surrogateescape"), said))
    return found


def _bytes(data: bytes, at: int) -> tuple[bytes | None, int]:
    """Bytes with their length before them; -1: none."""
    size, at = _varint(data, at)
    if size < 0:
        return None, at
    return data[at : at + size], at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A zigzag number of seven bits a byte, and where it ends."""
    byte = data[at]
    if byte < 0x80:  # nearly all of them
        return (byte >> 1) ^ -(byte & 1), at + 1
    number, shift = byte & 0x7F, 7
    while True:
        at += 1
        byte = data[at]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), at + 1
        shift += 7
