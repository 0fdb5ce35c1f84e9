"""Claims about a worker's HTTP, asked over a real socket."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from screening.designations import Designation, Link, Name
from streams.console.feed import Feed
from streams.console.server import SECURITY_HEADERS
from streams.worker.metrics import Metrics
from streams.worker.web import WebServer

TOKEN = "s3cret"
VERUS = Designation("ofac:44519", (Name("VERUS"),), links=(Link("MKRTYCHEV", "linked_to", "ofac:41563"),))
EVERY_PATH = ("/live", "/ready", "/metrics", "/status.json", "/", "/console/app.js", "/events", "/nowhere")


@dataclass
class Condition:
    ready: bool = True
    reasons: list[str] = field(default_factory=list)


@asynccontextmanager
async def serving(
    health: Condition | None = None,
    feed: Feed | None = None,
    status: Callable[[], Any] = lambda: {"lists": {"ofac": {"version": "7", "entries": 1}}},
    **options: Any,
) -> AsyncIterator[tuple[WebServer, aiohttp.ClientSession]]:
    server = WebServer(
        "127.0.0.1",
        0,
        health=health or Condition(),
        metrics=Metrics(CollectorRegistry()),
        feed=feed or Feed(),
        status=status,
        lookup={VERUS.id: VERUS}.get,
        **options,
    )
    async with server, aiohttp.ClientSession(server.url) as client:
        yield server, client


async def next_event(stream: aiohttp.ClientResponse) -> list[bytes]:
    lines: list[bytes] = []
    while line := (await stream.content.readline()).rstrip(b"\n"):
        lines.append(line)
    return lines


async def test_ready_names_the_reasons_until_it_is() -> None:
    health = Condition(False, ["ofac: 3 of 12000 entries missing"])
    async with serving(health) as (_, client):
        async with client.get("/ready") as answer:
            assert answer.status == 503
            assert await answer.json() == {"ready": False, "reasons": health.reasons}
        health.ready, health.reasons = True, []
        async with client.get("/ready") as answer:
            assert answer.status == 200


async def test_the_log_says_where_the_console_is(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="streams.worker.web")
    async with serving() as (server, _):
        assert f"console, health and metrics are on {server.url}" in caplog.text


async def test_live_does_not_depend_on_ready() -> None:
    async with serving(Condition(False, ["loading"])) as (_, client), client.get("/live") as answer:
        assert answer.status == 200


async def test_metrics_speak_what_the_scraper_accepts() -> None:
    async with serving() as (_, client):
        async with client.get("/metrics") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
            assert "interdict_ready 1.0" in await answer.text()
        accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
        async with client.get("/metrics", headers=accept) as answer:
            assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
            assert (await answer.text()).endswith("# EOF\n")


async def test_status_says_what_the_worker_and_the_server_know() -> None:
    async with serving() as (_, client), client.get("/status.json") as answer:
        status = await answer.json()
    assert status["lists"] == {"ofac": {"version": "7", "entries": 1}}
    assert status["ready"] is True


async def test_a_designation_in_force_is_shown_with_its_links() -> None:
    async with serving() as (_, client):
        async with client.get("/designations/ofac:44519") as answer:
            assert (await answer.json())["links"][0]["to"] == "ofac:41563"
        async with client.get("/designations/ofac:1") as answer:
            assert answer.status == 404


async def test_an_alert_reaches_the_browser_as_it_was_sent() -> None:
    feed = Feed()
    async with serving(feed=feed) as (_, client), client.get("/events") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert await next_event(stream) == [b"retry: 2000"]
        assert b"event: status" in await next_event(stream)
        feed.alert(b'{"payment_id":"P-1"}')
        assert await next_event(stream) == [b"event: alert", b'data: {"payment_id":"P-1"}']


async def test_a_browser_that_follows_is_not_taken_for_one_that_asks_nothing() -> None:
    async with serving() as (server, client), client.get("/events") as stream:
        assert await next_event(stream)
        assert server._runner and server._runner.server
        (followed,) = server._runner.server.connections
        server.connections.close_idle([followed], time.monotonic() + 1_000)
        assert followed.transport is not None
        assert not followed.transport.is_closing()


async def test_stopping_ends_the_streams_at_once() -> None:
    async with serving() as (server, client), client.get("/events") as stream:
        stop = asyncio.create_task(server.stop())
        async with asyncio.timeout(5):
            await stream.read()
            await stop


@pytest.mark.parametrize("path", EVERY_PATH)
async def test_every_answer_carries_the_security_headers(path: str) -> None:
    async with serving() as (_, client), client.get(path) as answer:
        for name, value in SECURITY_HEADERS.items():
            if name != "Cache-Control" or path != "/events":
                assert answer.headers[name] == value


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/status.json", "/designations/ofac:44519", "/events"])
async def test_there_is_no_write_endpoint(method: str, path: str) -> None:
    async with serving() as (_, client), client.request(method, path) as answer:
        assert answer.status == 405


@pytest.mark.parametrize("path", ["/status.json", "/", "/events", "/designations/ofac:44519", "/nowhere"])
async def test_a_token_guards_everything_that_names_a_party(path: str) -> None:
    async with serving(token=TOKEN) as (_, client):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic !!"}):
            async with client.get(path, headers=headers) as answer:
                assert answer.status == 401
                assert answer.headers["WWW-Authenticate"] == 'Basic realm="interdict"'
        async with client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
            assert answer.status != 401
        basic = aiohttp.encode_basic_auth("anyone", TOKEN)
        async with client.get(path, headers={"Authorization": basic}) as answer:
            assert answer.status != 401


NEAR = (
    "",
    TOKEN[:1],
    TOKEN[:-1],
    TOKEN[1:],
    TOKEN + "x",
    "x" + TOKEN,
    TOKEN * 2,
    TOKEN.upper(),
    f"{TOKEN}\u0301",
)


@pytest.mark.parametrize("near", NEAR)
async def test_a_token_is_accepted_whole_and_as_it_is_or_not_at_all(near: str) -> None:
    password = base64.b64encode(f"anyone:{near}".encode()).decode()
    user = base64.b64encode(f"{TOKEN}:{near}".encode()).decode()
    said = [f"Bearer {near}", f"Basic {password}", f"Basic {user}", f"Digest {TOKEN}", TOKEN]
    async with serving(token=TOKEN) as (_, client):
        for authorization in said:
            async with client.get("/status.json", headers={"Authorization": authorization}) as answer:
                assert answer.status == 401, authorization


async def test_a_token_that_is_no_text_is_refused_like_any_other() -> None:
    async with serving(token=TOKEN) as (server, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        request = b"GET /status.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\xff\r\n\r\n"
        writer.write(request)
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()

    assert answer.startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("path", ["/live", "/ready", "/metrics"])
async def test_probes_and_scrapers_need_no_token(path: str) -> None:
    async with serving(token=TOKEN) as (_, client), client.get(path) as answer:
        assert answer.status == 200


async def test_a_web_page_cannot_reach_a_loopback_console_by_rebinding_its_name() -> None:
    async with serving() as (server, client):
        host = {"Host": f"evil.example:{server.port}"}
        async with client.get("/status.json", headers=host) as answer:
            assert answer.status == 403
        async with client.get("/status.json", headers={"Host": f"localhost:{server.port}"}) as answer:
            assert answer.status == 200


async def test_a_defect_in_the_status_does_not_end_the_worker() -> None:
    asked = asyncio.Event()

    def broken() -> dict[str, Any]:
        asked.set()
        raise KeyError("ofac:@commit")

    async with serving(status=broken) as (server, client):
        await asyncio.wait_for(asked.wait(), 5)
        async with client.get("/live") as answer:
            assert answer.status == 200
        assert not server.crashed


async def test_the_loop_is_watched_and_browsers_are_counted() -> None:
    async with serving() as (server, client), client.get("/events") as stream:
        async with asyncio.timeout(5):
            while b"event: tick" not in await next_event(stream):
                pass
        assert server.metrics.registry.get_sample_value("interdict_console_clients") == 1
        assert (server.metrics.registry.get_sample_value("interdict_event_loop_lag_seconds_count") or 0) > 0
