"""Tables whose cleanup policy lets what stands vanish: who starts waits, and who runs says so."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from config.settings import load_settings
from screening import Policy
from streams.customers import reading
from streams.customers.proofs import ProofReplica
from streams.customers.service import CustomerService
from streams.customers.standings import StandingReplica
from streams.kafka.connection import aiokafka_options
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.worker import kept
from streams.worker.app import Worker
from streams.worker.kept import KeptTables
from streams.worker.metrics import Metrics
from streams.worker.replicas import follower
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.follower import TopicReplica
from tests.kafka.topics import alter

PATIENCE_SECONDS = 20.0
TABLES = ("designations", "dispositions", "customers", "customer_alerts", "customer_proofs")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  what is waited for has no event of its own
            await asyncio.sleep(0.05)


@pytest.fixture
def topics(kafka: str, topic_prefix: str) -> Topics:
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=1)
    return Topics(topic_prefix)


def replica_of(name: str, topic: str, client: dict[str, Any]) -> TopicReplica:
    if name == "dispositions":
        return DispositionReplica(topic, client=client, metrics=Metrics(process=False))
    if name == "customer_alerts":
        return StandingReplica(topic, client, "s", lambda _: None)
    return ProofReplica(topic, client)


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("name", "policy"),
    [("dispositions", "delete"), ("customer_alerts", "compact,delete"), ("customer_proofs", "delete")],
)
async def test_a_table_that_loses_what_stands_is_not_read_until_it_is_compacted(
    kafka: str, topics: Topics, name: str, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "RETRY_SECONDS", 0.1)
    topic: str = getattr(topics, name)
    await asyncio.to_thread(alter, kafka, topic, {"cleanup.policy": policy})
    replica = replica_of(name, topic, {"bootstrap_servers": kafka})
    starting = asyncio.create_task(replica.start())
    try:
        await until(lambda: f"{topic}: cleanup.policy is {policy}" in replica.missing)
        await asyncio.sleep(0.3)
        assert replica.missing
        assert not starting.done()

        await asyncio.to_thread(alter, kafka, topic, {"cleanup.policy": "compact"})
        await until(lambda: not replica.missing)
        await starting
    finally:
        await replica.stop()


@pytest.mark.kafka
async def test_customers_that_may_vanish_are_not_read_until_their_topic_is_compacted(
    kafka: str, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "UNFIT_SECONDS", 0.1)
    await asyncio.to_thread(alter, kafka, topics.customers, {"cleanup.policy": "compact,delete"})
    settings = load_settings(broker=kafka, topic_prefix=topics.prefix, group=f"{topics.prefix}g", web_port=0)
    service = CustomerService(settings, Policy())
    await service._producer.start()
    try:
        await service._reader.start()
        await until(lambda: "cleanup.policy is compact,delete" in service._reader.reason)
        assert not service.desk.shelves

        await asyncio.to_thread(alter, kafka, topics.customers, {"cleanup.policy": "compact"})
        await until(lambda: service._reader.reason == "" and bool(service.desk.shelves))
    finally:
        await service._reader.stop()
        await service._producer.stop()


@pytest.mark.kafka
async def test_who_runs_says_which_table_may_lose_what_stands_and_when_it_is_right_again(
    kafka: str, topics: Topics, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kept, "LOOKS_EVERY_SECONDS", 0.05)
    metrics = Metrics(process=False)
    watch = KeptTables((topics.designations, topics.dispositions), {"bootstrap_servers": kafka}, metrics)

    def vanishing(topic: str) -> float | None:
        return metrics.registry.get_sample_value("interdict_table_vanishing", {"topic": topic})

    await watch.start()
    try:
        await until(lambda: vanishing(topics.dispositions) == 0)
        await asyncio.to_thread(alter, kafka, topics.dispositions, {"cleanup.policy": "delete"})
        await until(lambda: vanishing(topics.dispositions) == 1)
        assert vanishing(topics.designations) == 0
        await asyncio.sleep(0.2)
        assert sum("what stands vanishes with age" in message for message in caplog.messages) == 1

        await asyncio.to_thread(alter, kafka, topics.dispositions, {"cleanup.policy": "compact"})
        await until(lambda: vanishing(topics.dispositions) == 0)
    finally:
        await watch.stop()


async def test_workers_and_the_customers_service_watch_every_table_that_they_rely_on() -> None:
    settings = load_settings(broker="127.0.0.1:9", web_port=0)
    worker, topics = Worker(settings, Policy()), Topics()
    service = CustomerService(settings, Policy())
    try:
        assert [*worker.kept._found] == [topics.designations, topics.dispositions]
        assert worker.kept in worker.services_before()
        (watch,) = (each for each in service._services if isinstance(each, KeptTables))
        assert [*watch._found] == [getattr(topics, name) for name in TABLES]
        assert watch._client == aiokafka_options(settings)
    finally:
        await service._producer.stop()
