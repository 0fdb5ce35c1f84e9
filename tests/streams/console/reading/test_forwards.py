"""A topic read forwards from fetches that the test makes: how far, in which order, and what is left."""

import asyncio
import time
from typing import Any

import pytest
from aiokafka.errors import OffsetOutOfRangeError
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from streams.console.reading.forwards import Forwards, RecreatedError
from streams.kafka.raw.batches import Record, _bytes, _varint
from streams.kafka.raw.raw_log import RawLog, Reach, Sent
from streams.kafka.requests import NO_ID
from tests.e2e.worker import wait_until
from tests.streams.kafka.raw.test_batches import batch_of

COUNT = 3
"""Records of a batch."""


class Log:
    """Partitions of batches of three records; `reach` says what the topic holds."""

    def __init__(self, *batches: int) -> None:
        self.batches = dict(enumerate(batches))
        self.first = dict.fromkeys(self.batches, 0)
        self.asked: list[tuple[int, int]] = []
        self.out_of_range = False
        self.id = b"1" * 16

    async def topic_id(self, topic: str) -> bytes:
        assert topic == "t"
        return self.id

    async def reach(self, topic: str) -> dict[int, Reach]:
        assert topic == "t"
        return {each: Reach(self.first[each], COUNT * count) for each, count in self.batches.items()}

    async def fetch(self, topic: str, partition: int, offset: int, most: int) -> Sent:
        assert topic == "t" and most > 0
        self.asked.append((partition, offset))
        if self.out_of_range:
            raise OffsetOutOfRangeError
        if offset >= COUNT * self.batches[partition]:
            return Sent(b"", [])
        raw = bytearray(batch_of([(b"k", b"%d" % place, []) for place in range(COUNT)]))
        raw[:8] = (offset - offset % COUNT).to_bytes(8)
        return Sent(bytes(raw), [])


def reading(*batches: int) -> tuple[Forwards, Log, list[tuple[int, int]]]:
    log: Any = Log(*batches)
    taken: list[tuple[int, int]] = []
    return Forwards(log, "t", lambda record: taken.append((record.partition, record.offset))), log, taken


LATER = 1e12


async def test_everything_is_read_once_and_what_comes_is_read_on() -> None:
    forwards, log, taken = reading(2, 1)
    assert (forwards.left, forwards.read_to) == (None, 0.0)
    await forwards.read(LATER)

    assert sorted(taken) == [(0, at) for at in range(6)] + [(1, at) for at in range(3)]
    assert (forwards.left, forwards.read_to, forwards.unread) == (0, None, 0)
    log.batches[1] = 2
    await forwards.read(LATER)
    assert sorted(taken)[-3:] == [(1, 3), (1, 4), (1, 5)] and len(taken) == 12
    assert forwards.firsts == {0: 0, 1: 0}


async def test_one_fetch_is_made_at_the_least_and_what_is_left_is_counted() -> None:
    forwards, _, taken = reading(3, 1)
    await forwards.read(time.monotonic() - 1)

    assert (len(taken), forwards.left) == (3, 9)
    assert forwards.read_to is not None


async def test_what_came_while_it_was_read_makes_up_for_nothing_that_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a topic that is written to a list that was whole said that some records were still to be read, and
    one that was not could say that all were."""
    forwards, log, taken = reading(1, 1)
    ends = {0: Reach(0, COUNT - 1), 1: Reach(0, COUNT)}

    async def reach(_: str) -> dict[int, Reach]:
        return ends

    monkeypatch.setattr(log, "reach", reach)
    await forwards.read(time.monotonic() - 1)
    assert (taken, forwards.left) == ([(0, at) for at in range(COUNT)], COUNT)

    ends.update({0: Reach(0, COUNT), 1: Reach(0, COUNT - 1)})
    await forwards.read(LATER)
    assert (len(taken), forwards.left, forwards.read_to) == (2 * COUNT, 0, None)


async def test_what_retention_took_is_not_asked_for() -> None:
    forwards, log, taken = reading(2)
    log.first[0] = 4
    await forwards.read(LATER)

    assert taken == [(0, 4), (0, 5)]
    assert forwards.firsts == {0: 4}


async def test_a_topic_that_ends_before_what_was_read_was_recreated() -> None:
    forwards, log, _ = reading(2)
    await forwards.read(LATER)
    await forwards.read(LATER)  # at its end still
    log.batches[0] = 1
    with pytest.raises(RecreatedError):
        await forwards.read(LATER)


async def test_a_topic_of_another_id_was_recreated_however_long_it_is() -> None:
    forwards, log, _ = reading(2)
    await forwards.read(LATER)
    log.id = NO_ID  # a broker that does not say: nothing is known of it
    await forwards.read(LATER)
    log.id, log.batches[0] = b"2" * 16, 3
    with pytest.raises(RecreatedError):
        await forwards.read(LATER)


async def test_a_topic_recreated_on_a_real_broker_is_noticed(kafka: str, topic_prefix: str) -> None:
    topic, admin = f"{topic_prefix}alerts", AdminClient({"bootstrap.servers": kafka})

    def made_with(records: int) -> None:
        admin.create_topics([NewTopic(topic, 1, 1)])[topic].result()
        producer = Producer({"bootstrap.servers": kafka})
        for _ in range(records):
            producer.produce(topic, b"{}")
        assert producer.flush(20) == 0

    made_with(1)
    log = RawLog({"bootstrap_servers": kafka})
    taken: list[Record] = []
    forwards = Forwards(log, topic, taken.append)
    try:
        await forwards.read(time.monotonic() + 20)
        await forwards.read(time.monotonic() + 20)
        assert len(taken) == 1
        await asyncio.to_thread(lambda: admin.delete_topics([topic])[topic].result())
        await asyncio.to_thread(wait_until, lambda: topic not in admin.list_topics(timeout=10).topics, "gone")
        await asyncio.to_thread(made_with, 3)
        with pytest.raises(RecreatedError):
            await forwards.read(time.monotonic() + 20)
    finally:
        await log.stop()


async def test_a_broker_that_sends_nothing_and_retention_that_overtakes_are_left_for_the_next_call() -> None:
    forwards, log, taken = reading(1)
    log.out_of_range = True
    await forwards.read(LATER)
    assert (taken, forwards.left, len(log.asked)) == ([], 3, 1)

    log.out_of_range = False
    await forwards.read(LATER)
    assert (len(taken), forwards.left) == (3, 0)


def test_a_span_of_offsets_is_never_shorter_than_nothing() -> None:
    assert [len(Reach(3, 7)), len(Reach(3, 3)), len(Reach(7, 3))] == [4, 0, 0]


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (b"\x00", 0),
        (b"\x01", -1),
        (b"\x02", 1),
        (b"\x7e", 63),
        (b"\x7f", -64),
        (b"\x80\x01", 64),
        (b"\x81\x01", -65),
        (b"\xff\x01", -128),
        (b"\xd8\x04", 300),
        (b"\xfe\xff\xff\xff\x0f", 2_147_483_647),
        (b"\xff\xff\xff\xff\x0f", -2_147_483_648),
    ],
)
def test_a_number_of_the_protocol_is_read_as_it_is_written(raw: bytes, number: int) -> None:
    assert _varint(b"\x00" + raw + b"\x00", 1) == (number, 1 + len(raw))


def test_bytes_stand_behind_their_length_and_none_is_none() -> None:
    assert _bytes(b"\x06abcd", 0) == (b"abc", 4)
    assert _bytes(b"\x00abcd", 0) == (b"", 1)
    assert _bytes(b"\x01abcd", 0) == (None, 1)
