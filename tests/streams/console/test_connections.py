"""A page server keeps no connection on which nobody asks, however many there are."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from streams.console import connections as module
from streams.console.connections import MOST_CONNECTIONS, REST_SECONDS, Connections
from streams.console.server import PageServer

PATIENCE_SECONDS = 10.0


@dataclass(eq=False)
class Kept:
    """A connection, and its transport."""

    aborted: bool = False
    transport: "Kept | None" = field(init=False)

    def __post_init__(self) -> None:
        self.transport = self

    def abort(self) -> None:
        self.aborted, self.transport = True, None


def test_a_connection_is_closed_so_long_after_its_last_request_and_not_while_it_is_followed() -> None:
    there = _, asks, follows = Kept(), Kept(), Kept()
    connections = Connections()
    connections.close_idle(there, 0.0)
    connections.asked(asks, 10.0)

    with connections.followed(follows):
        connections.close_idle(there, REST_SECONDS)
        assert [each.aborted for each in there] == [False, False, False]
        connections.close_idle(there, REST_SECONDS + 1)
        assert [each.aborted for each in there] == [True, False, False]
        connections.close_idle((asks, follows), REST_SECONDS + 11)
        assert [each.aborted for each in (asks, follows)] == [True, False]

    connections.close_idle((follows,), REST_SECONDS + 11)
    assert follows.aborted


def test_of_too_many_connections_those_go_first_on_which_nothing_was_asked_for_longest() -> None:
    connections, there = Connections(), [Kept() for _ in range(MOST_CONNECTIONS)]
    connections.close_idle(there, 0.0)
    connections.asked(there[0], 1.0)
    later = [Kept(), Kept()]

    connections.close_idle([*there, *later], 2.0)

    assert [place for place, each in enumerate(there) if each.aborted] == [1, 2]
    assert not any(each.aborted for each in later)


async def test_half_requests_without_end_do_not_fill_a_server_that_goes_on_answering(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 4)
    server = PageServer("127.0.0.1", 0)
    async with server:
        half = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(20)]
        for _, writer in half:
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
        async with asyncio.timeout(PATIENCE_SECONDS):
            ended = [await reader.read() for reader, _ in half[:16]]
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer = await reader.read()
        for _, opened in [*half, (reader, writer)]:
            opened.close()
            with suppress(ConnectionError):
                await opened.wait_closed()

    assert ended == [b""] * 16
    assert answer.startswith(b"HTTP/1.0 200")
