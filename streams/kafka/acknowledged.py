"""Records that must be on the broker before anything rests on them: produced, awaited, and a refusal told."""

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from confluent_kafka import KafkaError, Message

from streams.kafka.connection import ordered_producer
from streams.kafka.provisioning import BrokerError

DELIVERY_SECONDS = 60.0


class Acknowledged:
    """Sends to one topic, in order; `delivered` returns when all in-sync replicas have every record.

    `client` are librdkafka's options. The end of its `with` block waits for what is on its way.
    """

    def __init__(self, client: Mapping[str, Any], topic: str) -> None:
        self._topic = topic
        self._producer = ordered_producer(client)
        self._refused = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self._producer.flush(DELIVERY_SECONDS)

    def send(
        self,
        key: bytes | None,
        value: bytes | None,
        headers: Iterable[tuple[str, bytes]],
        time: float | None = None,
    ) -> None:
        """One record; `time` is its timestamp (Unix time), None for now. Waits while the queue is full."""
        more: dict[str, Any] = {"headers": list(headers), "on_delivery": self._sent}
        if time is not None:
            more["timestamp"] = round(time * 1000)
        while True:
            try:
                self._producer.produce(self._topic, value, key, **more)
                return
            except BufferError:
                self._producer.poll(0.1)

    def delivered(self) -> None:
        """Every record so far is acknowledged. Raises BrokerError with what the broker refused."""
        left = self._producer.flush(DELIVERY_SECONDS)
        if left or self._refused:
            raise BrokerError(f"{self._topic}: {self._refused or f'{left} records were not acknowledged'}")

    def _sent(self, error: KafkaError | None, message: Message) -> None:
        del message
        if error is not None:
            self._refused = error.str()
