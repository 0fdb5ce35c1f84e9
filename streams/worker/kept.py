"""Whether the tables that a process relies on keep what stands, while it runs.

A topic that Kafka may delete from by age loses a listed party, a true positive or a customer, and its reader
finds no gap. A process that runs has read them and goes on; the next one to start waits. So it is to be known
before.
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
    """Says in the log and in a metric of each of these topics when its cleanup policy is wrong.

    Where the broker does not say, nothing is said here: whoever reads the topic does so, once.
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
