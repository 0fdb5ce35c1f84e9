"""Limits the decompression of a batch of records: 18 KB of zstd can be 600 MB.

aiokafka decompresses a batch as a whole, and Kafka limits only its compressed size. A batch of the payments
topic beyond the limit is read as records without key and value, one for each offset, with the header
`LEFT_OUT`: each becomes an `error` decision and a dead letter that points to it. On any other topic it is a
Kafka error, so that an unreadable list pauses screening.

A fetch of payments may bring hundreds of batches, and not all of them are unpacked at once: those without
`Room` are fetched again once the rest is decided.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import cramjam
from aiokafka.codec import snappy_decode
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException, KafkaError
from aiokafka.record import default_records, legacy_records
from aiokafka.record._crecords import default_records as compiled_records
from aiokafka.record._crecords import legacy_records as compiled_legacy

from streams.records.headers import LEFT_OUT

MOST_UNCOMPRESSED = 64 << 20
"""Bytes of one batch: eight times the largest record that is read, and above any producer's batch."""
MOST_WAITING_BYTES = 32 << 20
"""Of payments that are unpacked and not taken yet; and one payment more of each partition."""
HARMLESS = 2_048
"""So few bytes are less than the limit in any format: zstd makes at most 32,768 of one."""
USUAL_RATIO = 32


class UncompressedTooLargeError(KafkaError):  # type: ignore[misc]  # aiokafka's is not typed
    """A batch of records holds more bytes than are read."""


class _Placeholder(NamedTuple):
    """A record of a batch that is not read, with the fields of aiokafka's own records."""

    offset: int
    timestamp: int
    timestamp_type: int
    key: None = None
    value: None = None
    checksum: None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class _Batch:
    """A compressed batch; everything but its records comes from aiokafka's own batch."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._batch
        except UncompressedTooLargeError:
            yield from self._placeholders()

    def _placeholders(self) -> Iterator[_Placeholder]:
        batch = self._batch
        said = ((LEFT_OUT, str(MOST_UNCOMPRESSED).encode()),)
        for offset in range(batch.base_offset, batch.next_offset):
            stamped = batch.max_timestamp, batch.timestamp_type
            yield _Placeholder(offset, *stamped, headers=said)


class _Records:
    """The batches of one fetch."""

    def __init__(self, records: Any) -> None:
        self._records = records

    def has_next(self) -> bool:
        return bool(self._records.has_next())

    def next_batch(self) -> Any:
        batch = self._records.next_batch()
        return batch if batch is None or not getattr(batch, "compression_type", 0) else _Batch(batch)


def bound_decompression(payments: str) -> None:
    """From here on no consumer of this process decompresses more than the limit; `payments` is the payments
    topic."""
    for module in (default_records, legacy_records, compiled_records, compiled_legacy):
        for name, bounded in _BOUNDED.items():
            if hasattr(module, name):
                setattr(module, name, bounded)
    if not issubclass(fetcher.PartitionRecords, _PartitionRecords):
        fetcher.PartitionRecords = _PartitionRecords
    _PartitionRecords.payments = payments


class Room:
    """How much more may be unpacked and wait, in this process; `transport.PacedConsumer` clears it."""

    left = MOST_WAITING_BYTES

    @classmethod
    def clear(cls) -> None:
        """Everything that was unpacked has been taken."""
        cls.left = MOST_WAITING_BYTES


class _PartitionRecords(fetcher.PartitionRecords):  # type: ignore[misc]  # aiokafka's is not typed
    payments = ""

    def __init__(self, tp: Any, records: Any, *rest: Any, **more: Any) -> None:
        read = _Records(records) if tp.topic == self.payments else records
        super().__init__(tp, read, *rest, **more)

    def _unpack_records(self) -> Iterator[Any]:
        records: Iterator[Any] = super()._unpack_records()
        return _while_there_is_room(records) if self._tp.topic == self.payments else records


def _while_there_is_room(records: Iterator[Any]) -> Iterator[Any]:
    """aiokafka takes the end of this iterator for the end of the fetch, and fetches the rest when it is asked
    again."""
    for record in records:
        yield record
        Room.left -= len(record.key or b"") + len(record.value or b"")
        Room.left -= sum([len(name) + len(value or b"") for name, value in record.headers])
        if Room.left <= 0:
            return


def _zstd(payload: Any) -> bytes:
    return _into(cramjam.zstd.decompress, cramjam.zstd.decompress_into, payload)


def _lz4(payload: Any) -> bytes:
    return _into(cramjam.lz4.decompress, cramjam.lz4.decompress_into, payload)


def _into(whole: Callable[[Any], Any], into: Callable[[Any, Any], int], payload: Any) -> bytes:
    """Decompress into a buffer that grows up to the limit, because neither format has to state its length."""
    payload = bytes(payload)
    if len(payload) <= HARMLESS:
        return bytes(whole(payload))
    size = min(MOST_UNCOMPRESSED, USUAL_RATIO * len(payload))
    while True:
        buffer = bytearray(size)
        try:
            return bytes(memoryview(buffer)[: into(payload, buffer)])
        except cramjam.DecompressionError as error:
            if "whole buffer" not in str(error):
                raise
        if size == MOST_UNCOMPRESSED:
            raise UncompressedTooLargeError(f"a batch of more than {MOST_UNCOMPRESSED} bytes")
        size = min(MOST_UNCOMPRESSED, 8 * size)


def _gzip(payload: Any) -> bytes:
    stream = zlib.decompressobj(wbits=31)
    read = stream.decompress(bytes(payload), MOST_UNCOMPRESSED)
    if stream.unconsumed_tail:
        raise UncompressedTooLargeError(f"a batch of more than {MOST_UNCOMPRESSED} bytes")
    if not stream.eof:
        raise CorruptRecordException("a gzip stream without its end")
    return read


_BOUNDED: dict[str, Callable[[Any], bytes]] = {
    "gzip_decode": _gzip,
    "zstd_decode": _zstd,
    "lz4_decode": _lz4,
}
"""Snappy is left out: it makes at most 21 bytes of one, so the limit of a record is its own."""


def decompressed(codec: int, payload: bytes | memoryview) -> bytes:
    """The records of a batch, with one of Kafka's codecs by number. Raises KafkaError for more than the
    limit."""
    if codec == 0:
        return bytes(payload)
    decode = {1: _gzip, 2: snappy_decode, 3: _lz4, 4: _zstd}.get(codec)
    if decode is None:
        raise CorruptRecordException(f"there is no codec {codec}")
    return bytes(decode(payload))
