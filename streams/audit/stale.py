"""Finds payments that were decided on a list older than themselves, and decides them again.

A worker lets no such decision out (`streams/worker/barrier.py`), so this finds nothing while all goes well.
It is the proof of that, and the remedy for decisions that no barrier stood before: those of an older worker,
of a list topic that was restored from elsewhere, or of a designation whose acknowledgement came late to its
publisher.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from typing import NamedTuple

from screening.cases.dispositions import Dispositions
from screening.cases.stopped import Money, StoppedPayments, money
from screening.decisions import Decision, Stopped
from screening.judge import decide
from screening.ledger import MarkerType
from screening.payments import Payment, PaymentError
from screening.policy.rules import Policy, StrippingRule
from screening.screener import Screener
from streams.errors import NOT_OURS
from streams.kafka.log import Place, Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.records.alerts import alert_from_json
from streams.records.decisions import decision_from_json
from streams.records.designations import REGISTRY, is_marker, key_text, publication_of
from streams.records.json import Origin, marker_from_json
from streams.records.shapes import OFFSETS, DecisionRecord
from streams.records.stopped import resubmits, stopped_of_alert
from streams.registry.reading import WITHOUT_REGISTRY, PaymentReader

TRIGGER = "barrier"


@dataclass(frozen=True, slots=True)
class Stale:
    """A payment decided with the list up to `decided_with` that came after the entry at `designated_at`."""

    payment_id: str
    event: Origin
    decided_with: int
    designated_at: int
    decided_at: datetime
    resubmits: tuple[Stopped, ...] = ()
    """The stopped payments that the stale decision says this one resubmits."""


@dataclass(slots=True)
class StaleDecisions:
    """What a check found: decisions looked at, and the stale ones that no later decision has mended."""

    decisions: int = 0
    without_event: int = 0
    """Neither about an event nor with the time that they took from a request: `serve` of an older build."""
    unreadable: int = 0
    """Records on the topic that are no decisions."""
    stale: dict[tuple[str, Origin], Stale] = field(default_factory=dict)
    requested: dict[str, int] = field(default_factory=dict)
    """The payments that `interdict serve` decided with a list older than their requests, with the offset of
    the entry that had come before. They stand on no topic: whoever asked has to ask again."""


class DecidedAgain(NamedTuple):
    """A new decision; `payment` is None where its event is no longer on the topic."""

    stale: Stale
    payment: Payment | None
    decision: Decision
    at: datetime


def find_stale(client: ClientOptions, topics: Topics, since: float) -> StaleDecisions:
    """One pass over the list and one over the decisions since a moment (Unix time). Raises BrokerError.

    Memory grows with the list's records and the findings only.
    """
    with TopicLog(client, topics.designations) as log:
        designated = in_force(log.read(log.first_span()))
    with TopicLog(client, topics.decisions) as log:
        return stale_among(log.read_all(log.spans(since)), designated)


class InForce(NamedTuple):
    """When entries came into force."""

    times: Sequence[int]
    """Milliseconds of Unix time, sorted."""
    newest: Sequence[int]
    """The newest offset of the list at each of these times."""

    def at(self, moment: int) -> int:
        """The newest offset of what was in force at a moment (ms); -1 where nothing was."""
        known = bisect_right(self.times, moment)
        return self.newest[known - 1] if known else -1


def in_force(records: Iterable[Record]) -> InForce:
    """Of the list's records: each entry with its publication's commit, or by itself where that is
    compacted away or cannot be read."""
    came, waiting = list[tuple[int, int]](), defaultdict[str, list[tuple[int, int]]](list)
    for record in records:
        if record.value is None:
            continue
        key, place = key_text(record.key), (round(record.time * 1000), record.offset)
        if not is_marker(key):
            waiting[publication_of(record.headers.items())].append(place)
        elif key != REGISTRY:
            try:
                marker = marker_from_json(record.value)
            except NOT_OURS:
                continue
            if marker.type is MarkerType.COMMIT and waiting.pop(marker.publication or "-", []):
                came.append(place)
    entries = sorted([*came, *chain.from_iterable(waiting.values())])
    return InForce([time for time, _ in entries], list(accumulate((offset for _, offset in entries), max)))


def stale_among(decisions: Iterable[Record], designated: InForce) -> StaleDecisions:
    """Those that no later decision among them has mended."""
    found = StaleDecisions()
    for record in decisions:
        try:
            decision = decision_from_json(record.value)
            again = tuple(resubmits(decision))
            requested_ms = None if "event" in decision else _requested_ms(decision)
        except NOT_OURS:
            found.unreadable += 1
            continue
        found.decisions += 1
        decided_with = int(decision["list"][OFFSETS].get("0", 0))
        if "event" not in decision:
            _note_requested(found, decision, requested_ms, decided_with, designated)
            continue
        event = Origin(**decision["event"])
        designated_at = designated.at(event.timestamp_ms)
        key = (decision["payment_id"], event)
        if decision["outcome"] == "error" or decided_with > designated_at:
            found.stale.pop(key, None)
        else:
            decided_at = datetime.fromtimestamp(record.time, UTC)
            found.stale[key] = Stale(*key, decided_with, designated_at, decided_at, again)
    return found


def _requested_ms(decision: DecisionRecord) -> int | None:
    """When the request for a decision arrived, in milliseconds of Unix time; None if it does not say."""
    if not decision.get("latency_ms"):
        return None
    decided = datetime.fromisoformat(decision["screened_at"])
    return int(decided.timestamp() * 1000 - decision["latency_ms"])


def _note_requested(
    found: StaleDecisions,
    decision: DecisionRecord,
    requested_ms: int | None,
    decided_with: int,
    designated: InForce,
) -> None:
    if requested_ms is None:
        found.without_event += 1
    elif decision["outcome"] == "error" or decided_with > designated.at(requested_ms):
        found.requested.pop(decision["payment_id"], None)
    else:
        found.requested[decision["payment_id"]] = designated.at(requested_ms)


def decide_again(
    client: ClientOptions,
    topics: Topics,
    screener: Screener,
    dispositions: Dispositions,
    stale: Iterable[Stale],
    read: PaymentReader = WITHOUT_REGISTRY,
) -> Iterator[DecidedAgain]:
    """A new decision for each stale one: by the list and the dispositions of now, and by the payments that
    were stopped in the window before it was first decided. Raises BrokerError.
    """
    in_order = sorted(stale, key=lambda one: (one.event.partition, one.event.offset))
    paid = _payments(client, topics.payments, screener.policy, in_order, read)
    stopped = _stopped_then(client, topics.alerts, screener.policy.stripping, paid)
    for one, payment in paid:
        now = datetime.now(UTC)
        if payment is None:
            gone = f"event_expired: {one.event.topic} no longer holds the event; ask its sender"
            yield DecidedAgain(one, None, screener.refuse(one.payment_id, gone, trigger=TRIGGER), now)
        else:
            known = StoppedBefore(screener.policy.stripping, one, stopped)
            yield DecidedAgain(
                one, payment, decide(payment, screener, known, dispositions, now, TRIGGER), now
            )


class StoppedBefore:
    """What a worker remembered of stopped payments when it took the stale decision."""

    def __init__(self, rule: StrippingRule, stale: Stale, stopped: Iterable[Stopped]) -> None:
        self._then = stale.decided_at
        self._known = StoppedPayments(rule)
        before = [*(each for each in stopped if each.at <= self._then), *stale.resubmits]
        for each in sorted(before, key=lambda each: each.at):
            self._known.note(each, self._then)

    def like(self, payment: Payment, now: datetime) -> Iterator[Stopped]:
        del now
        return self._known.like(payment, self._then)


def _payments(
    client: ClientOptions, topic: str, policy: Policy, stale: Iterable[Stale], read: PaymentReader
) -> list[tuple[Stale, Payment | None]]:
    stale = list(stale)
    with TopicLog(client, topic) as log:
        records = log.read_places(Place(one.event.partition, one.event.offset) for one in stale)
    return [
        (
            one,
            _payment(records.get(Place(one.event.partition, one.event.offset)), one.payment_id, policy, read),
        )
        for one in stale
    ]


def _payment(record: Record | None, payment_id: str, policy: Policy, read: PaymentReader) -> Payment | None:
    if record is None:
        return None
    try:
        payments = read(record.value, record.headers, policy.mappings)
    except PaymentError:
        return None
    return next((payment for payment in payments if payment.id == payment_id), None)


def _stopped_then(
    client: ClientOptions,
    topic: str,
    rule: StrippingRule,
    paid: Iterable[tuple[Stale, Payment | None]],
) -> list[Stopped]:
    """What the alerts say was stopped before these decisions, of these payments' amounts only."""
    amounts: set[Money] = set()
    oldest: datetime | None = None
    for one, payment in paid:
        if payment and (amount := money(payment.amount, payment.currency)):
            amounts.add(amount)
            oldest = min(oldest or one.decided_at, one.decided_at)
    if oldest is None or not rule.apply:
        return []
    since = (oldest - timedelta(hours=rule.window_hours)).timestamp()
    with TopicLog(client, topic) as log:
        return [
            stopped
            for record in log.read_all(log.spans(since))
            for stopped in _stopped_by(record)
            if (stopped.amount, stopped.currency) in amounts
        ]


def _stopped_by(record: Record) -> list[Stopped]:
    """Nothing where the record is no alert, as for a worker."""
    try:
        alert = alert_from_json(record.value)
        return [*stopped_of_alert(alert, datetime.fromtimestamp(record.time, UTC))] if alert else []
    except NOT_OURS:
        return []
