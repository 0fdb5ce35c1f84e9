"""Verdicts on a real Kafka: from the command through the topic to the worker's next decision."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from screening import Outcome, decode_payment
from screening.cases.dispositions import SuppressionRules
from streams.cli import main
from streams.kafka.provisioning import TopicAdmin
from streams.lookback.decided import read_dispositions
from streams.records.json import disposition_to_json
from streams.worker.metrics import Metrics
from streams.worker.replicas.dispositions import DispositionReplica
from tests.screening.cases.test_dispositions import decided, verdict_on
from tests.streams.lookback.test_run import HOUR, cleared, look_back
from tests.streams.past import PETROV, VERSOR, Past, event, holding, make_anew

pytestmark = pytest.mark.kafka

PATIENCE_SECONDS = 20.0


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix)


def interdict(past: Past, *arguments: str, code: int = 0) -> str:
    flags = ["--broker", past.client["bootstrap.servers"], "--prefix", past.topics.prefix]
    told = CliRunner().invoke(main, ["dispositions", arguments[0], *flags, *arguments[1:]])
    assert told.exit_code == code, told.output
    return told.output


def false_positive(past: Past, alert_id: str, *more: str, code: int = 0) -> str:
    words = ("--verdict", "false_positive", "--by", "m.novak", "--reason", "another Versor", "--for", "180d")
    return interdict(past, "add", alert_id, *words, *more, code=code)


def replica_of(past: Past, metrics: Metrics | None = None) -> DispositionReplica:
    return DispositionReplica(
        past.topics.dispositions,
        client={"bootstrap_servers": past.client["bootstrap.servers"]},
        metrics=metrics or Metrics(process=False),
    )


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  what is waited for has no event of its own
            await asyncio.sleep(0.05)


def alert_on(past: Past, payment_id: str, name: str = "Versor s.r.o.") -> str:
    """A worker's alert for a payment to Versor; returns its id."""
    raw = event(payment_id, name)
    past.decide(raw, holding(VERSOR), seconds_ago=HOUR)
    past.written()
    (alert,) = [each for each in past.alerts() if each["payment_id"] == payment_id]
    return str(alert["hits"][0]["alert_id"])


def test_a_verdict_by_command_is_in_force_in_a_worker_and_withdrawn_again(past: Past) -> None:
    told = false_positive(past, alert_on(past, "P-1"))
    pair = told.partition(": ")[0]
    (payment,) = decode_payment(event("P-2", "VERSOR, s.r.o."))
    metrics = Metrics(process=False)

    async def worker() -> None:
        replica = replica_of(past, metrics)
        await replica.start()
        decision = holding(VERSOR).screen(payment)
        assert replica.known.apply(decision, datetime.now(UTC)).outcome is Outcome.CLEAR
        labels = {"list": "ofac", "reason": "name", "verdict": "false_positive"}
        assert metrics.registry.get_sample_value("interdict_dispositions", labels) == 1
        await asyncio.to_thread(interdict, past, "remove", pair)
        await until(lambda: not len(replica.known))
        assert replica.known.apply(decision, datetime.now(UTC)).outcome is Outcome.HIT
        await replica.stop()

    assert json.loads(interdict(past, "list"))["by"] == "m.novak"
    row = {"list": "ofac", "reason": "name", "true": 0, "false": 1, "precision": 0.0}
    first, _ = interdict(past, "report", "--json").splitlines()
    assert json.loads(first) == row
    asyncio.run(worker())
    assert interdict(past, "list") == ""


def test_a_topic_that_was_recreated_silences_nobody_by_what_the_old_one_said(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.kafka.consumer.METADATA_SECONDS", 1)
    false_positive(past, alert_on(past, "P-1"))
    topic, admin = past.topics.dispositions, AdminClient({**past.client})

    async def worker() -> None:
        replica = replica_of(past)
        await replica.start()
        assert len(replica.known) == 1
        admin.delete_topics([topic])[topic].result()
        await until(lambda: topic not in admin.list_topics(timeout=10).topics)
        TopicAdmin(past.client, past.topics.prefix).create(past.partitions)
        await until(lambda: not len(replica.known))
        await replica.stop()

    asyncio.run(worker())


def test_a_topic_that_was_recreated_and_is_longer_by_then_silences_nobody_by_what_the_old_one_said(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that stood still meanwhile went on at its old offset: nothing told it, and it cleared a party
    whose false positive was gone."""
    monkeypatch.setattr("streams.faust_internals.identity.LOOKS_EVERY_SECONDS", 0.2)
    false_positive(past, alert_on(past, "P-1"))

    async def worker() -> None:
        replica = replica_of(past)
        await replica.start()
        assert len(replica.known) == 1
        make_anew(past, past.topics.dispositions, [b"none"] * 4)  # the event loop stands still meanwhile
        await until(lambda: not len(replica.known))
        await replica.stop()

    asyncio.run(worker())


def test_a_record_that_is_no_verdict_silences_nobody(past: Past) -> None:
    verdict = verdict_on(decided())
    producer = Producer(past.client)
    for value in (b"{}", b'{"verdict": "maybe"}', b"no json"):
        producer.produce(past.topics.dispositions, value, verdict.key.encode())
    producer.flush()

    async def worker() -> None:
        replica = replica_of(past)
        await replica.start()
        assert len(replica.known) == 0
        await replica.stop()

    asyncio.run(worker())


def test_no_payment_is_taken_before_the_dispositions_are_read(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker went on after ten seconds, and a true positive went where the policy asks for a review."""
    monkeypatch.setattr("streams.worker.replicas.follower.FIRST_READ_SECONDS", 0.2)

    async def worker() -> None:
        replica = DispositionReplica(
            "no-such-topic",
            client={"bootstrap_servers": past.client["bootstrap.servers"]},
            metrics=Metrics(process=False),
        )
        starting = asyncio.create_task(replica.maybe_start())
        await asyncio.sleep(1)
        assert not starting.done()
        assert replica.missing.startswith("no-such-topic cannot be read: ")
        assert "create it with `interdict topics create`" in replica.missing
        assert "; until it is, true positives" in replica.missing
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await replica.stop()

    asyncio.run(worker())


def test_a_lookback_leaves_a_silenced_pair_alone_until_the_designation_changes(past: Past) -> None:
    false_positive(past, alert_on(past, "P-0"))
    cleared(past, "P-1", "Versor s.r.o.", hours_ago=1)
    past.written()
    past.publish(PETROV, VERSOR)
    assert look_back(past).alerts == 0

    changed = VERSOR.__class__(VERSOR.id, VERSOR.names, programs=("RUSSIA-EO14024",))
    past.publish(PETROV, changed)

    assert look_back(past).alerts == 1


def test_an_alert_that_is_not_there_is_said_so(past: Past) -> None:
    assert "no alert abc" in false_positive(past, "abc", code=1)


def test_the_report_says_what_is_silenced_by_whom_until_when_and_what_would_alert_today(past: Past) -> None:
    past.publish(PETROV, VERSOR)
    first, second = alert_on(past, "P-0"), alert_on(past, "P-1", "Versor")
    false_positive(past, first)
    false_positive(past, second)

    def silenced() -> list[tuple[str, str]]:
        rows = [json.loads(line) for line in interdict(past, "report", "--json").splitlines()]
        assert all(row["until"] > row["given"] for row in rows if "pair" in row)
        return [(row["by"], row["today"]) for row in rows if "pair" in row]

    assert silenced() == [("m.novak", "silent")] * 2
    past.publish(PETROV, replace(VERSOR, remarks="amended"))
    assert silenced() == [("m.novak", "the list says something else of it now")] * 2


def test_a_false_positive_longer_than_the_rule_allows_is_refused_with_the_rule(past: Past) -> None:
    words = ("--verdict", "false_positive", "--by", "m.novak", "--reason", "x", "--for", "400d")

    assert "366 days at most" in interdict(past, "add", alert_on(past, "P-0"), *words, code=2)


def test_a_verdict_of_an_aborted_transaction_silences_nobody(past: Past) -> None:
    verdict = verdict_on(decided())
    producer = Producer({**past.client, "transactional.id": past.topics.prefix})
    producer.init_transactions()
    producer.begin_transaction()
    producer.produce(past.topics.dispositions, disposition_to_json(verdict), verdict.key.encode())
    producer.flush()
    producer.abort_transaction()

    async def worker() -> None:
        replica = replica_of(past)
        await replica.start()
        assert len(replica.known) == 0
        await replica.stop()

    asyncio.run(worker())
    assert len(read_dispositions(past.client, past.topics.dispositions, SuppressionRules())) == 0
