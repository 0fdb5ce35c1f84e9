"""The pages of `interdict serve`: one call, one answer; every problem is a sentence (RFC 9457).

| request | answers |
| --- | --- |
| `POST /screen?deadline_ms=&record=` | the decisions of the payments in the body, of any format |
| `GET /match?name=&kind=` | what one name hits, with the explanation |
| `GET /designations/{id}` | one designation in force, with all that its list says of it |
| `GET /openapi.json` | this, for programs |
| `GET /ready`, `/live`, `/metrics` | probes and metrics; they ask for no token |
"""

import asyncio
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from urllib.parse import unquote_to_bytes

import orjson
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from screening.designations import Kind
from screening.limits import LimitError
from streams.metrics import OPEN_PATHS
from streams.records.headers import Headers
from streams.records.json import designation_in_hit, designation_to_json, hit_to_json
from streams.serve.answering import Answering, Request
from streams.serve.errors import NotReadyError
from streams.serve.limits import RateLimit
from streams.serve.openapi import STATUSES, document
from streams.worker.budget import OverBudgetError
from streams.worker.refusals import NotDeliveredError

VERSION = version("interdict")
LONGEST_NAME = 1000
LONGEST_DEADLINE_MS = 60_000
DEADLINE_MS = 5_000
"""Half of the ten seconds that an instant payment has (SCT Inst)."""
Page = Callable[[HttpRequest], Awaitable[Response]]


class ProblemError(Exception):
    """The answer to a request that cannot be answered as asked."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> Response:
        title = STATUSES.get(str(self.status), "error")
        return _problem(self.status, title, self.detail, self.headers)


class Pages:
    """The answer of each address; a problem is raised as `ProblemError`."""

    def __init__(self, answering: Answering, *, max_bytes: int, record: bool) -> None:
        self._answering = answering
        self._max_bytes = max_bytes
        self._records = record

    def routes(self, guarded: Callable[[Page], Page]) -> list[Route]:
        """Every page under its address, each behind what guards it."""
        pages: list[tuple[str, str, Page]] = [
            ("POST", "/screen", self.screen),
            ("GET", "/match", self.match),
            ("GET", "/designations/{id:path}", self.designation),
            ("GET", "/openapi.json", self.openapi),
            ("GET", "/ready", self.ready),
            ("GET", "/live", self.live),
            ("GET", "/metrics", self.metrics),
        ]
        return [Route(path, guarded(page), methods=[method]) for method, path, page in pages]

    async def screen(self, request: HttpRequest) -> Response:
        _known(request, "deadline_ms", "record")
        _plain(request)
        deadline = _whole(request, "deadline_ms", DEADLINE_MS, LONGEST_DEADLINE_MS)
        kept = _flag(request, "record")
        if kept and not self._records:
            raise ProblemError(422, "record: this server does not record; start it with --record")
        began = time.monotonic()
        body = await _body(request, self._max_bytes, deadline / 1000)
        sent = Request(body, _headers(request))
        left = max(0.0, began + deadline / 1000 - time.monotonic())
        decisions = await self._answering.decided_within(left, sent, kept)
        if decisions is None:
            raise ProblemError(504, f"not decided within {deadline} ms; hold the payment")
        return _json({"decisions": decisions})

    async def match(self, request: HttpRequest) -> Response:
        _known(request, "name", "kind")
        name, kind = request.query_params.get("name", ""), request.query_params.get("kind")
        if not name.strip() or len(name) > LONGEST_NAME:
            raise ProblemError(422, f"name: 1 to {LONGEST_NAME} characters are expected")
        if kind is not None and kind not in set(Kind):
            raise ProblemError(422, f"kind: one of {', '.join(Kind)} is expected")
        try:
            hits = self._answering.match(name, kind)
        except OverBudgetError:
            raise ProblemError(
                422, "name: takes too long to compare; it is no name that people bear"
            ) from None
        except LimitError as error:
            raise ProblemError(422, f"name: {error}") from None
        return _json({"hits": [hit_to_json(hit) for hit in hits]})

    async def designation(self, request: HttpRequest) -> Response:
        found = self._answering.designation(request.path_params["id"])
        if found is None:
            raise ProblemError(404, "this id is not on any list in force")
        return _json({**orjson.loads(designation_to_json(found)), **designation_in_hit(found)})

    async def openapi(self, _: HttpRequest) -> Response:
        return _json(document(VERSION))

    async def ready(self, _: HttpRequest) -> Response:
        reasons = list(self._answering.reasons)
        return _json({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    async def live(self, _: HttpRequest) -> Response:
        return _json({"live": True})

    async def metrics(self, request: HttpRequest) -> Response:
        answering = self._answering
        answering.metrics.is_ready(answering.reasons)
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(answering.metrics.registry), headers={"content-type": content_type})


def application(
    answering: Answering, *, token: str | None, max_bytes: int, rate: float, record: bool
) -> Starlette:
    """The ASGI application. `rate` is requests per second and client; `max_bytes` is the largest body."""
    limit = RateLimit(rate, time.monotonic)

    def guarded(page: Page) -> Page:
        async def answer(request: HttpRequest) -> Response:
            try:
                _check(request, token, limit)
                return await page(request)
            except ProblemError as problem:
                return problem.response()
            except NotReadyError as waits:
                return ProblemError(503, str(waits), retry_after="1").response()
            except NotDeliveredError as refused:  # decided, but not on its topic
                return ProblemError(503, f"not recorded: {refused}", retry_after="1").response()
            except ClientDisconnect:
                return Response()  # to nobody
            except asyncio.CancelledError:  # by a server that has waited long enough for its end
                return ProblemError(503, "this server stops; ask another, and hold the payment").response()

        return answer

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await answering.start()
        try:
            yield
        finally:
            await answering.stop()

    pages = Pages(answering, max_bytes=max_bytes, record=record)
    app = Starlette(
        routes=pages.routes(guarded),
        lifespan=lifespan,
        exception_handlers={HTTPException: _unrouted, Exception: _failed},
    )
    # a redirect would name the host of the request, and http where TLS ends before us: whoever follows it
    # sends the payment and the token there
    app.router.redirect_slashes = False
    return app


async def _unrouted(_: HttpRequest, error: Exception) -> Response:
    """What the routes themselves refuse: an unknown address, or a method that it does not take."""
    if not isinstance(error, HTTPException):
        raise error
    return _problem(error.status_code, error.detail, "see /openapi.json", error.headers)


async def _failed(_: HttpRequest, error: Exception) -> Response:
    """A defect, or a broker that takes no record; the traceback is in the log."""
    del error
    return _problem(500, STATUSES["500"], "the server failed, and its log says how; hold the payment", None)


def _check(request: HttpRequest, token: str | None, limit: RateLimit) -> None:
    """Check token and rate; probes and metrics need neither."""
    if request.url.path in OPEN_PATHS:
        return
    client = request.client.host if request.client else ""
    if wait := limit.wait_seconds(client):
        raise ProblemError(429, f"too many requests; again in {wait:.1f} s", retry_after=str(int(wait) + 1))
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    right = token and hmac.compare_digest(given.encode("latin-1"), token.encode())
    if token and not (right and scheme.lower() == "bearer"):  # a scheme's case does not count (RFC 9110)
        raise ProblemError(401, "send the header Authorization: Bearer TOKEN", www_authenticate="Bearer")


async def _body(request: HttpRequest, most: int, seconds: float) -> bytes:
    """The body, never more of it in memory than allowed, and awaited no longer than its decision."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise ProblemError(413, f"the body has more than {most} bytes; send a batch in parts")
    except TimeoutError:
        raise ProblemError(408, f"the body did not come within {seconds * 1000:.0f} ms") from None
    if not body:
        raise ProblemError(400, "the body is empty; send a payment")
    return bytes(body)


def _known(request: HttpRequest, *names: str) -> None:
    """Refuse a misspelt parameter, because it would silently have no effect, and one given twice, because one
    of two names would not be screened; and letters in another encoding, of which none would be found."""
    try:
        unquote_to_bytes(request.scope["query_string"]).decode()
    except UnicodeDecodeError:
        raise ProblemError(422, "the parameters are not UTF-8; percent-encode their UTF-8 bytes") from None
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in names:
            raise ProblemError(422, f"{name[:40]}: no such parameter; known are {', '.join(names)}")
        if given.count(name) > 1:
            raise ProblemError(422, f"{name}: given more than once; ask for each by itself")


def _headers(request: HttpRequest) -> Headers:
    """What says what the body is: its content type, and the attributes of a CloudEvent, whose letters beyond
    ASCII are percent-encoded in HTTP."""
    found: Headers = [
        (name.decode("latin-1"), unquote_to_bytes(value))
        for name, value in request.headers.raw
        if name.startswith(b"ce-")
    ]
    if content_type := request.headers.get("content-type"):
        found.append(("content-type", content_type.encode("latin-1")))
    return found


def _plain(request: HttpRequest) -> None:
    """Refuse a compressed body, which would look like a garbled payment."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        detail = f"content-encoding {coding[:40]}: the body is read as it is; send it without"
        raise ProblemError(415, detail, accept_encoding="identity")


def _whole(request: HttpRequest, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        raise ProblemError(422, f"{name}: a whole number from 1 to {most} is expected")
    return int(text)


def _flag(request: HttpRequest, name: str) -> bool:
    text = request.query_params.get(name, "false")
    if text not in ("true", "false"):
        raise ProblemError(422, f"{name}: true or false is expected")
    return text == "true"


def _problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None) -> Response:
    body = {"title": title, "status": status, "detail": detail}
    return Response(orjson.dumps(body), status, headers, "application/problem+json")


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")
