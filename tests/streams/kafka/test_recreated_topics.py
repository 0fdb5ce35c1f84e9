"""A topic that is deleted and recreated is another one, also where it ends where the old one did."""

import asyncio

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from streams.kafka import leadership
from streams.kafka.leadership import PartitionEnd

pytestmark = pytest.mark.kafka
RECORDS = 5


def make(kafka: str, topic: str) -> None:
    """With five records."""
    admin = AdminClient({"bootstrap.servers": kafka})
    (made,) = admin.create_topics([NewTopic(topic, 1, 1)]).values()
    made.result()
    producer = Producer({"bootstrap.servers": kafka})
    for _ in range(RECORDS):
        producer.produce(topic, b"{}", b"k")
    assert producer.flush(10) == 0


def delete(kafka: str, topic: str) -> None:
    admin = AdminClient({"bootstrap.servers": kafka})
    (gone,) = admin.delete_topics([topic]).values()
    gone.result()


async def test_a_topic_recreated_that_is_as_long_as_the_old_one_ends_before_what_was_read_of_that(
    kafka: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leadership, "IDENTITY_SECONDS", 0.0)
    topic = f"{topic_prefix}list"
    await asyncio.to_thread(make, kafka, topic)
    asked = PartitionEnd(topic, {"bootstrap_servers": kafka}, in_sync=1)
    try:
        assert [await asked.end(), await asked.end()] == [RECORDS, RECORDS]
        await asyncio.to_thread(delete, kafka, topic)
        await asyncio.to_thread(make, kafka, topic)

        assert [await asked.end(), await asked.end()] == [0, RECORDS]
    finally:
        await asked.close()
