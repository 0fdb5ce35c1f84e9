"""Limits the decompression of a batch of records in aiokafka, which decompresses a batch as a whole.

`streams.kafka.raw.compression` has the limits. A batch of the payments topic beyond them is read as records
without key and value, one for each offset, with the header `LEFT_OUT`: each becomes an `error` decision and a
dead letter that points to it. On any other topic it is a Kafka error, so that an unreadable list pauses
screening.

A fetch of payments may bring hundreds of batches, and not all of them are unpacked at once: those without
`Room` are fetched again once the rest is decided.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from aiokafka.consumer import fetcher
from aiokafka.record import default_records, legacy_records
from aiokafka.record._crecords import default_records as compiled_records
from aiokafka.record._crecords import legacy_records as compiled_legacy

from streams.kafka.raw import compression
from streams.kafka.raw.compression import UncompressedTooLargeError
from streams.records.headers import LEFT_OUT

MOST_WAITING_BYTES = 32 << 20
"""Of payments that are unpacked and not taken yet; and one payment more of each partition."""


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
        except UncompressedTooLargeError as error:
            yield from self._placeholders(error.most)

    def _placeholders(self, most: int) -> Iterator[_Placeholder]:
        batch = self._batch
        said = ((LEFT_OUT, str(most).encode()),)
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


_BOUNDED: dict[str, Callable[[Any], bytes]] = {
    "gzip_decode": compression.gzip,
    "snappy_decode": compression.snappy,
    "lz4_decode": compression.lz4,
    "zstd_decode": compression.zstd,
}
