"""Runs the demo: sample list, a worker, payments, and then the designations.

Nothing here decides or measures for the worker: outcomes are read from the decisions topic, and the time
to effect from the worker's own event feed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import aiohttp
import orjson
from aiokafka import AIOKafkaProducer

from config.settings import Settings
from screening.designations import Designation
from screening.lists import sample
from streams.demo.payments import payments
from streams.demo.story import Story
from streams.demo.worker import worker_process
from streams.kafka.connection import aiokafka_options
from streams.kafka.consumer import new_consumer, opened
from streams.kafka.topics import Topics
from streams.lists.publishing import publish

LIST = "sample"
PAYMENTS_PER_SECOND = 40
ENDLESS_FIRST_ACT_SECONDS = 15.0
"""When the designations come in a demo that runs until Ctrl-C."""
SETTLE_SECONDS = 10.0
"""How long the last payments may take to be decided once no more are sent."""


@dataclass(slots=True)
class Stage:
    """One performance: `play` runs it, `story` and `headline` say what to show."""

    settings: Settings
    seconds: float | None
    story: Story
    seed: int = 1
    headline: str = "starting"
    console_url: str = ""

    async def play(self) -> None:
        """From the first list to the last decision. Raises DemoError."""
        self.headline = "publishing the sample list as it stood on 15 August 2023"
        await self._publish(sample.before(), "2023-08-15")
        self.headline = "a worker is starting: it reads the whole list before it takes a payment"
        async with worker_process(self.settings) as self.console_url, asyncio.TaskGroup() as tasks:
            watching = [tasks.create_task(self._read_decisions()), tasks.create_task(self._read_feed())]
            try:
                await self._acts()
            finally:
                for task in watching:
                    task.cancel()

    async def _acts(self) -> None:
        half = self.seconds / 2 if self.seconds else ENDLESS_FIRST_ACT_SECONDS
        try:
            async with self._paying():
                self.headline = "payments are screened; three companies are not designated yet: clear"
                await asyncio.sleep(half)
                self.headline = "publishing the designations of 16 August 2023"
                self.story.published = True
                await self._publish(sample.after(), "2023-08-16")
                self.headline = "designated: the next payment to any of the three is a hit"
                await asyncio.sleep(half if self.seconds else float("inf"))
        finally:
            self.headline = "waiting for the last decisions"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.story.all_decided.wait(), SETTLE_SECONDS)

    async def _publish(self, designations: Iterable[Designation], source_date: str) -> None:
        client, topics = aiokafka_options(self.settings), Topics(self.settings.topic_prefix)
        await publish(
            client, designations, list_name=LIST, topic=topics.designations, source_date=source_date
        )

    @contextlib.asynccontextmanager
    async def _paying(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._pay())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _pay(self) -> None:
        topic = Topics(self.settings.topic_prefix).payments
        producer = AIOKafkaProducer(**aiokafka_options(self.settings), acks="all", linger_ms=5)
        await producer.start()
        try:
            for payment in payments(self.seed):
                self.story.payment_sent(payment)
                await producer.send(topic, payment.value, key=payment.id.encode())
                await asyncio.sleep(1 / PAYMENTS_PER_SECOND)
        finally:
            await producer.stop()

    async def _read_decisions(self) -> None:
        topic = Topics(self.settings.topic_prefix).decisions
        waiting = new_consumer(aiokafka_options(self.settings), topic, fetch_max_wait_ms=100)
        async with opened(waiting) as consumer:
            async for record in consumer:
                self.story.decision_read(orjson.loads(record.value))

    async def _read_feed(self) -> None:
        """The worker's server-sent events: which designation is in force, and how long it took."""
        forever = aiohttp.ClientTimeout(total=None)
        async with (
            aiohttp.ClientSession(timeout=forever, read_bufsize=1 << 22) as session,
            session.get(f"{self.console_url}events") as response,
        ):
            event = b""
            async for line in response.content:
                if line.startswith(b"event: "):
                    event = line[7:].strip()
                elif line.startswith(b"data: ") and event == b"designation":
                    change = orjson.loads(line[6:])
                    name = change["designation"].get("name", "")
                    self.story.designation_in_force(name, change["effective_seconds"])
