"""The memory of stopped payments on a real Kafka: the alerts topic is enough to build it again."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from screening import Policy, decode_payment
from screening.hits.by_resubmission import stopped_by, with_resubmissions
from screening.payments import Payment
from screening.policy.rules import StrippingRule
from streams.records.json import alert_to_json
from streams.records.shapes import AlertRecord, UpdateRecord
from streams.records.stopped import stopped_from_json, stopped_of_alert
from streams.worker.metrics import Metrics
from streams.worker.replicas.stopped import StoppedReplica
from tests.streams.past import VERSOR, Past, holding

HOUR = 3600.0
NOW = datetime(2026, 11, 24, 9, 30, 0, 123_000, tzinfo=UTC)


def raw(
    payment_id: str, payee: str = "Versor s.r.o.", payers: Sequence[Mapping[str, str]] = (), **more: Any
) -> bytes:
    parties = [
        *payers,
        {"role": "debtor", "name": "Acme Trading Ltd", "account": "GB29 NWBK 6016 1331 9268 19"},
        {"role": "creditor", "name": payee, "account": "SK31-1200"},
    ]
    return orjson.dumps(
        {"id": payment_id, "amount": "12500.00", "currency": "USD", "parties": parties} | more
    )


def payment(*told: Any, **more: Any) -> Payment:
    (decoded,) = decode_payment(raw(*told, **more))
    return decoded


def alert(first: Payment, **more: Any) -> AlertRecord:
    told: AlertRecord = orjson.loads(alert_to_json(holding(VERSOR).screen(first), first, NOW, 1.0, **more))
    return told


@pytest.mark.parametrize("more", [[], [{"role": "debtor", "account": f"A{each}"} for each in range(50)]])
def test_the_alert_tells_what_the_worker_that_raised_it_remembers(more: list[dict[str, str]]) -> None:
    first = payment("P-1", payers=more)

    assert (
        [*stopped_of_alert(alert(first), NOW)]
        == [*stopped_by(first, holding(VERSOR).screen(first), NOW)]
        != []
    )


def test_a_decision_names_the_stopped_payment_whole() -> None:
    first, again = payment("P-1"), payment("P-2", "Vrs")
    (stopped,) = stopped_by(first, holding(VERSOR).screen(first), NOW)
    decision = with_resubmissions(again, holding(VERSOR).screen(again), [stopped], holding(VERSOR))

    told = orjson.loads(alert_to_json(decision, again, NOW, 1.0))

    assert stopped_from_json(told["hits"][0]["stopped"]) == stopped
    assert [*stopped_of_alert(told, NOW)] == []


def test_a_follow_up_and_a_lookback_that_came_too_late_stopped_nothing() -> None:
    first = payment("P-1")

    update: UpdateRecord = {
        "id": "u",
        "state": "updated",
        "what": "amended",
        "changed": [],
        "at": "2026-11-24T09:30:00.123+00:00",
        "offset": 7,
    }
    assert [*stopped_of_alert({**alert(first), "update": update}, NOW)] == []
    assert [*stopped_of_alert(alert(first, stoppable=False), NOW)] == []
    assert [*stopped_of_alert(alert(first, stoppable=None), NOW)] != []


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    return Past(kafka, topic_prefix)


def replica(past: Past, rule: StrippingRule | None = None, metrics: Metrics | None = None) -> StoppedReplica:
    return StoppedReplica(
        past.topics.alerts,
        rule or StrippingRule(),
        {"bootstrap_servers": past.client["bootstrap.servers"]},
        metrics or Metrics(process=False),
    )


@pytest.mark.kafka
def test_stopped_payments_are_known_again_after_a_restart_within_the_window(past: Past) -> None:
    for number, hours in enumerate((1, 20, 70, 130)):
        past.decide(raw(f"P-{number}"), holding(VERSOR), seconds_ago=hours * HOUR, partition=number % 3)
    past.written()
    metrics = Metrics(process=False)

    async def worker() -> None:
        memory = replica(past, metrics=metrics)
        await memory.start()
        found = [
            stopped.payment_id for stopped in memory.known.like(payment("P-9", "Vrs"), datetime.now(UTC))
        ]
        assert found == ["P-0", "P-1", "P-2"]
        assert memory.missing == ""
        assert metrics.registry.get_sample_value("interdict_stopped_payments") == 3
        await memory.stop()

    asyncio.run(worker())


@pytest.mark.kafka
def test_a_topic_without_alerts_of_late_is_read_at_once(past: Past) -> None:
    past.decide(raw("P-1"), holding(VERSOR), seconds_ago=200 * HOUR)
    past.written()

    async def worker() -> None:
        memory = replica(past)
        async with asyncio.timeout(8):
            await memory.start()
        assert len(memory.known) == 0
        await memory.stop()

    asyncio.run(worker())


@pytest.mark.kafka
def test_no_payment_is_taken_before_the_alerts_are_read_unless_policy_switches_it_off(
    kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.replicas.follower.FIRST_READ_SECONDS", 0.2)
    off = Policy(stripping=StrippingRule(apply=False)).stripping

    async def worker() -> None:
        client = {"bootstrap_servers": kafka}
        waits = StoppedReplica("no-such-topic", StrippingRule(), client, Metrics(process=False))
        starting = asyncio.create_task(waits.maybe_start())
        goes_on = StoppedReplica("no-such-topic", off, client, Metrics(process=False))
        await goes_on.start()
        assert goes_on.missing == ""
        assert not starting.done()
        assert waits.missing.startswith("no-such-topic ")
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        for each in (waits, goes_on):
            await each.stop()

    asyncio.run(worker())
