"""One payment, list, memory and dispositions: every way to a decision finds the same hits."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson
from faust.types import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import Decision, Outcome, Payment, Reason, Screener, decode_payment
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.cases.stopped import StoppedPayments
from screening.decisions import Stopped
from screening.fingerprints import designation_fingerprint
from screening.hits.by_resubmission import stopped_by
from screening.judge import decide
from screening.lookback import Lookback
from streams.audit.replay import Recorded, redecide
from streams.audit.stale import Stale, StoppedBefore
from streams.console.feed import Feed
from streams.kafka.log import Record
from streams.records.json import Origin, decision_to_json
from streams.worker.desk import ScreeningDesk
from streams.worker.metrics import Metrics
from streams.worker.results import Publication
from tests.screening.random_payments import Chance
from tests.streams.worker.test_desk import TOPICS, Barrier, Outbox, Replica

EVENT = Origin(TOPICS.payments, 0, 7, 1_692_178_200_000)


def scene(seed: int) -> tuple[Screener, bytes, list[Stopped], Dispositions]:
    """A list; a payment that hits or resubmits one that did, or neither; what is known of its pairs."""
    draw, chance, screener = random.Random(seed), Chance(seed), Screener()
    listed = [chance.designation(number) for number in range(20)]
    for entry in listed:
        screener.upsert(entry)
    name = draw.choice(listed).name
    ends = [{"role": "debtor", "name": "Acme Ltd", "account": "GB1"}, {"role": "creditor", "account": "SK1"}]
    first = paying("P-1", ends, name)
    raw = paying(
        "P-2",
        ends,
        draw.choice((chance.spelt(name), name[:3], "Northern Bicycle Works", "")),
        amount=draw.choice(("10", "10", "11")),
    )
    now = datetime.now(UTC)
    (payment,) = decode_payment(first)
    stopped = [*stopped_by(payment, screener.screen(payment), now - timedelta(hours=1))]
    (again,) = decode_payment(raw)
    dispositions = Dispositions()
    for hit in decide(again, screener, memory(stopped, now), None, now).hits:
        if draw.random() < 0.5:
            dispositions.put(
                Disposition(
                    hit.fingerprint,
                    hit.designation.id,
                    designation_fingerprint(hit.designation),
                    draw.choice(list(Verdict)),
                    by="m.novak",
                    reason="looked into",
                    until=now + timedelta(days=draw.choice((-1, 1))),
                )
            )
    return screener, raw, stopped, dispositions


def paying(payment_id: str, ends: list[dict[str, Any]], creditor: str, amount: str = "10") -> bytes:
    parties = [ends[0], ends[1] | ({"name": creditor} if creditor else {})]
    return orjson.dumps({"id": payment_id, "amount": amount, "currency": "EUR", "parties": parties})


def memory(stopped: list[Stopped], now: datetime) -> StoppedPayments:
    known = StoppedPayments()
    for each in stopped:
        known.note(each, now)
    return known


def hits(decision: Decision | None) -> Any:
    return (decision.hits, decision.suppressed) if decision else ((), ())


def by_the_desk(
    screener: Screener, raw: bytes, stopped: list[Stopped], dispositions: Dispositions
) -> Decision:
    now = datetime.now(UTC)
    replica, barrier, outbox = cast(Any, (Replica(screener), Barrier(), Outbox()))  # of the desk's own tests
    metrics = Metrics(process=False)
    desk = ScreeningDesk(
        replica,
        barrier,
        Publication(outbox, TOPICS, metrics, Feed()),
        metrics,
        dispositions=dispositions,
        stopped=memory(stopped, now),
    )
    (result,) = asyncio.run(desk.answer([Message(*EVENT[:3], 0.0, 0, [], b"k", raw, None)]))
    (decision,) = result.decisions
    return decision


def by_a_lookback(
    screener: Screener, payment: Payment, stopped: list[Stopped], dispositions: Dispositions, now: datetime
) -> Decision | None:
    changed = {f"ofac:{number}" for number in range(20)}
    return Lookback(screener, changed).decide(payment, memory(stopped, now), dispositions, now)


def by_a_replay(raw: bytes, screener: Screener, decided: bytes) -> bytes:
    record = Record(EVENT.offset, 0.0, b"k", raw, {})
    return redecide(Recorded(decided, orjson.loads(decided)), record, screener)


def by_a_recheck(
    screener: Screener, payment: Payment, stopped: list[Stopped], dispositions: Dispositions, now: datetime
) -> Decision:
    stale = Stale(payment.id, EVENT, 0, 0, decided_at=now)
    known = StoppedBefore(screener.policy.stripping, stale, stopped)
    return decide(payment, screener, known, dispositions, now + timedelta(days=20), "barrier")


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_every_way_to_a_decision_finds_the_same_hits(seed: int) -> None:
    screener, raw, stopped, dispositions = scene(seed)
    (payment,) = decode_payment(raw)
    now = datetime.now(UTC).replace(microsecond=0)

    decision = by_the_desk(screener, raw, stopped, dispositions)

    assert hits(decision) == hits(decide(payment, screener, memory(stopped, now), dispositions, now))
    found = by_a_lookback(screener, payment, stopped, dispositions, now)
    assert hits(found) == (hits(decision) if decision.hits else ((), ()))
    recorded = decision_to_json(decision, now, 1.0, EVENT)
    assert by_a_replay(raw, screener, recorded) == recorded


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_a_recheck_finds_the_stopped_payments_of_then_however_late_it_runs(seed: int) -> None:
    screener, raw, stopped, _ = scene(seed)
    (payment,) = decode_payment(raw)
    now = datetime.now(UTC)

    again = by_a_recheck(screener, payment, stopped, Dispositions(), now)

    assert hits(again) == hits(decide(payment, screener, memory(stopped, now), None, now))


def test_the_scenes_hold_hits_resubmissions_silenced_and_confirmed_pairs() -> None:
    """What the two properties above are tried on is not all alike."""
    found = [by_the_desk(*scene(seed)) for seed in range(60)]

    hits = [hit for decision in found for hit in decision.hits]
    assert {Reason.NAME, Reason.STRIPPING} <= {hit.reason for hit in hits}
    assert any(hit.confirmed_by for hit in hits)
    assert any(decision.suppressed for decision in found)
    assert any(decision.outcome is Outcome.CLEAR and not decision.suppressed for decision in found)
