"""The worker's copy of the dispositions topic: verdicts of case systems, in force as they arrive.

Without it a worker alerts more than it needs to and clears nothing it should not, so it is no barrier: where
the topic is out of reach, payments go on and the pairs speak until it is read.
"""

import asyncio
import logging
from collections import Counter
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from screening.dispositions import Dispositions
from streams.metrics import Metrics
from streams.wire import disposition_from_json

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
FIRST_READ_SECONDS = 10.0
"""How long the start waits for the verdicts, so that no known false positive is alerted after a restart."""


class DispositionReplica(Service):
    """Keeps `known` equal to the topic."""

    logger = log

    def __init__(
        self,
        topic: str,
        *,
        client: dict[str, Any],
        metrics: Metrics,
        four_eyes: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.known = Dispositions(four_eyes=four_eyes)
        self._topic = topic
        self._partition = TopicPartition(topic, 0)
        self._client = client
        self._metrics = metrics
        self._read = asyncio.Event()

    async def on_start(self) -> None:
        self.add_future(self._follow())
        try:
            await asyncio.wait_for(self._read.wait(), FIRST_READ_SECONDS)
        except TimeoutError:
            log.warning("%s is not read yet; known false positives alert until it is", self._topic)

    async def _follow(self) -> None:
        while not self.should_stop:
            try:
                await self._read_on()
            except (KafkaError, OSError) as error:
                log.warning("%s cannot be read: %r; known false positives may alert", self._topic, error)
                await self.sleep(RETRY_SECONDS)

    async def _read_on(self) -> None:
        consumer = AIOKafkaConsumer(
            **self._client, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            if self._topic not in await consumer.topics():
                raise KafkaError(f"no topic {self._topic}; create it with `interdict topics create`")
            consumer.assign([self._partition])
            await consumer.seek_to_beginning(self._partition)
            end = (await consumer.end_offsets([self._partition]))[self._partition]
            while not self.should_stop:
                if not self._read.is_set() and await consumer.position(self._partition) >= end:
                    self._read.set()
                fetched = await consumer.getmany(timeout_ms=200)
                for record in fetched.get(self._partition, ()):
                    self._apply(record)
                if fetched:
                    self._count()
        finally:
            await consumer.stop()

    def _apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        key = (record.key or b"").decode(errors="replace")
        if record.value is None:
            self.known.remove(key)
            return
        try:
            disposition = disposition_from_json(record.value)
            if disposition.key != key:
                raise ValueError(f"the record's key must be {disposition.key}")
            self.known.put(disposition)
        except ValueError as error:
            self.known.remove(key)  # a verdict that cannot be read silences nobody
            log.warning("%s@%d %s is ignored: %s", self._topic, record.offset, key, error)

    def _count(self) -> None:
        counted = Counter((item.designation_id.partition(":")[0], item.verdict) for item in self.known)
        for (source, verdict), count in counted.items():
            self._metrics.verdicts_known(source, verdict, count)
