"""Alerts of a lookback on their way to the broker."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from confluent_kafka import KafkaError, Message

from screening.cases.lookback import stoppable
from screening.decisions import Decision
from screening.payments import Payment
from streams.kafka.connection import ordered_producer
from streams.kafka.provisioning import BrokerError
from streams.lookback.decided import Original
from streams.records.json import CONTENT_TYPE, Origin, alert_to_json

DELIVERY_SECONDS = 60.0


class LookbackAlerts:
    """Sends alerts; `delivered` returns when the broker has all of them, or raises BrokerError."""

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

    def send(self, payment: Payment, decision: Decision, event: Origin, original: Original | None) -> None:
        """One alert, with the decision that let the payment pass and whether it can still be stopped."""
        now = datetime.now(UTC)
        alert = alert_to_json(
            decision,
            payment,
            now,
            0.0,
            event,
            original=original._asdict() if original else None,
            stoppable=stoppable(payment.status),
        )
        self._producer.produce(
            self._topic, alert, payment.id.encode(), headers=[CONTENT_TYPE], on_delivery=self._sent
        )

    def delivered(self) -> None:
        """Every alert so far is acknowledged by all in-sync replicas."""
        left = self._producer.flush(DELIVERY_SECONDS)
        if left or self._refused:
            raise BrokerError(f"{self._topic}: {self._refused or f'{left} alerts were not acknowledged'}")

    def _sent(self, error: KafkaError | None, message: Message) -> None:
        del message
        if error is not None:
            self._refused = error.str()
