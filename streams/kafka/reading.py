"""Reading a topic from some time on to where it ends now, for the commands that look back."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError

from streams.errors import CannotProceedError
from streams.kafka.consumer import new_consumer, opened


class NoSuchTopicError(CannotProceedError):
    """The topic is not there, or not for us; the text says what to do."""


async def read_to_end(
    client: Mapping[str, Any], topic: str, since_ms: int | None = None
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Every record of a topic from `since_ms` (Unix time; None: all there are) to its end at this moment.

    In order within a partition, as they come between partitions. `client` are aiokafka's options.
    Raises NoSuchTopicError.
    """
    async with consumer_of(client, topic) as consumer:
        partitions = sorted(consumer.assignment())
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        if since_ms is not None:
            for partition, found in (
                await consumer.offsets_for_times(dict.fromkeys(partitions, since_ms))
            ).items():
                consumer.seek(partition, found.offset if found else ends[partition])
        open_partitions = set(partitions)
        while True:
            open_partitions = {tp for tp in open_partitions if await consumer.position(tp) < ends[tp]}
            if not open_partitions:
                return
            for partition, records in (await consumer.getmany(*open_partitions, timeout_ms=200)).items():
                for record in records:
                    if record.offset < ends[partition]:
                        yield record


async def first_offsets(client: Mapping[str, Any], topic: str) -> dict[int, int]:
    """Where each partition of a topic begins: after what retention has taken. Raises NoSuchTopicError."""
    async with consumer_of(client, topic) as consumer:
        begins = await consumer.beginning_offsets(list(consumer.assignment()))
        return {partition.partition: offset for partition, offset in begins.items()}


async def read_one(
    consumer: AIOKafkaConsumer, partition: int, offset: int
) -> ConsumerRecord[bytes, bytes] | None:
    """The record at one place of the consumer's topic; None when its time there is over."""
    (topic,) = {tp.topic for tp in consumer.assignment()}
    at = TopicPartition(topic, partition)
    if offset < (await consumer.beginning_offsets([at]))[at]:
        return None
    consumer.seek(at, offset)
    record = await consumer.getone(at)
    return record if record.offset == offset else None


@asynccontextmanager
async def consumer_of(client: Mapping[str, Any], topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of every partition of a topic, outside any group. Raises NoSuchTopicError."""
    try:
        async with opened(new_consumer(client, topic)) as consumer:
            if not consumer.assignment():
                raise UnknownTopicOrPartitionError
            yield consumer
    except UnknownTopicOrPartitionError:
        raise NoSuchTopicError(
            f"there is no topic {topic}, or this user may not read it; see `interdict topics check`"
        ) from None
