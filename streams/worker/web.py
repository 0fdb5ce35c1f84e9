"""HTTP of a worker: probes, metrics, status and the live console. It only reads; there is no write endpoint.

| path | answers | token |
| --- | --- | --- |
| `/live` | 200 while the process runs its event loop | no |
| `/ready` | 200 when payments may be decided, else 503 with the reasons | no |
| `/metrics` | Prometheus text, or OpenMetrics with exemplars when asked for | no |
| `/status.json` | lists in force, partitions, policy, matcher | yes |
| `/designations/{id}` | one designation in force with its links | yes |
| `/` and `/console/…` | the console | yes |
| `/events` | server-sent events for it | yes |
"""

import asyncio
import base64
import hmac
import logging
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Protocol

import orjson
from aiohttp import hdrs, web
from mode import Service
from prometheus_client.exposition import choose_encoder

from config.hosts import is_loopback
from screening.designations import Designation
from streams.errors import CannotProceedError
from streams.worker.console.feed import Feed, designation_card
from streams.worker.metrics import Metrics

log = logging.getLogger(__name__)

OPEN_PATHS = frozenset({"/live", "/ready", "/metrics"})
"""What probes and scrapers read; it names no party and no payment."""

MOST_BROWSERS = 32  # each costs a socket and a bounded queue
TICK_SECONDS = 1.0
LOOP_PROBE_SECONDS = 0.25
STALLED_SECONDS = 20.0  # a browser that takes no bytes for so long is cut off

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "Server": "interdict",
}
STATIC = {"/": ("index.html", "text/html"), "/console/style.css": ("style.css", "text/css")} | {
    f"/console/{module}.js": (f"{module}.js", "text/javascript")
    for module in ("app", "chart", "dom", "hits", "network")
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Health(Protocol):
    """Whether payments may be decided, and if not, why, in words an operator can act on."""

    @property
    def ready(self) -> bool: ...

    @property
    def reasons(self) -> list[str]: ...


def check_port(host: str, port: int) -> None:
    """Raises CannotProceedError where the pages cannot be served there; said before the worker begins."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        raise CannotProceedError(
            f"web_host {host}, web_port {port}: {error.strerror or error}; "
            "set INTERDICT_WEB_PORT to a free port, or 0 for any"
        ) from None


class WebServer(Service):
    """Serves one worker on `host:port` (0: the system chooses, see `url`).

    `status` is called once a second and for `/status.json`. It answers with JSON values: `lists` (source ->
    version, entries, sha256, published_at, applied_at), `offsets`, `partitions` (each with `partition`,
    `lag`), `policy`, `matcher`, `worker`; more keys are passed through. `lookup` finds one in force.
    `token` guards everything but the probes and metrics, as a bearer token or as the password of HTTP Basic,
    which lets a browser ask for it. Without one, a loopback server answers only to loopback host names, so
    that no web page can reach it by rebinding its own name.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        health: Health,
        metrics: Metrics,
        feed: Feed,
        status: Callable[[], dict[str, Any]],
        lookup: Callable[[str], Designation | None] | None = None,
        token: str | None = None,
    ) -> None:
        super().__init__()
        self.host, self.port = host, port
        self.health, self.metrics, self.feed = health, metrics, feed
        self._status, self._lookup, self._token = status, lookup, token
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = "127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host  # noqa: S104  compared, not bound
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    async def on_start(self) -> None:
        app = web.Application(middlewares=[self._guard])
        app.on_response_prepare.append(_secure)
        routes: dict[str, Handler] = {
            "/live": self._live,
            "/ready": self._ready,
            "/metrics": self._metrics,
            "/status.json": self._status_json,
            "/designations/{id}": self._designation,
            "/events": self._events,
        } | {path: _static(*file) for path, file in STATIC.items()}
        for path, handler in routes.items():
            app.router.add_get(path, handler, allow_head=path != "/events")
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]
        if not is_loopback(self.host) and not self._token:
            log.warning("whoever reaches %s reads alerts: set INTERDICT_WEB_TOKEN", self.url)
        log.info("console, health and metrics are on %s", self.url)

    async def on_stop(self) -> None:
        self.feed.close()
        if self._runner:
            await self._runner.cleanup()

    def snapshot(self) -> dict[str, Any]:
        """The status with what the server itself knows."""
        return self._status() | {
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
                self._tell(now - last_tick)
            except Exception:  # a defect in what is shown must not end a worker that decides payments
                log.exception("the console and gauges were not told of this second")

    def _tell(self, seconds: float) -> None:
        """The last `seconds` to the gauges and to whoever watches."""
        snapshot = self.snapshot()
        self.metrics.is_ready(snapshot["ready"])
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

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in OPEN_PATHS:
            return await handler(request)
        if self._token:
            if not _carries(request, self._token):
                raise web.HTTPUnauthorized(headers={hdrs.WWW_AUTHENTICATE: 'Basic realm="interdict"'})
        elif is_loopback(self.host) and not is_loopback(_host_name(request)):
            raise web.HTTPForbidden(
                text="this console answers on 127.0.0.1 only; set a token to serve others\n"
            )
        return await handler(request)

    async def _live(self, _: web.Request) -> web.StreamResponse:
        return _json({"live": True})

    async def _ready(self, _: web.Request) -> web.StreamResponse:
        ready = self.health.ready
        self.metrics.is_ready(ready)
        return _json({"ready": ready, "reasons": list(self.health.reasons)}, 200 if ready else 503)

    async def _metrics(self, request: web.Request) -> web.StreamResponse:
        self.metrics.is_ready(self.health.ready)
        encode, content_type = choose_encoder(request.headers.get(hdrs.ACCEPT, ""))
        body = await asyncio.to_thread(encode, self.metrics.registry)
        response = web.Response(body=body, headers={hdrs.CONTENT_TYPE: content_type})
        response.enable_compression()
        return response

    async def _status_json(self, _: web.Request) -> web.StreamResponse:
        return _json(self.snapshot())

    async def _designation(self, request: web.Request) -> web.StreamResponse:
        designation = self._lookup(request.match_info["id"]) if self._lookup else None
        if designation is None:
            return _json({"error": "not on any list in force here"}, 404)
        return _json(designation_card(designation))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self.feed.browsers >= MOST_BROWSERS:
            raise web.HTTPServiceUnavailable(text=f"{MOST_BROWSERS} browsers follow this worker already\n")
        response = web.StreamResponse(
            headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        with self.feed.subscribe() as (lately, subscription):
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


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    del request
    response.headers.update(SECURITY_HEADERS)


def _static(name: str, content_type: str) -> Handler:
    body = files("streams.worker.console").joinpath(name).read_bytes()

    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type, charset="utf-8")

    return serve


def _json(value: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def _host_name(request: web.Request) -> str:
    return request.host if request.host.endswith("]") else request.host.rpartition(":")[0] or request.host


def _carries(request: web.Request, token: str) -> bool:
    scheme, _, value = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(value.encode(errors="surrogateescape"), token.encode())  # bytes as they came
