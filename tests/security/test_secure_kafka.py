"""Every way in, on a real Kafka that denies by default: each client of ours, with the least rights."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import trustme
from aiokafka import AIOKafkaProducer
from confluent_kafka.admin import AclOperation, ResourceType

from config.settings import load_settings
from screening import Policy, Screener
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.provisioning import BrokerError, TopicAdmin
from streams.kafka.reading import read_to_end
from streams.kafka.topics import Topics
from streams.lists.publishing import publish
from streams.worker.app import Worker
from streams.worker.console.feed import Feed
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica
from tests.security.secure_kafka import SecureKafka
from tests.streams.list_topic import designation

pytestmark = pytest.mark.kafka
PATIENCE_SECONDS = 60.0
LISTENERS = ("scram", "oauth", "tls")


@pytest.fixture(scope="module")
def bank(kafka_here: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    del kafka_here
    with SecureKafka(tmp_path_factory.mktemp("secure")) as kafka:
        yield kafka


def provision(bank: SecureKafka, prefix: str) -> Topics:
    """Topics, and the least rights of a worker and of a publisher, as docs/threat-model.md lists them."""
    TopicAdmin({"bootstrap.servers": bank.back_door}, prefix).create(partitions=2)
    topics = Topics(prefix)
    written = (topics.decisions, topics.alerts, topics.dead_letters)
    bank.allow("worker", ResourceType.TOPIC, AclOperation.READ, topics.payments, topics.designations)
    bank.allow("worker", ResourceType.TOPIC, AclOperation.WRITE, *written)
    bank.allow("worker", ResourceType.GROUP, AclOperation.READ, f"{prefix}workers")
    bank.allow("publisher", ResourceType.TOPIC, AclOperation.READ, topics.designations)
    bank.allow("publisher", ResourceType.TOPIC, AclOperation.WRITE, topics.designations)
    return topics


async def publish_versor(bank: SecureKafka, topics: Topics, listener: str = "tls") -> None:
    client = aiokafka_options(load_settings(**bank.settings_for(listener, "publisher")))
    await publish(
        client, [designation("44521", "VERSOR S.R.O.")], list_name="ofac", topic=topics.designations
    )


async def pay(bank: SecureKafka, topics: Topics) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bank.back_door)
    await producer.start()
    payment = {"id": "P-1", "parties": [{"name": "Versor"}]}
    await producer.send_and_wait(topics.payments, orjson.dumps(payment), key=b"P-1")
    await producer.send_and_wait(topics.payments, b"{", key=b"P-2")
    await producer.stop()


@asynccontextmanager
async def worker(prefix: str, settings: dict[str, Any]) -> AsyncIterator[Worker]:
    loaded = load_settings(topic_prefix=prefix, group=f"{prefix}workers", web_port=0, **settings)
    app = Worker(loaded, Policy())
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


@asynccontextmanager
async def replica(prefix: str, settings: dict[str, Any]) -> AsyncIterator[Replica]:
    """The part of a worker that comes first, and before whose list nothing is decided."""
    made = Replica(
        Topics(prefix).designations,
        client=aiokafka_options(load_settings(**settings)),
        new_screener=Screener,
        metrics=Metrics(process=False),
        feed=Feed(),
    )
    starting = asyncio.create_task(made.start())
    try:
        yield made
    finally:
        await made.stop()
        await starting


async def until(condition: Any) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  what is waited for has no event of its own
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("listener", LISTENERS)
async def test_a_worker_screens_over_each_way_in_with_no_more_than_its_rights(
    bank: SecureKafka, topic_prefix: str, listener: str
) -> None:
    topics = provision(bank, topic_prefix)
    await publish_versor(bank, topics, "oauth" if listener == "oauth" else "tls")
    await pay(bank, topics)

    async with worker(topic_prefix, bank.settings_for(listener)) as app:
        await until(lambda: app.desk.decided == 2)

    back_door = {"bootstrap_servers": bank.back_door}
    decisions = [
        orjson.loads(record.value or b"") async for record in read_to_end(back_door, topics.decisions)
    ]
    assert {decision["payment_id"]: decision["outcome"] for decision in decisions} == {
        "P-1": "hit",
        "P-2": "error",
    }


@pytest.mark.parametrize("listener", LISTENERS)
def test_the_admin_client_comes_in_the_same_way(bank: SecureKafka, topic_prefix: str, listener: str) -> None:
    topics = provision(bank, topic_prefix)
    bank.allow("worker", ResourceType.TOPIC, AclOperation.DESCRIBE_CONFIGS, topics.payments)
    admin = TopicAdmin(librdkafka_options(load_settings(**bank.settings_for(listener))), topic_prefix)

    with pytest.raises(BrokerError, match="DESCRIBE_CONFIGS is needed"):
        admin.check()  # it was let in, sees its topics, and lacks the right for most of them


async def test_a_worker_that_may_not_read_the_list_decides_nothing_and_says_why(
    bank: SecureKafka, topic_prefix: str
) -> None:
    topics = provision(bank, topic_prefix)
    await publish_versor(bank, topics)

    async with replica(topic_prefix, bank.settings_for("tls", "stranger")) as denied:
        await until(lambda: "no such topic" in " ".join(denied.reasons))
        assert not denied.complete.is_set()


async def test_a_wrong_password_is_told_as_such_and_never_shown(
    bank: SecureKafka, topic_prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = bank.settings_for("scram", sasl_password="not-the-password")

    async with replica(topic_prefix, wrong) as denied:
        await until(lambda: "is the broker up" in " ".join(denied.reasons))

    assert "SaslAuthenticationFailed" in caplog.text
    assert "not-the-password" not in caplog.text
    with pytest.raises(BrokerError, match="security settings"):
        TopicAdmin(librdkafka_options(load_settings(**wrong)), topic_prefix).check()


async def test_a_broker_with_a_certificate_of_somebody_else_is_not_talked_to(
    bank: SecureKafka, topic_prefix: str, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other-ca.pem")

    settings = bank.settings_for("scram", ssl_cafile=tmp_path / "other-ca.pem")
    async with replica(topic_prefix, settings) as denied:
        await until(lambda: "is the broker up" in " ".join(denied.reasons))
        assert not denied.complete.is_set()
