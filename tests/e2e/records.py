"""Topics read and written by an independent client, librdkafka."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

BATCH = 1000
POLL_SECONDS = 0.1
"""`consume` waits this long for a batch to fill, also at a topic's end."""
TIMEOUT_SECONDS = 120.0
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `timestamp_ms` is Unix time in milliseconds, the broker's where the topic stamps it."""

    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]


def read_all(bootstrap: str, topic: str) -> Iterator[Record]:
    """Everything the topic holds at this moment, partition by partition."""
    with _consumer(bootstrap, f"reader-{uuid4()}") as consumer:
        for partition, (low, high) in _marks(bootstrap, topic).items():
            if low == high:
                continue
            consumer.assign([TopicPartition(topic, partition, low)])
            yield from _until(consumer, partition, high)


def _until(consumer: Consumer, partition: int, end: int) -> Iterator[Record]:
    ends = time.monotonic() + TIMEOUT_SECONDS
    while True:
        messages = consumer.consume(BATCH, POLL_SECONDS)
        if messages:
            ends = time.monotonic() + TIMEOUT_SECONDS
        elif time.monotonic() > ends:
            raise TimeoutError(f"partition {partition} was not read to its end at {end}")
        for message in messages:
            if failed := message.error():
                if failed.code() == KafkaError._PARTITION_EOF:  # what is missing are ends of transactions
                    return
                raise KafkaException(failed)
            found: Any = message  # what it types as optional is there in every record of a topic
            headers = dict(found.headers() or ())
            yield Record(partition, found.offset(), found.timestamp()[1], found.key(), found.value(), headers)
            if found.offset() >= end - 1:
                return


def count(bootstrap: str, topic: str) -> int:
    """How many records the topic holds, from its offsets."""
    return sum(high - low for low, high in _marks(bootstrap, topic).values())


def ends(bootstrap: str, topic: str) -> dict[int, int]:
    """The offset of the next record, by partition."""
    return {partition: high for partition, (_, high) in _marks(bootstrap, topic).items()}


def uncommitted(bootstrap: str, topic: str, group: str, until: dict[int, int] | None = None) -> int:
    """Records of the topic (`until` these ends, or the ends of now) that the group has not committed."""
    marks = _marks(bootstrap, topic)
    wanted = until or {partition: high for partition, (_, high) in marks.items()}
    with _consumer(bootstrap, group) as consumer:
        asked = [TopicPartition(topic, partition) for partition in wanted]
        committed = _answer(lambda: consumer.committed(asked, timeout=TIMEOUT_SECONDS))
    # a partition without a commit has a negative offset
    return sum(
        max(0, wanted[each.partition] - max(marks[each.partition][0], each.offset)) for each in committed
    )


def noted(bootstrap: str, topic: str, group: str) -> dict[int, int]:
    """The offsets that the group has committed, by partition."""
    partitions = _marks(bootstrap, topic)
    with _consumer(bootstrap, group) as consumer:
        asked = [TopicPartition(topic, partition) for partition in partitions]
        committed = _answer(lambda: consumer.committed(asked, timeout=TIMEOUT_SECONDS))
    return {each.partition: each.offset for each in committed if each.offset >= 0}


def _answer(question: Callable[[], Answer]) -> Answer:
    """Asked again where a broker has just come back and its leaders and coordinators are being chosen."""
    give_up_at = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            return question()
        except KafkaException:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.2)


def _marks(bootstrap: str, topic: str) -> dict[int, tuple[int, int]]:
    with _consumer(bootstrap, "counter") as consumer:
        found = _answer(lambda: consumer.list_topics(topic, timeout=TIMEOUT_SECONDS)).topics[topic]
        return {
            partition: _answer(partial(_watermarks, consumer, topic, partition))
            for partition in found.partitions
        }


def _watermarks(consumer: Consumer, topic: str, partition: int) -> tuple[int, int]:
    return consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=TIMEOUT_SECONDS)


@contextmanager
def _consumer(bootstrap: str, group: str) -> Iterator[Consumer]:
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "log_level": 0,
        }
    )
    try:
        yield consumer
    finally:
        consumer.close()


def producer(bootstrap: str, **options: object) -> Producer:
    """Every record acknowledged by all replicas, once and in order, however often the broker goes away."""
    return Producer(
        {
            "bootstrap.servers": bootstrap,
            "enable.idempotence": True,
            "linger.ms": 2,
            "message.max.bytes": 8 << 20,
            "delivery.timeout.ms": 300_000,
            "log_level": 0,
            **options,
        }
    )
