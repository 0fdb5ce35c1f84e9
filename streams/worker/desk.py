"""The agent: payments in, decisions out. One short loop, and the one function that decides a message."""

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import NamedTuple, cast

from screening.cases.dispositions import Dispositions
from screening.cases.repeats import Pairs, Repeat
from screening.cases.stopped import StoppedPayments
from screening.decisions import Decision, Outcome
from screening.hits.by_resubmission import stopped_by
from screening.judge import Judged, judged
from screening.payments import Payment, PaymentError, PaymentProblem, decode_payment
from screening.payments.model import Refusal
from screening.payments.registry.schemas import SchemaNeededError
from streams.console.feed import Feed
from streams.faust_internals.batches import Batch
from streams.kafka.topics import Topics
from streams.records.dead_letters import replaced
from streams.records.headers import LEFT_OUT, Headers, Received, dead_letter_headers, headers_of, part_header
from streams.records.json import CONTENT_TYPE, Origin, alert_to_json, decision_to_json
from streams.records.reduced import trace_headers
from streams.records.shapes import MoreOfAlert, MoreOfDecision, RepeatRecord
from streams.registry.fetching import SchemaRegistry
from streams.worker.barrier import Barrier
from streams.worker.budget import Budget, OverBudgetError
from streams.worker.delivery import Outbox, turns
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica
from streams.worker.shadow import Shadow
from streams.worker.tracing import Traces

log = logging.getLogger(__name__)

TURN_SECONDS = 0.02
"""Screening runs this long before the list replica, the heartbeats and the batch before get their turn."""
BATCH_SECONDS = 5.0
"""A batch that has taken so long is delivered as far as it has come: five hundred payments, each as dear as
one may be, took a minute, in which nothing was committed, and the worker ended itself, each time anew."""
MOST_BUDGETS = 10
"""The CPU time of all payments of one message, in budgets of one payment. A file of 1 MiB with realistic
payments takes five seconds, one made to hurt took six minutes."""
TURNS_TO_ASK = 3
"""Of the event loop, until the barrier's question is written to its connection and travels."""
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


@dataclass(frozen=True, slots=True)
class _Sent:
    """The results for one batch, on their way to the broker."""

    results: Sequence[Screened]
    decisions: int
    read_at: float
    read_ns: int
    """When it was taken: on the monotonic clock in seconds, and in Unix time."""
    delivered: Awaitable[None]


@dataclass(slots=True)
class ScreeningDesk:
    """Decides payments in batches; a batch is acknowledged when everything that it led to is on the
    broker."""

    replica: Replica
    barrier: Barrier
    outbox: Outbox
    topics: Topics
    metrics: Metrics
    feed: Feed
    traces: Traces | None = None
    dispositions: Dispositions = field(default_factory=Dispositions)
    pairs: Pairs = field(default_factory=Pairs)
    stopped: StoppedPayments = field(default_factory=StoppedPayments)
    shadow: Shadow | None = None
    registry: SchemaRegistry | None = None
    """Where schemas of Avro and Protobuf payments are fetched; while it is away a payment waits for it."""
    budget: Budget = field(default_factory=lambda: Budget(1.0))
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no batch is being decided."""
    decided: int = 0
    """Messages decided and acknowledged since the start; the watchdog looks at it."""
    turn_ends: float = 0.0
    _took: list[float] = field(default_factory=list, init=False)
    """Seconds inside the matcher of each payment since the last batch."""

    def __post_init__(self) -> None:
        self.idle.set()

    async def work(self, batches: AsyncIterator[Batch]) -> None:
        """Decide every batch while the one before is being delivered; acknowledge each when it is delivered,
        in order.

        Raises what the broker refuses, as an exception group; then nothing undelivered is acknowledged.
        """
        async with asyncio.TaskGroup() as deliveries:
            before: asyncio.Task[None] | None = None
            async for batch in batches:
                rest = batch.events
                while rest:
                    sent = await self._decide_and_send(Batch(rest).messages, before)
                    count = len(sent.results)
                    before = deliveries.create_task(self._acknowledge(Batch(rest[:count]), sent))
                    rest = rest[count:]

    async def answer(self, messages: Sequence[Received]) -> list[Screened]:
        """One result per message, as fresh as a worker's, for a caller that publishes it itself or not at
        all."""
        return await self._up_to_date(messages)

    async def _decide_and_send(self, batch: Sequence[Received], before: Awaitable[None] | None) -> _Sent:
        """Decide the messages of a batch, in order, for BATCH_SECONDS, and send the results once `before` is
        delivered."""
        self.idle.clear()
        try:
            read_at, read_ns = time.monotonic(), time.time_ns()
            self.metrics.batch_taken(len(batch), waited=time.time() - batch[0].timestamp)
            results = await self._up_to_date(batch, BATCH_SECONDS)
            if before is not None:
                await before
                await self._decide_again(results, self._read_to())
                await self._suppress_again(results)
            decisions = sum([self._publish(result, read_at) for result in results])
            return _Sent(results, decisions, read_at, read_ns, await self.outbox.dispatched())
        finally:
            self.idle.set()

    async def _acknowledge(self, batch: Batch, sent: _Sent) -> None:
        """Acknowledge once everything that a batch led to is on the broker."""
        await sent.delivered
        batch.acknowledge()
        seconds = time.monotonic() - sent.read_at
        self.metrics.acknowledged([seconds] * sent.decisions, _trace_id(sent.results[-1].message))
        if self.traces:
            decided = ((each.message, each.decisions) for each in sent.results)
            self.traces.record(decided, sent.read_ns, time.time_ns())
        self.decided += len(sent.results)

    async def _up_to_date(self, batch: Sequence[Received], seconds: float = float("inf")) -> list[Screened]:
        """Results that include everything that was on the list topic when the batch was taken, of the first
        messages and those for which there is time."""
        read_to = self._read_to()
        async with asyncio.TaskGroup() as asking:
            asked = asking.create_task(self.barrier.list_end())
            await turns(TURNS_TO_ASK)
            results = await self._in_turns(batch, seconds)
        self.metrics.parties_screened(*self.replica.screener.remembered_parties())
        self.metrics.screened(self._took)
        self._took.clear()
        list_end = asked.result()
        if self.replica.ends_before(list_end, read_to):
            await self.replica.reached(list_end)
            results = await self._in_turns([each.message for each in results])
        await self._decide_again(results, list_end)
        return results

    def _read_to(self) -> int:
        """The offset up to which the list is applied."""
        return self.replica.screener.lists.applied_to

    async def _decide_again(self, results: list[Screened], list_end: int) -> None:
        """Decide again the results whose list was not yet applied up to this offset."""
        for place, result in enumerate(results):
            while results[place].list_offset < list_end:
                await self.replica.reached(list_end)
                results[place] = await self._in_turn(result.message)
                self.metrics.decided_again()

    async def _suppress_again(self, results: list[Screened]) -> None:
        """Decide again the results that a disposition made clear, because it may have been withdrawn or
        expired by now."""
        for place, result in enumerate(results):
            if any(decision.suppressed for decision in result.decisions):
                results[place] = await self._in_turn(result.message)

    async def _in_turns(self, batch: Sequence[Received], seconds: float = float("inf")) -> list[Screened]:
        """The results of the first messages, at least one, and no further ones after so many seconds."""
        ends = time.monotonic() + seconds
        results = []
        for message in batch:
            results.append(await self._in_turn(message))
            if time.monotonic() > ends:
                break
        return results

    async def _in_turn(self, message: Received) -> Screened:
        """One result, once the list is complete."""
        while True:
            await self._turn()
            try:
                return await self._decide(message)
            except SchemaNeededError as needed:
                if self.registry is None:
                    raise
                await self.registry.fetch(needed.key)

    async def _turn(self) -> None:
        """Now and then the replica and the heartbeats go first; then the list may have to be waited for."""
        if time.monotonic() > self.turn_ends:
            await asyncio.sleep(0)
            self.turn_ends = time.monotonic() + TURN_SECONDS
        await self.replica.complete.wait()

    async def _decide(self, message: Received) -> Screened:
        """One message to its decisions; an unusable message gets an `error` decision and a dead letter."""
        list_offset = self._read_to()
        ignored: list[str] = []
        try:
            _check_whole(message)
            with self.budget:
                payments = decode_payment(
                    message.value,
                    None,
                    headers_of(message),
                    mappings=self.replica.screener.policy.mappings,
                    ignored=ignored.append,
                    schemas=self.registry.schemas if self.registry else None,
                )
            alone = len(payments) == 1
            decided = [self._judged(payments[0])] if alone else await self._each(payments)
            return Screened(message, min(list_offset, self._read_to()), decided, ignored=ignored)
        except PaymentError as error:
            problem = _bare(error)
        except SchemaNeededError:  # fetched by who asked, then decided
            raise
        except OverBudgetError:
            problem = PaymentError(*_too_slow("it", self.budget.seconds))
        except MemoryError:  # the machine's trouble, not the payment's: it comes again to a new worker
            raise
        except Exception as error:  # the one broad net: what raises here would crash the worker for ever
            _log_without_message(error)
            problem = PaymentError(
                PaymentProblem.INTERNAL, f"{type(error).__name__} in the screener; report it"
            )
        payment_id = problem.payment_id or _fallback_id(message, problem.problem)
        decision = self.replica.screener.refuse(payment_id, str(problem), message.value)
        refused = Refused(problem, decision, _now())
        return Screened(message, min(list_offset, self._read_to()), refused=refused)

    async def _each(self, payments: Sequence[Payment]) -> list[Decided]:
        """The decisions on the payments of one message, which have a budget together."""
        decided, left = list[Decided](), MOST_BUDGETS * self.budget.seconds
        for payment in payments:
            await self._turn()
            began = time.thread_time()
            decided.append(self._judged(payment) if left > 0 else self._too_late(payment))
            left -= time.thread_time() - began
        return decided

    def _judged(self, payment: Payment) -> Decided:
        """The payment's decision; if it is stopped, it is remembered for the payments after it."""
        screener, now, started = self.replica.screener, _now(), time.perf_counter()
        try:
            with self.budget:
                found = judged(payment, screener, self.stopped, self.dispositions, now)
        except OverBudgetError:
            log.error("a payment took more than its budget of CPU time; it is a dead letter now")
            refused = screener.screen(payment._replace(refused=_too_slow("it", self.budget.seconds)))
            found = Judged(refused, refused)
        self._took.append(time.perf_counter() - started)
        for stopped in stopped_by(payment, found.decision, now):
            self.stopped.note(stopped, now)
        return Decided(payment, found.decision, found.screened, now)

    def _too_late(self, payment: Payment) -> Decided:
        """The decision on a payment behind others of its message that took all of its time."""
        others = _too_slow("what stands before it in its message", MOST_BUDGETS * self.budget.seconds)
        refused = self.replica.screener.screen(payment._replace(refused=others))
        return Decided(payment, refused, refused, _now())

    def _publish(self, result: Screened, read_at: float) -> int:
        """Send every record that a result leads to; returns the number of decisions."""
        given = headers_of(result.message)
        headers = JSON + trace_headers(given)  # the W3C trace context goes on with what a payment leads to
        event = origin(result.message)
        for mapping in result.ignored:
            self.metrics.event_ignored(mapping)
        if result.refused:
            self._refuse(result.message, result.refused, headers, event, read_at)
            return 1
        errors = [each for each in result.decisions if each.outcome is Outcome.ERROR]
        if errors:
            self._keep_undecided(result.message, errors)
        more = replaced(given)
        count = len(result.decided)
        for number, each in enumerate(result.decided, 1):
            own = [*headers, part_header(number, count)]
            self._publish_decision(each, own, event, read_at, more)
            if self.shadow and each.screened.outcome is not Outcome.ERROR:
                self.shadow.offer(each.payment, each.screened, self.replica.screener)
        return len(result.decided)

    def _keep_undecided(self, message: Received, errors: Sequence[Decision]) -> None:
        """One dead letter for a message with payments that could not be screened, however many of them."""
        code, _, detail = errors[0].error.partition(": ")
        problem = PaymentProblem(code) if code in _PROBLEMS else PaymentProblem.INTERNAL
        if len(errors) > 1:
            detail += f"; {len(errors) - 1} more payments of this message are refused"
        self.outbox.keep(
            self.topics.dead_letters,
            message.key,
            message.value,
            dead_letter_headers(message, problem, detail, VERSION, errors[0].decision_id),
        )
        self.metrics.dead_lettered(problem)

    def _publish_decision(
        self,
        decided: Decided,
        headers: Headers,
        event: Origin,
        read_at: float,
        more: MoreOfDecision,
    ) -> None:
        payment, decision, _, now = decided
        seconds = time.monotonic() - read_at
        key, alerted = decision.payment_id.encode(), None
        if decision.outcome is Outcome.HIT:
            known = self.pairs.repeats(decision)
            repeats: MoreOfAlert = {"repeats": _repeats(known)} if known else {}
            told = cast(MoreOfAlert, {**repeats, **more})
            alert = alert_to_json(decision, payment, now, seconds * 1000, event, **told)
            alerted = self.outbox.send(self.topics.alerts, key, alert, headers)
            self.feed.alert(alert)
        if self._is_published(payment, decision):
            value = decision_to_json(decision, now, seconds * 1000, event, **more)
            self.outbox.send(self.topics.decisions, key, value, headers, alerted)
        self.metrics.payment_decided(payment.format, decision)
        self.feed.decided(decision.outcome, seconds)

    def _is_published(self, payment: Payment, decision: Decision) -> bool:
        """Whether a decision is published: the policy may leave out clear ones, unless a hit was
        suppressed."""
        bare = decision.outcome is Outcome.CLEAR and not decision.suppressed
        return not bare or self.replica.screener.policy.clear.publishes(payment.rail)

    def _refuse(
        self,
        message: Received,
        refused: Refused,
        headers: Headers,
        event: Origin,
        read_at: float,
    ) -> None:
        (error, decision, at), seconds = refused, time.monotonic() - read_at
        self.outbox.keep(
            self.topics.dead_letters,
            message.key,
            message.value,
            dead_letter_headers(message, error.problem, error.detail, VERSION, decision.decision_id),
        )
        self.outbox.send(
            self.topics.decisions,
            decision.payment_id.encode(errors="replace"),
            decision_to_json(decision, at, seconds * 1000, event, **replaced(headers_of(message))),
            [*headers, part_header(1, 1)],
        )
        self.metrics.dead_lettered(error.problem)
        self.metrics.decided("other", Outcome.ERROR)
        self.feed.decided(Outcome.ERROR, seconds)


def _now() -> datetime:
    """To the millisecond, as a decision's record says it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _too_slow(what: str, seconds: float) -> Refusal:
    took = f"{what} took more than {seconds:g} s of CPU time; screen it by hand, and report it"
    return Refusal(PaymentProblem.TOO_SLOW, took)


def _bare(error: PaymentError) -> PaymentError:
    """The error without the calls that it came from: they hold the message, and this one holds the error, so
    that only a collection of garbage would free them."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error


def _check_whole(message: Received) -> None:
    """Raises PaymentError for a record whose batch was too large to be read (`decompression`)."""
    if message.value is None:
        most = dict(headers_of(message)).get(LEFT_OUT)
        if most is not None:
            detail = f"its batch holds more than {most.decode()} bytes uncompressed; send smaller batches"
            raise PaymentError(PaymentProblem.TOO_LARGE, detail)


def _log_without_message(error: Exception) -> None:
    """Log where a defect is, but not its message: that may quote the payment, and logs hold no personal
    data."""
    log.error(
        "a payment could not be screened; it is a dead letter now: %s\n%s",
        type(error).__name__,
        "".join(traceback.format_tb(error.__traceback__)),
    )


def origin(message: Received) -> Origin:
    """Where a payment's event is on its topic, by which a replay, an audit and `recheck` find it."""
    return Origin(message.topic, message.partition, message.offset, int(message.timestamp * 1000))


def _trace_id(message: Received) -> str | None:
    """The 32 hex digits of a `traceparent` (`00-TRACE-SPAN-01`), by which a slow payment can be found."""
    for name, value in trace_headers(headers_of(message)):
        if name == "traceparent" and len(parts := value.decode(errors="replace").split("-")) == 4:
            return parts[1]
    return None


def _fallback_id(message: Received, problem: PaymentProblem) -> str:
    """The name of a payment whose own id cannot be read: the record's key, or else its place in the topic.

    A record without a value does not get the name in its key: a tombstone is not the payment that it deletes,
    and its error must not pass for that payment's decision.
    """
    key = "" if problem is PaymentProblem.EMPTY else (message.key or b"").decode(errors="replace")
    return key or f"{message.topic}-{message.partition}-{message.offset}"


def _repeats(known: Mapping[str, Repeat]) -> dict[str, RepeatRecord]:
    return {
        alert_id: {"first_alert_id": repeat.first_alert_id, "number": repeat.number}
        for alert_id, repeat in known.items()
    }
