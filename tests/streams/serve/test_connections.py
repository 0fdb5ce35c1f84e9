"""Who sends no whole request holds no connection, and no server up that is asked to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from streams.serve import connections
from streams.serve.connections import HastyProtocol

PATIENCE_SECONDS = 10.0
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def refuse(request: Request) -> Response:
    """Without a look at the body."""
    del request
    return Response("no", 401)


@asynccontextmanager
async def serving(
    page: Callable[[Request], Awaitable[Response]] = refuse, protocol: type[HastyProtocol] = HastyProtocol
) -> AsyncIterator[int]:
    app = Starlette(routes=[Route("/", page, methods=["GET", "POST"])])
    config = uvicorn.Config(app, port=0, http=protocol, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        await server.shutdown()


async def until_closed(port: int, *sent: bytes) -> bytes:
    """What comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found: Any = b""
    try:
        for each in sent:
            writer.write(each)
            if b"\r\n\r\n" in each:
                found += await reader.readuntil(b"no")
        return bytes(found + await asyncio.wait_for(reader.read(), PATIENCE_SECONDS))
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        ((), 0),
        ((b"POST / HTTP/1.1\r\nHo",), 0),
        ((WHOLE, b"GET / HT"), 1),
        ((b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"1"), 1),
    ],
    ids=["nothing", "half a head", "half of the next head", "half a body that is answered already"],
)
async def test_half_a_request_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, sent: tuple[bytes, ...], answers: int
) -> None:
    monkeypatch.setattr(connections, "REST_SECONDS", 0.05)
    async with serving() as port:
        assert (await until_closed(port, *sent)).count(b" 401 ") == answers


async def test_of_too_many_half_requests_the_oldest_make_room_and_a_whole_one_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MOST_SILENT", 4)
    async with serving() as port:
        half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        async with asyncio.timeout(PATIENCE_SECONDS):
            ended = [await reader.read() for reader, _ in half[:16]]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(WHOLE)
            answer = await reader.readuntil(b"no")
        assert not any(reader.at_eof() for reader, _ in half[17:])
        for _, opened in [*half, (reader, writer)]:
            opened.close()

    assert ended == [b""] * 16
    assert b" 401 " in answer


async def test_whole_requests_keep_their_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REST_SECONDS", 0.1)
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(WHOLE)
            await reader.readuntil(b"no")
            await asyncio.sleep(0.08)
        writer.close()


async def test_requests_that_are_sent_ahead_of_their_answers_do_not_fill_the_memory() -> None:
    read, answered, enough, looked = 0, 0, asyncio.Event(), asyncio.Event()

    class Counting(HastyProtocol):
        def data_received(self, data: bytes) -> None:
            nonlocal read
            read += len(data)
            super().data_received(data)

    async def answer(request: Request) -> Response:
        nonlocal answered
        await request.body()
        for _ in range(5):  # as one that waits for its decision
            await asyncio.sleep(0)
        answered += 1
        if answered == 50:
            enough.set()
            await looked.wait()
        return Response("yes")

    async with serving(answer, Counting) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(WHOLE * 400_000)  # 10 MB
        await asyncio.wait_for(enough.wait(), PATIENCE_SECONDS)
        for _ in range(100):
            await asyncio.sleep(0)
        writer.transport.abort()
        looked.set()

    assert read < 1_000_000


async def test_who_takes_no_answer_holds_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REST_SECONDS", 0.1)
    lost = asyncio.Event()

    class Noting(HastyProtocol):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            lost.set()

    async def answer(request: Request) -> Response:
        del request
        return Response(b"x" * 20_000_000)

    async with serving(answer, Noting) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(WHOLE)
        await asyncio.wait_for(lost.wait(), PATIENCE_SECONDS)
        assert not reader.at_eof()
        writer.close()


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\n\r\n", b"GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\r\n\r\n"]
)
async def test_what_is_no_request_is_told_so_as_a_problem(sent: bytes) -> None:
    async with serving() as port:
        head, _, body = (
            await until_closed(port, b"", sent.replace(b"\r\n\r\n", b"\r\n"), b"\r\n")
        ).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 Bad Request")
    assert b"application/problem+json" in head
    assert "percent-encode" in orjson.loads(body)["detail"]


async def test_an_offer_of_another_protocol_is_not_taken() -> None:
    offer = WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n")
    async with serving() as port:
        assert b" 401 " in await until_closed(port, offer)
