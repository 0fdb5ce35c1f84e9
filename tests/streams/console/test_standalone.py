"""Why the console by itself is not ready, in a sentence each."""

import asyncio
import signal
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from streams.console import standalone
from streams.console.server import PageServer
from streams.console.standalone import ConsoleServer
from streams.errors import CannotProceedError


@pytest.mark.parametrize(
    ("error", "reasons"),
    [
        (None, []),
        (CannotProceedError("the topic is gone"), ["the topic is gone"]),
        (OSError("no route"), ["the broker does not answer: no route"]),
        (KafkaConnectionError("away"), ["the broker does not answer: KafkaConnectionError: away"]),
        (TimeoutError(), ["the broker does not answer: TimeoutError"]),
        ("hangs", ["the broker does not answer: TimeoutError"]),
    ],
)
async def test_what_is_in_the_consoles_way_is_said(
    monkeypatch: pytest.MonkeyPatch, error: Exception | str | None, reasons: list[str]
) -> None:
    monkeypatch.setattr(standalone, "READY_SECONDS", 0.05)

    async def reach() -> None:
        if isinstance(error, Exception):
            raise error
        if error:
            await asyncio.Event().wait()

    server: Any = object.__new__(ConsoleServer)
    server._desk = SimpleNamespace(reach=reach)

    assert await server.reasons() == reasons


async def test_a_page_server_leaves_the_signals_to_the_process_it_runs_in() -> None:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]

    async with PageServer("127.0.0.1", 0):
        assert [signal.getsignal(number) for number in numbers] == before
