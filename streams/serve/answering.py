"""Answers requests with a worker's desk, list replica and proof of freshness, without a consumer group."""

import asyncio
import logging
import signal
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from mode import Service

from config.settings import Settings
from screening.decisions import Hit, Outcome
from screening.designations import Designation
from screening.policy.rules import Policy
from streams.audit.chain import Chain
from streams.audit.key import audit_key
from streams.console.feed import Feed
from streams.faust_internals.patches import patch_aiokafka
from streams.kafka.connection import aiokafka_options
from streams.kafka.topics import Topics
from streams.records.dispositions import suppression_rules
from streams.records.headers import Headers
from streams.records.json import CONTENT_TYPE, alert_to_json, decision_to_json
from streams.records.shapes import DecisionRecord
from streams.worker.barrier import Barrier
from streams.worker.budget import Budget
from streams.worker.delivery import Outbox
from streams.worker.desk import Screened, ScreeningDesk
from streams.worker.kept import KeptTables
from streams.worker.metrics import Metrics
from streams.worker.proved_list import proved_list
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.stopped import StoppedReplica

log = logging.getLogger(__name__)

MOST_WAITING = 1_000
"""Requests in memory at once; each is at most as large as a body may be."""
MOST_TOGETHER = 16
"""Requests that share one proof that the list is the newest; the first of them waits for the last."""
STOP_SECONDS = 10.0
"""What is still being recorded or read when the process ends is left after so long, all in all."""
LOOK_SECONDS = 1.0
"""How soon it is noticed that a part of the process has failed."""
RETRY_SECONDS = 1.0
"""Until a broker that does not answer is asked again for a connection to record by."""


@dataclass(frozen=True, slots=True)
class Request:
    """A payment from an HTTP request, in the form in which the desk takes messages."""

    value: bytes
    headers: Headers = field(default_factory=list)
    topic: str = "http"
    partition: int = 0
    offset: int = 0
    timestamp: float = 0.0

    @property
    def key(self) -> bytes:
        """The name of a payment whose own id cannot be read: the same for the same bytes, and no other's."""
        return b"http-" + sha256(self.value).hexdigest()[:32].encode()


class _ToRecord(NamedTuple):
    """A result with its latency, what is done once it is on its topics, and when nobody waits for that any
    more."""

    result: Screened
    latency_ms: float
    recorded: asyncio.Future[None]
    until: float


class _Waiting(NamedTuple):
    """A request, its answer once there is one, and when nobody waits for it any more (`time.monotonic`)."""

    request: Request
    answer: asyncio.Future[Screened]
    until: float


class NotReadyError(RuntimeError):
    """No payment may be decided now; the text says why."""


class LateError(RuntimeError):
    """Nobody waits for this decision any more: it is neither taken nor recorded."""


class Answering:
    """Decides payments that come one by one; `start` returns at once, and `reasons` says what is missing."""

    def __init__(self, settings: Settings, policy: Policy, *, record: bool = False) -> None:
        client, topics = aiokafka_options(settings), Topics(settings.topic_prefix)
        patch_aiokafka()
        self.metrics = Metrics()
        self._client = client
        self._topics = topics
        self._barrier = Barrier(topics.designations, client)
        self._replica = proved_list(settings, policy, self._barrier, self.metrics, Feed())
        self._dispositions = DispositionReplica(
            topics.dispositions,
            client=client,
            metrics=self.metrics,
            rules=suppression_rules(settings),
            on_unreadable=self.metrics.unreadable_of(topics.dispositions),
        )
        self._stopped = StoppedReplica(
            topics.alerts,
            policy.stripping,
            client,
            self.metrics,
            on_unreadable=self.metrics.unreadable_of(topics.alerts),
        )
        self._records = record
        self._producer: AIOKafkaProducer | None = None
        self._audit_key = audit_key(settings)
        self._outbox = self._new_outbox()
        self._to_record: list[_ToRecord] = []
        self._one_delivery = asyncio.Lock()
        self._desk = ScreeningDesk(
            self._replica,
            self._barrier,
            self._outbox,
            topics,
            self.metrics,
            Feed(),
            dispositions=self._dispositions.known,
            stopped=self._stopped.known,
        )
        self._desk.budget = Budget(settings.payment_budget_seconds)
        self._services: tuple[Service, ...] = (
            KeptTables((topics.designations, topics.dispositions), client, self.metrics),
            self._barrier,
            self._replica,
            self._dispositions,
            self._stopped,
        )
        self._starting: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._ending = self._was_ready = False
        self._deciding: set[asyncio.Task[list[DecisionRecord]]] = set()
        self._one_at_a_time = asyncio.Lock()
        self._waiting: deque[_Waiting] = deque()

    async def start(self) -> None:
        """Begin to read the list; payments are refused until it is proved complete."""
        self._desk.budget.start()
        self._starting = asyncio.create_task(self._start_services())
        self._watching = asyncio.create_task(self._end_when_failed())

    async def _start_services(self) -> None:
        for service in self._services:
            if not self._ending:
                await service.start()
        while self._records and not self._ending and not self._producer:
            await self._connect()

    async def _connect(self) -> None:
        """Open what records decisions; a broker that does not answer is asked again."""
        producer = AIOKafkaProducer(**self._client, acks="all")  # see `Outbox`
        try:
            await producer.start()
        except KafkaError as error:
            log.warning("no decision can be recorded yet: %r", error)
            await producer.stop()
            await asyncio.sleep(RETRY_SECONDS)
        else:
            self._producer = producer

    async def stop(self) -> None:
        """Stop in order: what was to be recorded is on the broker afterwards, if it answers in time."""
        self._desk.budget.stop()
        if self._watching:
            self._watching.cancel()
        self._ending = True
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._stop()
        except TimeoutError:
            log.warning("the broker does not answer: what it has not acknowledged may not be recorded")

    async def _stop(self) -> None:
        if self._deciding:
            await asyncio.wait(self._deciding)
        for service in reversed(self._services):
            await service.stop()
        if self._starting:
            await asyncio.wait((self._starting,))
        if self._producer:
            await self._outbox.last_checkpoint()
            await self._producer.stop()

    @property
    def failure(self) -> str:
        """Why this process can decide nothing before it is started again; empty if it can go on."""
        crashed = [repr(service.crash_reason) for service in self._services if service.crashed]
        if crashed:
            return f"a service of this process failed, start it again: {crashed[0]}"
        if self._starting and self._starting.done() and (failed := self._starting.exception()):
            return f"this process could not start: {failed!r}"
        return ""

    async def _end_when_failed(self) -> None:
        """End as by a SIGTERM when a part has failed: a supervisor starts the process again, and nothing else
        does."""
        while not self.failure:  # noqa: ASYNC110  a crash has no event of its own
            await asyncio.sleep(LOOK_SECONDS)
        log.error("%s", self.failure)
        signal.raise_signal(signal.SIGTERM)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why no payment may be decided; empty if one may."""
        if failure := self.failure:
            return (failure,)
        waits = (
            *self._replica.reasons,
            *filter(None, (self._barrier.reason, self._replica.behind)),
            *filter(None, (self._dispositions.missing, self._stopped.missing)),
        )
        if waits:
            return tuple(waits)
        return () if self._starting and self._starting.done() else ("still starting",)

    async def decide(
        self, request: Request, record: bool = False, *, within: float = float("inf")
    ) -> list[DecisionRecord]:
        """The decisions on a request's payments, in the form of the decisions topic.

        Waits while the list is not proved complete. With `record` they, and alerts of hits, are on their
        topics when it returns. Raises LateError for what is not decided `within` so many seconds.
        """
        began, until = time.perf_counter(), time.monotonic() + within
        result = await self._answered(request, until)
        if time.monotonic() > until:
            raise LateError
        latency_ms = (time.perf_counter() - began) * 1000
        for payment, decision in result.decided:
            self.metrics.payment_decided(payment.format, decision)
        if result.refused:
            self.metrics.decided("other", Outcome.ERROR)
        if record:
            await self._record(result, latency_ms, until)
        return [_loaded(decision_to_json(decision, result.at, latency_ms)) for decision in result.decisions]

    async def _answered(self, request: Request, until: float) -> Screened:
        """The desk's result. Requests that arrive while others are being answered share one proof of
        freshness.

        The holder of the lock answers the first requests that wait, including its own: each holder before it
        has answered at least one, and the lock is given in the order of arrival.
        """
        answer: asyncio.Future[Screened] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, answer, until))
        async with self._one_at_a_time:
            if not answer.done():
                await self._answer_waiting()
        return await answer

    async def _answer_waiting(self) -> None:
        taken, now = list[_Waiting](), time.monotonic()
        while self._waiting and len(taken) < MOST_TOGETHER:
            each = self._waiting.popleft()
            if now > each.until:
                each.answer.set_exception(LateError())
            else:
                taken.append(each)
        try:
            if taken:
                await self._answer(taken)
        except BaseException:  # this request is given up; who comes next answers the others
            self._waiting.extendleft(reversed([each for each in taken if not each.answer.done()]))
            raise

    async def _answer(self, taken: Sequence[_Waiting]) -> None:
        try:
            results = await self._desk.answer([each.request for each in taken])
        except Exception as error:
            if len(taken) == 1:
                taken[0].answer.set_exception(error)
            else:  # one that raises must not be the answer of those beside it
                for each in taken:
                    await self._answer([each])
        else:
            for each, result in zip(taken, results, strict=True):
                each.answer.set_result(result)

    async def decided_within(
        self, seconds: float, request: Request, record: bool = False
    ) -> list[DecisionRecord] | None:
        """Like `decide`; None if that takes longer. What is being recorded then goes on, because breaking it
        off would leave half an answer; what is not decided by then is not recorded.

        It waits for a list that is just being renewed. Raises NotReadyError if the list does not become
        complete in that time, while the process starts, and if too many requests are waiting already.
        """
        if not self._was_ready:
            self._check_ready()
        if len(self._deciding) >= MOST_WAITING:
            raise NotReadyError(f"{MOST_WAITING} requests wait already; ask another server, or later")
        task = asyncio.create_task(self.decide(request, record, within=seconds))
        self._deciding.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait((task,), timeout=seconds)
        if not done:
            self._check_ready()
        return task.result() if done else None

    def _ended(self, task: asyncio.Task[list[DecisionRecord]]) -> None:
        """Log what no caller may be left to be answered with."""
        self._deciding.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, LateError):
            log.warning("a payment was not decided, or not recorded: %r", error)

    def match(self, name: str, kind: str | None) -> list[Hit]:
        """What the name hits, best first. Raises NotReadyError."""
        self._check_ready()
        with self._desk.budget:
            return self._replica.screener.match(name, kind=kind)

    def designation(self, designation_id: str) -> Designation | None:
        """One designation in force. Raises NotReadyError."""
        self._check_ready()
        return self._replica.screener.get(designation_id)

    def lists(self) -> Mapping[str, Mapping[str, object]]:
        """Each list in force, with its version and its count."""
        return self._replica.status()

    def _check_ready(self) -> None:
        if reasons := self.reasons:
            raise NotReadyError("; ".join(reasons))
        self._was_ready = True

    async def _record(self, result: Screened, latency_ms: float, until: float) -> None:
        """Returns once the result is on its topics. Raises LateError where those before it took too long.

        Results that come while others are being delivered go together, after those: an outbox gives its seals
        in order, and takes one delivery at a time.
        """
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._to_record.append(_ToRecord(result, latency_ms, recorded, until))
        async with self._one_delivery:
            if not recorded.done():
                await self._record_waiting()
        await recorded

    async def _record_waiting(self) -> None:
        now, taken = time.monotonic(), list[_ToRecord]()
        for each in self._to_record:
            if now > each.until:
                each.recorded.set_exception(LateError())
            else:
                taken.append(each)
        self._to_record = []
        try:
            for each in taken:
                self._send(each.result, each.latency_ms)
            await self._outbox.delivered()
        except Exception as error:
            self._outbox = self._new_outbox()  # seals were given for what may never be on its topic
            for each in taken:
                each.recorded.set_exception(error)
        else:
            for each in taken:
                each.recorded.set_result(None)

    def _send(self, result: Screened, latency_ms: float) -> None:
        for payment, decision in result.decided:
            key, alerted = decision.payment_id.encode(errors="replace"), None
            if decision.outcome is Outcome.HIT:
                alert = alert_to_json(decision, payment, result.at, latency_ms)
                alerted = self._outbox.send(self._topics.alerts, key, alert, [CONTENT_TYPE])
            value = decision_to_json(decision, result.at, latency_ms)
            self._outbox.send(self._topics.decisions, key, value, [CONTENT_TYPE], alerted)
        if result.refused:
            _, decision = result.refused
            key = decision.payment_id.encode(errors="replace")
            value = decision_to_json(decision, result.at, latency_ms)
            self._outbox.send(self._topics.decisions, key, value, [CONTENT_TYPE])

    def _new_outbox(self) -> Outbox:
        return Outbox(self._recording, Chain(self._audit_key, "serve"), self._topics.audit)

    def _recording(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise NotReadyError("this server does not record; start it with --record")
        return self._producer


def _loaded(value: bytes) -> DecisionRecord:
    loaded: DecisionRecord = orjson.loads(value)
    return loaded
