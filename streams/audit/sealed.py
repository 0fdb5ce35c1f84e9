"""A writer of sealed records beside the workers: lookback, updates of alerts.

Records go where a worker's client puts them, in the order of the calls, each sealed; `delivered` returns when
the broker has all of them and the session's checkpoint behind them.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiokafka.partitioner import DefaultPartitioner
from confluent_kafka import KafkaError, KafkaException, Message

from streams.audit.chain import Chain
from streams.kafka.connection import ordered_producer
from streams.kafka.provisioning import BrokerError
from streams.kafka.topics import Topics
from streams.records.json import CONTENT_TYPE

DELIVERY_SECONDS = 60.0
_PARTITIONER = DefaultPartitioner()


class SealedWriter:
    """One session. Raises BrokerError for what the broker refuses; `client` are librdkafka's options."""

    def __init__(self, client: Mapping[str, Any], topics: Topics, chain: Chain) -> None:
        self.topics = topics
        self._chain = chain
        self._producer = ordered_producer(client)
        self._partitions: dict[str, list[int]] = {}
        self._refused = ""
        self._sent = False

    def send(self, topic: str, key: bytes, value: bytes) -> None:
        """One record, acknowledged when `delivered` returns."""
        partition = _PARTITIONER(key, self._of(topic), self._of(topic))
        self._send(topic, partition, key, value)
        self._sent = True

    def delivered(self) -> None:
        """Every record so far is acknowledged by all in-sync replicas, and the checkpoint of it."""
        self._flush()
        if not self._sent:
            return
        self._sent = False
        self._send(self.topics.audit, 0, self._chain.session.encode(), self._chain.checkpoint("checkpoint"))
        self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self._producer.flush(DELIVERY_SECONDS)

    def _send(self, topic: str, partition: int, key: bytes, value: bytes) -> None:
        seal = self._chain.link(topic, partition, key, value)
        record: Any = {
            "partition": partition,
            "timestamp": seal.at_ms,
            "headers": [CONTENT_TYPE, seal.header],
            "on_delivery": self._told,
        }
        while True:
            try:
                self._producer.produce(topic, value, key, **record)
                return
            except BufferError:
                self._producer.poll(0.1)

    def _flush(self) -> None:
        left = self._producer.flush(DELIVERY_SECONDS)
        if left or self._refused:
            raise BrokerError(self._refused or f"{left} records were not acknowledged")

    def _of(self, topic: str) -> list[int]:
        if topic not in self._partitions:
            try:
                found = self._producer.list_topics(topic, timeout=DELIVERY_SECONDS).topics[topic]
            except KafkaException as error:
                raise BrokerError(f"{topic}: {error.args[0].str()}; is the broker up?") from None
            if found.error is not None:
                raise BrokerError(f"{topic}: {found.error.str()}; `interdict topics create` makes it")
            self._partitions[topic] = sorted(found.partitions)
        return self._partitions[topic]

    def _told(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._refused = f"{message.topic()}: {error.str()}"
