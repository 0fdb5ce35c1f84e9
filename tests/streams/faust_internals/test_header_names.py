"""A header's name that is no UTF-8 keeps no record from being read, nor those beside it."""

from collections.abc import Sequence

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher

from screening.payments import PaymentError, PaymentProblem, decode_payment
from screening.payments.model import HEADERS_LEFT_OUT
from streams.faust_internals.header_names import _slice, read_any_header_names
from tests.kafka.header_names import UNREADABLE, batch_builder

USUAL = [("a", b"1")]
LEFT_OUT = [(HEADERS_LEFT_OUT, b"")]


def batch(first: int, *headers: Sequence[tuple[str, bytes]], compression: int = 0) -> bytes:
    """Records of these headers, with a key and a value by their number; the last one has neither."""
    builder = batch_builder(compression)
    for number, each in enumerate(headers):
        last = number == len(headers) - 1
        key, value = (None, None) if last else (b"k%d" % number, b"v%d" % number)
        builder.append(number, 1_000 + number, key, value, each)
    built = builder.build()
    built[:8] = first.to_bytes(8)
    return bytes(built)


@pytest.mark.parametrize("compression", [0, 1, 4])
def test_records_are_read_in_order_and_one_alone_without_its_headers(compression: int) -> None:
    read_any_header_names()
    sent = batch(5, USUAL, USUAL) + batch(7, USUAL, UNREADABLE, UNREADABLE, USUAL, compression=compression)

    read = fetcher.PartitionRecords(
        TopicPartition("payments", 0), fetcher.MemoryRecords(sent), [], 5, None, None, True, 1
    )

    assert [(each.offset, each.timestamp, each.key, each.value, list(each.headers)) for each in read] == [
        (5, 1_000, b"k0", b"v0", USUAL),
        (6, 1_001, None, None, USUAL),
        (7, 1_000, b"k0", b"v0", USUAL),
        (8, 1_001, b"k1", b"v1", LEFT_OUT),
        (9, 1_002, b"k2", b"v2", LEFT_OUT),
        (10, 1_003, None, None, USUAL),
    ]


def test_the_batch_that_begins_with_an_offset_is_found_among_those_of_an_answer() -> None:
    batches = [
        batch(5, USUAL),
        batch(6, USUAL, USUAL, UNREADABLE),
        batch(9, USUAL, compression=1),
        batch(10, USUAL),
    ]

    for first, wanted in zip((5, 6, 9, 10), batches, strict=True):
        assert bytes(_slice(b"".join(batches), first)) == wanted


def test_a_payment_whose_headers_could_not_be_read_is_refused_because_they_may_say_how_to_read_it() -> None:
    with pytest.raises(PaymentError, match="no UTF-8") as refused:
        decode_payment(b'{"id": "P", "parties": [{"role": "creditor", "name": "A"}]}', None, LEFT_OUT)
    assert refused.value.problem is PaymentProblem.NOT_UTF8
