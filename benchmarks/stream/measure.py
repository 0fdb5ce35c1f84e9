"""One contender on one list: payments a second from a backlog, then latency under a steady load.

Latency is read from the broker: decisions carry the time at which it appended them (LogAppendTime), payments
the time at which they were handed to their producer. All run on one machine, so it is one clock. The producer
is librdkafka, in C: it shares its cores with the broker.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from benchmarks.stream.contenders import Contender
from benchmarks.stream.made import Payment
from benchmarks.stream.results import Backlog
from screening import Designation
from streams.kafka.consumer import new_consumer, opened
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import DECISIONS, USUAL, Topics
from streams.lists.publishing import publish
from tests.e2e.pipeline import PaymentFeed

PARTITIONS = 4
POLL_SECONDS = 0.1
START_SECONDS = 300.0
"""Given to a contender until its first decisions: LogicV2 prepares a list of 25,000 names for 15 s."""
LOST_MS = 30_000
"""How long a steady load is waited for after its last payment, and what an undecided payment counts as."""


def make_topics(bootstrap: str, prefix: str) -> None:
    """As an operator makes them, but decisions carry the time at which the broker took them."""
    stamped = {**DECISIONS.config, "message.timestamp.type": "LogAppendTime"}
    specs = [replace(spec, config=stamped) if spec is DECISIONS else spec for spec in USUAL]
    TopicAdmin({"bootstrap.servers": bootstrap}, prefix, specs).create(PARTITIONS)


async def publish_list(bootstrap: str, prefix: str, designations: Iterable[Designation], name: str) -> None:
    topic = Topics(prefix).designations
    await publish({"bootstrap_servers": bootstrap}, designations, list_name=name, topic=topic)


def send(bootstrap: str, prefix: str, payments: Iterable[Payment], per_second: float | None = None) -> None:
    """Send all, at once or so many a second; returns when the broker has them."""
    feed = PaymentFeed(bootstrap, Topics(prefix).payments, payments, per_second)
    feed.start()
    feed.finish()


async def backlog(contender: Contender, payments: int, most_seconds: float) -> Backlog:
    """The second half of a backlog, when caches are as warm as they get and the start is over, and its first
    tenth, in which nearly every word is new.

    A contender that does not get to the half within `most_seconds` of its first decisions is measured from
    those on, so that its start does not count either.
    """
    started = _Reading(0, time.monotonic(), contender.cpu_seconds)
    first = tenth = half = last = started
    async with _decisions(contender) as counted:
        ends = started.at + START_SECONDS
        while last.decided < payments and last.at < ends:
            await asyncio.sleep(POLL_SECONDS)
            last = _Reading(await counted(), time.monotonic(), contender.cpu_seconds)
            if first is started and last.decided:
                first, ends = last, last.at + most_seconds
            if tenth is started and last.decided >= payments // 10:
                tenth = last
            if half is started and last.decided >= payments // 2:
                half = last
    # the whole, if it went so fast that no reading lies between
    since = next((one for one in (half, first) if one is not started and one.decided < last.decided), started)
    decided, seconds, cpu = (end - start for start, end in zip(since, last, strict=True))
    finished = last.decided >= payments
    return Backlog(int(decided), seconds, cpu, finished, _per_second(first, tenth), since.at)


def _per_second(since: "_Reading", until: "_Reading") -> float:
    """Between two readings; 0 where they are one."""
    return (until.decided - since.decided) / (until.at - since.at) if until.at > since.at else 0.0


class _Reading(NamedTuple):
    """How many were decided, when, after how much CPU time."""

    decided: int
    at: float
    cpu_seconds: float


async def wait_for(contender: Contender, payments: int) -> None:
    """Until so many are decided, or START_SECONDS are over: caches are warm, and rivals do not say when."""
    ends = time.monotonic() + START_SECONDS
    async with _decisions(contender) as counted:
        while time.monotonic() < ends and await counted() < payments:  # noqa: ASYNC110  no event
            await asyncio.sleep(POLL_SECONDS)


async def latencies(contender: Contender, payments: Sequence[Payment], per_second: float) -> list[int]:
    """Milliseconds from a payment handed to its producer to its decision on the broker, sorted.

    A payment without a decision when the wait is over counts as LOST_MS.
    """
    async with _decisions(contender) as counted:
        before = await counted()
        await asyncio.to_thread(send, contender.bootstrap, contender.prefix, payments, per_second)
        ends = time.monotonic() + LOST_MS / 1000
        while time.monotonic() < ends and await counted() < before + len(payments):  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)
    topics = Topics(contender.prefix)
    sent, decided = (_times(contender.bootstrap, topic) for topic in (topics.payments, topics.decisions))
    keys = [payment.id.encode() for payment in payments]
    return sorted(decided[key] - sent[key] if key in decided else LOST_MS for key in keys)


def _times(bootstrap: str, topic: str) -> dict[bytes, int]:
    """Each key's time on the topic, in milliseconds of Unix time."""
    with TopicLog({"bootstrap.servers": bootstrap}, topic) as log:
        return {record.key: round(record.time * 1000) for record in log.read_all(log.spans())}


@contextlib.asynccontextmanager
async def _decisions(contender: Contender) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Counts the decisions on the broker."""
    topic = Topics(contender.prefix).decisions
    async with opened(new_consumer({"bootstrap_servers": contender.bootstrap}, topic)) as consumer:

        async def counted() -> int:
            return sum((await consumer.end_offsets(list(consumer.assignment()))).values())

        yield counted
