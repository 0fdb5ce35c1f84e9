"""Writes decisions that come one by one to their topics, sealed in order, as a worker does with batches."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError

from screening.decisions import Decision, Outcome
from streams.audit.chain import Chain
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.records.json import CONTENT_TYPE, alert_to_json, decision_to_json
from streams.serve.errors import NotReadyError
from streams.serve.together import Caller, Together
from streams.worker.delivery import Outbox, Waiting
from streams.worker.refusals import NotDeliveredError
from streams.worker.replicas.turns import Turn
from streams.worker.results import Screened

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Until a broker that does not answer is asked again for a connection."""


class _Answered(NamedTuple):
    result: Screened
    latency_ms: float


class Recording:
    """Records results once `connect` has found a broker; `key` seals them."""

    def __init__(self, client: ClientOptions, topics: Topics, key: bytes) -> None:
        self._client = client
        self._topics = topics
        self._key = key
        self._producer: AIOKafkaProducer | None = None
        self._ending = False
        self.outbox = self._new_outbox()
        self._waiting: Together[_Answered, None] = Together(self._record)

    async def connect(self) -> None:
        """Returns once there is a connection, or when this ends; a broker that does not answer is asked
        again."""
        while not self._ending and not self._producer:
            producer = AIOKafkaProducer(**self._client, acks="all")  # see `Outbox`
            try:
                await producer.start()
            except KafkaError as error:
                log.warning("no decision can be recorded yet: %r", error)
                await producer.stop()
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._producer = producer

    def end(self) -> None:
        """Look for no broker any more."""
        self._ending = True

    async def stop(self) -> None:
        """Write the last checkpoint and close the connection; what was to be recorded is recorded by then."""
        if self._producer:
            await self.outbox.last_checkpoint()
            await self._producer.stop()

    async def record(self, result: Screened, latency_ms: float, until: float) -> None:
        """Returns once the result is on its topics. Raises LateError where those before it took until then
        (`time.monotonic`), NotReadyError, and NotDeliveredError for what a topic refuses.

        Results that come while others are being delivered go together, after those: an outbox gives its seals
        in order, and takes one delivery at a time.
        """
        await self._waiting.ask(_Answered(result, latency_ms), until)

    async def _record(self, taken: Sequence[Caller[_Answered, None]]) -> None:
        try:
            turn = Turn()
            for each in taken:
                await self._send(*each.asked, turn)
            await self.outbox.delivered()
        except Exception as error:
            self.outbox = self._new_outbox()  # seals were given for what may never be on its topic
            if len(taken) > 1 and not _is_of_all(error):
                half = (
                    len(taken) // 2
                )  # what a topic refuses of one must not be the answer of those beside it
                await self._record(taken[:half])
                await self._record(taken[half:])
                return
            for each in taken:
                each.answer.set_exception(error)
        else:
            for each in taken:
                each.answer.set_result(None)

    async def _send(self, result: Screened, latency_ms: float, turn: Turn) -> None:
        for payment, decision, _, at in result.decided:
            await turn.pass_on_when_over()
            alerted = None
            if decision.outcome is Outcome.HIT:
                alert = alert_to_json(decision, payment, at, latency_ms)
                alerted = self.outbox.send(self._topics.alerts, _key(decision), alert, [CONTENT_TYPE])
            self._send_decision(decision, at, latency_ms, alerted)
        if refused := result.refused:
            self._send_decision(refused.decision, refused.at, latency_ms)

    def _send_decision(
        self, decision: Decision, at: datetime, latency_ms: float, alerted: Waiting | None = None
    ) -> None:
        value = decision_to_json(decision, at, latency_ms)
        self.outbox.send(self._topics.decisions, _key(decision), value, [CONTENT_TYPE], alerted)

    def _new_outbox(self) -> Outbox:
        return Outbox(self._connected, Chain(self._key, "serve"), self._topics.audit)

    def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise NotReadyError("this server does not record; start it with --record")
        return self._producer


def _is_of_all(error: Exception) -> bool:
    """Does it fail for whatever is sent, after a wait: no connection yet, a broker that is away?"""
    cause = error.__cause__ if isinstance(error, NotDeliveredError) else error
    if isinstance(cause, KafkaTimeoutError | NotReadyError):
        return True
    return isinstance(cause, KafkaError) and bool(cause.retriable)


def _key(decision: Decision) -> bytes:
    return decision.payment_id.encode(errors="replace")
