"""Ends a worker whose payments topic was deleted and recreated while it ran.

Kafka knows a topic by its name, and a reader by an offset. A worker that was paused while the topic was
recreated, or that only refreshes its metadata every few seconds, goes on at its old offset. If the new topic
is longer than that by then, it skips all payments before it, and its next commit makes that final. So the
topic's id is checked (KIP-516). If it has changed, the beginning is committed and the worker ends; the next
reader decides everything, some of it twice, under the same ids. The same is done if a partition ends before
the committed offset, because what has come since would be skipped as well. If payments may have been skipped
before this worker began, it says so and goes on: a person knows what was meant.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from aiokafka.errors import KafkaError
from faust.types import TP, AppT
from mode import Service

from streams.faust_internals.engine import kafka_producer
from streams.faust_internals.position import PlacedConsumer
from streams.kafka.requests import NO_ID, is_another, topic_id
from streams.worker.watchdog import GRACE_SECONDS, end_the_hard_way_after

log = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 2.0
MANY_PAYMENTS = 10_000
"""In a partition; fewer are decided within seconds."""


class TopicRecreatedError(RuntimeError):
    """The payments topic was recreated since its offsets were read, or has lost its end."""


class SameTopic(Service):
    """Checks every few seconds whether the payments topic is still the one that was there at the start.

    It starts before the consumer, so that no offset is fetched of a topic whose id is unknown. Brokers older
    than Kafka 2.8 have no topic ids; there it notices nothing.
    """

    logger = log

    def __init__(self, app: AppT, topic: str, on_passed_over: Callable[[int], object]) -> None:
        super().__init__()
        self._on_passed_over = on_passed_over
        self._reported: Mapping[TP, str] = {}
        self._looked_at = frozenset[TP]()
        self._app = app
        self._topic = topic
        self._known = NO_ID

    async def on_start(self) -> None:
        await self._is_another()

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            consumer = cast(PlacedConsumer, self._app.consumer)
            if await self._is_another():
                why = "was deleted and recreated; it is read from its beginning"
                await self._end(why, consumer.begin_again)
                return
            if early := sorted(tp.partition for tp in consumer.ends_early):
                await self._end(
                    f"ends before the place that the group has committed, in partitions {early}: records are "
                    "lost, or somebody set the group's offsets; these are read from their beginning"
                )
                return
            self._report(consumer.passed_over)
            self._report_without_place(consumer)
            await self.sleep(LOOKS_EVERY_SECONDS)

    def _report(self, passed_over: Mapping[TP, str]) -> None:
        """Report each partition once while this worker runs."""
        for tp in passed_over.keys() - self._reported.keys():
            log.error(
                "%s-%d: %s; `interdict audit verify` says which have no decision",
                tp.topic,
                tp.partition,
                passed_over[tp],
            )
        self._reported = passed_over
        self._on_passed_over(len(passed_over))

    def _report_without_place(self, consumer: PlacedConsumer) -> None:
        """Report each partition once in which many records precede those that are sent now: Kafka forgets the
        offsets of a group that had no member for a week (`offsets.retention.minutes`), and everything that is
        kept is decided again."""
        waiting = {tp: consumer.waiting(tp) for tp in consumer.without_place - self._looked_at}
        for tp, payments in waiting.items():
            if payments is not None and payments >= MANY_PAYMENTS:
                log.warning(
                    "%s-%d: the group has no place there; %d payments are decided from the first one that is "
                    "kept, those that were once more, before any that comes now",
                    *(tp.topic, tp.partition, payments),
                )
        self._looked_at |= {tp for tp, payments in waiting.items() if payments is not None}

    async def _end(self, why: str, first: Callable[[], Awaitable[None]] | None = None) -> None:
        log.critical("this worker ends itself: %s %s", self._topic, why)
        end_the_hard_way_after(GRACE_SECONDS)
        if first:
            await first()
        await self.crash(TopicRecreatedError(self._topic))

    async def _is_another(self) -> bool:
        """Whether a broker names another id than before; a broker that names none does not count."""
        try:
            async with asyncio.timeout(LOOKS_EVERY_SECONDS):
                newest = await topic_id(kafka_producer(self._app).client, self._topic)
        except (KafkaError, OSError, TimeoutError):
            return False
        if newest == NO_ID:
            return False
        before, self._known = self._known, newest
        return is_another(before, newest)
