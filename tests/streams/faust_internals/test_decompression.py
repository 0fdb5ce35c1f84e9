"""A batch beyond the limit is an error, or on the payments topic so many refusals."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record import default_records, memory_records

from streams.faust_internals import decompression
from streams.faust_internals.decompression import (
    Room,
    _PartitionRecords,
    _Records,
    bound_decompression,
)
from streams.kafka.raw import compression
from streams.kafka.raw.compression import UncompressedTooLargeError
from streams.records.headers import LEFT_OUT
from tests.streams.kafka.raw.noise import noise

LIMIT = 200_000


class Batch:
    """One of aiokafka's: three records, of which the last may be too much."""

    base_offset, next_offset, max_timestamp, timestamp_type, compression_type = 5, 8, 1_500, 0, 4

    def __init__(self, too_large: bool = False, **more: Any) -> None:
        self.too_large = too_large
        vars(self).update(more)

    def __iter__(self) -> Any:
        if self.too_large:
            raise UncompressedTooLargeError(LIMIT)
        return iter(["a", "b", "c"])


def records(*batches: Any) -> Any:
    """A fetch of these."""
    left = list(batches)
    return _Records(SimpleNamespace(has_next=lambda: bool(left), next_batch=lambda: left.pop(0)))


def test_each_record_of_a_batch_that_is_not_read_is_named_in_its_place() -> None:
    held = records(Batch(), Batch(too_large=True), plain := Batch(compression_type=0), None)

    assert [*held.next_batch()] == ["a", "b", "c"]
    refused = held.next_batch()
    assert refused.next_offset == 8
    found = [*refused]
    assert [(one.offset, one.timestamp, one.key, one.value) for one in found] == [
        (offset, 1_500, None, None) for offset in (5, 6, 7)
    ]
    assert {one.headers for one in found} == {((LEFT_OUT, str(LIMIT).encode()),)}
    assert held.has_next() is True
    assert held.next_batch() is plain
    assert (held.next_batch(), held.has_next()) == (None, False)


@pytest.mark.parametrize(("topic", "passes"), [("payments", True), ("designations", False)])
def test_only_payments_are_passed_and_of_any_other_topic_it_is_an_error(
    monkeypatch: pytest.MonkeyPatch, topic: str, passes: bool
) -> None:
    monkeypatch.setattr(_PartitionRecords, "payments", "payments")
    given = list[Any]()
    monkeypatch.setattr(_PartitionRecords.__base__, "__init__", lambda *parts: given.append(parts[2]))
    held: Any = object()
    _PartitionRecords(TopicPartition(topic, 0), held)

    assert isinstance(given[0], _Records) is passes
    assert (given[0] is held) is not passes


def fetch(topic: str, values: Sequence[bytes], begins: int = 0) -> Any:
    """As it comes from a broker: each value a batch of its own."""
    packed = [batch(place, value) for place, value in enumerate(values)]
    made = memory_records.MemoryRecords(b"".join(packed[begins:]))
    return _PartitionRecords(TopicPartition(topic, 0), made, [], begins, None, None, True, 1)


def batch(offset: int, value: bytes) -> bytes:
    built = default_records.DefaultRecordBatchBuilder(2, 4, 0, -1, -1, -1, 1 << 20)
    built.append(0, 1_500, b"key", value, [("name", b"header")])
    made = bytearray(built.build())
    made[:8] = offset.to_bytes(8, "big")  # which the checksum leaves out
    return bytes(made)


@pytest.mark.parametrize(("topic", "turns"), [("payments", [2, 2, 1]), ("designations", [5])])
def test_no_more_is_unpacked_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch, topic: str, turns: list[int]
) -> None:
    monkeypatch.setattr(_PartitionRecords, "payments", "payments")
    monkeypatch.setattr(decompression, "MOST_WAITING_BYTES", 2 * LIMIT)
    values = [noise(LIMIT)] * 5
    found = list[list[int]]()
    begins = 0
    while begins < len(values):
        Room.clear()
        read = fetch(topic, values, begins)
        found.append([record.offset for record in read])
        begins = read.next_fetch_offset

    assert [len(each) for each in found] == turns
    assert [offset for each in found for offset in each] == [*range(5)]


def test_keys_and_headers_need_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_PartitionRecords, "payments", "payments")
    Room.clear()
    (_,) = fetch("payments", [b"value"])

    assert decompression.MOST_WAITING_BYTES - Room.left == len("keyvaluenameheader")


def test_every_consumer_of_the_process_is_bound_however_often_it_is_said() -> None:
    before = fetcher.PartitionRecords
    bound_decompression("one")
    bound_decompression("payments")

    assert issubclass(fetcher.PartitionRecords, _PartitionRecords)
    assert _PartitionRecords.payments == "payments"
    assert default_records.zstd_decode is compression.zstd
    assert default_records.snappy_decode is compression.snappy
    assert issubclass(fetcher.PartitionRecords, before)
    assert len([each for each in fetcher.PartitionRecords.__mro__ if each is _PartitionRecords]) == 1
