"""A worker's copy of a topic that helps it but that it can do without: read at the start, then followed.

Without it a worker alerts more than it needs to, and clears nothing that it should not. So it is no barrier:
where the topic is out of reach, payments go on, and a log line says what they go on without.
"""

import asyncio
import logging
from collections.abc import Mapping
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
FIRST_READ_SECONDS = 10.0
"""How long the start waits for what the topic holds."""


class TopicReplica(Service):
    """Subclasses say in `apply` what a record means, and in `without` what is missing without the topic."""

    logger = log
    without = ""

    def __init__(self, topic: str, client: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._topic = topic
        self._client = client
        self._read = asyncio.Event()

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """One record, in its partition's order."""
        raise NotImplementedError

    def applied(self) -> None:
        """After each fetch that brought something."""

    async def on_start(self) -> None:
        self.add_future(self._follow())
        try:
            await asyncio.wait_for(self._read.wait(), FIRST_READ_SECONDS)
        except TimeoutError:
            log.warning("%s is not read yet; until it is, %s", self._topic, self.without)

    async def _follow(self) -> None:
        while not self.should_stop:
            try:
                await self._read_on()
            except (KafkaError, OSError) as error:
                log.warning("%s cannot be read: %r; until it is, %s", self._topic, error, self.without)
                await self.sleep(RETRY_SECONDS)

    async def _read_on(self) -> None:
        consumer = AIOKafkaConsumer(
            self._topic,
            **self._client,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
            ends = await self._ends(consumer)
            while not self.should_stop:
                if not self._read.is_set() and await _reached(consumer, ends):
                    self._read.set()
                fetched = await consumer.getmany(timeout_ms=200)
                for record in chain.from_iterable(fetched.values()):
                    self.apply(record)
                if fetched:
                    self.applied()
        finally:
            await consumer.stop()

    async def _ends(self, consumer: AIOKafkaConsumer) -> Mapping[TopicPartition, int]:
        """Where the topic ends now."""
        if not consumer.assignment():
            raise KafkaError(f"no topic {self._topic}; create it with `interdict topics create`")
        return dict(await consumer.end_offsets(sorted(consumer.assignment())))


async def _reached(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    return all([await consumer.position(partition) >= end for partition, end in ends.items()])
