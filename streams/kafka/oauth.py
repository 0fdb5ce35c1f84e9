"""OAUTHBEARER tokens for all our Kafka clients: from a file that is renewed for us, or from an issuer.

- A file (`sasl_oauth_token_file`), such as a service account token that Kubernetes mounts and renews.
- An issuer (`sasl_oauth_token_url`): the client credentials grant (RFC 6749, 4.4) with the SASL user name as
  client id and the SASL password as client secret.

A token is used until most of its life is over, then fetched anew. Connections that are open are not touched:
Kafka asks for a new token itself (KIP-368).
"""

import asyncio
import base64
import threading
import time
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson
from aiokafka.abc import AbstractTokenProvider

from config.settings import Settings
from streams.errors import CannotProceedError

FETCH_SECONDS = 10.0
REFRESH_AT = 0.8
"""Of a token's life, as Kafka's own clients do (sasl.login.refresh.window.factor)."""
UNKNOWN_LIFE_SECONDS = 60.0
"""A token that does not say when it ends is fetched anew after this."""


class TokenError(CannotProceedError):
    """There is no token; the text names the place and never the secret."""


class Token(NamedTuple):
    value: str
    expires_at: float
    """Unix time."""


class TokenSource:
    """Tokens according to the settings; safe from any thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held: Token | None = None
        self._refresh_at = 0.0
        self._lock = threading.Lock()

    def token(self) -> Token:
        """A token with most of its life ahead. Blocks; raises TokenError."""
        with self._lock:
            if self._held is None or time.time() > self._refresh_at:
                now = time.time()
                self._held = self._fetch()
                self._refresh_at = now + (self._held.expires_at - now) * REFRESH_AT
            return self._held

    def for_librdkafka(self, _: str) -> tuple[str, float]:
        """The same in the form of confluent-kafka's `oauth_cb`."""
        return tuple(self.token())  # type: ignore[return-value]  # a NamedTuple of just these two

    def _fetch(self) -> Token:
        file, url = self._settings.sasl_oauth_token_file, self._settings.sasl_oauth_token_url
        if file is not None:
            try:
                value = file.read_text().strip()
            except OSError as error:
                raise TokenError(f"sasl_oauth_token_file {file}: {error.strerror}") from None
            return Token(value, _expiry(value))
        return _client_credentials(str(url), self._settings)


class TokenProvider(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka ships no types
    """The same for aiokafka."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source

    async def token(self) -> str:
        return (await asyncio.to_thread(self._source.token)).value


class _StayHere(HTTPRedirectHandler):
    """Refuses redirects: the client secret goes where the settings say and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = build_opener(_StayHere)


def _client_credentials(url: str, settings: Settings) -> Token:
    secret = settings.sasl_password.get_secret_value() if settings.sasl_password else ""
    form = {"grant_type": "client_credentials"}
    if settings.sasl_oauth_scope:
        form["scope"] = settings.sasl_oauth_scope
    basic = base64.b64encode(f"{settings.sasl_username}:{secret}".encode()).decode()
    request = Request(  # noqa: S310  the settings allow https, and http to this machine only
        url, data=urlencode(form).encode(), headers={"Authorization": f"Basic {basic}"}
    )
    try:
        with _OPENER.open(request, timeout=FETCH_SECONDS) as answer:
            answered: dict[str, Any] = orjson.loads(answer.read(1 << 20))
        value = str(answered["access_token"])
    except HTTPError as error:
        error.close()
        raise TokenError(f"sasl_oauth_token_url {url}: no token ({error})") from None
    except (OSError, ValueError, KeyError) as error:
        raise TokenError(f"sasl_oauth_token_url {url}: no token ({error!r})") from None
    life = answered.get("expires_in")
    return Token(value, time.time() + float(life) if life else _expiry(value))


def _expiry(token: str) -> float:
    """When a JWT says that it expires (RFC 7519, exp), in Unix time; soon for an opaque token, which does not
    say."""
    try:
        claims = token.split(".")[1]
        return float(orjson.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"])
    except (IndexError, ValueError, KeyError, TypeError):
        return time.time() + UNKNOWN_LIFE_SECONDS
