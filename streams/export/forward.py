"""Reads alerts with a consumer group of its own and hands each on; an offset is committed only after that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from streams.export.metrics import ExportMetrics
from streams.faust_internals.patches import patch_aiokafka
from streams.kafka.consumer import new_consumer, opened
from streams.kafka.options import ClientOptions
from streams.records.shapes import AlertRecord

log = logging.getLogger(__name__)

DAY_MS = 24 * 3600 * 1000
POLL_MS = 500  # how soon a stop is noticed when nothing arrives
AT_ONCE = 100
"""Messages between commits: so many come again after a kill, at most."""

Deliver = Callable[[str, bytes], Awaitable[None]]
"""Given a message's id and its JSON, returns once it is safely with the receiver."""
Render = Callable[[AlertRecord], Awaitable[Sequence[tuple[str, bytes]]]]
"""What is delivered of a record: messages, each with its id. Raises ValueError, KeyError or TypeError for a
record that is no alert."""


async def forward(
    topic: str,
    group: str,
    client: ClientOptions,
    *,
    render: Render,
    deliver: Deliver,
    stopping: asyncio.Event,
    metrics: ExportMetrics | None = None,
    oldest: bool = True,
) -> int:
    """Every alert of `topic` from where `group` stands, partition by partition in order, until `stopping`.

    Returns how many were delivered. At least once: a crash between delivery and commit delivers again,
    under the same message id. Raises what `deliver` raises, with everything before it committed.
    """
    patch_aiokafka()
    waiting = new_consumer(
        client,
        topic,
        group=group,
        auto_offset_reset="earliest" if oldest else "latest",  # where a new receiver starts
        max_poll_interval_ms=DAY_MS,  # a receiver that is down for hours must not cost us the partitions
    )
    delivered, metrics = 0, metrics or ExportMetrics("export")
    async with opened(waiting) as consumer:
        logging.getLogger("aiokafka").setLevel(logging.WARNING)  # from here on the broker's trouble is news
        while not stopping.is_set():
            for partition, records in (
                await consumer.getmany(timeout_ms=POLL_MS, max_records=AT_ONCE)
            ).items():
                delivered += await _hand_on(consumer, partition, records, render, deliver, stopping, metrics)
            metrics.lags(await _lag(consumer))
    return delivered


async def _lag(consumer: AIOKafkaConsumer) -> int:
    """What the last fetches said is there, less what was handed on."""
    behind = 0
    for partition in consumer.assignment():
        if (end := consumer.highwater(partition)) is not None:
            behind += max(0, end - await consumer.position(partition))
    return behind


async def _hand_on(
    consumer: AIOKafkaConsumer,
    partition: TopicPartition,
    records: list[ConsumerRecord[bytes, bytes]],
    render: Render,
    deliver: Deliver,
    stopping: asyncio.Event,
    metrics: ExportMetrics,
) -> int:
    done = 0
    try:
        for record in records:
            if stopping.is_set():
                break
            await _one(record, render, deliver, metrics)
            done += 1
    finally:
        if done:
            await consumer.commit({partition: records[done - 1].offset + 1})
        if done < len(records):
            consumer.seek(partition, records[done].offset)
    return done


async def _one(
    record: ConsumerRecord[bytes, bytes], render: Render, deliver: Deliver, metrics: ExportMetrics
) -> None:
    place = f"{record.topic}-{record.partition}@{record.offset}"
    try:
        alert: AlertRecord = orjson.loads(record.value or b"")
        messages = await render(alert)
    except (ValueError, KeyError, TypeError) as error:
        # written by somebody else: it stays on the topic, and holding up real alerts would help nobody
        log.error("%s is not an alert of ours and is skipped: %r", place, error)
        metrics.passed_over()
        return
    for own_id, body in messages:
        metrics.begun()
        await deliver(own_id, body)
        metrics.delivered()
