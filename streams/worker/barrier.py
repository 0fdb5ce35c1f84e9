"""No decision leaves a worker that was taken with a list older than its payment.

A worker applies the list milliseconds after the broker has it, and a payment that arrives in between would be
decided on the older list. So the desk asks the broker where the list topic ends *after* it has taken a batch
of payments, and publishes no decision before that much is applied: whatever was designated when the payments
were taken has been screened against. The question travels while the batch is being screened and is answered
before it is done; what was decided too early is decided again.

It is how replicated logs serve reads that are never stale (the read index of Raft: Ongaro, "Consensus:
Bridging Theory and Practice", 2014, 6.4).
"""

import asyncio
import contextlib
import logging
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from streams.kafka.consumer import new_consumer

log = logging.getLogger(__name__)

ANSWER_MS = 5000
"""A broker that does not answer within this is asked again, on a new connection if need be."""
RETRY_SECONDS = 0.2


class Barrier(Service):
    """Asks where the list topic ends.

    Over a connection of its own: Kafka answers the requests of one connection in turn, and the replica's
    always has a fetch in wait.
    """

    logger = log

    def __init__(self, topic: str, client: dict[str, Any]) -> None:
        super().__init__()
        self._partition = TopicPartition(topic, 0)
        self._client = client
        self._consumer: AIOKafkaConsumer | None = None

    async def list_end(self) -> int:
        """The offset after the last record that every reader can see at some moment after this call.

        Asks until it is answered: without an answer nobody can say that a decision is not stale, and the
        payments wait.
        """
        while True:
            try:
                consumer = await self._connected()
                ends = await consumer.end_offsets([self._partition])
                return int(ends[self._partition])
            except (KafkaError, OSError) as error:
                log.warning("the end of the list topic cannot be asked for, payments wait: %r", error)
            await asyncio.sleep(RETRY_SECONDS)

    async def _connected(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = new_consumer(self._client, request_timeout_ms=ANSWER_MS)  # reads as the replica does
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
        return self._consumer

    async def on_stop(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with contextlib.suppress(KafkaError):
                await consumer.stop()
