"""The agent: payments in, decisions out. One short loop, and the one function that decides a message."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from faust.types import Message

from screening.decisions import Decision, Outcome
from screening.payments import Payment, PaymentError, PaymentProblem, decode_payment
from screening.screener import Screener
from streams.console.feed import Feed
from streams.delivery import Headers, Outbox, dead_letter_headers, headers_of
from streams.metrics import Metrics
from streams.replica import Replica
from streams.topics import Topics
from streams.wire import alert_to_json, decision_to_json

log = logging.getLogger(__name__)

TURN_SECONDS = 0.02
"""Screening runs this long before the list replica and the heartbeats get their turn."""
VERSION = version("interdict")
JSON: Headers = [("content-type", b"application/json")]


@dataclass(slots=True)
class ScreeningDesk:
    """Where a batch of payments is decided; everything it leads to is on the broker when `decide` returns."""

    replica: Replica
    outbox: Outbox
    topics: Topics
    metrics: Metrics
    feed: Feed
    decided: int = 0
    """Messages decided and acknowledged since the start; the watchdog looks at it."""

    async def decide(self, batch: Sequence[Message]) -> None:
        """Decide every message of a batch, in order. Raises when the broker refuses a record."""
        read_at = time.monotonic()
        self.metrics.batch_taken(len(batch), waited=time.time() - batch[0].timestamp)
        turn_ends = read_at + TURN_SECONDS
        decisions = 0
        for message in batch:
            await self.replica.complete.wait()
            decisions += await self._decide(message, read_at)
            if time.monotonic() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = time.monotonic() + TURN_SECONDS
        await self.outbox.delivered()
        seconds = time.monotonic() - read_at
        self.metrics.acknowledged([seconds] * decisions, _trace_id(batch[-1]))
        self.decided += len(batch)

    async def _decide(self, message: Message, read_at: float) -> int:
        """One message to its decisions; whatever goes wrong becomes a dead letter and an `error` decision."""
        screener = self.replica.screener
        try:
            payments = decode_payment(_value(message), _content_type(message))
            screened = [(payment, self._screen(screener, payment)) for payment in payments]
        except PaymentError as error:
            await self._refuse(message, screener, error, read_at)
            return 1
        except Exception as error:  # the one broad net: what raises here would crash the worker for ever
            log.exception("a payment could not be screened; it is a dead letter now")
            internal = PaymentError(
                PaymentProblem.INTERNAL, f"{type(error).__name__} in the screener; report it"
            )
            await self._refuse(message, screener, internal, read_at)
            return 1
        headers = JSON + _trace(message)
        for payment, decision in screened:
            await self._publish(payment, decision, headers, read_at)
        return len(screened)

    def _screen(self, screener: Screener, payment: Payment) -> Decision:
        started = time.perf_counter()
        decision = screener.screen(payment)
        self.metrics.screened(time.perf_counter() - started)
        return decision

    async def _publish(self, payment: Payment, decision: Decision, headers: Headers, read_at: float) -> None:
        now, seconds = datetime.now(UTC), time.monotonic() - read_at
        key = payment.id.encode()
        if decision.outcome is Outcome.HIT:
            alert = alert_to_json(decision, payment, now, seconds * 1000)
            await self.outbox.send(self.topics.alerts, key, alert, headers)
            self.feed.alert(alert)
            for hit in decision.hits:
                self.metrics.hit(hit.designation.source, hit.role, hit.action, hit.score)
        await self.outbox.send(
            self.topics.decisions, key, decision_to_json(decision, now, seconds * 1000), headers
        )
        self.metrics.decided(payment.format, decision.outcome)
        self.feed.decided(decision.outcome, seconds)

    async def _refuse(
        self, message: Message, screener: Screener, error: PaymentError, read_at: float
    ) -> None:
        now, seconds = datetime.now(UTC), time.monotonic() - read_at
        decision = screener.refuse(error.payment_id or _fallback_id(message), str(error))
        await self.outbox.keep(
            self.topics.dead_letters,
            message.key,
            message.value,
            dead_letter_headers(message, error.problem, error.detail, VERSION),
        )
        await self.outbox.send(
            self.topics.decisions,
            decision.payment_id.encode(errors="replace"),
            decision_to_json(decision, now, seconds * 1000),
            JSON + _trace(message),
        )
        self.metrics.dead_lettered(error.problem)
        self.metrics.decided("other", Outcome.ERROR)
        self.feed.decided(Outcome.ERROR, seconds)


def _value(message: Message) -> bytes:
    if message.value is None:
        raise PaymentError(PaymentProblem.EMPTY, "the record has no value; send a payment event")
    return message.value


def _content_type(message: Message) -> str | None:
    found = [value for name, value in headers_of(message) if name.lower() == "content-type"]
    return found[0].decode(errors="replace") if found else None


def _trace(message: Message) -> Headers:
    """The W3C trace context goes on with what a payment leads to."""
    return [(name, value) for name, value in headers_of(message) if name in ("traceparent", "tracestate")]


def _trace_id(message: Message) -> str | None:
    """The 32 hex digits of a `traceparent` (`00-TRACE-SPAN-01`), by which a slow payment is found again."""
    for name, value in _trace(message):
        if name == "traceparent" and len(parts := value.decode(errors="replace").split("-")) == 4:
            return parts[1]
    return None


def _fallback_id(message: Message) -> str:
    """What names a payment whose own id cannot be read: the record's key, else its place in the topic."""
    key = (message.key or b"").decode(errors="replace")
    return key or f"{message.topic}-{message.partition}-{message.offset}"
