"""Alerts to an HTTP endpoint, signed as the Standard Webhooks specification (1.0.0) says, until accepted.

The receiver sees `webhook-id` (the decision's id: the same for every attempt and every redelivery, so that
it can drop repeats), `webhook-timestamp` and `webhook-signature`, and verifies with any library of that
standard.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from config.hosts import is_loopback_url

if TYPE_CHECKING:
    from aiohttp import ClientSession

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
ANSWER_SECONDS = 15.0
PASSING = frozenset({408, 425, 429})
"""Refusals that are about now, not about the message; like every 5xx they are tried again."""
SECRET_PREFIX = "whsec_"  # noqa: S105  the standard's mark of a secret, not one


class WebhookRefusedError(RuntimeError):
    """The endpoint will not take this message, now or later; the text says what it answered."""


def read_secret(text: str) -> bytes:
    """The key of a `whsec_...` secret. Raises ValueError."""
    if not text.startswith(SECRET_PREFIX):
        raise ValueError(f"a webhook secret starts with {SECRET_PREFIX}, then base64")
    key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    if not 24 <= len(key) <= 64:
        raise ValueError(f"a webhook secret holds 24 to 64 bytes, this one {len(key)}")
    return key


def check_url(url: str) -> str:
    """The URL, if alerts may go there. Raises ValueError: names travel encrypted, or not off this machine."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError(f"{url}: http(s)://host... is expected")
    if parts.scheme == "http" and not is_loopback_url(url):
        raise ValueError(f"{url}: alerts name people; use https")
    return url


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Webhook:
    """One endpoint. `deliver` returns when it has accepted the message, however long that takes."""

    def __init__(
        self,
        url: str,
        key: bytes | None,
        session: "ClientSession",
        *,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        retried: Callable[[], None] = lambda: None,
    ) -> None:
        self._url, self._key, self._session = check_url(url), key, session
        self._clock, self._pause, self._retried = clock, pause, retried

    async def deliver(self, message_id: str, body: bytes) -> None:
        """Post until a 2xx answer. Raises WebhookRefusedError for an answer that will not change."""
        attempt = 0
        while True:
            problem, asked_pause = await self._try(message_id, body)
            if not problem:
                return
            attempt += 1
            self._retried()
            seconds = asked_pause or _backoff(attempt)
            log.warning("%s: %s; attempt %d follows in %.1f s", self._url, problem, attempt + 1, seconds)
            await self._pause(seconds)

    async def _try(self, message_id: str, body: bytes) -> tuple[str, float]:
        """What went wrong, empty when nothing did, and how long the endpoint asked to be left alone."""
        from aiohttp import ClientError, ClientTimeout  # `export lines` has no use for an HTTP client

        try:
            async with self._session.post(
                self._url,
                data=body,
                headers=self._headers(message_id, body),
                timeout=ClientTimeout(total=ANSWER_SECONDS),
                allow_redirects=False,  # a signed message goes where the operator said, nowhere else
            ) as answer:
                if answer.status < 300:
                    return "", 0.0
                if answer.status < 400:
                    to = answer.headers.get("Location", "elsewhere")[:200]
                    raise WebhookRefusedError(f"{self._url} answered {answer.status}: it wants us at {to}")
                if answer.status < 500 and answer.status not in PASSING:
                    raise WebhookRefusedError(f"{self._url} answered {answer.status} to {message_id}")
                return f"answered {answer.status}", _retry_after(answer.headers.get("Retry-After", ""))
        except (ClientError, TimeoutError) as error:
            return str(error) or type(error).__name__, 0.0

    def _headers(self, message_id: str, body: bytes) -> dict[str, str]:
        timestamp = int(self._clock())
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
        }
        if self._key:
            headers["webhook-signature"] = signature(self._key, message_id, timestamp, body)
        return headers


def _backoff(attempt: int) -> float:
    """Doubling, with jitter, so that many senders do not return to a recovering endpoint at once."""
    longest: float = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(attempt, 10))
    return longest * (0.5 + random.random() / 2)  # noqa: S311  jitter, not cryptography


def _retry_after(value: str) -> float:
    return min(float(value), LONGEST_PAUSE_SECONDS) if value.isdigit() else 0.0
