"""HTTP of a worker: probes, metrics, status and the console. It only reads; there is no write endpoint.

| path | answers | token |
| --- | --- | --- |
| `/live` | 200 while the process runs its event loop | no |
| `/ready` | 200 when payments may be decided, else 503 with the reasons | no |
| `/metrics` | Prometheus text, or OpenMetrics with exemplars when asked for | no |
| `/status.json` | lists in force, partitions, policy, matcher | yes |
| `/designations/{id}` | one designation in force with its links | yes |
| `/` and `/console/…` | the console | yes |
| `/events` | server-sent events for it | yes |
| `/desk/…` | what the console reads from the topics: `streams/console/routes.py` | yes |
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NotRequired, Protocol, TypedDict

import orjson
from aiohttp import hdrs, web
from mode import Service
from prometheus_client.exposition import choose_encoder

from screening.designations import Designation
from streams.console.feed import Feed, designation_card
from streams.console.routes import Console, desk_pages
from streams.console.server import Handler, PageServer, json_answer
from streams.worker.metrics import Metrics

log = logging.getLogger(__name__)

MOST_BROWSERS = 32  # each costs a socket and a bounded queue
TICK_SECONDS = 1.0
LOOP_PROBE_SECONDS = 0.25
STALLED_SECONDS = 20.0  # a browser that takes no bytes for so long is cut off


class Health(Protocol):
    """Whether payments may be decided, and if not, why, in words that an operator can act on."""

    @property
    def ready(self) -> bool: ...

    @property
    def reasons(self) -> list[str]: ...


class PartitionLag(TypedDict):
    partition: int
    lag: int


class WorkerStatus(TypedDict):
    """What one worker reports about itself. A list has version, entries, sha256, published_at and
    applied_at."""

    worker: str
    lists: Mapping[str, Mapping[str, object]]
    offsets: dict[str, int]
    partitions: list[PartitionLag]
    policy: str
    matcher: str
    customers: NotRequired[Mapping[str, object]]


class Snapshot(WorkerStatus):
    """The same, with what the web server knows."""

    ready: bool
    reasons: list[str]
    now: str


class WebServer(PageServer):
    """Serves one worker on `host:port` (0: the system chooses, see `url`).

    `status` is called once a second and for `/status.json`; unknown keys are passed through. `lookup` finds a
    designation in force; `console` reads the topics.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        health: Health,
        metrics: Metrics,
        feed: Feed,
        status: Callable[[], WorkerStatus],
        lookup: Callable[[str], Designation | None] | None = None,
        token: str | None = None,
        console: Console | None = None,
    ) -> None:
        super().__init__(host, port, (token,) if token else ())
        self.health, self.metrics, self.feed = health, metrics, feed
        self._status, self._lookup, self._console = status, lookup, console

    def gets(self) -> Mapping[str, Handler]:
        pages = {
            "/live": self._live,
            "/ready": self._ready,
            "/metrics": self._metrics,
            "/status.json": self._status_json,
            "/designations/{id}": self._designation,
            "/events": self._events,
        }
        return {**pages, **super().gets(), **(desk_pages(self._console) if self._console else {})}

    async def on_start(self) -> None:
        await super().on_start()
        log.info("console, health and metrics are on %s", self.url)

    async def on_stop(self) -> None:
        self.feed.close()
        await super().on_stop()
        if self._console:
            await self._console.desk.stop()

    def snapshot(self) -> Snapshot:
        """The status with what the server itself knows."""
        return {
            **self._status(),
            "ready": self.health.ready,
            "reasons": list(self.health.reasons),
            "now": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }

    @Service.task
    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while not self.should_stop:
            await self.sleep(TICK_SECONDS)
            now, last_tick = loop.time(), last
            last = now
            try:
                self._show(now - last_tick)
            except Exception:  # a defect in what is shown must not end a worker that decides payments
                log.exception("the console and gauges were not updated for this second")

    def _show(self, seconds: float) -> None:
        """Send the last `seconds` to the gauges and to whoever is watching."""
        snapshot = self.snapshot()
        self.metrics.is_ready(snapshot["reasons"])
        self.metrics.holds({at["partition"]: at["lag"] for at in snapshot.get("partitions", ())})
        self.metrics.console_clients.set(self.feed.browsers)
        self.feed.tick(datetime.now(UTC), seconds, snapshot)

    @Service.task
    async def _watch_loop(self) -> None:
        loop = asyncio.get_running_loop()
        while not self.should_stop:
            due = loop.time() + LOOP_PROBE_SECONDS
            await asyncio.sleep(LOOP_PROBE_SECONDS)
            self.metrics.loop_lagged(loop.time() - due)

    async def _live(self, _: web.Request) -> web.StreamResponse:
        return json_answer({"live": True})

    async def _ready(self, _: web.Request) -> web.StreamResponse:
        ready, reasons = self.health.ready, list(self.health.reasons)
        self.metrics.is_ready(reasons)
        return json_answer({"ready": ready, "reasons": reasons}, 200 if ready else 503)

    async def _metrics(self, request: web.Request) -> web.StreamResponse:
        self.metrics.is_ready(self.health.reasons)
        encode, content_type = choose_encoder(request.headers.get(hdrs.ACCEPT, ""))
        body = await asyncio.to_thread(encode, self.metrics.registry)
        response = web.Response(body=body, headers={hdrs.CONTENT_TYPE: content_type})
        response.enable_compression()
        return response

    async def _status_json(self, _: web.Request) -> web.StreamResponse:
        return json_answer(self.snapshot())

    async def _designation(self, request: web.Request) -> web.StreamResponse:
        designation = self._lookup(request.match_info["id"]) if self._lookup else None
        if designation is None:
            return json_answer({"error": "not on any list in force here"}, 404)
        return json_answer(designation_card(designation))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self.feed.browsers >= MOST_BROWSERS:
            raise web.HTTPServiceUnavailable(text=f"{MOST_BROWSERS} browsers follow this worker already\n")
        response = web.StreamResponse(
            headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        following = self.connections.followed(request.protocol)
        with following, self.feed.subscribe() as (lately, subscription):
            status = b"event: status\ndata: " + orjson.dumps(self.snapshot()) + b"\n\n"
            try:
                await response.write(b"retry: 2000\n\n" + status + b"".join(e.encode() for e in lately))
                while event := await subscription.get():
                    async with asyncio.timeout(STALLED_SECONDS):
                        await response.write(event.encode())
            except (ConnectionError, TimeoutError):
                pass  # the browser left, or reads no more: it will come again by itself
            finally:
                self.metrics.console_dropped.inc(subscription.dropped)
        return response
