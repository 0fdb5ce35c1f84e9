"""Record batches as a broker sends them: the format of Kafka since 0.11, read without a client's objects.

A search looks through millions of records for the few that hold a word. A client makes an object of each
(130,000 a second); here a batch is decompressed, searched as one run of bytes, and only what was found is
taken apart. https://kafka.apache.org/documentation/#recordbatch
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from streams.faust_internals.decompression import decompressed

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

    def unpacked(self) -> bytes:
        """Its records, one after the other. Raises KafkaError where they are more than one may hold."""
        return decompressed(self.flags & _CODEC, self.packed)

    def records(self, partition: int, unpacked: bytes) -> Iterator[Record]:
        """Its records, oldest first."""
        at = 0
        for _ in range(self.count):
            size, at = _varint(unpacked, at)
            yield self._record(partition, unpacked, at)
            at += size

    def _record(self, partition: int, data: bytes, at: int) -> Record:
        since_ms, at = _varint(data, at + 1)  # after one byte of attributes, which mean nothing yet
        delta, at = _varint(data, at)
        key, at = _bytes(data, at)
        value, at = _bytes(data, at)
        count, at = _varint(data, at)
        headers = []
        for _ in range(count):
            name, at = _bytes(data, at)
            said, at = _bytes(data, at)
            headers.append(((name or b"").decode(errors="replace"), said or b""))
        at_ms = self.newest_ms if self.flags & _LOG_APPEND else self.first_ms + since_ms
        return Record(partition, self.first + delta, at_ms / 1000, key or b"", value, tuple(headers))


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


def _bytes(data: bytes, at: int) -> tuple[bytes | None, int]:
    """Bytes with their length before them; -1: none."""
    size, at = _varint(data, at)
    if size < 0:
        return None, at
    return data[at : at + size], at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A zigzag number of seven bits a byte, and where it ends."""
    byte = data[at]
    at += 1
    if byte < 0x80:  # nearly all of them
        return (byte >> 1) ^ -(byte & 1), at
    number, shift = byte & 0x7F, 7
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), at
        shift += 7
