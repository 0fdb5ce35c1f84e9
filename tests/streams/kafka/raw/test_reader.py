"""What a reader gives of what its brokers answered: how much, in which order, and what it says of ends."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from confluent_kafka import KafkaException, Producer

from streams.kafka.log import Span, TopicLog
from streams.kafka.raw import reader as module
from streams.kafka.raw.fetching import Came
from streams.kafka.raw.raw_log import Sent
from streams.kafka.raw.reader import End, NotUnpacked, Reader
from tests.kafka.topics import create, delete_before
from tests.streams.kafka.raw.test_batches import ZSTD, batch_of

C, A, B = ("payments", 0), ("t", 0), ("t", 1)


@pytest.fixture
def reader() -> Reader:
    """One whose thread is not running: what it asks for is done at once."""
    made: Any = Reader({"bootstrap.servers": "b:1"}, "name", 1000, 20)
    made._loop = SimpleNamespace(call_soon_threadsafe=lambda what: what())
    made._fetching = SimpleNamespace(want=lambda *_: None, taken=lambda at: made.asked.append(at))
    made.asked, made._thread = [], SimpleNamespace(join=lambda _: None)
    assert isinstance(made, Reader)
    return made


def came(reader: Reader, at: tuple[str, int], what: bytes | KafkaError, end: int, offset: int = 0) -> None:
    sent = what if isinstance(what, KafkaError) else Sent(what, [], end)
    reader._came.put(Came(reader._order, at, offset, sent))


def values(sizes: list[int], codec: int = 0) -> bytes:
    return batch_of([(None, bytes(size), []) for size in sizes], codec)


def offsets(found: list[Any]) -> list[tuple[int, str, int]]:
    return [(at[1], type(event).__name__, event.offset) for at, event in found]


def test_no_more_bytes_come_at_once_than_may_and_the_rest_comes_next(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fetch may bring hundreds of batches that become 60 MB each."""
    monkeypatch.setattr(module, "MOST_AT_ONCE_BYTES", 100)
    reader.assign({A: 0})
    came(reader, A, values([60, 60, 60, 1], ZSTD), 4)

    assert offsets(reader.poll(9, 1)) == [(0, "Entry", 0), (0, "Entry", 1)]
    assert offsets(reader.poll(1, 1)) == [(0, "Entry", 2)]
    assert offsets(reader.poll(9, 1)) == [(0, "Entry", 3), (0, "End", 4)]
    assert reader.poll(9, 0) == []


def test_one_answer_is_asked_for_ahead_and_not_before_the_one_before_it_is_begun(reader: Reader) -> None:
    asked = reader.asked  # type: ignore[attr-defined]  # the fixture's own
    reader.assign({A: 0, B: 0})
    came(reader, A, values([1, 1]), 9)
    came(reader, B, values([1]), 9)

    reader.poll(1, 1)
    assert asked == [A]
    reader.poll(9, 1)
    assert asked == [A, B]


def test_a_partition_that_is_held_keeps_nobody_up_and_goes_on_where_it_was(reader: Reader) -> None:
    reader.assign({A: 0, B: 0})
    came(reader, A, values([1, 1, 1], ZSTD), 3)
    came(reader, B, values([1]), 1)
    assert offsets(reader.poll(1, 1)) == [(0, "Entry", 0)]

    reader.hold(A, held=True)
    assert offsets(reader.poll(9, 1)) == [(1, "Entry", 0), (1, "End", 1)]
    reader.hold(A, held=False)
    assert offsets(reader.poll(9, 1)) == [(0, "Entry", 1), (0, "Entry", 2), (0, "End", 3)]


def test_an_end_is_said_once_and_again_once_it_has_moved(reader: Reader) -> None:
    reader.assign({A: 5})
    for _ in range(2):
        came(reader, A, b"", 5, offset=5)
    assert reader.poll(9, 1) == [(A, End(5))]
    came(reader, A, b"", 8, offset=5)  # a batch that was cut off
    assert reader.poll(9, 0) == []
    came(reader, A, b"", 6, offset=6)
    assert reader.poll(9, 1) == [(A, End(6))]


def test_a_partition_that_ends_with_what_nobody_reads_has_ended(reader: Reader) -> None:
    """Marks of transactions and aborted records: `dead-letters list` waited for more of them, and ended."""
    reader.assign({A: 0})
    gone = batch_of([(None, b"1", [])], producer=5, transactional=True)
    reader._came.put(Came(reader._order, A, 0, Sent(gone, [(5, 0)], 1)))

    assert reader.poll(9, 1) == [(A, End(1))]


def test_what_was_read_before_another_assignment_is_left(reader: Reader) -> None:
    reader.assign({A: 0})
    came(reader, A, values([1]), 1)
    reader.assign({B: 0})
    came(reader, B, values([1]), 1)

    assert offsets(reader.poll(9, 1)) == [(1, "Entry", 0), (1, "End", 1)]


def test_a_batch_that_is_not_unpacked_is_named_from_where_it_is_read(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.kafka.raw.compression.ALWAYS_UNCOMPRESSED", 1000)
    monkeypatch.setattr("streams.kafka.raw.compression.MOST_TIMES", 1)
    monkeypatch.setattr("streams.kafka.raw.compression.HARMLESS", 1)
    reader.assign({C: 1, A: 1})
    for at in (C, A):
        came(reader, at, values([300_000, 300_000, 300_000], ZSTD), 3, offset=1)
    (_, found), end, *ours = reader.poll(9, 1)

    assert isinstance(found, NotUnpacked) and found[:2] == (1, 3)
    assert found.why.startswith("a batch of more than")
    assert end == (C, End(3))
    assert offsets(ours) == [
        (0, "Entry", 1),
        (0, "Entry", 2),
        (0, "End", 3),
    ]  # without such a bound


def test_what_the_broker_refuses_is_raised(reader: Reader) -> None:
    reader.assign({A: 0})
    came(reader, A, TopicAuthorizationFailedError(), 0)
    with pytest.raises(KafkaException, match="Topic authorization failed"):
        reader.poll(9, 1)


@pytest.mark.kafka
def test_of_what_retention_takes_while_it_is_read_the_rest_is_read(kafka: str, topic_prefix: str) -> None:
    topic, client = f"{topic_prefix}t", {"bootstrap.servers": kafka}
    create(kafka, [topic], 1)
    producer = Producer(client)
    for number in range(6):
        producer.produce(topic, b"%d" % number)
    assert producer.flush(30) == 0
    delete_before(kafka, topic, 4)

    with TopicLog(client, topic) as log:
        began = time.monotonic()
        assert [record.value for record in log.read(Span(0, 0, 6))] == [b"4", b"5"]
        assert [record.value for record in log.read(Span(0, 0, 3))] == []
        assert time.monotonic() - began < 10
