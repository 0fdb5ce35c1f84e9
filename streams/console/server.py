"""What every server of our pages has in common: who may read, what a browser must not do, and the files.

Without a token, a loopback server answers only to loopback host names, so that no web page can reach it by
rebinding its own name.
"""

import base64
import errno
import hmac
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.resources import files

import orjson
from aiohttp import hdrs, web
from mode import Service

from config.hosts import is_loopback
from streams.console.connections import LOOK_SECONDS, Connections
from streams.errors import CannotProceedError
from streams.metrics import OPEN_PATHS

log = logging.getLogger(__name__)

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
PAGES = ("alert", "app", "chart", "dom", "list", "live", "network", "pair", "route", "rows", "work")
STATIC = {"/": ("index.html", "text/html"), "/console/style.css": ("style.css", "text/css")} | {
    f"/console/{module}.js": (f"{module}.js", "text/javascript") for module in PAGES
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def check_port(host: str, port: int, option: str = "INTERDICT_WEB_PORT") -> None:
    """Raises CannotProceedError where the pages cannot be served there; said before anything begins."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        nowhere = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
        remedy = (
            "name an address of this machine" if nowhere else f"set {option} to a free port, or 0 for any"
        )
        raise CannotProceedError(
            f"pages at {host} port {port}: {error.strerror or error}; {remedy}"
        ) from None


class PageServer(Service):
    """Serves pages on `host:port` (0: the system chooses, see `url`).

    `tokens` guard everything but the probes and metrics, each as a bearer token or as the password of HTTP
    Basic, which lets a browser ask for it.
    """

    def __init__(self, host: str, port: int, tokens: Iterable[str] = ()) -> None:
        super().__init__()
        self.host, self.port = host, port
        self._tokens = tuple(tokens)
        self._runner: web.AppRunner | None = None
        self.connections = Connections()

    def gets(self) -> Mapping[str, Handler]:
        """Path -> what answers GET there."""
        return {path: _static(*file) for path, file in STATIC.items()}

    def posts(self) -> Mapping[str, Handler]:
        """Path -> what answers POST there."""
        return {}

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = "127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host  # noqa: S104  compared, not bound
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    async def on_start(self) -> None:
        app = web.Application(middlewares=[self._guard])
        app.on_response_prepare.append(_secure)
        for path, handler in self.gets().items():
            app.router.add_get(path, handler, allow_head=path != "/events")
        for path, handler in self.posts().items():
            app.router.add_post(path, handler)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]
        if not is_loopback(self.host) and not self._tokens:
            log.warning("whoever reaches %s reads alerts: set INTERDICT_WEB_TOKEN", self.url)

    async def on_stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    @Service.task
    async def _close_idle(self) -> None:
        while not self.should_stop:
            if self._runner and self._runner.server:
                self.connections.close_idle(self._runner.server.connections, time.monotonic())
            await self.sleep(LOOK_SECONDS)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.connections.asked(request.protocol, time.monotonic())
        if request.path in OPEN_PATHS:
            return await handler(request)
        if self._tokens:
            given = token_of(request)
            if not any(same_token(given, token) for token in self._tokens):
                raise web.HTTPUnauthorized(headers={hdrs.WWW_AUTHENTICATE: 'Basic realm="interdict"'})
        elif is_loopback(self.host) and not is_loopback(_host_name(request)):
            raise web.HTTPForbidden(
                text="this console answers on 127.0.0.1 only; set a token to serve others\n"
            )
        return await handler(request)


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    del request
    response.headers.update(SECURITY_HEADERS)


def _static(name: str, content_type: str) -> Handler:
    body = files("streams.console").joinpath("pages", name).read_bytes()

    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type, charset="utf-8")

    return serve


def json_answer(value: Mapping[str, object], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def _host_name(request: web.Request) -> str:
    return request.host if request.host.endswith("]") else request.host.rpartition(":")[0] or request.host


def token_of(request: web.Request) -> bytes | None:
    """What a request carries: a bearer token, or the password of HTTP Basic."""
    scheme, _, value = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:
            return None
    elif scheme.lower() != "bearer":
        return None
    return value.encode(errors="surrogateescape")  # bytes as they came


def same_token(given: bytes | None, token: str) -> bool:
    return given is not None and hmac.compare_digest(given, token.encode())
