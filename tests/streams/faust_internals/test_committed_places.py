"""A group whose coordinator does not know it yet has not "committed nothing"."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import GroupAuthorizationFailedError
from aiokafka.protocol.commit import OffsetFetchRequest, OffsetFetchResponse_v3

from streams.faust_internals.committed_places import ask_committed_places_again
from streams.kafka.embedded import EmbeddedBroker

PLACE = TopicPartition("payments", 0)
LOADS, NOT_AVAILABLE, ELSEWHERE, NOT_ALLOWED = 14, 15, 16, 30
"""Kafka's numbers of errors."""


@pytest.fixture(scope="module")
def bootstrap() -> Iterator[str]:
    with EmbeddedBroker({"payments": 1}) as broker:
        yield broker.bootstrap


async def committed(bootstrap: str, monkeypatch: pytest.MonkeyPatch, code: int) -> int | None:
    """The place that a client finds whose coordinator answers three times with this error."""
    monkeypatch.setattr(GroupCoordinator, "_send_req", GroupCoordinator._send_req)
    ask_committed_places_again()
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id="workers", enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([PLACE])
        await consumer.commit({PLACE: 489})
        send, asked = consumer._client.send, 0

        async def answer(node: Any, request: Any, **more: Any) -> Any:
            nonlocal asked
            if isinstance(request, OffsetFetchRequest):
                asked += 1
                if asked <= 3:
                    return OffsetFetchResponse_v3(0, [], code)
            return await send(node, request, **more)

        monkeypatch.setattr(consumer._client, "send", answer)
        place: int | None = await consumer.committed(PLACE)
        return place
    finally:
        await consumer.stop()


@pytest.mark.parametrize("code", [LOADS, NOT_AVAILABLE, ELSEWHERE])
async def test_a_coordinator_that_does_not_know_yet_is_asked_again(
    bootstrap: str, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    assert await committed(bootstrap, monkeypatch, code) == 489


async def test_one_that_refuses_is_an_error(bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        await committed(bootstrap, monkeypatch, NOT_ALLOWED)
