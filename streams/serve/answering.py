"""Answers requests with a worker's desk, list replica and proof of freshness, without a consumer group."""

import asyncio
import logging
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import orjson
from mode import Service

from config.settings import Settings
from screening.decisions import Hit, Outcome
from screening.designations import Designation
from screening.policy.rules import Policy
from streams.audit.key import audit_key
from streams.console.feed import Feed
from streams.faust_internals.patches import patch_aiokafka
from streams.kafka.connection import aiokafka_options
from streams.kafka.topics import Topics
from streams.records.dispositions import suppression_rules
from streams.records.headers import Headers
from streams.records.json import decision_to_json
from streams.records.shapes import DecisionRecord
from streams.serve.errors import LateError, NotReadyError
from streams.serve.recording import Recording
from streams.serve.together import Caller, Together
from streams.worker.barrier import Barrier
from streams.worker.budget import Budget
from streams.worker.desk import ScreeningDesk
from streams.worker.kept import KeptTables
from streams.worker.metrics import Metrics
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.proved_list import proved_list
from streams.worker.replicas.stopped import StoppedReplica
from streams.worker.replicas.turns import Turn
from streams.worker.results import Publication, Screened

log = logging.getLogger(__name__)

MOST_WAITING = 1_000
"""Requests in memory at once; each is at most as large as a body may be."""
MOST_TOGETHER = 16
"""Requests that share one proof that the list is the newest; the first of them waits for the last."""
STOP_SECONDS = 10.0
"""What is still being recorded or read when the process ends is left after so long, all in all."""
LOOK_SECONDS = 1.0
"""How soon it is noticed that a part of the process has failed."""


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


class Answering:
    """Decides payments that come one by one; `start` returns at once, and `reasons` says what is missing."""

    def __init__(self, settings: Settings, policy: Policy, *, record: bool = False) -> None:
        client, topics = aiokafka_options(settings), Topics(settings.topic_prefix)
        patch_aiokafka()
        self.metrics = Metrics()
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
        self._recording = Recording(client, topics, audit_key(settings))
        self._desk = ScreeningDesk(
            self._replica,
            self._barrier,
            Publication(self._recording.outbox, topics, self.metrics, Feed()),
            self.metrics,
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
        self._waiting: Together[Request, Screened] = Together(self._answer, MOST_TOGETHER)

    async def start(self) -> None:
        """Begin to read the list; payments are refused until it is proved complete."""
        self._desk.budget.start()
        self._starting = asyncio.create_task(self._start_services())
        self._watching = asyncio.create_task(self._end_when_failed())

    async def _start_services(self) -> None:
        for service in self._services:
            if not self._ending:
                await service.start()
        if self._records:
            await self._recording.connect()

    async def stop(self) -> None:
        """Stop in order: what was to be recorded is on the broker afterwards, if it answers in time."""
        self._desk.budget.stop()
        if self._watching:
            self._watching.cancel()
        self._ending = True
        self._recording.end()
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
        await self._recording.stop()

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
        result = await self._waiting.ask(request, until)
        if time.monotonic() > until:
            raise LateError
        latency_ms = (time.perf_counter() - began) * 1000
        for each in result.decided:
            self.metrics.payment_decided(each.payment.format, each.decision)
        if result.refused:
            self.metrics.decided("other", Outcome.ERROR)
        if record:
            await self._recording.record(result, latency_ms, until)
        return await _loaded(result, latency_ms)

    async def _answer(self, taken: Sequence[Caller[Request, Screened]]) -> None:
        """Requests that wait together share one proof of freshness."""
        try:
            results = await self._desk.answer([each.asked for each in taken])
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
            return None
        try:
            return task.result()
        except LateError:
            return None

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


async def _loaded(result: Screened, latency_ms: float) -> list[DecisionRecord]:
    """The decisions in the form of the decisions topic; a file may have thousands, so others have turns."""
    records, turn = list[DecisionRecord](), Turn()
    for each in result.said:
        records.append(orjson.loads(decision_to_json(each.decision, each.at, latency_ms)))
        await turn.pass_on_when_over()
    return records
