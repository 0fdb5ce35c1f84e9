"""What was sent and asked is on its connection before more payments are screened: with the real client."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.conn import AIOKafkaConnection

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.worker.barrier import Barrier
from streams.worker.delivery import Outbox, turns
from streams.worker.desk import TURNS_TO_ASK

TOPICS = Topics()


@pytest.fixture
async def bootstrap() -> AsyncIterator[str]:
    with EmbeddedBroker(dict(TOPICS.partitions(2))) as embedded:
        yield embedded.bootstrap


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that went out, by name."""
    requests = list[str]()
    send = AIOKafkaConnection.send

    def noted(connection: AIOKafkaConnection, request: object, *more: object, **options: object) -> object:
        requests.append(type(request).__name__)
        return send(connection, request, *more, **options)

    monkeypatch.setattr(AIOKafkaConnection, "send", noted)
    return requests


async def test_a_batch_is_written_when_it_is_dispatched(bootstrap: str, written: list[str]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=0) as producer:
        outbox = Outbox(lambda: producer)
        for _ in range(2):  # the first waits for the connection
            written.clear()
            for number in range(9):
                outbox.send(TOPICS.decisions, b"%d" % number, b"v", [])
            delivered = await outbox.dispatched()
            is_out = "ProduceRequest" in written
            await delivered

    assert is_out


async def test_the_question_for_the_end_of_the_list_is_written_before_the_screening(
    bootstrap: str, written: list[str]
) -> None:
    barrier = Barrier(TOPICS.designations, {"bootstrap_servers": bootstrap})
    try:
        await barrier.list_end()
        written.clear()
        asked = asyncio.create_task(barrier.list_end())
        await turns(TURNS_TO_ASK)
        assert written == ["AskEnd"]
        await asked
    finally:
        await barrier.on_stop()
