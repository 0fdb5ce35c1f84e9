"""Who sends no whole request holds no connection, and no server up that is asked to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

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
async def serving() -> AsyncIterator[int]:
    app = Starlette(routes=[Route("/", refuse, methods=["GET", "POST"])])
    config = uvicorn.Config(app, port=0, http=HastyProtocol, log_level="error", lifespan="off")
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


async def test_whole_requests_keep_their_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REST_SECONDS", 0.1)
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(WHOLE)
            await reader.readuntil(b"no")
            await asyncio.sleep(0.08)
        writer.close()
