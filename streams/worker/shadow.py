"""A shadow policy: what another policy would have said about the live payments, published on a topic of its
own.

It is the comparison of `interdict backtest`, all the time. Live decisions come first: payments wait for their
comparison in a bounded queue and are taken from it one by one, only while no batch is being decided, so a
batch waits for at most one payment's screening. What does not fit is left out and counted, and whatever goes
wrong here is counted and logged; none of it affects a decision.
"""

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime
from typing import Any

import orjson
from confluent_kafka import KafkaError, Message
from mode import Service

from screening.decisions import Decision
from screening.evaluation.comparison import Comparison
from screening.judge import decide
from screening.payments.model import Payment
from screening.policy.rules import Policy
from screening.screener import Screener
from streams.kafka.connection import ordered_producer
from streams.kafka.options import ClientOptions
from streams.records.json import CONTENT_TYPE, list_state_to_json
from streams.records.shapes import ComparisonRecord
from streams.worker.metrics import Metrics, ShadowLoss

log = logging.getLogger(__name__)

MOST_WAITING = 20_000
"""Payments that wait for their comparison, some 60 MB: a burst of so many is compared when it is over."""
PUBLISH_EVERY_SECONDS = 60.0
"""A comparison covers so long: that is what a worker that is killed takes with it."""
FLUSH_SECONDS = 5.0


class Shadow(Service):
    """Compares the policy in force with `proposed` while `idle` is set. `client` are librdkafka's options."""

    logger = log

    def __init__(
        self,
        proposed: Policy,
        topic: str,
        client: ClientOptions,
        metrics: Metrics,
        *,
        worker: str,
        idle: asyncio.Event,
        most_waiting: int = MOST_WAITING,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._proposed = proposed
        self._topic = topic
        self._client = client
        self._metrics = metrics
        self._worker = worker
        self._idle = idle
        self._most_waiting = most_waiting
        self._waiting: deque[tuple[Payment, Decision, Screener]] = deque()
        self._arrived = asyncio.Event()
        self._live: Screener | None = None
        self._shadow = Screener(proposed)
        self._begin()

    def offer(self, payment: Payment, decision: Decision, screener: Screener) -> None:
        """Queue a payment as it was screened live, before dispositions. Never raises or waits."""
        if len(self._waiting) >= self._most_waiting:
            self._lose(ShadowLoss.BUSY)
            return
        self._waiting.append((payment, decision, screener))
        self._arrived.set()

    async def on_start(self) -> None:
        self._producer = ordered_producer(self._client)

    async def on_stop(self) -> None:
        """Publish what has been compared; what still waits is left out."""
        self._lose(ShadowLoss.STOPPED, len(self._waiting))
        self._waiting.clear()
        self.publish()
        await asyncio.to_thread(self._producer.flush, FLUSH_SECONDS)

    @Service.task
    async def _compare_waiting(self) -> None:
        while not self.should_stop:
            if not self._waiting:
                self._arrived.clear()
                await self.wait(self._arrived.wait())
            await self.wait(self._idle.wait())
            if self._waiting and self._idle.is_set():
                self._compare(*self._waiting.popleft())
            await asyncio.sleep(0)

    @Service.timer(PUBLISH_EVERY_SECONDS)
    async def _publish_now_and_then(self) -> None:
        self.publish()

    def _compare(self, payment: Payment, decision: Decision, screener: Screener) -> None:
        try:
            if self._live is not screener:  # the list was read anew
                self._live, self._shadow = screener, screener.under(self._proposed)
            now = datetime.now(UTC)
            if decision.lists != screener.lists:  # the list went on: both sides see it as it is now
                decision = decide(payment, screener, None, None, now)
            self._comparison.add(payment, decision, decide(payment, self._shadow, None, None, now))
        except Exception as error:  # nothing of the shadow may end a worker
            log.warning("the shadow policy failed on a payment: %s", type(error).__name__)
            self._lose(ShadowLoss.SCREENING)

    def publish(self) -> None:
        """Publish the comparison so far as one record and start a new one; without payments nothing is
        published."""
        if not self._comparison.payments and not self._left_out:
            return
        try:
            self._produce(orjson.dumps(self._record()))
        except Exception as error:
            self._refused(f"{type(error).__name__}: {error}")
        self._begin()

    def _record(self) -> ComparisonRecord:
        return {
            "worker": self._worker,
            "since": self._begun.isoformat(timespec="milliseconds"),
            "until": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "current_policy": self._live.policy.sha256 if self._live else "",
            "proposed_policy": self._proposed.sha256,
            "list": list_state_to_json(self._live.lists) if self._live else {},
            "left_out": self._left_out,
            **self._comparison.report(),
        }

    def _produce(self, record: bytes) -> None:
        key = self._proposed.sha256.encode()
        self._producer.produce(self._topic, record, key, headers=[CONTENT_TYPE], on_delivery=self._answered)
        self._producer.poll(0)

    def _begin(self) -> None:
        self._comparison = Comparison()
        self._begun = datetime.now(UTC)
        self._left_out = 0

    def _answered(self, error: KafkaError | None, message: Message) -> None:
        del message
        if error is not None:
            self._refused(error.str())

    def _refused(self, why: str) -> None:
        log.warning("%s: a comparison was not published: %s", self._topic, why)
        self._metrics.shadow_lost(ShadowLoss.BROKER)

    def _lose(self, why: ShadowLoss, payments: int = 1) -> None:
        self._left_out += payments
        self._metrics.shadow_lost(why, payments)
