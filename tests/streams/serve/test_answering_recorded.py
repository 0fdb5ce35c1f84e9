"""What a server answers and writes of the decisions that it took, without a broker."""

import asyncio
import signal
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, MessageSizeTooLargeError

from streams.kafka.topics import Topics
from streams.records.json import CONTENT_TYPE
from streams.serve.answering import Answering, Request
from streams.serve.errors import LateError, NotReadyError
from streams.serve.recording import Recording
from streams.worker.desk import ScreeningDesk
from streams.worker.refusals import NotDeliveredError
from tests.streams.turns import turns_of_others
from tests.streams.worker.test_desk import PAYMENT, TRANSFER, desk

__all__ = ["desk"]
TOPICS = Topics("t-")
HIT, CLEAR, BROKEN = orjson.dumps(PAYMENT), b'{"id": "P-2", "parties": [{"name": "Acme"}]}', b"{"


class Outbox:
    def __init__(self) -> None:
        self.did: list[Any] = []
        self.named: list[Any] = []
        self.open = asyncio.Event()
        self.open.set()
        self.refuses: Exception | None = None

    def send(self, topic: str, key: bytes, value: bytes, headers: Any, alert: Any = None) -> Any:
        assert headers == [CONTENT_TYPE]
        self.did.append((topic, key, orjson.loads(value)))
        self.named.append(alert)
        return self.did[-1]

    async def delivered(self) -> None:
        assert "delivering" not in self.did, "one delivery at a time"
        self.did.append("delivering")
        await self.open.wait()
        self.did.remove("delivering")
        if self.refuses:
            raise self.refuses
        self.did.append("delivered")


def recording() -> Any:
    made: Any = Recording({}, TOPICS, b"key")
    made._new_outbox, made.outbox = Outbox, Outbox()
    return made


def answering(desk: ScreeningDesk) -> Any:
    made: Any = object.__new__(Answering)
    counted = list[Any]()
    made._recording = recording()
    made.metrics = SimpleNamespace(
        decided=lambda *of: counted.append(of),
        payment_decided=lambda of, decision: counted.append((of, decision.outcome)),
    )
    made.counted = counted

    async def answered(request: Request, until: float) -> Any:
        del until
        (result,) = await desk.answer([request])
        return result

    made._waiting = SimpleNamespace(ask=answered)
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
        assert server._recording.outbox.did == []
        return
    *sent, last = server._recording.outbox.did
    assert last == "delivered"
    assert [(topic, key) for topic, key, _ in sent] == [
        (each, decision["payment_id"].encode()) for each in topics
    ]
    assert sent[-1][2] == decision
    assert {body["latency_ms"] for *_, body in sent} == {decision["latency_ms"]}
    assert {body["decision_id"] for *_, body in sent} == {decision["decision_id"]}
    assert server._recording.outbox.named == ([None, sent[0]] if outcome == "hit" else [None])  # its alert


async def test_others_have_their_turn_while_thousands_of_decisions_are_recorded_and_answered(
    desk: ScreeningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.replicas.turns.APPLY_SLICE_SECONDS", 0.0)
    request = Request("".join(TRANSFER % number for number in range(8)).encode())
    (result,) = await desk.answer([request])
    server = answering(desk)
    server._waiting = SimpleNamespace(ask=lambda *_: asyncio.sleep(0, result))
    async with turns_of_others() as turns:
        assert len(await server.decide(request, True)) == 8

    assert turns() >= 16


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not done():  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0)


async def test_what_comes_while_others_are_delivered_goes_together_after_them(desk: ScreeningDesk) -> None:
    """An outbox gives its seals in order: two deliveries at once looked like records taken out."""
    server = answering(desk)
    server._recording.outbox.open.clear()
    asked = [asyncio.create_task(server.decide(Request(CLEAR), True))]
    await until(lambda: "delivering" in server._recording.outbox.did)
    asked += [asyncio.create_task(server.decide(Request(CLEAR), True)) for _ in range(5)]
    await until(lambda: len(server._recording._waiting) == 5)
    server._recording.outbox.open.set()
    await asyncio.gather(*asked)

    kinds = [each if isinstance(each, str) else "sent" for each in server._recording.outbox.did]
    assert kinds == ["sent", "delivered", *["sent"] * 5, "delivered"]


async def test_who_shares_a_delivery_that_fails_is_told_so_and_the_next_has_seals_of_its_own(
    desk: ScreeningDesk,
) -> None:
    server = answering(desk)
    first = server._recording.outbox
    first.open.clear()
    asked = [asyncio.create_task(server.decide(Request(CLEAR), True))]
    await until(lambda: "delivering" in first.did)
    first.refuses = ValueError("refused")
    first.open.set()
    failed = await asyncio.gather(*asked, return_exceptions=True)
    (decision,) = await server.decide(Request(CLEAR), True)

    assert failed == [first.refuses]
    assert server._recording.outbox is not first
    assert server._recording.outbox.did[-1] == "delivered"
    assert decision["outcome"] == "clear"


class Choosy(Outbox):
    """Of a topic that refuses a payment, or whatever comes while its broker is away."""

    away = False
    deliveries = 0

    async def delivered(self) -> None:
        Choosy.deliveries += 1
        await super().delivered()
        if Choosy.away:
            raise NotDeliveredError("alerts: away") from KafkaTimeoutError()
        if any(each[1] == b"P-1" for each in self.did):
            raise NotDeliveredError("alerts: too large") from MessageSizeTooLargeError("alerts")


@pytest.mark.parametrize("away", [False, True])
async def test_what_a_topic_refuses_of_one_is_no_answer_of_those_that_share_its_delivery(
    desk: ScreeningDesk, away: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker that is away is asked once for all of them: each question takes a minute."""
    server = answering(desk)
    monkeypatch.setattr(Choosy, "deliveries", 0)
    server._recording._new_outbox = Choosy
    first = server._recording.outbox = Choosy()
    first.open.clear()
    asked = [asyncio.create_task(server.decide(Request(CLEAR), True))]
    await until(lambda: "delivering" in first.did)
    asked += [
        asyncio.create_task(server.decide(Request(HIT if number == 3 else CLEAR), True))
        for number in range(8)
    ]
    await until(lambda: len(server._recording._waiting) == 8)
    monkeypatch.setattr(Choosy, "away", away)
    first.open.set()
    _, *answers = await asyncio.gather(*asked, return_exceptions=True)

    refused = [number for number, each in enumerate(answers) if isinstance(each, NotDeliveredError)]
    assert refused == ([*range(8)] if away else [3])
    assert Choosy.deliveries == (2 if away else 8)


async def test_what_was_not_decided_in_time_is_neither_counted_nor_recorded(desk: ScreeningDesk) -> None:
    """After a minute without a broker, what had been answered 503 was recorded as clear."""
    server = answering(desk)
    with pytest.raises(LateError):
        await server.decide(Request(CLEAR), True, within=-1.0)
    await server.decide(Request(CLEAR), True, within=60.0)

    assert len([each for each in server._recording.outbox.did if each != "delivered"]) == 1
    assert server.counted == [("json", "clear")]


async def test_what_waited_too_long_for_those_before_it_is_not_recorded(desk: ScreeningDesk) -> None:
    server = answering(desk)
    server._recording.outbox.open.clear()
    first = asyncio.create_task(server.decide(Request(CLEAR), True))
    await until(lambda: "delivering" in server._recording.outbox.did)
    late = asyncio.create_task(server.decide(Request(HIT), True, within=0.3))
    soon = asyncio.create_task(server.decide(Request(CLEAR), True, within=60.0))
    await until(lambda: len(server._recording._waiting) == 2)
    await asyncio.sleep(0.35)
    server._recording.outbox.open.set()

    found = await asyncio.gather(first, late, soon, return_exceptions=True)
    assert [type(each).__name__ for each in found] == ["list", "LateError", "list"]
    sent = [each[0] for each in server._recording.outbox.did if each != "delivered"]
    assert sent == [TOPICS.decisions] * 2


async def test_payments_without_an_id_of_their_own_are_named_after_their_bytes(desk: ScreeningDesk) -> None:
    """All of them had the name http-0-0."""
    server = answering(desk)
    bodies = (b"{", b"{", b"[", b'{"parties": [{"name": "Acme"}]}')
    names = [(await server.decide(Request(body)))[0]["payment_id"] for body in bodies]

    assert names[0] == names[1] == "http-021fb596db81e6d02bf3d2586ee3981f"
    assert len(set(names)) == 3


def test_a_server_seals_as_one_of_its_own_and_leaves_checkpoints() -> None:
    outbox = Recording({}, TOPICS, b"key").outbox

    assert (outbox._chain.writer, outbox._audit_topic) == ("serve", TOPICS.audit)


def test_a_server_that_does_not_record_says_with_what_it_would() -> None:
    made: Any = Recording({}, TOPICS, b"key")
    with pytest.raises(NotReadyError, match="does not record; start it with --record"):
        made._connected()
    made._producer = "producer"
    assert made._connected() == "producer"


@pytest.mark.parametrize("records", [False, True])
@pytest.mark.parametrize("started", [False, True])
async def test_a_server_ends_in_order_its_start_awaited_and_its_producer_last(
    started: bool, records: bool, monkeypatch: pytest.MonkeyPatch
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
    made._watching = asyncio.get_running_loop().create_task(asyncio.sleep(60)) if started else None
    made._recording = Recording({}, TOPICS, b"key")
    made._recording._producer = piece("producer") if records else None

    async def last_checkpoint() -> None:
        did.append("last checkpoint")

    made._recording.outbox = SimpleNamespace(last_checkpoint=last_checkpoint)
    await made.stop()

    assert made._ending and made._recording._ending
    assert not started or made._watching.cancelling()
    assert did == [
        *("budget stops", "second stops", "first stops"),
        *(["is started"] if started else []),
        *(["last checkpoint", "producer stops"] if records else []),
    ]


async def test_a_server_ends_though_the_broker_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def stop() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("streams.serve.answering.STOP_SECONDS", 0.01)
    made: Any = object.__new__(Answering)
    made._desk = SimpleNamespace(budget=SimpleNamespace(stop=lambda: None))
    made._deciding, made._services, made._starting, made._watching = set(), (), None, None
    made._recording = SimpleNamespace(end=lambda: None, stop=stop)

    await asyncio.wait_for(made.stop(), 10)


async def test_a_server_that_records_starts_without_a_broker_and_goes_on_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    class Producer:
        def __init__(self, **options: object) -> None:
            assert options == {"acks": "all"}

        async def start(self) -> None:
            asked.append("start")
            if len(asked) < 4:
                raise KafkaConnectionError("no broker")

        async def stop(self) -> None:
            asked.append("stop")

    monkeypatch.setattr("streams.serve.recording.AIOKafkaProducer", Producer)
    monkeypatch.setattr("streams.serve.recording.RETRY_SECONDS", 0)
    made: Any = object.__new__(Answering)
    made._desk = SimpleNamespace(budget=SimpleNamespace(start=lambda: None))
    made._services, made._records, made._ending = (), True, False
    made._recording = Recording({}, TOPICS, b"key")
    await made.start()
    assert asked == []
    await made._starting

    assert asked == ["start", "stop", "start", "stop", "start"]
    assert isinstance(made._recording._connected(), Producer)


@pytest.mark.parametrize("what", ["a service", "the start"])
async def test_a_server_of_which_a_part_has_failed_ends_to_be_started_again(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answered 503 for ever, alive to every probe."""
    ended: list[int] = []
    monkeypatch.setattr("streams.serve.answering.signal.raise_signal", ended.append)
    monkeypatch.setattr("streams.serve.answering.LOOK_SECONDS", 0)
    service = SimpleNamespace(crashed=False, crash_reason=RuntimeError("broken"))

    async def starts() -> None:
        raise RuntimeError("broken")

    made: Any = object.__new__(Answering)
    made._services, made._starting = (service,), None
    watching = asyncio.create_task(made._end_when_failed())
    await asyncio.sleep(0.01)
    assert (made.failure, ended) == ("", [])

    if what == "the start":
        made._starting = asyncio.create_task(starts())
    else:
        service.crashed = True
    async with asyncio.timeout(10):
        await watching
    assert "RuntimeError('broken')" in made.failure and made.reasons == (made.failure,)
    assert ended == [signal.SIGTERM]
