"""A topic read as a log on a real Kafka: by time, backwards, and from where it was left."""

import asyncio
import time

import aiokafka
import pytest
from aiokafka.structs import OffsetAndMetadata
from confluent_kafka.admin import AdminClient

from streams.kafka.consumer import new_consumer, opened
from streams.kafka.groups import group
from streams.kafka.log import FIRST_CHUNK, Span, TopicLog
from streams.kafka.provisioning import BrokerError
from tests.streams.past import Past, event

pytestmark = pytest.mark.kafka

COUNT = 3 * FIRST_CHUNK


def test_newest_come_first_and_every_record_comes_once(kafka: str, topic_prefix: str) -> None:
    past = Past(kafka, topic_prefix, partitions=2)
    for number in range(COUNT):  # partition 0 holds the newer half of the time
        past.pay(event(f"P-{number}", "Acme"), seconds_ago=COUNT - number, partition=0)
        past.pay(event(f"Q-{number}", "Acme"), seconds_ago=2 * COUNT - number, partition=1)
    past.written()

    with TopicLog(past.client, past.topics.payments) as log:
        chunks = list(log.newest_first(log.spans()))

    keys = [record.key for chunk in chunks for record in chunk.records]
    assert len(keys) == len(set(keys)) == 2 * COUNT
    assert keys[0] == f"P-{COUNT - 1}".encode()
    assert [chunk.span.partition for chunk in chunks[2:]] == [0, 1]  # after the newest chunk of each
    for chunk in chunks:
        times = [record.time for record in chunk.records]
        assert times == sorted(times, reverse=True)


def test_spans_hold_what_lies_between_two_moments(kafka: str, topic_prefix: str) -> None:
    past = Past(kafka, topic_prefix, partitions=1)
    for minutes in (50, 40, 30, 20, 10):
        past.pay(event(f"P-{minutes}", "Acme"), seconds_ago=60 * minutes)
    past.written()
    now = time.time()

    with TopicLog(past.client, past.topics.payments) as log:
        assert log.spans(now - 45 * 60) == [Span(0, 1, 5)]
        assert log.spans(now - 45 * 60, now - 15 * 60) == [Span(0, 1, 4)]
        assert log.spans(now - 60) == [Span(0, 5, 5)]
        assert list(log.read(Span(0, 5, 5))) == []


def test_progress_is_kept_by_group(kafka: str, topic_prefix: str) -> None:
    past = Past(kafka, topic_prefix, partitions=2)
    with TopicLog(past.client, past.topics.payments, f"{topic_prefix}a") as log:
        log.note({1: 7}, "word")
    with TopicLog(past.client, past.topics.payments, f"{topic_prefix}a") as log:
        assert log.noted() == {1: (7, "word")}
    with TopicLog(past.client, past.topics.payments, f"{topic_prefix}b") as log:
        assert log.noted() == {}


def test_words_that_another_client_wrote_beside_offsets_end_nobody(kafka: str, topic_prefix: str) -> None:
    """librdkafka reads past their end: in one run of many `audit verify` ended on what stood behind."""
    past = Past(kafka, topic_prefix, partitions=2)
    for partition in (0, 1):
        past.pay(event(f"P-{partition}", "Acme"), seconds_ago=60, partition=partition)
    past.written()
    name = f"{topic_prefix}workers"
    admin = AdminClient({"bootstrap.servers": kafka})
    with TopicLog(past.client, past.topics.payments, name) as log:
        for length in (3, 9, 24):
            asyncio.run(commit(kafka, name, past.topics.payments, "w" * length))
            for _ in range(40):
                assert {partition: offset for partition, (offset, _) in log.noted().items()} == {0: 0, 1: 0}
                assert group(admin, name).behind == 2


async def commit(bootstrap: str, name: str, topic: str, word: str) -> None:
    """As a worker commits, of two partitions."""
    both = [aiokafka.TopicPartition(topic, partition) for partition in (0, 1)]
    async with opened(new_consumer({"bootstrap_servers": bootstrap}, group=name)) as consumer:
        consumer.assign(both)
        await consumer.commit(dict.fromkeys(both, OffsetAndMetadata(0, word)))


def test_a_topic_that_is_not_there_is_named_with_the_remedy(kafka: str) -> None:
    with (
        TopicLog({"bootstrap.servers": kafka}, "no-such-topic") as log,
        pytest.raises(BrokerError, match=r"no-such-topic.*interdict topics create"),
    ):
        log.spans()
