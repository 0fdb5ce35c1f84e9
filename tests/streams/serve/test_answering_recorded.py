"""What a server answers and writes of the decisions that it took, without a broker."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from streams.kafka.topics import Topics
from streams.records.json import CONTENT_TYPE
from streams.serve.answering import Answering, NotReadyError, Request
from streams.worker.desk import ScreeningDesk
from tests.streams.worker.test_desk import PAYMENT, desk

__all__ = ["desk"]
TOPICS = Topics("t-")
HIT, CLEAR, BROKEN = orjson.dumps(PAYMENT), b'{"id": "P-2", "parties": [{"name": "Acme"}]}', b"{"


class Outbox:
    def __init__(self) -> None:
        self.did: list[Any] = []

    def send(self, topic: str, key: bytes, value: bytes, headers: Any) -> None:
        assert headers == [CONTENT_TYPE]
        self.did.append((topic, key, orjson.loads(value)))

    async def delivered(self) -> None:
        self.did.append("delivered")


def answering(desk: ScreeningDesk) -> Any:
    made: Any = object.__new__(Answering)
    made._topics, made._outbox, counted = TOPICS, Outbox(), list[Any]()
    made.metrics = SimpleNamespace(decided=lambda *of: counted.append(of))
    made.counted = counted

    async def answered(request: Request) -> Any:
        (result,) = await desk.answer([request])
        return result

    made._answered = answered
    return made


@pytest.mark.parametrize(
    ("value", "format_", "outcome", "topics"),
    [
        (HIT, "json", "hit", [TOPICS.alerts, TOPICS.decisions]),
        (CLEAR, "json", "clear", [TOPICS.decisions]),
        (BROKEN, "other", "error", [TOPICS.decisions]),
    ],
)
@pytest.mark.parametrize("record", [False, True])
async def test_what_is_recorded_is_what_is_answered_and_is_there_by_then(
    desk: ScreeningDesk, value: bytes, format_: str, outcome: str, topics: list[str], record: bool
) -> None:
    server, began = answering(desk), time.monotonic()

    (decision,) = await server.decide(Request(value), record)

    assert decision["outcome"] == outcome
    assert 0 < decision["latency_ms"] < (time.monotonic() - began) * 1000
    assert server.counted == [(format_, outcome)]
    if not record:
        assert server._outbox.did == []
        return
    *sent, last = server._outbox.did
    assert last == "delivered"
    assert [(topic, key) for topic, key, _ in sent] == [
        (each, decision["payment_id"].encode()) for each in topics
    ]
    assert sent[-1][2] == decision
    assert {body["latency_ms"] for *_, body in sent} == {decision["latency_ms"]}
    assert {body["decision_id"] for *_, body in sent} == {decision["decision_id"]}


def test_a_server_that_does_not_record_says_with_what_it_would() -> None:
    made: Any = object.__new__(Answering)
    made._producer = None
    with pytest.raises(NotReadyError, match="does not record; start it with --record"):
        made._recording()
    made._producer = "producer"
    assert made._recording() == "producer"


@pytest.mark.parametrize("recording", [False, True])
@pytest.mark.parametrize("started", [False, True])
async def test_a_server_ends_in_order_its_start_awaited_and_its_producer_last(
    started: bool, recording: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[str] = []

    def piece(name: str) -> Any:
        async def stop() -> None:
            did.append(f"{name} stops")

        return SimpleNamespace(stop=stop)

    async def starts() -> None:
        did.append("is started")

    monkeypatch.setattr("streams.serve.answering.STOP_SECONDS", 10)
    made: Any = object.__new__(Answering)
    made._desk = SimpleNamespace(budget=SimpleNamespace(stop=lambda: did.append("budget stops")))
    made._deciding, made._services = set(), (piece("first"), piece("second"))
    made._starting = asyncio.get_running_loop().create_task(starts()) if started else None
    made._producer = piece("producer") if recording else None
    await made.stop()

    assert made._ending
    assert did == [
        *("budget stops", "second stops", "first stops"),
        *(["is started"] if started else []),
        *(["producer stops"] if recording else []),
    ]
