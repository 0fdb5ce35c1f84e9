"""How long a payment may still take when its body has come."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from streams.serve import http
from streams.serve.answering import Request
from streams.serve.http import application


@pytest.mark.parametrize(("came_after", "left"), [(0.0, 0.8), (0.5, 0.3), (0.9, 0.0)])
async def test_what_a_body_took_is_not_there_for_its_decision(
    came_after: float, left: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[float, Request, bool]] = []

    async def decided_within(seconds: float, request: Request, record: bool) -> None:
        asked.append((seconds, request, record))

    now = [100.0]

    async def comes_late() -> AsyncIterator[bytes]:
        now[0] += came_after
        yield b"<a/>"

    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: now[0]))
    answering: Any = SimpleNamespace(decided_within=decided_within)
    app = application(answering, token=None, max_bytes=10, rate=1e6, record=False)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://interdict") as client:
        kind = {"content-type": "text/xml"}
        answer = await client.post("/screen?deadline_ms=800", content=comes_late(), headers=kind)

    ((seconds, sent, kept),) = asked
    assert seconds == pytest.approx(left) and not kept
    assert (sent.value, sent.headers) == (b"<a/>", [("content-type", b"text/xml")])
    assert answer.status_code == 504 and "not decided within 800 ms" in answer.json()["detail"]
