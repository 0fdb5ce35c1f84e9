"""Whether the topic that a consumer reads is still the one that it began with.

Kafka knows a topic by its name, and a reader by an offset. A reader that stands still while its topic is
deleted and recreated goes on at its old offset, and if the new topic is longer than that by then, nothing
tells it: what it has read holds no more, and what is below its offset it never reads. The topic's id tells
(KIP-516); brokers before Kafka 2.8 have none, and there only a shorter topic is noticed.
"""

import asyncio

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from streams.kafka.requests import NO_ID, is_another, topic_id

LOOKS_EVERY_SECONDS = 2.0


class TopicIdentity:
    """Of one topic. A started consumer's own connection asks; `known` before it reads its first record."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str) -> None:
        self._consumer, self._topic = consumer, topic
        self._known = NO_ID
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._changed = False

    async def known(self) -> "TopicIdentity":
        """Returns once it was asked for the first time."""
        await self._ask()
        return self

    def has_changed(self) -> bool:
        """Whether a broker has named another id since the last call. Waits for no answer: behind a fetch it
        takes half a second, and the next call says it."""
        under_way = self._asking is not None and not self._asking.done()
        if not under_way and _now() - self._asked_at > LOOKS_EVERY_SECONDS:
            self._asking = asyncio.create_task(self._ask())
        changed, self._changed = self._changed, False
        return changed

    async def _ask(self) -> None:
        self._asked_at = _now()
        try:
            async with asyncio.timeout(LOOKS_EVERY_SECONDS):
                newest = await topic_id(self._consumer._client, self._topic)
        except (KafkaError, OSError, TimeoutError):
            return
        if newest != NO_ID:
            before, self._known = self._known, newest
            self._changed = self._changed or is_another(before, newest)


def _now() -> float:
    """The loop's own clock, by which it waits."""
    return asyncio.get_running_loop().time()
