"""One contender on one list: payments a second from a backlog, then latency under a steady load.

Latency is read from the broker: decisions carry the time at which it appended them (LogAppendTime), payments
the time at which they were handed to their producer. All run on one machine, so it is one clock.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.stream.contenders import Contender
from benchmarks.stream.made import Payment
from screening import Designation
from streams.publishing import publish
from streams.reading import consumer_of, read_to_end
from streams.topics import Topics

PARTITIONS = 4
POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Backlog:
    """How fast a backlog was worked off."""

    decided: int
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.decided / self.seconds if self.seconds else 0.0

    @property
    def cpu_microseconds(self) -> float:
        """CPU time of the process for one payment: what its core had left for others does not count."""
        return self.cpu_seconds / self.decided * 1e6 if self.decided else 0.0


def make_topics(bootstrap: str, prefix: str) -> None:
    topics = Topics(prefix)
    stamped = {"message.timestamp.type": "LogAppendTime"}
    wanted = [
        NewTopic(name, partitions, 1, config=stamped if name == topics.decisions else {})
        for name, partitions in topics.partitions(PARTITIONS)
    ]
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.create_topics(wanted).values():
        future.result()


async def publish_list(bootstrap: str, prefix: str, designations: Iterable[Designation], name: str) -> None:
    topic = Topics(prefix).designations
    await publish({"bootstrap_servers": bootstrap}, designations, list_name=name, topic=topic)


async def send(
    bootstrap: str, prefix: str, payments: Iterable[Payment], per_second: float = 0.0
) -> dict[bytes, int]:
    """Send all, at once or so many a second; returns when each was handed to the producer (Unix ms)."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, linger_ms=1 if per_second else 20, max_batch_size=1 << 18
    )
    await producer.start()
    sent: dict[bytes, int] = {}
    started = time.monotonic()
    for number, payment in enumerate(payments):
        if per_second and (ahead := number / per_second - (time.monotonic() - started)) > 0:
            await asyncio.sleep(ahead)
        key, now = payment.id.encode(), int(time.time() * 1000)
        sent[key] = now
        await producer.send(f"{prefix}payments", payment.value, key=key, timestamp_ms=now)
    await producer.stop()
    return sent


async def backlog(contender: Contender, payments: int, most_seconds: float) -> Backlog:
    """The second half of a backlog: caches are as warm as they get and the start is over."""
    topic = Topics(contender.prefix).decisions
    half_at = cpu_at_half = 0.0
    ends = time.monotonic() + most_seconds
    decided = 0
    while time.monotonic() < ends and decided < payments:
        await asyncio.sleep(POLL_SECONDS)
        decided = await _count(contender.bootstrap, topic)
        if not half_at and decided >= payments // 2:
            half_at, cpu_at_half, at_half = time.monotonic(), contender.cpu_seconds, decided
    if not half_at:
        return Backlog(decided, most_seconds, contender.cpu_seconds)
    return Backlog(decided - at_half, time.monotonic() - half_at, contender.cpu_seconds - cpu_at_half)


async def latencies(contender: Contender, payments: Sequence[Payment], per_second: float) -> list[int]:
    """Milliseconds from a payment handed to its producer to its decision on the broker, sorted."""
    topic = Topics(contender.prefix).decisions
    before = await _count(contender.bootstrap, topic)
    sent = await send(contender.bootstrap, contender.prefix, payments, per_second)
    ends = time.monotonic() + 30
    while time.monotonic() < ends and await _count(contender.bootstrap, topic) < before + len(sent):  # noqa: ASYNC110
        await asyncio.sleep(POLL_SECONDS)
    return sorted(
        [
            record.timestamp - sent[record.key]
            async for record in _records(contender, topic)
            if record.key in sent
        ]
    )


def percentile(values: Sequence[int], share: float) -> int:
    return values[min(len(values) - 1, int(len(values) * share))] if values else -1


async def _count(bootstrap: str, topic: str) -> int:
    async with consumer_of({"bootstrap_servers": bootstrap}, topic) as consumer:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        return sum(ends.values())


def _records(contender: Contender, topic: str) -> Any:
    return read_to_end({"bootstrap_servers": contender.bootstrap}, topic)
