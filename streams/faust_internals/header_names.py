"""A record with a header name that is not UTF-8 is still read, without its headers.

Kafka specifies a header's name as a string, but its broker takes any bytes, and clients in C or Go send them
as they are. aiokafka raises in the middle of such a batch, at every start: one record would end every worker,
one after another, for ever. Here the batch is read once more, and the record says by the header
`HEADERS_LEFT_OUT` what it lacks. Such a payment is refused, because its headers may say how it is to be read.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import decode_varint

from screening.payments.model import HEADERS_LEFT_OUT

_BEFORE_LENGTH, _BEFORE_BATCH = 8, 12
"""A batch begins with its first offset and its length, which counts from behind itself."""


class _Batch(_DefaultRecordBatchPy):  # type: ignore[misc]  # aiokafka calls it final, and reads it as this
    """A batch that is read in Python; headers that cannot be read are left out."""

    _pos: int

    def _read_msg(self) -> Any:
        try:
            return super()._read_msg()
        except UnicodeDecodeError:
            return self._without_headers()

    def _without_headers(self) -> Any:
        length, begins = decode_varint(self._buffer, self._pos)
        since, at = decode_varint(self._buffer, begins + 1)  # behind one byte of attributes
        delta, at = decode_varint(self._buffer, at)
        key, at = self._bytes(at)
        value, _ = self._bytes(at)
        self._pos = begins + length
        stamped = (
            self.max_timestamp
            if self.timestamp_type == self.LOG_APPEND_TIME
            else self.first_timestamp + since
        )
        said = [(HEADERS_LEFT_OUT, b"")]
        return _DefaultRecordPy(self.base_offset + delta, stamped, self.timestamp_type, key, value, said)

    def _bytes(self, at: int) -> tuple[bytes | None, int]:
        length, at = decode_varint(self._buffer, at)
        return (bytes(self._buffer[at : at + length]), at + length) if length >= 0 else (None, at)


class _Reading:
    """A batch as aiokafka reads it; everything but its records comes from aiokafka's own batch."""

    def __init__(self, batch: Any, fetched: bytes) -> None:
        self._batch = batch
        self._fetched = fetched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        """Records that were read before the failure come twice; the fetcher skips those that it has seen."""
        try:
            yield from self._batch
        except UnicodeDecodeError:
            yield from _Batch(_slice(self._fetched, self._batch.base_offset))


class _Fetched:
    """The batches of one fetch response."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records = MemoryRecords(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def next_batch(self) -> Any:
        batch = self._records.next_batch()
        if batch is None or batch.is_control_batch:  # a mark of a transaction's end, the broker's own
            return batch
        return _Reading(batch, self._data)


def read_any_header_names() -> None:
    """From here on every consumer of this process reads records with such header names."""
    fetcher.MemoryRecords = _Fetched


def _slice(fetched: bytes, offset: int) -> memoryview:
    """The batch that begins with an offset, cut out of a response that holds it."""
    view, at = memoryview(fetched), 0
    while int.from_bytes(view[at : at + _BEFORE_LENGTH]) != offset:
        at += _BEFORE_BATCH + int.from_bytes(view[at + _BEFORE_LENGTH : at + _BEFORE_BATCH])
    return view[at : at + _BEFORE_BATCH + int.from_bytes(view[at + _BEFORE_LENGTH : at + _BEFORE_BATCH])]
