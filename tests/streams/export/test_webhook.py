"""Claims about the webhook: signed as the standard says, tried until accepted, over a real socket."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from streams.export.webhook import Webhook, WebhookRefusedError, check_url, read_secret, signature

KEY = b"0123456789abcdef0123456789abcdef"


@dataclass
class Endpoint:
    """Answers with the statuses it was given, then 204; keeps what it was sent."""

    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    async def post(self, request: web.Request) -> web.Response:
        self.received.append((dict(request.headers), await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 204, headers=self.headers)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@asynccontextmanager
async def webhook_to(endpoint: Endpoint, key: bytes | None = KEY) -> AsyncIterator[Webhook]:
    app = web.Application()
    app.router.add_post("/alerts", endpoint.post)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/alerts"
    async with aiohttp.ClientSession() as session:
        yield Webhook(url, key, session, clock=lambda: 1_700_000_000.9, pause=endpoint.pause)
    await runner.cleanup()


async def test_a_message_is_signed_as_the_standard_says() -> None:
    endpoint = Endpoint()
    async with webhook_to(endpoint) as webhook:
        await webhook.deliver("decision-1", b'{"a":1}')

    ((headers, body),) = endpoint.received
    assert body == b'{"a":1}'
    assert headers["webhook-id"] == "decision-1"
    assert headers["webhook-timestamp"] == "1700000000"
    assert headers["webhook-signature"] == signature(KEY, "decision-1", 1_700_000_000, body)


def test_signature_agrees_with_the_standards_own_example() -> None:
    """The example that the specification's reference libraries test with."""
    key = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_what_is_not_accepted_is_tried_again_with_growing_pauses_under_one_id() -> None:
    endpoint = Endpoint([500, 503, 429])
    async with webhook_to(endpoint) as webhook:
        await webhook.deliver("decision-1", b"{}")

    assert [headers["webhook-id"] for headers, _ in endpoint.received] == ["decision-1"] * 4
    assert endpoint.pauses == sorted(endpoint.pauses)
    assert len(endpoint.pauses) == 3


async def test_the_pause_an_endpoint_asks_for_is_kept() -> None:
    endpoint = Endpoint([503], {"Retry-After": "7"})
    async with webhook_to(endpoint) as webhook:
        await webhook.deliver("decision-1", b"{}")

    assert endpoint.pauses == [7.0]


async def test_an_endpoint_that_is_down_is_waited_for() -> None:
    tried: list[float] = []

    async def pause(seconds: float) -> None:
        tried.append(seconds)
        if len(tried) == 3:
            raise KeyboardInterrupt

    async with aiohttp.ClientSession() as session:
        webhook = Webhook("http://127.0.0.1:1/", None, session, pause=pause)
        with pytest.raises(KeyboardInterrupt):
            await webhook.deliver("decision-1", b"{}")

    assert len(tried) == 3


@pytest.mark.parametrize("status", [200, 202, 299])
async def test_every_success_is_one(status: int) -> None:
    endpoint = Endpoint([status])
    async with webhook_to(endpoint) as webhook:
        await webhook.deliver("decision-1", b"{}")

    assert (len(endpoint.received), endpoint.pauses) == (1, [])


@pytest.mark.parametrize("status", [300, 301, 400, 401, 404, 410, 422])
async def test_a_refusal_for_good_is_raised_and_not_repeated(status: int) -> None:
    endpoint = Endpoint([status])
    async with webhook_to(endpoint) as webhook:
        with pytest.raises(WebhookRefusedError, match=str(status)):
            await webhook.deliver("decision-1", b"{}")

    assert len(endpoint.received) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_an_alert_goes_where_the_operator_said_and_follows_no_redirect(status: int) -> None:
    elsewhere = Endpoint()
    async with webhook_to(elsewhere) as other:
        endpoint = Endpoint([status], headers={"Location": other._url})
        async with webhook_to(endpoint) as webhook:
            with pytest.raises(WebhookRefusedError, match=str(status)):
                await webhook.deliver("decision-1", b"{}")

    assert len(endpoint.received) == 1
    assert elsewhere.received == []


async def test_without_a_secret_nothing_claims_to_be_signed() -> None:
    endpoint = Endpoint()
    async with webhook_to(endpoint, key=None) as webhook:
        await webhook.deliver("decision-1", b"{}")

    assert "webhook-signature" not in endpoint.received[0][0]


@pytest.mark.parametrize(
    "url", ["http://case.example.com/", "ftp://127.0.0.1/", "case.example.com", "https:///x"]
)
def test_names_leave_the_machine_encrypted_or_not_at_all(url: str) -> None:
    with pytest.raises(ValueError, match=r"https|expected"):
        check_url(url)


@pytest.mark.parametrize(
    "secret", ["hunter2", "whsec_", "whsec_" + base64.b64encode(b"short").decode(), "whsec_!"]
)
def test_a_secret_that_would_sign_badly_is_refused(secret: str) -> None:
    with pytest.raises(ValueError):
        read_secret(secret)


@pytest.mark.parametrize(("length", "good"), [(8, False), (23, False), (24, True), (64, True), (65, False)])
def test_a_secret_holds_24_to_64_bytes(length: int, good: bool) -> None:
    text = "whsec_" + base64.b64encode(b"k" * length).decode()
    if good:
        assert read_secret(text) == b"k" * length
    else:
        with pytest.raises(ValueError, match="24 to 64 bytes"):
            read_secret(text)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (aiohttp.ClientConnectionError("refused"), "refused"),
        (aiohttp.ClientConnectionError(), "ClientConnectionError"),
        (TimeoutError(), "TimeoutError"),
    ],
)
async def test_an_endpoint_that_is_away_asks_for_no_pause_of_its_own(error: Exception, told: str) -> None:
    class Session:
        def post(self, url: str, **more: Any) -> Any:
            assert (url, more["allow_redirects"], more["timeout"].total) == ("https://r/", False, 15.0)
            raise error

    session: Any = Session()

    assert await Webhook("https://r/", None, session)._try("decision-1", b"{}") == (told, 0.0)
