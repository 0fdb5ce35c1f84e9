"""Reads alerts with a consumer group of its own and hands each on; an offset is committed only after that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from streams.errors import NOT_OURS
from streams.export.metrics import ExportMetrics
from streams.faust_internals.identity import TopicIdentity
from streams.faust_internals.patches import patch_aiokafka
from streams.kafka.consumer import new_consumer, opened
from streams.kafka.log import TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import DAY_MS
from streams.records.shapes import AlertRecord

log = logging.getLogger(__name__)

POLL_MS = 500  # how soon a stop is noticed when nothing arrives
AT_ONCE = 100
"""Messages between commits: so many come again after a kill, at most."""

Deliver = Callable[[str, bytes], Awaitable[None]]
"""Given a message's id and its JSON, returns once it is safely with the receiver."""
Render = Callable[[AlertRecord], Awaitable[Sequence[tuple[str, bytes]]]]
"""What is delivered of a record: messages, each with its id. Raises an exception in `NOT_OURS` for a
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
) -> int:
    """Every alert of `topic` from where `group` stands, partition by partition in order, until `stopping`.

    Returns how many were delivered. At least once: a crash between delivery and commit delivers again,
    under the same message id. A partition without a place begins with the oldest alert that is kept, whether
    it was added, or retention took what stood at its place. Raises what `deliver` raises, with everything
    before it committed.
    """
    patch_aiokafka()
    waiting = new_consumer(
        client,
        topic,
        group=group,
        max_poll_interval_ms=DAY_MS,  # a receiver that is down for hours must not cost us the partitions
    )
    delivered, metrics = 0, metrics or ExportMetrics("export")
    async with opened(waiting) as consumer:
        identity = await TopicIdentity(consumer, topic).known()
        logging.getLogger("aiokafka").setLevel(logging.WARNING)  # from here on the broker's trouble is news
        while not stopping.is_set():
            if identity.has_changed():
                log.warning("%s was recreated; its alerts are handed on from the first", topic)
                await _begin_again(consumer)
            for partition, records in (
                await consumer.getmany(timeout_ms=POLL_MS, max_records=AT_ONCE)
            ).items():
                delivered += await _hand_on(consumer, partition, records, render, deliver, stopping, metrics)
            metrics.lags(await _lag(consumer))
    return delivered


def begin_with_the_next(client: ClientOptions, topic: str, group: str) -> None:
    """Note where the topic ends as the place of a group that has none; `client` are librdkafka's options.

    All partitions at once: one that nothing was handed on from yet has its place, too, when the process is
    started again. Raises BrokerError.
    """
    with TopicLog(client, topic, group) as alerts:
        if not alerts.noted():
            alerts.note({span.partition: span.end for span in alerts.spans()})


async def _begin_again(consumer: AIOKafkaConsumer) -> None:
    places = dict.fromkeys(consumer.assignment(), 0)
    for partition in places:
        consumer.seek(partition, 0)
    await consumer.commit(places)


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
            await _forward_one(record, render, deliver, metrics)
            done += 1
    finally:
        if done:
            await consumer.commit({partition: records[done - 1].offset + 1})
        if done < len(records):
            consumer.seek(partition, records[done].offset)
    return done


async def _forward_one(
    record: ConsumerRecord[bytes, bytes], render: Render, deliver: Deliver, metrics: ExportMetrics
) -> None:
    place = f"{record.topic}-{record.partition}@{record.offset}"
    try:
        alert: AlertRecord = orjson.loads(record.value or b"")
        messages = await render(alert)
    except NOT_OURS as error:
        # written by somebody else: it stays on the topic, and holding up real alerts would help nobody
        log.error("%s is not an alert of ours and is skipped: %r", place, error)
        metrics.passed_over()
        return
    for own_id, body in messages:
        metrics.begun()
        await deliver(own_id, body)
        metrics.delivered()
