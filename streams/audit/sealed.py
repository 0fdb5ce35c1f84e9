"""A writer of sealed records beside the workers: lookback, updates of alerts.

Records go where a worker's client puts them, in the order of the calls, each sealed; `delivered` returns when
the broker has all of them and the session's checkpoint behind them.
"""

from streams.audit.chain import Chain
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.log import TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics, partition_of
from streams.records.json import CONTENT_TYPE
from streams.resource import Resource


class SealedWriter(Resource):
    """One session, to the end of its `with` block. `client` are librdkafka's options."""

    def __init__(self, client: ClientOptions, topics: Topics, chain: Chain) -> None:
        self.topics = topics
        self._client = client
        self._chain = chain
        self._records = Acknowledged(client)
        self._partitions: dict[str, list[int]] = {}
        self._waiting: set[tuple[str, int]] = set()

    def close(self) -> None:
        """Wait for what is still being sent."""
        self._records.close()

    def send(self, topic: str, key: bytes, value: bytes) -> None:
        """One record, acknowledged when `delivered` returns. Raises BrokerError where there is no topic."""
        partitions = self._partitions_of(topic)
        self._send(topic, partition_of(key, partitions), key, value)

    def delivered(self) -> None:
        """Every record so far is acknowledged by all in-sync replicas, and the checkpoint of it.

        Raises BrokerError for what the broker refuses.
        """
        sent = bool(self._waiting)
        self._acknowledged()
        if sent:
            checkpoint = self._chain.checkpoint("checkpoint")
            self._send(self.topics.audit, 0, self._chain.session.encode(), checkpoint)
            self._acknowledged()

    def _acknowledged(self) -> None:
        self._records.delivered()
        for topic, partition in self._waiting:
            self._chain.acknowledged(topic, partition)
        self._waiting.clear()

    def _send(self, topic: str, partition: int, key: bytes, value: bytes) -> None:
        seal = self._chain.link(topic, partition, key, value)
        headers = [CONTENT_TYPE, seal.header]
        self._records.send(topic, key, value, headers, at_ms=seal.at_ms, partition=partition)
        self._waiting.add((topic, partition))

    def _partitions_of(self, topic: str) -> list[int]:
        if topic not in self._partitions:
            with TopicLog(self._client, topic) as log:
                self._partitions[topic] = log.partitions()
        return self._partitions[topic]
