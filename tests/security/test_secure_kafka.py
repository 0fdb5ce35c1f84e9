"""Every way in, on a real Kafka that denies by default: each client of ours, with the least rights."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import trustme
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from click.testing import CliRunner, Result
from confluent_kafka.admin import (
    AclOperation,
    AdminClient,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from config.settings import load_settings
from screening import Policy, Screener
from screening.cases.dispositions import SuppressionRules
from screening.policy.answers import AnswerPolicy
from streams.answers.metrics import AnswerMetrics
from streams.answers.service import Service
from streams.cli import main
from streams.commands import _credentials
from streams.console.feed import Feed
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import BrokerError, TopicAdmin
from streams.kafka.rights import GATE, LOOKBACK, PUBLISHER, RECHECK, WORKER, Principal, Resource, claim_on
from streams.kafka.topics import OF_ANSWERS, Topics
from streams.lists.publishing import publish
from streams.worker.app import Worker
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


RESOURCES = {
    Resource.TOPIC: ResourceType.TOPIC,
    Resource.GROUP: ResourceType.GROUP,
    Resource.TRANSACTION: ResourceType.TRANSACTIONAL_ID,
}


def provision(bank: SecureKafka, prefix: str, *principals: Principal) -> Topics:
    """Topics, and the least rights of a worker and of a publisher, exactly as they are declared."""
    TopicAdmin({"bootstrap.servers": bank.back_door}, prefix).create(partitions=2)
    for principal in (WORKER, PUBLISHER, *principals):
        allow(bank, principal, prefix)
    return Topics(prefix)


def allow(bank: SecureKafka, principal: Principal, prefix: str, lacking: str = "") -> None:
    """All its rights but those on one topic or group; without a shadow policy."""
    for right in principal.rights(prefix, f"{prefix}workers", shadow=False):
        if right.name != lacking:
            bank.allow(
                principal.name,
                RESOURCES[right.resource],
                AclOperation[right.operation],
                right.name,
                prefixed=right.prefixed,
            )


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

    with TopicLog({"bootstrap.servers": bank.back_door}, topics.decisions) as log:
        decisions = [orjson.loads(record.value or b"") for record in log.read_all(log.spans())]
    assert {decision["payment_id"]: decision["outcome"] for decision in decisions} == {
        "P-1": "hit",
        "P-2": "error",
    }


async def test_a_worker_with_exactly_its_rights_starts_again_after_alerts_exist(
    bank: SecureKafka, topic_prefix: str
) -> None:
    topics = provision(bank, topic_prefix)
    await publish_versor(bank, topics)
    for number in (1, 2):
        await pay(bank, topics)
        async with worker(topic_prefix, bank.settings_for("tls")) as app:
            await until(lambda: app.desk.decided == 2)
            assert app.stopped.missing == ""
            assert len(app.pairs.known) >= number - 1


async def test_a_lookback_and_a_recheck_with_exactly_their_rights_run(
    bank: SecureKafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = provision(bank, topic_prefix, LOOKBACK, RECHECK)
    await pay(bank, topics)
    await publish_versor(bank, topics)

    looked_back = await as_user(
        bank,
        monkeypatch,
        "lookback",
        topic_prefix,
        "lookback",
        "--since",
        "1h",
        "--designation",
        "ofac:44521",
    )
    checked = await as_user(bank, monkeypatch, "recheck", topic_prefix, "recheck")

    assert (looked_back.exit_code, checked.exit_code) == (0, 0), looked_back.output + checked.output


async def test_a_gate_with_exactly_its_rights_answers(bank: SecureKafka, topic_prefix: str) -> None:
    topics = provision(bank, topic_prefix, GATE)
    TopicAdmin({"bootstrap.servers": bank.back_door}, topic_prefix, OF_ANSWERS).create(partitions=2)
    await pay(bank, topics)
    settings = load_settings(topic_prefix=topic_prefix, **bank.settings_for("tls", "answers"))
    metrics, ended = AnswerMetrics(), threading.Event()
    gate = Service(
        librdkafka_options(settings),
        topics,
        f"{topic_prefix}workers",
        6.0,
        Policy(),
        AnswerPolicy(deadline_seconds=0.1),  # nobody decides here
        SuppressionRules(),
        metrics,
        "beginning",
    )
    running = asyncio.create_task(asyncio.to_thread(gate.run, ended.is_set))
    try:
        stopped = ("interdict_answers_total", {"cause": "unanswered", "course": "stop"})
        await until(lambda: running.done() or metrics.registry.get_sample_value(*stopped) == 2)
    finally:
        ended.set()
        await running


async def as_user(
    bank: SecureKafka, monkeypatch: pytest.MonkeyPatch, user: str, prefix: str, *words: str
) -> Result:
    """A command of ours as one user of the broker, whose workers' group is that of `provision`."""
    for name, value in bank.settings_for("tls", user).items():
        monkeypatch.setenv(f"INTERDICT_{name.upper()}", str(value))
    monkeypatch.setenv("INTERDICT_GROUP", f"{prefix}workers")
    monkeypatch.setenv("INTERDICT_LIST_SILENCE_SECONDS", "0.1")
    arguments = [words[0], "--prefix", prefix, *words[1:]]
    return await asyncio.to_thread(CliRunner().invoke, main, arguments)


async def test_a_publisher_that_may_not_claim_the_topic_is_told_which_right_it_lacks(
    bank: SecureKafka, topic_prefix: str
) -> None:
    TopicAdmin({"bootstrap.servers": bank.back_door}, topic_prefix).create(partitions=1)
    topics = Topics(topic_prefix)
    allow(bank, PUBLISHER, topic_prefix, lacking=claim_on(topics.designations))

    with pytest.raises(KafkaError, match="may not use the transactional id"):
        await publish_versor(bank, topics)


@pytest.mark.parametrize("lacking", ["payments", "designations", "screening.alerts", "workers"])
async def test_the_doctor_names_the_right_that_a_worker_lacks(
    bank: SecureKafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    TopicAdmin({"bootstrap.servers": bank.back_door}, topic_prefix).create(partitions=2)
    allow(bank, WORKER, topic_prefix, lacking=topic_prefix + lacking)

    told = await as_user(bank, monkeypatch, "worker", topic_prefix, "doctor")

    assert f"READ {topic_prefix}{lacking}" in told.output
    assert "interdict topics rights worker" in told.output


async def test_the_doctor_finds_nothing_lacking_with_exactly_the_declared_rights(
    bank: SecureKafka, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provision(bank, topic_prefix)

    told = await as_user(bank, monkeypatch, "worker", topic_prefix, "doctor")

    assert "READ and WRITE where a worker needs them" in told.output


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


def test_a_password_that_is_renewed_ends_a_command_once_the_broker_takes_it(
    bank: SecureKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker went on with the old one: after the broker's next restart it was refused for good."""
    user, file = "renewing", tmp_path / "password"
    admin = AdminClient({"bootstrap.servers": bank.back_door})
    set_password(admin, user, "old")
    file.write_text("old")
    monkeypatch.setenv("INTERDICT_SASL_PASSWORD_FILE", str(file))
    settings = load_settings(**bank.settings_for("scram", user, sasl_password="old"))

    assert _credentials._refusal(settings, file) == ""
    file.write_text("new")
    monkeypatch.setattr(_credentials, "ASKED_SECONDS", 2.0)
    assert _credentials._refusal(settings, file) != ""
    set_password(admin, user, "new")
    assert _credentials._refusal(settings, file) == ""


@pytest.mark.parametrize("listener", LISTENERS)
def test_whether_renewed_credentials_are_taken_is_asked_in_every_way_in(
    bank: SecureKafka, listener: str
) -> None:
    assert _credentials._refusal(load_settings(**bank.settings_for(listener)), None) == ""


def set_password(admin: AdminClient, user: str, password: str) -> None:
    said = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    changed = UserScramCredentialUpsertion(user, said, password=password.encode())
    admin.alter_user_scram_credentials([changed])[user].result()
    time.sleep(0.5)  # a broker takes it from its metadata log a moment after it answers
