"""What a message came to, and the records that say so."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import NamedTuple, cast

from screening.cases.repeats import Pairs, Repeat
from screening.decisions import Decision, Outcome
from screening.payments import Payment, PaymentError, PaymentProblem
from screening.screener import Screener
from streams.console.feed import Feed
from streams.kafka.topics import Topics
from streams.records.dead_letters import replaced
from streams.records.headers import Headers, Received, dead_letter_headers, headers_of, part_header
from streams.records.json import CONTENT_TYPE, Origin, alert_to_json, decision_to_json
from streams.records.reduced import trace_headers
from streams.records.shapes import MoreOfAlert, MoreOfDecision, RepeatRecord
from streams.worker.delivery import Outbox
from streams.worker.metrics import Metrics
from streams.worker.replicas.turns import Turn
from streams.worker.shadow import Shadow

VERSION = version("interdict")
JSON: Headers = [CONTENT_TYPE]
_PROBLEMS = frozenset(PaymentProblem)


class Decided(NamedTuple):
    """A payment of a message."""

    payment: Payment
    decision: Decision
    screened: Decision
    """By list and policy alone, before resubmissions and dispositions are looked at."""
    at: datetime
    """When it was decided: dispositions and stopped payments count as of then, also in a replay."""


class Refused(NamedTuple):
    """Why a message could not be read, and the decision that says so."""

    error: PaymentError
    decision: Decision
    at: datetime


class Screened(NamedTuple):
    """The result for one message, not yet published: its payments decided, or why it was refused."""

    message: Received
    list_offset: int
    """The list was applied up to here, at least, when it was decided."""
    decided: Sequence[Decided] = ()
    refused: Refused | None = None
    ignored: Sequence[str] = ()
    """The mappings that said of an event, or of a part of it, that it is no payment."""

    @property
    def said(self) -> Sequence[Decided | Refused]:
        """What is said of it: of each of its payments, or of itself."""
        return (self.refused,) if self.refused else self.decided

    @property
    def decisions(self) -> list[Decision]:
        return [each.decision for each in self.said]


class _Shared(NamedTuple):
    """What all records that one message leads to have in common."""

    headers: Headers
    event: Origin
    more: MoreOfDecision
    read_at: float


@dataclass(slots=True)
class Publication:
    """Sends each result's decisions, alerts and dead letters to their topics; the outbox says when they are
    on the broker."""

    outbox: Outbox
    topics: Topics
    metrics: Metrics
    feed: Feed
    pairs: Pairs = field(default_factory=Pairs)
    shadow: Shadow | None = None

    async def publish(self, result: Screened, screener: Screener, read_at: float, turn: Turn) -> int:
        """Send every record that a result leads to; returns the number of decisions.

        `screener`: what it was decided with. `read_at`: when its batch was read, on the monotonic clock.
        `turn`: passed on between two payments, because one message may have thousands that hit.
        """
        for mapping in result.ignored:
            self.metrics.event_ignored(mapping)
        shared = _shared(result.message, read_at)
        if result.refused:
            self._refuse(result.message, result.refused, shared)
            return 1
        errors = [each for each in result.decisions if each.outcome is Outcome.ERROR]
        if errors:
            self._keep_undecided(result.message, errors)
        count = len(result.decided)
        for number, each in enumerate(result.decided, 1):
            await turn.pass_on_when_over()
            self._publish_decision(each, part_header(number, count), shared, screener)
            if self.shadow and each.screened.outcome is not Outcome.ERROR:
                self.shadow.offer(each.payment, each.screened, screener)
        return count

    def _publish_decision(
        self, decided: Decided, part: tuple[str, bytes], shared: _Shared, screener: Screener
    ) -> None:
        payment, decision, _, now = decided
        headers, event, more, read_at = shared
        seconds = time.monotonic() - read_at
        key, own, alerted = decision.payment_id.encode(), [*headers, part], None
        if decision.outcome is Outcome.HIT:
            known = self.pairs.repeats(decision)
            repeats: MoreOfAlert = {"repeats": _repeats(known)} if known else {}
            told = cast(MoreOfAlert, {**repeats, **more})
            alert = alert_to_json(decision, payment, now, seconds * 1000, event, **told)
            alerted = self.outbox.send(self.topics.alerts, key, alert, own)
            self.feed.alert(alert)
        if _is_published(payment, decision, screener):
            value = decision_to_json(decision, now, seconds * 1000, event, **more)
            self.outbox.send(self.topics.decisions, key, value, own, alerted)
        self.metrics.payment_decided(payment.format, decision)
        self.feed.decided(decision.outcome, seconds)

    def _keep_undecided(self, message: Received, errors: Sequence[Decision]) -> None:
        """One dead letter for a message with payments that could not be screened, however many of them."""
        code, _, detail = errors[0].error.partition(": ")
        problem = PaymentProblem(code) if code in _PROBLEMS else PaymentProblem.INTERNAL
        if len(errors) > 1:
            detail += f"; {len(errors) - 1} more payments of this message are refused"
        self._keep(message, problem, detail, errors[0])

    def _refuse(self, message: Received, refused: Refused, shared: _Shared) -> None:
        error, decision, at = refused
        headers, event, more, read_at = shared
        seconds = time.monotonic() - read_at
        self._keep(message, error.problem, error.detail, decision)
        self.outbox.send(
            self.topics.decisions,
            decision.payment_id.encode(errors="replace"),
            decision_to_json(decision, at, seconds * 1000, event, **more),
            [*headers, part_header(1, 1)],
        )
        self.metrics.decided("other", Outcome.ERROR)
        self.feed.decided(Outcome.ERROR, seconds)

    def _keep(self, message: Received, problem: PaymentProblem, detail: str, decision: Decision) -> None:
        """The dead letter of a message, with the decision that says why."""
        headers = dead_letter_headers(message, problem, detail, VERSION, decision.decision_id)
        self.outbox.keep(self.topics.dead_letters, message.key, message.value, headers)
        self.metrics.dead_lettered(problem)


def _shared(message: Received, read_at: float) -> _Shared:
    given = headers_of(message)
    headers = JSON + trace_headers(given)  # the W3C trace context goes on with what a payment leads to
    return _Shared(headers, origin(message), replaced(given), read_at)


def _is_published(payment: Payment, decision: Decision, screener: Screener) -> bool:
    """Whether a decision is published: the policy may leave out clear ones, unless a hit was suppressed."""
    bare = decision.outcome is Outcome.CLEAR and not decision.suppressed
    return not bare or screener.policy.clear.publishes(payment.rail)


def origin(message: Received) -> Origin:
    """Where a payment's event is on its topic, by which a replay, an audit and `recheck` find it."""
    return Origin(message.topic, message.partition, message.offset, int(message.timestamp * 1000))


def _repeats(known: Mapping[str, Repeat]) -> dict[str, RepeatRecord]:
    return {
        alert_id: {"first_alert_id": repeat.first_alert_id, "number": repeat.number}
        for alert_id, repeat in known.items()
    }
