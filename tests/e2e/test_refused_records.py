"""A record that the broker refuses is written smaller, and those behind it are written as they are."""

import json
import random
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from streams.customers import service as customers
from streams.kafka.topics import Topics
from streams.serve.recording import Recording
from streams.worker.delivery import Outbox
from tests.e2e.records import read_all
from tests.kafka.topics import alter, create
from tests.streams.records.test_reduced import alert

pytestmark = pytest.mark.kafka

MOST, SMALL = 8_000, b'{"payment_id": "P-2", "hits": []}'
"""Bytes that the topic takes: less than a large alert has, compressed, and more than is left of it."""


async def serving(bootstrap: str) -> AIOKafkaProducer:
    made = Recording({"bootstrap_servers": bootstrap}, Topics(), b"")
    await made.connect()
    return made._connected()


async def screening_customers(bootstrap: str) -> AIOKafkaProducer:
    made = customers._new_producer({"bootstrap_servers": bootstrap})
    await made.start()
    return made


@pytest.mark.parametrize("connect", [serving, screening_customers])
async def test_a_record_too_large_for_its_topic_is_reduced_and_the_next_ones_are_taken(
    kafka: str, topic_prefix: str, connect: Any
) -> None:
    """What an idempotent producer of aiokafka sent after a refusal was out of order, up to its end."""
    topic = f"{topic_prefix}alerts"
    create(kafka, [topic], 1)
    alter(kafka, topic, {"max.message.bytes": str(MOST)})
    body = json.loads(alert())
    body["notes"] = [random.Random(1).randbytes(2 * MOST).hex()]
    value = json.dumps(body).encode()
    producer = await connect(kafka)
    try:
        outbox = Outbox(lambda: producer)
        for large in (value, SMALL, value, SMALL):
            outbox.send(topic, b"P", large, [])
            await outbox.delivered()
    finally:
        await producer.stop()

    written = [json.loads(record.value or b"") for record in read_all(kafka, topic)]
    assert [each.get("left_out_bytes") for each in written] == [len(value), None, len(value), None]
