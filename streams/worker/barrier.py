"""No decision leaves a worker that was taken with a list older than its payment.

A worker applies the list milliseconds after the broker has it, and a payment that arrives in between would be
decided on the older list. So the desk asks where the list topic ends *after* it has taken a batch of
payments, and publishes no decision before everything up to there is applied: whatever was designated when the
payments were taken has been screened against. The question is on its way while the batch is being screened,
and is usually answered before that is done; what was decided too early is decided again.

Replicated logs serve linearizable reads in the same way (the read index of Raft: Ongaro, "Consensus: Bridging
Theory and Practice", 2014, 6.4). As there, an answer counts only with the proof that the broker still leads
(`streams.kafka.leadership`): a leader that was cut off from its peers would answer "nothing new".
"""

import asyncio
import logging
import time

from aiokafka.errors import KafkaError
from mode import Service

from streams.kafka.leadership import NotProvedError, PartitionEnd
from streams.kafka.options import ClientOptions
from streams.kafka.promises import PromisesUnknownError, promises_of

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.2
EXPLAIN_SECONDS = 1.0
"""When payments wait longer than this for an answer, the reason is given."""


class Barrier(Service):
    """Asks where the list topic ends; `reason` says why payments wait for the answer, if they do."""

    logger = log

    def __init__(self, topic: str, client: ClientOptions) -> None:
        super().__init__()
        self.reason = ""
        self._topic = topic
        self._client = client
        self._partition: PartitionEnd | None = None
        self._opening = asyncio.Lock()

    async def list_end(self) -> int:
        """The offset after the last record that every reader can see at some moment after this call.

        It asks until the answer is there and proved. Without that nobody can say that a decision is not
        stale, so the payments wait.
        """
        asked_at = time.monotonic()
        while not self.should_stop:
            try:
                end = await (await self._asked()).end()
            except (KafkaError, NotProvedError, OSError) as error:
                if time.monotonic() - asked_at > EXPLAIN_SECONDS:
                    self._give_reason(
                        f"whether the list is the newest cannot be proved: {str(error) or repr(error)}"
                    )
            else:
                self._give_reason("")
                return end
            await asyncio.sleep(RETRY_SECONDS)
        raise asyncio.CancelledError  # who still waits is being stopped, too

    def _give_reason(self, reason: str) -> None:
        if reason and reason != self.reason:
            log.warning("payments wait: %s", reason)
        self.reason = reason

    async def _asked(self) -> PartitionEnd:
        async with self._opening:  # replica and desk ask at once: the second would leave a connection behind
            if self._partition is None:
                self._partition = PartitionEnd(self._topic, self._client, await self._in_sync())
            return self._partition

    async def _in_sync(self) -> int:
        """How many replicas of the topic have a record before it is acknowledged."""
        try:
            return (await promises_of(self._client, self._topic)).in_sync
        except PromisesUnknownError as error:
            log.warning("%s; until then every replica of it must answer for its leader", error)
            return 1

    async def on_stop(self) -> None:
        partition, self._partition = self._partition, None
        if partition is not None:
            await partition.close()
