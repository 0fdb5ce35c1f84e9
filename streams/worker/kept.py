"""Whether the tables that a running process relies on are safe from deletion by age.

If Kafka may delete from such a topic by age, a listed party, a true positive or a customer is lost, and its
reader finds no gap. A running process has already read them and goes on; the next one to start waits. So
operators must know before.
"""

import logging
from collections.abc import Iterable

from aiokafka.errors import KafkaError
from mode import Service

from streams.kafka.options import ClientOptions
from streams.kafka.promises import PromisesUnknownError, promises_of, vanishing
from streams.worker.metrics import Metrics

log = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 60.0


class KeptTables(Service):
    """Reports each of these topics with a wrong cleanup policy, in the log and in a metric.

    If the broker does not disclose the policy, nothing is reported here: each reader of the topic reports
    that once.
    """

    logger = log

    def __init__(self, topics: Iterable[str], client: ClientOptions, metrics: Metrics) -> None:
        super().__init__()
        self._client = client
        self._metrics = metrics
        self._found = dict.fromkeys(topics, "")

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            for topic in self._found:
                await self._look(topic)
            await self.sleep(LOOKS_EVERY_SECONDS)

    async def _look(self, topic: str) -> None:
        try:
            found = vanishing(topic, (await promises_of(self._client, topic)).cleanup_policy)
        except (KafkaError, OSError, PromisesUnknownError):
            return
        if found and not self._found[topic]:
            log.error("%s", found)
        self._found[topic] = found
        self._metrics.vanishing.labels(topic).set(bool(found))
