"""Claims about record batches: read as a client reads them, whatever they hold."""

from dataclasses import replace
from typing import Any

import pytest
from aiokafka.errors import KafkaError
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.kafka.raw.batches import batches, committed
from streams.kafka.raw.compression import MOST_UNCOMPRESSED
from tests.kafka.header_names import UNREADABLE, batch_builder

GZIP, SNAPPY, LZ4, ZSTD = 1, 2, 3, 4
Told = tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]

told = st.lists(
    st.tuples(
        st.none() | st.binary(max_size=200),
        st.none() | st.binary(max_size=300),
        st.lists(st.tuples(st.text(max_size=9), st.binary(max_size=9)), max_size=3),
    ),
    min_size=1,
    max_size=8,
)


def batch_of(
    records: list[Told], codec: int = 0, producer: int = -1, *, transactional: bool = False
) -> bytes:
    builder = DefaultRecordBatchBuilder(2, codec, int(transactional), producer, 0, 0, 1 << 30)
    for offset, (key, value, headers) in enumerate(records):
        builder.append(offset, 1_700_000_000_000 + offset, key, value, headers)
    return bytes(builder.build())


@settings(max_examples=30)
@given(told, st.sampled_from([0, GZIP, SNAPPY, LZ4, ZSTD]))
def test_a_batch_of_any_codec_is_read_as_it_was_written(records: list[Told], codec: int) -> None:
    (batch,) = batches(batch_of(records, codec))
    read = list(batch.records(7, batch.unpacked()))

    assert [(each.key, each.value, list(each.headers)) for each in read] == [
        (key or b"", value, headers) for key, value, headers in records
    ]
    assert [(each.partition, each.offset) for each in read] == [(7, at) for at in range(len(records))]
    assert read[-1].time == pytest.approx(1_700_000_000 + (len(records) - 1) / 1000)


@settings(max_examples=20)
@given(told, st.integers(0, 400))
def test_a_batch_that_the_broker_cut_off_is_left_for_the_next_fetch(records: list[Told], cut: int) -> None:
    whole = batch_of(records)

    assert len(list(batches(whole + whole[: min(cut, len(whole) - 1)]))) == 1


def test_a_batch_that_unpacks_to_more_than_the_limit_is_an_error() -> None:
    (batch,) = batches(batch_of([(None, bytes(MOST_UNCOMPRESSED + 1), [])], ZSTD))

    with pytest.raises(KafkaError, match="a batch of more than"):
        batch.unpacked()


def test_records_of_an_aborted_transaction_are_left_out() -> None:
    kept = batch_of([(b"kept", b"1", [])], producer=4, transactional=True)
    gone = batch_of([(b"gone", b"2", [])], producer=5, transactional=True)

    found = [
        record.key
        for batch in committed(kept + gone, [(5, 0)])
        for record in batch.records(0, batch.unpacked())
    ]

    assert found == [b"kept"]


def test_a_header_name_that_is_not_utf_8_keeps_no_record_from_being_read() -> None:
    """It ends the faster way of reading, in the middle of a batch."""
    builder = batch_builder(ZSTD)
    written: list[Any] = [[], [("ä", None)], UNREADABLE, [("a", b"1"), ("a", b"")]]
    for offset, headers in enumerate(written):
        builder.append(offset, 1_700_000_000_000 + offset, b"k" if offset else None, b"v", headers)
    (batch,) = batches(bytes(builder.build()))
    read = list(batch.entries(batch.unpacked()))

    assert [(each.offset, each.key, each.value) for each in read] == [
        (offset, b"k" if offset else None, b"v") for offset in range(4)
    ]
    assert [list(each.headers) for each in read] == [
        [],
        [("ä", None)],
        [("\udcff\udcfename", b"value"), ("content-type", b"application/json")],
        [("a", b"1"), ("a", b"")],
    ]
    assert [each.time for each in read] == pytest.approx([1_700_000_000 + at / 1000 for at in range(4)])
    assert [name for each in batch.records(0, batch.unpacked()) for name, _ in each.headers][1] == "??name"


def test_a_batch_that_says_it_has_more_records_than_it_has_is_an_error() -> None:
    (batch,) = batches(batch_of([(b"k", b"v", [])]))
    with pytest.raises((KafkaError, IndexError)):
        list(replace(batch, count=2).entries(batch.unpacked()))
