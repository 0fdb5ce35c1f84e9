"""Topics in memory answer as a topic on a real Kafka does."""

import time
from collections.abc import Iterator
from functools import partial
from itertools import takewhile
from typing import Any

import pytest
from confluent_kafka import Producer

from streams.kafka.log import Place, Span, TopicLog
from tests.streams.past import Past
from tests.streams.topics_in_memory import LogInMemory, TopicsInMemory

pytestmark = pytest.mark.kafka

SECONDS_AGO = (60, 50, 50, 40, 45, 30)
"""One has the time of the one before it, and one is older."""


def answers(log: TopicLog, now: float) -> Iterator[Any]:
    """What is asked of a topic, question by question."""
    (whole,) = log.spans()
    yield log.partitions(), whole
    for since, until in ((55, None), (50, 40), (42, 20), (None, 45), (20, None), (70, 65), (30, 50)):
        yield since, until, log.spans(*[None if ago is None else now - ago for ago in (since, until)])
    yield list(log.read_all([Span(0, 2, 2), Span(0, 0, 6)]))
    yield list(log.read_keys(Span(0, 1, 6), {b"k-0", b"k-1"}))
    yield log.read_places([Place(0, 5), Place(0, 1), Place(0, 9)])
    yield list(log.newest_first([Span(0, 1, 5), Span(0, 6, 6)]))
    yield [*takewhile(lambda record: record is not None, log.follow(0, 4))]
    yield log.noted()


def test_a_topic_in_memory_answers_as_a_real_one(kafka: str, topic_prefix: str) -> None:
    past, world, now = Past(kafka, topic_prefix, partitions=1), TopicsInMemory(), int(time.time())
    topic, producer = past.topics.payments, Producer(past.client)
    for number, ago in enumerate(SECONDS_AGO):
        key, value, header = f"k-{number % 3}", b"{}" if number else None, ("n", b"%d" % number)
        producer.produce(topic, value, key.encode(), timestamp=(now - ago) * 1000, headers=[header])
        world.put(topic, key, value, now - ago, [header])
    assert producer.flush(30) == 0
    in_memory = partial(LogInMemory, world)
    group = f"{topic_prefix}group"

    with TopicLog(past.client, topic, group) as real, in_memory(past.client, topic, group) as log:
        for log_ in (real, log):
            assert log_.noted() == {}
            log_.note({0: 4}, "a word")
        assert [*answers(log, now)] == [*answers(real, now)]
        assert log.noted() == {0: (4, "a word")}

    for another in ((topic, "another"), (past.topics.alerts, group)):
        with TopicLog(past.client, *another) as real, in_memory(past.client, *another) as log:
            assert log.noted() == real.noted() == {}
