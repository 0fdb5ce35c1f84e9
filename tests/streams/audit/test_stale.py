"""Decisions that no barrier stood before: found, mended once, and then found no more. On a real Kafka."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner
from confluent_kafka import Producer

from screening import Decision, Designation, Name, NameType, Payment, Screener, decode_payment
from screening.hits.by_resubmission import stopped_by
from streams.cli import main
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.records.json import alert_to_json, disposition_to_json
from tests.screening.cases.test_dispositions import verdict_on
from tests.streams.list_topic import ListTopic

pytestmark = pytest.mark.kafka


@pytest.fixture
def topics(kafka: str, topic_prefix: str) -> Topics:
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=2)
    return Topics(topic_prefix)


async def decided(
    kafka: str,
    topics: Topics,
    payment_id: str,
    name: str,
    *,
    list_offset: int,
    ms_later: int = 0,
    hits: tuple[Any, ...] = (),
    **more: Any,
) -> None:
    """A payment and the decision of a worker that had the list up to `list_offset`."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    event = {"id": payment_id, "parties": [{"role": "creditor", "name": name}]} | more
    sent = await producer.send_and_wait(
        topics.payments,
        orjson.dumps(event),
        key=payment_id.encode(),
        timestamp_ms=int(time.time() * 1000) + ms_later,
    )
    decision = {
        "payment_id": payment_id,
        "outcome": "hit" if hits else "clear",
        "hits": hits,
        "list": {"offsets": {"0": list_offset}},
        "event": {
            "topic": topics.payments,
            "partition": sent.partition,
            "offset": sent.offset,
            "timestamp_ms": sent.timestamp,
        },
    }
    await producer.send_and_wait(topics.decisions, orjson.dumps(decision), key=payment_id.encode())
    await producer.stop()


def recheck(kafka: str, prefix: str, *flags: str) -> tuple[int, list[Any]]:
    told = CliRunner().invoke(main, ["recheck", "--broker", kafka, "--prefix", prefix, "--json", *flags])
    return told.exit_code, [orjson.loads(line) for line in told.stdout.splitlines()]


def values(kafka: str, topic: str) -> list[Any]:
    with TopicLog({"bootstrap.servers": kafka}, topic) as log:
        return [orjson.loads(record.value or b"") for record in log.read_all(log.spans())]


@pytest.fixture
async def decisions_on_an_old_list(kafka: str, topics: Topics) -> None:
    async with ListTopic(kafka, topics.designations) as listed:
        await listed.entry("1", "Somebody Else")
        before = await listed.commit("v1") + 1
        await decided(kafka, topics, "P-before", "Versor s.r.o.", list_offset=before, ms_later=-1000)
        after = await listed.entry("2", "VERSOR S.R.O.") + 1
        await listed.commit("v2")
        await decided(kafka, topics, "P-stale", "Versor s.r.o.", list_offset=before, ms_later=1000)
        await decided(kafka, topics, "P-stale-other", "Acme", list_offset=before, ms_later=1000)
        await decided(kafka, topics, "P-fresh", "Acme", list_offset=after, ms_later=1000)


@pytest.mark.usefixtures("decisions_on_an_old_list")
def test_what_was_decided_on_a_list_older_than_itself_is_named_and_left_alone_in_a_dry_run(
    kafka: str, topic_prefix: str
) -> None:
    for _ in range(2):
        code, found = recheck(kafka, topic_prefix, "--dry-run")

        assert code == 1
        assert {(one["payment_id"], one["outcome"]) for one in found} == {
            ("P-stale", "stale"),
            ("P-stale-other", "stale"),
        }


@pytest.mark.usefixtures("decisions_on_an_old_list")
def test_it_is_decided_again_and_then_there_is_nothing_left_to_find(
    kafka: str, topic_prefix: str, topics: Topics
) -> None:
    code, found = recheck(kafka, topic_prefix)

    assert code == 1
    assert {one["payment_id"]: one["outcome"] for one in found} == {
        "P-stale": "hit",
        "P-stale-other": "clear",
    }
    assert recheck(kafka, topic_prefix) == (0, [])
    (alert,) = values(kafka, topics.alerts)
    assert (alert["payment_id"], alert["trigger"]) == ("P-stale", "barrier")
    again = [one for one in values(kafka, topics.decisions) if one.get("trigger") == "barrier"]
    assert {one["payment_id"] for one in again} == {"P-stale", "P-stale-other"}


DEBTOR = {"role": "debtor", "name": "Acme Ltd", "account": "GB29NWBK60161331926819"}
CREDITOR = {"role": "creditor", "name": "Versor s.r.o.", "account": "SK3112000000198742637541"}
AMOUNT = {"amount": "12500.00", "currency": "USD"}


def versor() -> Screener:
    screener = Screener()
    screener.upsert(Designation("ofac:2", (Name("VERSOR S.R.O.", NameType.PRIMARY),)))
    return screener


def stopped_payment() -> tuple[Payment, Decision]:
    """A payment to Versor and its decision."""
    (payment,) = decode_payment(orjson.dumps({"id": "P-1", "parties": [DEBTOR, CREDITOR]} | AMOUNT))
    return payment, versor().screen(payment)


async def on_an_old_list(kafka: str, topics: Topics, payment_id: str, **more: Any) -> None:
    async with ListTopic(kafka, topics.designations) as listed:
        await listed.entry("2", "VERSOR S.R.O.")
        before = await listed.commit("v1")
        await listed.entry("1", "Somebody Else")
        await listed.commit("v2")
        await decided(kafka, topics, payment_id, "", list_offset=before, ms_later=1000, **more)


def test_a_pair_that_a_disposition_silences_is_not_alerted(
    kafka: str, topic_prefix: str, topics: Topics
) -> None:
    asyncio.run(on_an_old_list(kafka, topics, "P-2", parties=[DEBTOR, CREDITOR]))
    (hit,) = stopped_payment()[1].hits
    silenced = verdict_on(stopped_payment()[1], until=datetime(2100, 1, 1, tzinfo=UTC))
    send(kafka, topics.dispositions, silenced.key, disposition_to_json(silenced))

    _, found = recheck(kafka, topic_prefix)

    assert [one["outcome"] for one in found] == ["clear"]
    assert values(kafka, topics.alerts) == []
    again = values(kafka, topics.decisions)[-1]
    assert [held["designation"]["id"] for held in again["suppressed"]] == [hit.designation.id]


@pytest.mark.parametrize("known_by", ["the alert of the stopped payment", "the stale decision"])
def test_a_stale_decision_keeps_its_stripping_hit(
    kafka: str, topic_prefix: str, topics: Topics, known_by: str
) -> None:
    first, decision = stopped_payment()
    stripped = CREDITOR | {"name": "V. Trading"}
    hits: tuple[Any, ...] = ()
    if known_by == "the stale decision":
        stopped = next(stopped_by(first, decision, datetime.now(UTC)))
        hits = ({"alert_id": "a", "designation": {"id": "ofac:2"}, "stopped": stopped},)
    else:
        send(kafka, topics.alerts, "P-1", alert_to_json(decision, first, datetime.now(UTC), 1.0))
    asyncio.run(on_an_old_list(kafka, topics, "P-2", parties=[DEBTOR, stripped], hits=hits, **AMOUNT))

    _, found = recheck(kafka, topic_prefix)

    assert [one["outcome"] for one in found] == ["hit"]
    alert = values(kafka, topics.alerts)[-1]
    assert [(hit["reason"], hit["stopped"]["payment_id"]) for hit in alert["hits"]] == [("stripping", "P-1")]


def send(kafka: str, topic: str, key: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(topic, value, key)
    assert producer.flush(10) == 0


def test_a_duration_that_is_none_is_a_usage_error(kafka: str, topic_prefix: str) -> None:
    code, _ = recheck(kafka, topic_prefix, "--since", "yesterday")

    assert code == 2
