"""A broker that refuses is asked again after pauses, and one that is back is asked at once."""

import asyncio
import time
from typing import Any

import pytest
from aiokafka import client
from aiokafka.errors import KafkaConnectionError

from streams.faust_internals import paced_connections
from streams.faust_internals.paced_connections import LONGEST_SECONDS, SHORTEST_SECONDS, pace_connections


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, by a clock that nothing else moves."""
    made, now = list[float](), [100.0]

    async def sleep(seconds: float) -> None:
        made.append(round(seconds, 6))
        now[0] += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(paced_connections, "_failed", {})
    return made


async def test_each_address_that_fails_is_tried_again_after_twice_as_long_up_to_a_second(
    monkeypatch: pytest.MonkeyPatch, slept: list[float]
) -> None:
    refuses = True

    async def create(host: str, port: int, **options: Any) -> str:
        if refuses and port == 1:
            raise KafkaConnectionError
        return f"{host}:{port} {options}"

    monkeypatch.setattr(paced_connections, "_create", create)
    monkeypatch.setattr(client, "create_conn", create)
    pace_connections()
    for _ in range(9):
        with pytest.raises(KafkaConnectionError):
            await client.create_conn("b", 1)
    assert slept == [min(SHORTEST_SECONDS * 2**times, LONGEST_SECONDS) for times in range(8)]

    assert await client.create_conn("b", 2, client_id="w") == "b:2 {'client_id': 'w'}"
    refuses = False
    assert [await client.create_conn("b", 1) for _ in range(2)] == ["b:1 {}"] * 2
    assert slept[8:] == [LONGEST_SECONDS]
