"""Requests that wait together share one proof of freshness; each gets its own answer, or its own error."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import orjson
import pytest

from config.settings import load_settings
from screening import Policy
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.records.headers import Received
from streams.records.shapes import DecisionRecord
from streams.serve.answering import MOST_TOGETHER, MOST_WAITING, Answering, Request
from streams.serve.errors import LateError, NotReadyError
from streams.worker.desk import ScreeningDesk
from streams.worker.results import Screened
from tests.streams.list_topic import ListTopic

REQUESTS = 50
LISTED = 7


@asynccontextmanager
async def answering() -> AsyncIterator[Answering]:
    with EmbeddedBroker(dict(Topics().partitions(1))) as broker:
        async with ListTopic(broker.bootstrap) as topic:
            await topic.entry("44521", "VERSOR S.R.O.")
            await topic.commit()
        server = Answering(load_settings(broker=broker.bootstrap), Policy())
        await server.start()
        async with asyncio.timeout(30):
            while server.reasons:  # noqa: ASYNC110  reasons have no event of their own
                await asyncio.sleep(0.01)
        yield server
        await server.stop()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many requests each question to the desk was for; one with the value `raise` raises."""
    sizes: list[int] = []
    answer = ScreeningDesk.answer

    async def counted(desk: ScreeningDesk, messages: Sequence[Received]) -> list[Screened]:
        sizes.append(len(messages))
        if any(message.value == b"raise" for message in messages):
            raise RuntimeError("not this one")
        return await answer(desk, messages)

    monkeypatch.setattr(ScreeningDesk, "answer", counted)
    return sizes


def request(number: int) -> Request:
    name = "Versor, s.r.o." if number == LISTED else "Acme"
    return Request(orjson.dumps({"id": f"P-{number}", "parties": [{"role": "creditor", "name": name}]}))


async def test_many_requests_share_few_proofs_and_each_gets_its_own_answer(asked: list[int]) -> None:
    async with answering() as server:
        answers = await asyncio.gather(*(server.decide(request(number)) for number in range(REQUESTS)))

    assert [answer[0]["payment_id"] for answer in answers] == [f"P-{number}" for number in range(REQUESTS)]
    assert [number for number, answer in enumerate(answers) if answer[0]["outcome"] == "hit"] == [LISTED]
    assert sum(asked) == REQUESTS
    assert max(asked) <= MOST_TOGETHER
    assert len(asked) <= REQUESTS / MOST_TOGETHER + 2


@pytest.mark.parametrize("asked_before", [False, True])
async def test_before_it_is_ready_and_where_too_many_wait_a_request_is_refused_at_once(
    asked_before: bool,
) -> None:
    server = Answering(load_settings(broker="127.0.0.1:9"), Policy())
    server._was_ready = asked_before
    waiting = asyncio.Event()

    async def decided() -> list[DecisionRecord]:
        await waiting.wait()
        return []

    server._deciding.update(asyncio.create_task(decided()) for _ in range(MOST_WAITING))

    async with asyncio.timeout(10):
        with pytest.raises(NotReadyError, match="1000 requests wait" if asked_before else "designations"):
            await server.decided_within(60.0, request(1))
    assert len(server._deciding) == MOST_WAITING
    waiting.set()


async def test_requests_that_nobody_waits_for_any_more_are_not_decided(asked: list[int]) -> None:
    async with answering() as server:
        late, other, soon = await asyncio.gather(
            server.decide(request(0), within=-1.0),
            server.decide(request(1), within=-1.0),
            server.decide(request(LISTED), within=60.0),
            return_exceptions=True,
        )

    assert isinstance(late, LateError) and isinstance(other, LateError)
    assert not isinstance(soon, BaseException)
    assert (soon[0]["outcome"], asked) == ("hit", [1])


@pytest.mark.usefixtures("asked")
async def test_a_request_that_raises_leaves_those_beside_it_answered() -> None:
    requests = [request(0), request(1), Request(b"raise"), request(LISTED)]
    async with answering() as server:
        first, second, raised, last = await asyncio.gather(
            *(server.decide(each) for each in requests), return_exceptions=True
        )

    assert isinstance(raised, RuntimeError)
    assert not any(isinstance(answer, BaseException) for answer in (first, second, last))


async def test_a_request_that_is_given_up_leaves_the_others_to_who_comes_next() -> None:
    async with answering() as server:
        holder, *others = (asyncio.create_task(server.decide(request(number))) for number in range(5))
        await asyncio.sleep(0)
        holder.cancel()
        async with asyncio.timeout(20):
            answers = await asyncio.gather(*others)

    assert [answer[0]["payment_id"] for answer in answers] == ["P-1", "P-2", "P-3", "P-4"]


@pytest.mark.parametrize("ready", [True, False])
async def test_an_answer_in_time_is_one_and_without_it_the_list_is_looked_at_once_more(
    monkeypatch: pytest.MonkeyPatch, ready: bool
) -> None:
    server = Answering(load_settings(broker="127.0.0.1:9"), Policy())
    server._was_ready = True
    monkeypatch.setattr(Answering, "reasons", () if ready else ("being renewed",))

    async def decide(each: Request, record: bool, *, within: float) -> list[object]:
        assert within in (5.0, 0.01)
        if each.value == b"hang":
            await asyncio.Event().wait()
        return [each.value, record]

    monkeypatch.setattr(server, "decide", decide)
    assert await server.decided_within(5.0, Request(b"soon"), record=True) == [b"soon", True]
    if ready:
        assert await server.decided_within(0.01, Request(b"hang")) is None
    else:
        with pytest.raises(NotReadyError, match=r"^being renewed$"):
            await server.decided_within(0.01, Request(b"hang"))
    assert len(server._deciding) == 1  # it goes on: to break off would leave half a question
    for task in server._deciding:
        task.cancel()
