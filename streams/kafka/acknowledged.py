"""Records that must be on the broker before anything relies on them: produced and awaited, with refusals
reported."""

from collections.abc import Iterable
from typing import Any

from confluent_kafka import KafkaError, Message

from streams.kafka.connection import ordered_producer
from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import BrokerError
from streams.resource import Resource

DELIVERY_SECONDS = 60.0


class Acknowledged(Resource):
    """Sends in the order of the calls; `delivered` returns when all in-sync replicas have every record.

    `client` are librdkafka's options. The end of its `with` block waits for what is still being sent.
    """

    def __init__(self, client: ClientOptions) -> None:
        self._producer = ordered_producer(client)
        self._refused = ""

    def close(self) -> None:
        """Wait for what is still being sent."""
        self._producer.flush(DELIVERY_SECONDS)

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Iterable[tuple[str, bytes | None]],
        *,
        at_ms: int | None = None,
        partition: int | None = None,
    ) -> None:
        """Send one record. Waits while the queue is full.

        `at_ms` is its timestamp (milliseconds of Unix time), None for now; with `partition` None its key
        decides.
        """
        more: dict[str, Any] = {"headers": list(headers), "on_delivery": self._answered}
        if at_ms is not None:
            more["timestamp"] = at_ms
        if partition is not None:
            more["partition"] = partition
        while True:
            try:
                self._producer.produce(topic, value, key, **more)
                return
            except BufferError:
                self._producer.poll(0.1)

    def delivered(self) -> None:
        """Returns once every record so far is acknowledged. Raises BrokerError with what the broker
        refused."""
        left = self._producer.flush(DELIVERY_SECONDS)
        if left or self._refused:
            raise BrokerError(self._refused or f"{left} records were not acknowledged; is the broker up?")

    def _answered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._refused = f"{message.topic()}: {error.str()}"
