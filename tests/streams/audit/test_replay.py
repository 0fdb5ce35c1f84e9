"""Replay on a real Kafka: the same bytes again, or the name of what differs."""

import asyncio
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner, Result

from config.settings import load_settings
from screening import Policy, Screener
from streams.audit.replay import PastList, find_decisions, replay
from streams.cli import main
from streams.lists.history import Historian, list_history
from streams.lists.log import read_list
from streams.offline.policies import load_policy
from streams.records.json import Origin
from streams.worker.app import Worker
from tests.screening.random_payments import Chance
from tests.streams.past import PETROV, VERSOR, Past, event

pytestmark = pytest.mark.kafka

VERSIONS = 20
PAYMENTS = 50
PATIENCE_SECONDS = 40.0


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix, partitions=2)


def interdict(past: Past, *arguments: str) -> Result:
    flags = ["--broker", past.client["bootstrap.servers"], "--prefix", past.topics.prefix]
    return CliRunner().invoke(main, ["replay", *flags, *arguments])


def copy_history(past: Past) -> None:
    historian = Historian(past.client, past.topics)
    for record in past.records(past.topics.designations):
        historian.copy(record)
    historian.delivered()


def decided(past: Past, payment_id: str, name: str, screener: Screener, offset: int) -> None:
    raw = event(payment_id, name)
    past.pay(raw, seconds_ago=10, partition=offset % 2)
    origin = Origin(past.topics.payments, offset % 2, offset // 2, 0)
    past.decide(raw, screener, seconds_ago=10, event=origin)


def test_1000_decisions_across_20_list_versions_are_byte_identical(past: Past) -> None:
    chance = Chance(5)
    listed = {entry.id: entry for entry in map(chance.designation, range(60))}
    offset = 0
    for version in range(VERSIONS):
        for number in range(5):
            chance.change(listed, 1000 + 10 * version + number)
        past.publish(*listed.values())
        screener = read_list(past.client, past.topics.designations, Policy()).screener
        names = [name.text for entry in listed.values() for name in entry.names]
        for _ in range(PAYMENTS):
            decided(past, f"P-{offset}", chance.spelt(names[offset % len(names)]), screener, offset)
            offset += 1
    past.written()
    copy_history(past)

    found = list(
        replay(
            past.client,
            past.topics,
            PastList(list_history(past.client, past.topics), Policy()),
            find_decisions(past.client, past.topics),
        )
    )

    assert [replayed.differences for replayed in found if not replayed.identical] == []
    assert len(found) == VERSIONS * PAYMENTS
    versions = {replayed.recorded.body["list"]["ofac"]["version"] for replayed in found}
    outcomes = {replayed.recorded.body["outcome"] for replayed in found}
    assert (len(versions), outcomes) == (VERSIONS, {"clear", "hit"})


def test_with_another_policy_each_difference_is_named(past: Past) -> None:
    past.publish(VERSOR)
    screener = read_list(past.client, past.topics.designations, Policy()).screener
    decided(past, "P-0", "Versor s.r.o.", screener, 0)
    decided(past, "P-1", "Vesor Trading", screener, 1)
    past.written()

    policy = Policy(threshold=0.5)
    listed = PastList(list_history(past.client, past.topics), policy)
    found = replay(past.client, past.topics, listed, find_decisions(past.client, past.topics))

    told = {replayed.recorded.body["payment_id"]: replayed.differences for replayed in found}
    assert [text.partition(":")[0] for text in told["P-0"]] == ["policy"]
    assert [text.partition(":")[0] for text in told["P-1"]] == ["policy", "outcome", "hits"]


def test_each_decision_is_taken_with_the_policy_it_names_where_that_was_kept(
    past: Past, tmp_path: Path
) -> None:
    past.publish(VERSOR)
    listed = read_list(past.client, past.topics.designations, load_policy(None)).screener
    for number, text in enumerate(("threshold = 0.8\n", "threshold = 0.6\n", "threshold = 0.99\n")):
        (tmp_path / f"{number}.toml").write_text(text)
        under = listed.under(load_policy(tmp_path / f"{number}.toml"))
        decided(past, f"P-{number}", "Vesor Trading", under, number)
    past.written()
    (tmp_path / "1.toml").rename(tmp_path / "1.lost")

    told = interdict(past, "--since", "1h", "--policies", str(tmp_path), "--json")

    assert told.exit_code == 1, told.output
    found = {line["payment_id"]: line["differences"] for line in map(json.loads, told.stdout.splitlines())}
    assert (found["P-0"], found["P-2"]) == ([], [])
    assert found["P-1"][0].startswith("policy: ")
    (tmp_path / "1.lost").rename(tmp_path / "1.toml")
    assert interdict(past, "--since", "1h", "--policies", str(tmp_path)).exit_code == 0


def test_a_list_whose_history_has_a_hole_is_named(past: Past) -> None:
    past.publish(PETROV, VERSOR)
    screener = read_list(past.client, past.topics.designations, Policy()).screener
    decided(past, "P-0", "Versor s.r.o.", screener, 0)
    past.written()

    holed = [record for record in list_history(past.client, past.topics) if record.key != PETROV.id.encode()]
    listed = PastList(holed, Policy())
    (replayed,) = replay(past.client, past.topics, listed, find_decisions(past.client, past.topics))

    (difference,) = replayed.differences
    assert difference.startswith("list: ")
    assert "2 entries" in difference and "1 entries" in difference


async def pay(past: Past, *events: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=past.client["bootstrap.servers"], acks="all")
    await producer.start()
    for raw in events:
        await producer.send_and_wait(past.topics.payments, raw, key=b"P")
    await producer.stop()


def decisions(past: Past) -> list[dict[str, Any]]:
    return [orjson.loads(record.value or b"") for record in past.records(past.topics.decisions)]


def test_what_a_real_worker_decided_is_replayed_byte_for_byte(past: Past) -> None:
    async def work() -> None:
        settings = load_settings(
            broker=past.client["bootstrap.servers"],
            topic_prefix=past.topics.prefix,
            group=past.topics.prefix,
            web_port=0,
        )
        app = Worker(settings, load_policy(None))
        await asyncio.to_thread(past.publish, PETROV)
        await app.start()
        try:
            await pay(past, event("P-1", "Versor s.r.o."), event("P-2", "Igor Petrov"), b"no payment")
            await until(past, 3)
            await asyncio.to_thread(past.publish, PETROV, VERSOR)
            await pay(past, event("P-3", "Versor s.r.o.", status="pending", remittance=["for Igor Petrov"]))
            await until(past, 4)
            payer = {"role": "debtor", "name": "Acme", "account": "GB1"}
            stopped = {"amount": "10", "currency": "EUR", "parties": [payer, {"name": "Versor s.r.o."}]}
            await pay(past, orjson.dumps({"id": "P-4", **stopped}))
            await until(past, 5)
            await pay(past, orjson.dumps({"id": "P-5", **stopped, "parties": [payer]}))
            await until(past, 6)
        finally:
            await app.stop()

    asyncio.run(work())
    assert [decision["outcome"] for decision in decisions(past)].count("hit") == 4

    told = interdict(past, "--since", "1h", "--json")

    assert told.exit_code == 0, told.output
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["differences"] for line in lines] == [[]] * 6

    then = interdict(past, "P-1", "--at", str(1_000_000), "--json")
    assert then.exit_code == 1
    assert "outcome: clear then, hit now" in json.loads(then.stdout)["differences"]


async def until(past: Past, count: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(await asyncio.to_thread(decisions, past)) < count:  # noqa: ASYNC110  a topic has no event
            await asyncio.sleep(0.1)


def test_a_payment_that_was_never_decided_is_said_so(past: Past) -> None:
    past.publish(VERSOR)

    told = interdict(past, "P-404")

    assert told.exit_code == 1
    assert "no decision for P-404" in told.output


def test_a_moment_without_its_offset_is_a_usage_error(past: Past) -> None:
    past.publish(VERSOR)
    screener = read_list(past.client, past.topics.designations, Policy()).screener
    decided(past, "P-0", "Versor s.r.o.", screener, 0)
    past.written()

    assert interdict(past, "P-0", "--at", "2023-08-17T09:30:00").exit_code == 2
    assert interdict(past, "P-0", "--at", "tomorrow").exit_code == 2
