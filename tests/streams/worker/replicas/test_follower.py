"""Records of alerts and dispositions that cannot be read: named, counted and passed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from confluent_kafka import Producer

from screening import Policy, Screener, decode_payment
from screening.cases.dispositions import Disposition, Verdict
from screening.policy.rules import StrippingRule
from streams.kafka.topics import Topics
from streams.records.json import alert_to_json, disposition_to_json
from streams.worker.metrics import Metrics
from streams.worker.replicas.dispositions import DispositionReplica, DispositionsCopy
from streams.worker.replicas.follower import TopicReplica
from streams.worker.replicas.repeats import PairReplica
from streams.worker.replicas.stopped import StoppedReplica
from tests.kafka.topics import alter, create
from tests.streams.past import VERSOR, Past

pytestmark = pytest.mark.kafka

NOT_OURS = (
    b"PAY 100 EUR",
    b"\xff\xfe",
    b"[]",
    b"7",
    b'{"hits": [7]}',
    b'{"hits": [{"alert_id": 1}]}',
    b'{"hits": ',
)
PATIENCE_SECONDS = 20.0


def alert() -> bytes:
    screener = Screener(Policy())
    screener.upsert(VERSOR)
    (payment,) = decode_payment(
        b'{"id": "P-1", "amount": "1.00", "currency": "USD", "parties": ['
        b'{"role": "debtor", "name": "Acme"}, {"role": "creditor", "name": "Versor s.r.o."}]}'
    )
    return alert_to_json(screener.screen(payment), payment, datetime.now(UTC), 1.0)


async def read(replica: TopicReplica, done: Callable[[], bool]) -> None:
    await replica.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not done():  # noqa: ASYNC110  what is waited for has no event of its own
                await asyncio.sleep(0.05)
    finally:
        await replica.stop()


def replica_of(
    kind: type[TopicReplica], topics: Topics, client: dict[str, Any], metrics: Metrics
) -> TopicReplica:
    if kind is DispositionReplica:
        counted = metrics.unreadable_of(topics.dispositions)
        return DispositionReplica(topics.dispositions, client=client, metrics=metrics, on_unreadable=counted)
    counted = metrics.unreadable_of(topics.alerts)
    if kind is PairReplica:
        return PairReplica(topics.alerts, client, on_unreadable=counted)
    return StoppedReplica(topics.alerts, StrippingRule(), client, metrics, on_unreadable=counted)


@pytest.mark.parametrize("kind", [PairReplica, StoppedReplica, DispositionReplica])
async def test_what_is_no_json_is_counted_and_passed_and_what_comes_after_it_is_read(
    kind: type[TopicReplica], kafka: str, topic_prefix: str
) -> None:
    topics = Past(kafka, topic_prefix).topics
    topic = topics.dispositions if kind is DispositionReplica else topics.alerts
    writer = Producer({"bootstrap.servers": kafka})
    for value in NOT_OURS:
        writer.produce(topic, value, b"P-0")
    writer.produce(topic, alert(), b"P-1")
    assert writer.flush(20) == 0
    metrics = Metrics(process=False)
    replica: Any = replica_of(kind, topics, {"bootstrap_servers": kafka}, metrics)
    expected = len(NOT_OURS) + (kind is DispositionReplica)  # an alert is no disposition

    def counted(since: str) -> float | None:
        labels = {"topic": topic, "since": since}
        return metrics.registry.get_sample_value("interdict_unreadable_records_total", labels)

    def is_read() -> bool:
        """What was there is counted apart from what comes."""
        if counted("false") != expected or not (kind is DispositionReplica or len(replica.known)):
            return False
        if counted("true") == 0:
            writer.produce(topic, NOT_OURS[0], b"P-2")
            writer.flush(20)
        return counted("true") != 0

    await read(replica, is_read)
    assert counted("false") == expected


@pytest.mark.parametrize("newest", [0, 1])
async def test_of_dispositions_in_several_partitions_the_newest_of_a_pair_counts(
    kafka: str, topic_prefix: str, newest: int
) -> None:
    """Somebody gave the topic a second one, and a pair's key moved: its old false positive cleared what was
    found true since."""
    topic, client = f"{topic_prefix}dispositions", {"bootstrap_servers": kafka}
    create(kafka, [topic], 2)
    alter(kafka, topic, {"cleanup.policy": "compact"})
    until = datetime.now(UTC) + timedelta(days=9)
    true = Disposition("party", "ofac:1", "listed", Verdict.TRUE_POSITIVE, "ann", "why", until)
    false = replace(true, verdict=Verdict.FALSE_POSITIVE)
    writer = Producer({"bootstrap.servers": kafka})
    for partition, said, at in ((newest, true, 2_000), (1 - newest, false, 1_000)):
        body = disposition_to_json(said)
        writer.produce(topic, body, said.key.encode(), partition=partition, timestamp=at)
        assert writer.flush(20) == 0
    copy = DispositionsCopy(topic, client)
    assert copy.in_one_order
    await read(copy, copy._read.is_set)

    assert [*copy.known] == [true]
