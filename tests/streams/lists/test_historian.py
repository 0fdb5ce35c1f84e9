"""Copies of the list topic: each record once, at its own offset, and what is not copied yet behind them."""

from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import Producer

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.log import Record, TopicLog
from streams.kafka.topics import Topics
from streams.lists.history import OFFSET, Historian, list_history, original

TOPICS = Topics()
COUNT = 4


@pytest.fixture
def client() -> Iterator[dict[str, Any]]:
    """A list topic of four records, of which the second is a delisting."""
    with EmbeddedBroker(dict(TOPICS.partitions(1))) as broker:
        found: dict[str, Any] = {"bootstrap.servers": broker.bootstrap}
        producer = Producer(found)
        for number in range(COUNT):
            value = None if number == 1 else b"%d" % number
            headers: Any = [("run", b"r")]
            producer.produce(TOPICS.designations, value, b"k", timestamp=100_000 + number, headers=headers)
        assert producer.flush(10) == 0
        yield found


def records(client: dict[str, Any]) -> list[Record]:
    return list(list_history(client, TOPICS))


def copy(client: dict[str, Any], some: list[Record]) -> None:
    with Historian(client, TOPICS) as historian:
        for record in some:
            historian.copy(record)
        historian.delivered()


def test_the_history_is_the_same_however_much_of_it_is_copied(client: dict[str, Any]) -> None:
    live = records(client)
    bare = [record._replace(pairs=()) for record in live]
    assert [record.offset for record in live] == [0, 1, 2, 3]
    for count in (1, 3, 3, COUNT):
        copy(client, live[:count])
        assert [record._replace(pairs=()) for record in records(client)] == bare
    assert [record.value for record in records(client)] == [b"0", None, b"2", b"3"]


def test_a_copy_says_where_its_original_stood_and_keeps_its_time_and_headers() -> None:
    copied = Record(9, 1.5, b"k", b"v", {"run": b"r", OFFSET: b"3"})

    assert original(copied) == Record(3, 1.5, b"k", b"v", {"run": b"r"})
    assert copied.headers[OFFSET] == b"3"


@pytest.mark.parametrize("told", [None, b"", b"-1", b"x", b"9" * 20, "٣".encode()])
def test_what_somebody_else_wrote_is_no_copy_and_keeps_nobody_from_copying(
    client: dict[str, Any], told: bytes | None
) -> None:
    live = records(client)
    copy(client, live[:2])
    headers: Any = [(OFFSET, told)] if told is not None else []
    producer = Producer(client)
    producer.produce(TOPICS.history, b"{}", b"k", headers=headers)
    assert producer.flush(10) == 0
    copy(client, live)

    assert [record.offset for record in records(client)] == [0, 1, 2, 3]
    copied = [record for record in read(client, TOPICS.history) if record.headers.get(OFFSET) != told]
    assert [record.headers[OFFSET] for record in copied] == [b"0", b"1", b"2", b"3"]


def test_who_follows_goes_on_behind_the_last_copy_and_the_first_behind_all_there_is(
    client: dict[str, Any],
) -> None:
    live = records(client)
    with TopicLog(client, TOPICS.designations) as log:
        span = log.first_span()
    with Historian(client, TOPICS) as historian:
        assert historian.goes_on_at(span) == span.end == 4
    copy(client, live[:2])
    with Historian(client, TOPICS) as historian:
        assert historian.goes_on_at(span) == 2


def read(client: dict[str, Any], topic: str) -> list[Record]:
    with TopicLog(client, topic) as log:
        return [*log.read_all(log.spans())]


def test_a_topic_that_was_recreated_is_copied_from_its_beginning(client: dict[str, Any]) -> None:
    live = records(client)
    copy(client, [record._replace(offset=record.offset + 100) for record in live])
    copy(client, live)
    copy(client, live)
    with Historian(client, TOPICS) as historian:
        for record in (*live, live[0]._replace(value=b"anew")):
            historian.copy(record)
        historian.delivered()

    offsets = [int(record.headers[OFFSET] or b"") for record in read(client, TOPICS.history)]
    assert offsets == [100, 101, 102, 103, 0, 1, 2, 3, 0]


def test_a_topic_recreated_that_is_longer_by_now_than_what_was_copied_is_known_by_its_first_record(
    client: dict[str, Any],
) -> None:
    """Of the new topic only what came behind the old one's end was copied: no list of it could be rebuilt."""
    live = records(client)
    old = [record._replace(time=round(record.time - 60, 3)) for record in live]
    copy(client, old[:2])
    copy(client, live)
    copy(client, live)

    assert [(each.offset, each.time) for each in records(client)] == [
        (each.offset, each.time) for each in [*old[:2], *live]
    ]
    assert len(read(client, TOPICS.history)) == 2 + COUNT
