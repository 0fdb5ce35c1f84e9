"""`interdict audit` on a real Kafka and on what it exports."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from config.settings import load_settings
from screening import Policy, Screener
from screening.policy.rules import ClearRule
from streams.cli import main
from streams.kafka.log import Span, TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.lookback.updates import AlertUpdates
from streams.worker.app import Worker
from tests.streams.list_topic import ListTopic

pytestmark = pytest.mark.kafka
PAYMENTS = 60
CHECKPOINTS = 4
"""Of two sessions, each at its start and its end."""
PATIENCE_SECONDS = 30.0


@pytest.fixture
async def topics(kafka: str, topic_prefix: str) -> Topics:
    """A pipeline after two worker sessions, each with half of the payments."""
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=2)
    topics = Topics(topic_prefix)
    async with ListTopic(kafka, topics.designations) as listed:
        await listed.entry("1", "VERSOR S.R.O.")
        await listed.commit()
    for half in range(2):
        await decide(kafka, topic_prefix, half)
    return topics


async def decide(kafka: str, prefix: str, half: int, policy: Policy | None = None) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    for number in range(half * PAYMENTS // 2, (half + 1) * PAYMENTS // 2):
        event = {"id": f"P-{number}", "parties": [{"name": "Versor" if number % 3 == 0 else "Acme"}]}
        await producer.send(f"{prefix}payments", orjson.dumps(event), key=b"%d" % number)
    await producer.stop()
    settings = load_settings(broker=kafka, topic_prefix=prefix, group=f"{prefix}workers", web_port=0)
    app = Worker(settings, policy or Policy())
    await app.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while app.desk.decided < PAYMENTS // 2:  # noqa: ASYNC110  it has no event
            await asyncio.sleep(0.05)
    await app.stop()


def audit(kafka: str, prefix: str, *arguments: str) -> tuple[int, Any]:
    told = CliRunner().invoke(main, ["audit", *arguments, "--broker", kafka, "--prefix", prefix])
    return told.exit_code, told.stdout


async def test_what_workers_wrote_verifies_and_a_record_of_somebody_else_does_not(
    kafka: str, topic_prefix: str, topics: Topics
) -> None:
    code, told = await asyncio.to_thread(audit, kafka, topic_prefix, "verify", "--json")
    assert (code, orjson.loads(told)) == (
        0,
        {
            "records": PAYMENTS + PAYMENTS // 3 + CHECKPOINTS,
            "unsealed": 0,
            "repeats": 0,
            "checkpoints": CHECKPOINTS,
            "findings": [],
        },
    )

    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    forged = {"payment_id": "P-0", "outcome": "clear"}
    await producer.send_and_wait(topics.decisions, orjson.dumps(forged), key=b"P-0")
    await producer.stop()

    code, told = await asyncio.to_thread(audit, kafka, topic_prefix, "verify")
    assert code == 1
    assert "without a seal: none of our writers wrote it" in told


@pytest.mark.usefixtures("topics")
async def test_clear_decisions_that_the_policy_left_out_are_no_finding_when_that_is_said(
    kafka: str, topic_prefix: str
) -> None:
    await decide(kafka, topic_prefix, 2, Policy(clear=ClearRule(published=False)))

    code, told = await asyncio.to_thread(audit, kafka, topic_prefix, "verify", "--clear-left-out")
    assert (code, told.splitlines()[-1].split(", ")[-1]) == (0, "0 findings")
    code, told = await asyncio.to_thread(audit, kafka, topic_prefix, "verify")
    assert code == 1
    assert "no decision about the payment at offset" in told


async def test_exports_hold_what_was_written_and_show_what_was_changed(
    kafka: str, topic_prefix: str, topics: Topics, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"

    def run(*arguments: str) -> tuple[int, Any]:
        return audit(kafka, topic_prefix, *arguments)

    code, told = await asyncio.to_thread(run, "export", str(folder))
    assert code == 0
    assert f"{PAYMENTS + PAYMENTS // 3 + CHECKPOINTS} records" in told
    assert (
        f"{folder}/manifest-000001.json: 0 records in 0 files"
        in (await asyncio.to_thread(run, "export", str(folder)))[1]
    )
    verify = ("verify", "--json", "--files", str(folder))
    code, told = await asyncio.to_thread(run, *verify)
    assert (code, orjson.loads(told)["findings"]) == (0, [])

    victim = sorted(folder.glob(f"{topics.decisions}-*.jsonl.gz"))[0]
    lines = gzip.decompress(victim.read_bytes()).splitlines(keepends=True)
    victim.write_bytes(gzip.compress(b"".join([*lines[:3], *lines[4:]])))
    code, told = await asyncio.to_thread(run, *verify)
    found = {finding["problem"] for finding in orjson.loads(told)["findings"]}
    assert code == 1
    assert "the file was altered: its SHA-256 is another" in found
    assert any(problem.startswith("taken out before it: number 3") for problem in found)

    victim.unlink()
    _, told = await asyncio.to_thread(run, *verify)
    assert "the file is gone" in told


async def test_an_honest_system_with_a_lookback_beside_it_has_no_finding_and_its_alerts_cannot_vanish(
    kafka: str, topic_prefix: str, topics: Topics
) -> None:
    client = {"bootstrap.servers": kafka}
    async with ListTopic(kafka, topics.designations) as listed:
        await listed.entry("1", "VERSOR S.R.O.")
        await listed.entry("2", "Acme")
        await listed.commit("2")
    flags = ["--broker", kafka, "--prefix", topic_prefix, "--designation", "ofac:2"]
    told = await asyncio.to_thread(CliRunner().invoke, main, ["lookback", "--since", "1h", *flags])
    assert told.exit_code == 0, told.output
    changed = Screener()
    sent = await asyncio.to_thread(AlertUpdates(client, topics, 0.0).send, {"ofac:1"}, changed)
    assert sent == PAYMENTS // 3

    code, verified = await asyncio.to_thread(audit, kafka, topic_prefix, "verify", "--json")
    assert (code, orjson.loads(verified)["findings"]) == (0, [])

    alerts = await asyncio.to_thread(
        lambda: {span.partition: span.end for span in _spans(client, topics.alerts)}
    )
    await asyncio.to_thread(_delete_before, client, topics.alerts, alerts)
    code, verified = await asyncio.to_thread(audit, kafka, topic_prefix, "verify", "--json")
    assert code == 0  # what retention took is no finding: the archive has it


def _spans(client: dict[str, str], topic: str) -> list[Span]:
    with TopicLog(client, topic) as log:
        return log.spans()


def _delete_before(client: dict[str, str], topic: str, ends: dict[int, int]) -> None:
    wanted = [TopicPartition(topic, partition, end) for partition, end in ends.items()]
    admin = AdminClient({**client})  # kept: its futures end with it
    for future in admin.delete_records(wanted).values():
        future.result(PATIENCE_SECONDS)


async def test_a_payment_of_a_transaction_leaves_a_gap_that_is_no_finding(
    kafka: str, topic_prefix: str, topics: Topics
) -> None:
    def transact() -> None:
        producer = Producer({"bootstrap.servers": kafka, "transactional.id": topic_prefix})
        producer.init_transactions()
        for commits in (True, False, True):
            producer.begin_transaction()
            for partition in range(2):
                event = orjson.dumps({"id": f"T-{commits}", "parties": [{"name": "Acme"}]})
                producer.produce(topics.payments, event, b"T", partition=partition)
            producer.flush()
            producer.commit_transaction() if commits else producer.abort_transaction()

    await asyncio.to_thread(transact)
    await decide(kafka, topic_prefix, 2)

    code, told = await asyncio.to_thread(audit, kafka, topic_prefix, "verify", "--json")
    assert (code, orjson.loads(told)["findings"]) == (0, [])
