"""A worker that dies after a decision was written and before it was committed: what the second decision says.

A group without commits stands for each life of the worker: it is sent every payment again.
"""

import asyncio
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from config.settings import load_settings
from screening import Policy
from streams.worker.app import Worker
from tests.streams.list_topic import ListTopic
from tests.streams.past import Past

pytestmark = pytest.mark.kafka
PATIENCE_SECONDS = 30.0


@pytest.fixture
async def past(kafka: str, topic_prefix: str) -> Past:
    """One payment to Versor, and a list that does not know it."""
    past = await asyncio.to_thread(Past, kafka, topic_prefix, 1)
    async with ListTopic(kafka, past.topics.designations) as listed:
        await listed.entry("1", "Igor Petrov")
        await listed.commit("1")
    event = {"id": "P-1", "parties": [{"role": "creditor", "name": "Versor s.r.o."}]}
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        await producer.send_and_wait(past.topics.payments, orjson.dumps(event), key=b"P-1")
    return past


async def life(past: Past, name: str) -> dict[str, Any]:
    """One life of the worker; returns its decision."""
    settings = load_settings(
        broker=past.client["bootstrap.servers"],
        topic_prefix=past.topics.prefix,
        group=f"{past.topics.prefix}{name}",
        web_port=0,
    )
    app = Worker(settings, Policy())
    await app.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not app.desk.decided:  # noqa: ASYNC110  it has no event
            await asyncio.sleep(0.05)
    await app.stop()
    records = await asyncio.to_thread(lambda: [*past.records(past.topics.decisions)])
    decision: dict[str, Any] = orjson.loads(records[-1].value or b"")
    return decision


async def listed(past: Past, uid: str, name: str, version: str) -> None:
    async with ListTopic(past.client["bootstrap.servers"], past.topics.designations) as topic:
        await topic.entry("1", "Igor Petrov")
        await topic.entry(uid, name)
        await topic.commit(version)


async def test_a_list_that_changed_elsewhere_in_between_leaves_the_second_a_repeat(
    past: Past,
) -> None:
    first = await life(past, "first")
    await listed(past, "2", "Somebody Else", "2")
    second = await life(past, "second")

    assert (first["outcome"], second["outcome"]) == ("clear", "clear")
    assert first["decision_id"] == second["decision_id"]
    assert first["list"]["offsets"] != second["list"]["offsets"]


async def test_a_designation_in_between_makes_the_second_another_and_its_list_offset_is_higher(
    past: Past,
) -> None:
    first = await life(past, "first")
    await listed(past, "44521", "VERSOR S.R.O.", "2")
    second = await life(past, "second")

    assert (first["outcome"], second["outcome"]) == ("clear", "hit")
    assert first["decision_id"] != second["decision_id"]
    assert second["list"]["offsets"]["0"] > first["list"]["offsets"]["0"]
    (alert,) = await asyncio.to_thread(past.alerts)
    assert alert["decision_id"] == second["decision_id"]
