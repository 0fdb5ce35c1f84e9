"""What one record leaves in each of a worker's memories, and what is counted of them; without a broker."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from screening.cases.dispositions import Disposition, Verdict
from screening.payments import decode_payment
from screening.policy.rules import StrippingRule
from streams.records.json import alert_to_json, disposition_to_json
from streams.worker.metrics import Metrics
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.repeats import PairReplica
from streams.worker.replicas.stopped import StoppedReplica
from tests.streams.past import VERSOR, event, holding

NOW = datetime.now(UTC).replace(microsecond=0)


@cache
def alert() -> dict[str, Any]:
    (payment,) = decode_payment(event("P-1", "Versor s.r.o.", amount="1.00", currency="USD"))
    told: dict[str, Any] = orjson.loads(alert_to_json(holding(VERSOR).screen(payment), payment, NOW, 1.0))
    return told


def record(value: Any, at: datetime = NOW, key: str = "") -> Any:
    raw = value if isinstance(value, bytes | None) else orjson.dumps(value)
    return SimpleNamespace(
        key=key.encode(), value=raw, timestamp=round(at.timestamp() * 1000), topic="t", partition=0, offset=0
    )


def test_a_pair_is_known_since_its_first_alert_and_updates_are_none() -> None:
    replica = PairReplica("alerts", {})
    (hit,) = alert()["hits"]
    without = {**alert(), "hits": [{name: value for name, value in hit.items() if name != "fingerprint"}]}
    later = {**alert(), "hits": [{**hit, "alert_id": "later"}]}
    for value, ago in (
        ({**alert(), "update": {"what": "amended"}}, 99),
        (without, 98),
        (None, 97),
        (later, 10),
        (alert(), 60),
    ):
        replica.apply(record(value, NOW - timedelta(seconds=ago)))
    (again,) = decode_payment(event("P-2", "Versor s.r.o."))
    ((known, count),) = replica.known.repeats(holding(VERSOR).screen(again)).values()

    assert (known, count) == (hit["alert_id"], 3)  # the third is the one that is asked about


@pytest.mark.parametrize(("hours_ago", "kept"), [(0.5, 1), (3.0, 0)])
def test_a_stopped_payment_is_known_for_the_window_of_its_rule(hours_ago: float, kept: int) -> None:
    metrics = Metrics(process=False)
    replica = StoppedReplica("alerts", StrippingRule(apply=True, window_hours=2), {}, metrics)
    assert (replica.needed, replica.window_seconds) == (True, 7_200)
    replica.apply(record(None))
    replica.apply(record(alert(), NOW - timedelta(hours=hours_ago)))
    replica.applied()

    assert len(replica.known) == kept
    assert metrics.registry.get_sample_value("interdict_stopped_payments") == kept


def test_dispositions_are_counted_by_list_reason_and_verdict_down_to_none() -> None:
    metrics = Metrics(process=False)
    replica = DispositionReplica("d", client={}, metrics=metrics)
    ever = datetime(2100, 1, 1, tzinfo=UTC)
    one = Disposition("f", "ofac:1", "g", Verdict.FALSE_POSITIVE, "a", "w", ever, hit_reason="name")
    others = replace(one, fingerprint="h", verdict=Verdict.TRUE_POSITIVE), replace(one, fingerprint="i")

    def counted() -> dict[str, float | None]:
        labels = {"list": "ofac", "reason": "name"}
        shown = metrics.registry.get_sample_value
        return {each: shown("interdict_dispositions", {**labels, "verdict": each}) for each in Verdict}

    for each in (one, *others):
        replica.apply(record(disposition_to_json(each), key=each.key))
    replica.applied()
    assert counted() == {"false_positive": 2, "true_positive": 1}
    for each in (one, *others):
        replica.apply(record(None, key=each.key))
    replica.applied()
    assert counted() == {"false_positive": 0, "true_positive": 0}
