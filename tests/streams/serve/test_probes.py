"""What probes of a server are told."""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from streams.serve.http import application


@pytest.mark.parametrize("reasons", [(), ("the list is read",)])
async def test_a_server_lives_also_while_it_is_not_ready(reasons: tuple[str, ...]) -> None:
    answering: Any = SimpleNamespace(reasons=reasons)
    app = application(answering, token="t", max_bytes=10, rate=1e6, record=False)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://interdict") as client:
        live, ready = await client.get("/live"), await client.get("/ready")

    assert (live.status_code, live.json()) == (200, {"live": True})
    assert ready.status_code == (503 if reasons else 200)
    assert ready.json() == {"ready": not reasons, "reasons": [*reasons]}
