"""Whose turn it is: what the group's word makes of it, and what a look at the topic says."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition

from streams.answers import turn as turns
from streams.answers.turn import Turn
from streams.kafka.provisioning import BrokerError
from streams.kafka.raw.batches import Entry
from streams.kafka.raw.fetching import At
from streams.kafka.raw.reader import End, Event, NotUnpacked
from tests.e2e.worker import wait_until
from tests.kafka.topics import create, widen


def entry(offset: int, of: int = 0) -> tuple[At, Event]:
    """A record of a partition."""
    return ("dispositions", of), Entry(offset, 1.5 + of, b"key", b"value", [])


def end(of: int = 0) -> tuple[At, Event]:
    """The end of a partition."""
    return ("dispositions", of), End(0)


@dataclass
class Message:
    """An error of the group."""

    fails: KafkaError

    def error(self) -> KafkaError | None:
        return self.fails


class Reading:
    """What is read of the topic, and what was asked of it."""

    def __init__(self, *_: Any) -> None:
        self.coming: list[tuple[At, Event]] = []
        self.assigned: dict[At, int] = {}
        self.closed = False

    def assign(self, firsts: dict[At, int]) -> None:
        self.assigned = firsts

    def poll(self, most: int, seconds: float) -> list[tuple[At, Event]]:
        self.asked = most, seconds
        came, self.coming = self.coming, []
        return came

    def close(self) -> None:
        self.closed = True


class Consumer:
    """A member of the group; what it is told and asked."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.coming: list[Message] = []
        self.assigned: Sequence[TopicPartition] = ()
        self.closed = False

    def subscribe(self, topics: list[str], **called: Any) -> None:
        self.topics, self.called = topics, called

    def consume(self, most: int, seconds: float) -> list[Message]:
        self.asked = most, seconds
        came, self.coming = self.coming, []
        return came

    def assign(self, partitions: Sequence[TopicPartition]) -> None:
        self.assigned = partitions

    def list_topics(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("the callback after this one would end the process")

    def consumer_group_metadata(self) -> str:
        return "us"

    def close(self) -> None:
        self.closed = True


class Admin:
    """What there is of the topic."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.there = {0}
        self.refuses: KafkaError | None = None

    def list_topics(self, topic: str, *, timeout: float) -> Any:
        assert timeout > 0
        return SimpleNamespace(
            topics={topic: SimpleNamespace(error=self.refuses, partitions=dict.fromkeys(self.there))}
        )


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Iterator[Turn]:
    monkeypatch.setattr(turns, "Consumer", Consumer)
    monkeypatch.setattr(turns, "AdminClient", Admin)
    monkeypatch.setattr(turns, "Reader", Reading)
    made = Turn({"bootstrap.servers": "b:1"}, "dispositions", "workers", 12.0)
    yield made
    made.close()
    assert consumer(made).closed and reading(made).closed


def consumer(turn: Turn) -> Consumer:
    held: Any = turn._consumer
    assert isinstance(held, Consumer)
    return held


def reading(turn: Turn) -> Reading:
    held: Any = turn._reader
    assert isinstance(held, Reading)
    return held


def admin(turn: Turn) -> Admin:
    held: Any = turn._admin
    assert isinstance(held, Admin)
    return held


def given(turn: Turn, *partitions: int) -> None:
    at = [TopicPartition("dispositions", partition, 7) for partition in partitions]
    consumer(turn).called["on_assign"](consumer(turn), at)


def test_a_turn_that_comes_and_goes_within_one_look_asks_the_consumer_nothing_while_it_calls_back(
    turn: Turn,
) -> None:
    given(turn, 0)
    consumer(turn).called["on_revoke"](consumer(turn), [])
    given(turn, 0)

    assert turn.ours and reading(turn).assigned == {("dispositions", 0): 0}


def test_it_is_a_member_of_the_workers_group_s_own_for_answers(turn: Turn) -> None:
    assert not turn.ours and not turn.read  # before the group has given it anything
    options = consumer(turn).options

    assert options["group.id"] == "workers.answers"
    assert (options["session.timeout.ms"], options["heartbeat.interval.ms"]) == (12_000, 3_000)
    assert options["enable.auto.commit"] is False
    assert consumer(turn).topics == ["dispositions"]
    assert turn.member() == "us"


@pytest.mark.parametrize(("partitions", "ours"), [((0,), True), ((), False), ((1,), False), ((1, 0), True)])
def test_who_has_partition_0_answers_and_reads_every_partition_from_its_beginning(
    turn: Turn, partitions: tuple[int, ...], ours: bool
) -> None:
    turn.read, admin(turn).there = True, {0, 1, 2}
    given(turn, *partitions)

    assert (turn.ours, turn.read, turn.grown()) == (ours, False, False)
    assert reading(turn).assigned == {("dispositions", each): 0 for each in (range(3) if ours else ())}
    assert consumer(turn).assigned == []  # a member that reads nothing: its client unpacks without bound
    admin(turn).there = {0, 1, 2, 3}
    assert turn.grown() is ours


def test_a_topic_that_may_not_be_read_is_no_empty_one(turn: Turn) -> None:
    admin(turn).refuses = KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED)

    with pytest.raises(KafkaException):
        given(turn, 0)


def test_of_several_partitions_nothing_counts_before_all_are_read_and_then_the_oldest_first(
    turn: Turn,
) -> None:
    """A false positive of one partition would stand over a true one that is newer, in another."""
    admin(turn).there = {0, 1}
    given(turn, 0)
    reading(turn).coming = [entry(1, of=1), end(1)]
    assert (turn.poll(0), turn.read) == ([], False)
    reading(turn).coming = [entry(2), entry(3), end(0), entry(4, of=1)]

    assert [record.offset for record in turn.poll(0)] == [2, 3, 1, 4]
    assert turn.poll(0) == []
    assert turn.read
    reading(turn).coming = [entry(5)]
    assert [record.offset for record in turn.poll(0)] == [5]


@pytest.mark.parametrize("word", ["on_revoke", "on_lost"])
def test_a_turn_that_is_taken_is_over(turn: Turn, word: str) -> None:
    given(turn, 0)
    turn.read = True
    consumer(turn).called[word](consumer(turn), [])

    assert (turn.ours, turn.read) == (False, False)
    assert reading(turn).assigned == {}


def test_the_topics_end_says_that_it_is_read(turn: Turn) -> None:
    given(turn, 0)
    reading(turn).coming = [entry(3), end(), entry(4)]
    found = turn.poll(0.25)

    assert [(record.offset, record.key, record.value, record.time) for record in found] == [
        (3, b"key", b"value", 1.5),
        (4, b"key", b"value", 1.5),
    ]
    assert (reading(turn).asked, consumer(turn).asked) == ((1000, 0.25), (1, 0))
    assert turn.read


def test_who_stands_by_reads_nothing_and_waits_for_its_turn(turn: Turn) -> None:
    given(turn)
    reading(turn).coming = [entry(3), end()]

    assert turn.poll(0.25) == []
    assert (consumer(turn).asked, turn.read) == ((1, 0.25), False)


def test_a_batch_that_is_not_unpacked_is_named_with_its_place_and_the_remedy(turn: Turn) -> None:
    given(turn, 0)
    reading(turn).coming = [(("dispositions", 0), NotUnpacked(7, 9, "a batch of more than 8 bytes"))]

    said = "dispositions: offset 7: a batch of more than 8 bytes, up to offset 8, .* in smaller batches"
    with pytest.raises(BrokerError, match=said):
        turn.poll(0)


def test_an_error_that_passes_is_waited_for_and_any_other_is_raised(turn: Turn) -> None:
    given(turn, 0)
    consumer(turn).coming = [Message(KafkaError(KafkaError._TRANSPORT, "away", retriable=True))]
    reading(turn).coming = [entry(5)]
    assert [record.offset for record in turn.poll(0)] == [5]

    consumer(turn).coming = [Message(KafkaError(KafkaError.GROUP_AUTHORIZATION_FAILED))]
    with pytest.raises(KafkaException):
        turn.poll(0)
    assert not turn.read


@pytest.mark.kafka
def test_of_a_topic_that_was_given_more_partitions_whoever_answers_reads_all(
    kafka: str, topic_prefix: str
) -> None:
    """Also the one that stood by, and has no partition of its own or another than the first."""
    topic, client = f"{topic_prefix}dispositions", {"bootstrap.servers": kafka}
    create(kafka, [topic], 1)

    def put(partition: int, value: str) -> None:
        producer = Producer(client)
        producer.produce(topic, value, "pair", partition=partition)
        assert producer.flush(60) == 0

    def answers(one: Turn) -> list[bytes | None]:
        found: list[bytes | None] = []

        def is_read() -> bool:
            found.extend(record.value for record in one.poll(0.1))
            return one.read

        wait_until(is_read, "the dispositions are read")
        return found

    put(0, "first")
    with closing(Turn(client, topic, topic_prefix, 6.0)) as first:
        assert answers(first) == [b"first"]
        widen(kafka, topic, 3)
        for partition in (2, 0, 1):
            put(partition, f"then {partition}")
        assert first.grown()
    with closing(Turn(client, topic, topic_prefix, 6.0)) as second:
        assert answers(second) == [b"first", b"then 2", b"then 0", b"then 1"]
        with closing(Turn(client, topic, topic_prefix, 6.0)) as third:
            second.close()
            assert answers(third) == [b"first", b"then 2", b"then 0", b"then 1"]
