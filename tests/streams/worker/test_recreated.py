"""The payments topic is known by its id from before the first offset of it is asked for."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from faust.exceptions import ConsumerNotStarted
from faust.types import TP

from streams.faust_internals.position import PlacedConsumer
from streams.worker import recreated
from streams.worker.recreated import MANY_PAYMENTS, SameTopic
from tests.streams.kafka.test_recreated_topics import delete, make


@pytest.mark.kafka
async def test_a_topic_recreated_right_after_the_start_is_another(
    kafka: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = f"{topic_prefix}payments"
    app: Any = SimpleNamespace()
    await asyncio.to_thread(make, kafka, topic)
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        monkeypatch.setattr(recreated, "kafka_producer", lambda _: producer)
        same: Any = SameTopic(app, topic, lambda _: None)
        await same.on_start()
        await asyncio.to_thread(delete, kafka, topic)
        await asyncio.to_thread(make, kafka, topic)

        assert [await same._is_another(), await same._is_another()] == [True, False]


@pytest.mark.parametrize("held", [None, set()])
async def test_a_consumer_without_a_place_commits_none_when_its_topic_was_recreated(
    monkeypatch: pytest.MonkeyPatch, held: set[Any] | None
) -> None:
    def assignment(_: PlacedConsumer) -> set[Any]:
        if held is None:
            raise ConsumerNotStarted
        return held

    monkeypatch.setattr(PlacedConsumer, "assignment", assignment)
    consumer = PlacedConsumer.__new__(PlacedConsumer)

    await consumer.begin_again()

    assert consumer.begins_again


def test_a_partition_of_which_the_group_lost_its_place_is_said_once_where_many_payments_wait(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A group that was away for a week decided those of 35 days before any new one, and said nothing."""
    app: Any = SimpleNamespace()
    same = SameTopic(app, "payments", lambda _: None)
    few, many, later = (TP("payments", number) for number in range(3))
    waiting = {few: MANY_PAYMENTS - 1, many: MANY_PAYMENTS}
    consumer: Any = SimpleNamespace(without_place=frozenset((few, many, later)), waiting=waiting.get)
    for _ in range(2):
        same._report_without_place(consumer)
    waiting |= {few: MANY_PAYMENTS, later: 4 * MANY_PAYMENTS}
    same._report_without_place(consumer)

    assert [record.getMessage().partition(" are")[0] for record in caplog.records] == [
        "payments-1: the group has no place there; 10000 payments",
        "payments-2: the group has no place there; 40000 payments",
    ]
