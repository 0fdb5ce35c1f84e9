"""A past on a real Kafka: lists, payments of the times a test wants, and what a worker made of them."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from screening import Designation, Name, NameType, Outcome, Screener, decode_payment
from streams.kafka.log import Record, TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.lists.publishing import publish
from streams.lists.withdrawing import withdraw
from streams.records.json import Origin, alert_to_json, decision_to_json

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
PETROV = Designation("ofac:1", (Name("Igor Petrov", NameType.PRIMARY),))


@cache
def holding(*listed: Designation) -> Screener:
    """Of these entries; made when a test asks for it, by what stands there then."""
    screener = Screener()
    for entry in listed:
        screener.upsert(entry)
    return screener


def event(payment_id: str, creditor: str, **more: Any) -> bytes:
    return orjson.dumps({"id": payment_id, "parties": [{"role": "creditor", "name": creditor}], **more})


def make_anew(past: "Past", topic: str, values: Sequence[bytes], partition: int = 0) -> None:
    """The topic is deleted and recreated, and holds these records before anybody can look."""
    admin = AdminClient({**past.client})
    admin.delete_topics([topic])[topic].result()
    while topic in admin.list_topics(timeout=10).topics:
        time.sleep(0.01)
    TopicAdmin(past.client, past.topics.prefix).create(past.partitions)
    for number, value in enumerate(values):
        past.send(topic, f"anew-{number}", value, 0.0, partition)
    past.written()


class Past:
    """Topics of one test and what was written to them."""

    def __init__(self, kafka: str, prefix: str, partitions: int = 3) -> None:
        self.client = {"bootstrap.servers": kafka}
        self.topics = Topics(prefix)
        self.partitions = partitions
        self._kafka = kafka
        self._producer = Producer({**self.client, "linger.ms": 5, "enable.idempotence": True})  # in order
        TopicAdmin(self.client, prefix).create(partitions)

    def publish(self, *listed: Designation) -> None:
        self._publish("ofac", listed)

    def publish_book(self, *companies: Designation) -> None:
        """A party book: companies with their owners, under a list name of its own."""
        self._publish("book", companies)

    def _publish(self, name: str, listed: Iterable[Designation]) -> None:
        asyncio.run(
            publish(
                {"bootstrap_servers": self._kafka},
                listed,
                list_name=name,
                topic=self.topics.designations,
                max_shrink=1.0,
            )
        )

    def withdraw(self, name: str) -> None:
        client, topic = {"bootstrap_servers": self._kafka}, self.topics.designations
        asyncio.run(withdraw(client, list_name=name, topic=topic, reason="tried out", by="tests"))

    def pay(self, raw: bytes, *, seconds_ago: float, partition: int = 0, key: str = "") -> None:
        payment_id = key or str(orjson.loads(raw)["id"])
        self.send(self.topics.payments, payment_id, raw, seconds_ago, partition)

    def decide(
        self,
        raw: bytes,
        screener: Screener,
        *,
        seconds_ago: float,
        partition: int = 0,
        event: Origin | None = None,
    ) -> None:
        """What a worker with this list would have written."""
        at = datetime.fromtimestamp(time.time() - seconds_ago, UTC)
        for payment in decode_payment(raw):
            decision = screener.screen(payment)
            if decision.outcome is Outcome.HIT:
                alert = alert_to_json(decision, payment, at, 1.0)
                self.send(self.topics.alerts, payment.id, alert, seconds_ago, partition)
            record = decision_to_json(decision, at, 1.0, event)
            self.send(self.topics.decisions, payment.id, record, seconds_ago, partition)

    def send(self, topic: str, key: str, value: bytes, seconds_ago: float, partition: int) -> None:
        at = int((time.time() - seconds_ago) * 1000)
        while True:
            try:
                self._producer.produce(topic, value, key.encode(), partition=partition, timestamp=at)
                return
            except BufferError:
                self._producer.poll(0.1)

    def written(self) -> None:
        """Everything so far is on the broker."""
        assert self._producer.flush(30) == 0

    def alerts(self) -> list[dict[str, Any]]:
        return [orjson.loads(record.value or b"") for record in self.records(self.topics.alerts)]

    def records(self, topic: str) -> Iterable[Record]:
        with TopicLog(self.client, topic) as log:
            yield from log.read_all(log.spans())
