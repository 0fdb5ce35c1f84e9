"""On a real Kafka: no payment that arrives after a designation is decided without it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from config.settings import load_settings
from screening import Policy
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.lists.publishing import publish
from streams.worker.app import Worker
from streams.worker.barrier import Barrier
from streams.worker.replicas.designations import Replica
from tests.streams.list_topic import ListTopic, designation

PATIENCE_SECONDS = 30.0
ROUNDS = 50
LATE_SECONDS = 0.05
"""By so much a worker applies designations later than it takes payments: a slow network to the list topic."""


@pytest.fixture
def topics(kafka: str, topic_prefix: str) -> Topics:
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=2)
    return Topics(topic_prefix)


@asynccontextmanager
async def worker(bootstrap: str, prefix: str) -> AsyncIterator[Worker]:
    settings = load_settings(broker=bootstrap, topic_prefix=prefix, group=f"{prefix}workers", web_port=0)
    app = Worker(settings, Policy())
    await app.start()
    try:
        await until(lambda: app.ready)
        yield app
    finally:
        await app.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0.05)


@asynccontextmanager
async def producer(bootstrap: str, **options: object) -> AsyncIterator[AIOKafkaProducer]:
    made = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", **options)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


async def decisions_of(bootstrap: str, topics: Topics, count: int) -> dict[str, str]:
    """Payment id to outcome, once `count` payments are decided."""
    consumer = AIOKafkaConsumer(
        topics.decisions, bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    outcomes: dict[str, str] = {}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(outcomes) < count:
                record = orjson.loads((await consumer.getone()).value)
                outcomes[record["payment_id"]] = record["outcome"]
    finally:
        await consumer.stop()
    return outcomes


def payment(number: int, name: str) -> bytes:
    return orjson.dumps({"id": f"P-{number}", "parties": [{"role": "creditor", "name": name}]})


def company(number: int) -> str:
    """Names far from each other: "Bqfkvtz Zzkvbat" hits its own designation only."""
    digits = f"{number:03d}".translate(str.maketrans("0123456789", "bdfghjklmn"))
    return " ".join(f"{digits[place:]}{digits}{digits[:place]}a" for place in range(2))


@pytest.mark.kafka
async def test_a_payment_sent_right_after_a_designation_is_a_hit_however_late_the_list_comes(
    kafka: str, topic_prefix: str, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = Replica._apply

    async def late(replica: Replica, fetched: Any) -> None:
        if fetched:
            await asyncio.sleep(LATE_SECONDS)
        await prompt(replica, fetched)

    monkeypatch.setattr(Replica, "_apply", late)
    async with ListTopic(kafka, topics.designations) as listed:
        await listed.entry("1", "Somebody Else")
        await listed.commit()
        async with worker(kafka, topic_prefix), producer(kafka) as payments:
            for number in range(ROUNDS):
                # the broker has it when this returns
                await listed.designate(str(number + 2), company(number))
                await payments.send_and_wait(topics.payments, payment(number, company(number)), partition=0)
            outcomes = await decisions_of(kafka, topics, ROUNDS)

    assert [number for number in range(ROUNDS) if outcomes[f"P-{number}"] != "hit"] == []


@pytest.mark.kafka
async def test_a_list_that_ends_with_a_control_record_holds_nobody_up(
    kafka: str, topic_prefix: str, topics: Topics
) -> None:
    async with ListTopic(kafka, topics.designations) as listed:
        await listed.entry("1", "Somebody Else")
        await listed.commit()
        async with worker(kafka, topic_prefix), producer(kafka) as payments:
            everybody = [designation("1", "Somebody Else"), designation("2", "VERSOR S.R.O.")]
            await publish(
                {"bootstrap_servers": kafka}, everybody, list_name="ofac", topic=topics.designations
            )
            await payments.send_and_wait(topics.payments, payment(1, "Versor"))

            assert await decisions_of(kafka, topics, 1) == {"P-1": "hit"}


@pytest.fixture
def embedded() -> Iterator[str]:
    with EmbeddedBroker({"designations": 1}) as broker:
        yield broker.bootstrap


async def test_the_end_is_asked_for_anew_each_time(embedded: str) -> None:
    barrier = Barrier("designations", {"bootstrap_servers": embedded})
    async with ListTopic(embedded) as listed, barrier:
        assert await barrier.list_end() == 0
        last = await listed.entry("1", "Somebody")
        assert await barrier.list_end() == last + 1


async def test_without_an_answer_nothing_goes_past_the_barrier_and_it_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.worker.barrier.EXPLAIN_SECONDS", 0.2)
    async with (barrier := Barrier("designations", {"bootstrap_servers": "127.0.0.1:1"})):
        asked = asyncio.create_task(barrier.list_end())
        for _ in range(400):
            if barrier.reason:
                break
            await asyncio.sleep(0.05)
        assert "whether the list is the newest cannot be proved" in barrier.reason
        assert not asked.done()
        asked.cancel()
