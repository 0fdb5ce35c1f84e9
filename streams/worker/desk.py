"""The agent: payments in, decisions out. One short loop, and the one function that decides a message."""

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from screening.cases.dispositions import Dispositions
from screening.cases.stopped import StoppedPayments
from screening.hits.by_resubmission import stopped_by
from screening.judge import Judged, judged
from screening.payments import Payment, PaymentError, PaymentProblem, decode_payment
from screening.payments.model import Refusal
from screening.payments.registry.schemas import SchemaNeededError
from streams.faust_internals.batches import Batch
from streams.records.headers import LEFT_OUT, Received, headers_of
from streams.records.reduced import trace_headers
from streams.registry.fetching import SchemaRegistry
from streams.worker.barrier import Barrier
from streams.worker.budget import Budget, OverBudgetError
from streams.worker.delivery import turns
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.turns import Turn
from streams.worker.results import Decided, Publication, Refused, Screened
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
    publication: Publication
    metrics: Metrics
    traces: Traces | None = None
    dispositions: Dispositions = field(default_factory=Dispositions)
    stopped: StoppedPayments = field(default_factory=StoppedPayments)
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
            screener, turn = self.replica.screener, Turn()
            decisions = sum(
                [await self.publication.publish(each, screener, read_at, turn) for each in results]
            )
            delivered = await self.publication.outbox.dispatched()
            return _Sent(results, decisions, read_at, read_ns, delivered)
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
