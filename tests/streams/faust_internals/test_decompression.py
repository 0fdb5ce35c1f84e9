"""A batch is unpacked up to a limit; one beyond it is an error, or on the payments topic so many refusals."""

import zlib
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import cramjam
import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record import default_records, memory_records

from streams.faust_internals import decompression
from streams.faust_internals.decompression import (
    HARMLESS,
    Room,
    UncompressedTooLargeError,
    _PartitionRecords,
    _Records,
    bound_decompression,
    decompressed,
)
from streams.records.headers import LEFT_OUT

LIMIT = 200_000


def gzip(raw: bytes) -> bytes:
    packed = zlib.compressobj(wbits=31)
    return packed.compress(raw) + packed.flush()


PACKED: dict[int, Callable[[bytes], Any]] = {1: gzip, 3: cramjam.lz4.compress, 4: cramjam.zstd.compress}


def noise(size: int) -> bytes:
    """Bytes of which a quarter packs badly: the packed batch is larger than what is harmless."""
    state, out = 1, bytearray()
    while len(out) < size // 4:
        state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        out += state.to_bytes(4, "big")
    return bytes(out) + bytes(size - len(out))


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "MOST_UNCOMPRESSED", LIMIT)


@pytest.mark.parametrize("codec", PACKED)
@pytest.mark.usefixtures("limit")
def test_what_fits_is_unpacked_and_what_is_a_byte_larger_is_not(codec: int) -> None:
    pack = PACKED[codec]
    for size in (0, 1, 5_000, LIMIT - 1, LIMIT):
        raw = noise(size)
        assert decompressed(codec, bytes(pack(raw))) == raw
        assert decompressed(codec, memoryview(bytes(pack(raw)))) == raw
    too_large = bytes(pack(noise(LIMIT + 1)))
    assert len(too_large) > HARMLESS
    with pytest.raises(UncompressedTooLargeError, match=f"a batch of more than {LIMIT} bytes"):
        decompressed(codec, too_large)


@pytest.mark.parametrize("codec", [3, 4])
@pytest.mark.usefixtures("limit")
def test_a_few_bytes_that_become_many_grow_up_to_the_limit(codec: int) -> None:
    raw = noise(20_000) + bytes(LIMIT - 20_000)
    packed = bytes(PACKED[codec](raw))
    assert HARMLESS < len(packed) < 6_000  # what it becomes is more than the usual ratio makes room for

    assert decompressed(codec, packed) == raw


def test_a_batch_that_is_not_packed_or_by_nobody_knows_what() -> None:
    assert decompressed(0, memoryview(b"as it is")) == b"as it is"
    for codec in (5, -1):
        with pytest.raises(CorruptRecordException, match=f"there is no codec {codec}"):
            decompressed(codec, b"x")
    with pytest.raises(CorruptRecordException, match="a gzip stream without its end"):
        decompressed(1, gzip(noise(100))[:-4])
    with pytest.raises(cramjam.DecompressionError):
        decompressed(4, b"no zstd" * 1_000)


class Batch:
    """One of aiokafka's: three records, of which the last may be too much."""

    base_offset, next_offset, max_timestamp, timestamp_type, compression_type = 5, 8, 1_500, 0, 4

    def __init__(self, too_large: bool = False, **more: Any) -> None:
        self.too_large = too_large
        vars(self).update(more)

    def __iter__(self) -> Any:
        if self.too_large:
            raise UncompressedTooLargeError
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
    assert {one.headers for one in found} == {((LEFT_OUT, str(decompression.MOST_UNCOMPRESSED).encode()),)}
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
    assert default_records.zstd_decode is decompression._zstd
    assert issubclass(fetcher.PartitionRecords, before)
    assert len([each for each in fetcher.PartitionRecords.__mro__ if each is _PartitionRecords]) == 1
