"""Why the console by itself is not ready, in a sentence each."""

import asyncio
import json
import signal
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from screening.cases.dispositions import SuppressionRules
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


@pytest.mark.parametrize("reasons", [[], ["the broker does not answer: gone"]])
@pytest.mark.parametrize("giving", [False, True])
async def test_its_status_says_what_is_in_its_way_and_what_the_form_asks_for(
    monkeypatch: pytest.MonkeyPatch, reasons: list[str], giving: bool
) -> None:
    async def why(_: ConsoleServer) -> list[str]:
        return reasons

    monkeypatch.setattr(ConsoleServer, "reasons", why)
    server: Any = object.__new__(ConsoleServer)
    rules = SuppressionRules(four_eyes=True, longest=timedelta(days=90))
    server._giving = SimpleNamespace(rules=rules) if giving else None
    request: Any = None
    live, ready = await server._live(request), await server._ready(request)
    status = await server._status(request)

    assert (live.status, json.loads(live.text)) == (200, {"live": True})
    said = {"ready": not reasons, "reasons": reasons}
    assert (ready.status, json.loads(ready.text)) == (503 if reasons else 200, said)
    told = json.loads(status.text)
    assert abs(datetime.fromisoformat(told.pop("now")) - datetime.now(UTC)) < timedelta(minutes=1)
    form = {"form": {"four_eyes": True, "longest_days": 90.0}} if giving else {}
    assert (status.status, told) == (200, said | {"alone": True} | form)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:7/"),
        ("desk.example.com", "http://desk.example.com:7/"),
        ("::1", "http://[::1]:7/"),
        ("", "http://127.0.0.1:7/"),
        ("0.0.0.0", "http://127.0.0.1:7/"),  # noqa: S104  nothing is bound
        ("::", "http://127.0.0.1:7/"),
    ],
)
def test_where_a_browser_on_this_machine_finds_it(host: str, url: str) -> None:
    assert PageServer(host, 7).url == url


@pytest.mark.parametrize(
    ("host", "tokens", "warns"),
    [
        ("127.0.0.1", (), False),
        ("127.0.0.1", ("secret",), False),
        ("0.0.0.0", ("secret",), False),  # noqa: S104  for a moment
        ("0.0.0.0", (), True),  # noqa: S104  for a moment
    ],
)
async def test_a_console_that_others_reach_without_a_token_says_so(
    host: str, tokens: tuple[str, ...], warns: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("WARNING"):
        async with (server := PageServer(host, 0, tokens)):
            said = f"whoever reaches {server.url} reads alerts: set INTERDICT_WEB_TOKEN"

    assert [each.getMessage() for each in caplog.records] == ([said] if warns else [])
