"""How long a token is used, by what it says of itself, and what there is none of."""

import base64
from typing import Any

import orjson
import pytest

from config.settings import load_settings
from streams.kafka import oauth
from streams.kafka.oauth import Token, TokenError, TokenProvider, TokenSource, _expiry

NOW = 1_000.0


def jwt(claims: dict[str, Any]) -> str:
    return f"x.{base64.urlsafe_b64encode(orjson.dumps(claims)).decode().rstrip('=')}.y"


class Clock:
    now = NOW

    def time(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(oauth, "time", made)
    return made


@pytest.mark.parametrize(
    ("token", "expires_at"),
    [
        *((jwt({"exp": 5_000, "sub": "w" * length}), 5_000.0) for length in range(4)),  # each padding
        (jwt({"sub": "w"}), NOW + 60),
        (jwt({"exp": None}), NOW + 60),
        ("opaque", NOW + 60),
        ("a.b", NOW + 60),
        ("a.bm9uZQ.c", NOW + 60),
    ],
)
def test_a_token_ends_when_it_says_and_else_after_a_minute(token: str, expires_at: float) -> None:
    assert _expiry(token) == expires_at


def source(**more: Any) -> TokenSource:
    return TokenSource(load_settings(security_protocol="SASL_SSL", sasl_mechanism="OAUTHBEARER", **more))


@pytest.mark.parametrize(("later", "anew"), [(80.0, False), (80.1, True)])
def test_a_token_is_fetched_anew_after_four_fifths_of_its_life(
    clock: Clock, tmp_path: Any, later: float, anew: bool
) -> None:
    file = tmp_path / "token"
    file.write_text(f" {jwt({'exp': NOW + 100, 'n': 1})}\n")
    held = source(sasl_oauth_token_file=file)
    first = held.token()
    assert first == Token(jwt({"exp": NOW + 100, "n": 1}), NOW + 100)

    file.write_text(jwt({"exp": NOW + 900, "n": 2}))
    clock.now += later
    assert (held.token() != first) is anew
    assert held.for_librdkafka("") == (held.token().value, held.token().expires_at)


async def test_aiokafka_is_given_the_same_token(tmp_path: Any) -> None:
    file = tmp_path / "token"
    file.write_text("opaque")

    assert await TokenProvider(source(sasl_oauth_token_file=file)).token() == "opaque"


class Answered:
    """An opener whose issuer answers with this, and what it was asked."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer, self.asked = answer, list[tuple[Any, float]]()

    def open(self, request: Any, timeout: float) -> Any:
        self.asked.append((request, timeout))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self

    def __enter__(self) -> "Answered":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self, most: int) -> bytes:
        assert isinstance(self.answer, bytes)
        return self.answer[:most]


def asked(monkeypatch: pytest.MonkeyPatch, answer: Any, **more: Any) -> tuple[TokenSource, Answered]:
    opener = Answered(answer if isinstance(answer, bytes | Exception) else orjson.dumps(answer))
    monkeypatch.setattr(oauth, "_OPENER", opener)
    url = "https://issuer.example/t"
    return source(sasl_oauth_token_url=url, sasl_username="w", sasl_password="p", **more), opener


@pytest.mark.parametrize(
    ("answer", "expires_at"),
    [
        ({"access_token": "t", "expires_in": 300}, NOW + 300),
        ({"access_token": "t", "expires_in": "300"}, NOW + 300),
        ({"access_token": "t", "expires_in": 0}, NOW + 60),
        ({"access_token": "t"}, NOW + 60),
    ],
)
def test_an_issuer_may_say_how_long_its_token_lives(
    monkeypatch: pytest.MonkeyPatch, answer: Any, expires_at: float
) -> None:
    held, opener = asked(monkeypatch, answer, sasl_oauth_scope="kafka")

    assert held.token() == Token("t", expires_at)
    ((request, timeout),) = opener.asked
    assert (request.full_url, timeout) == ("https://issuer.example/t", 10.0)
    assert request.data == b"grant_type=client_credentials&scope=kafka"
    assert request.headers["Authorization"] == f"Basic {base64.b64encode(b'w:p').decode()}"


def test_without_a_scope_none_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    held, opener = asked(monkeypatch, {"access_token": "t"})
    held.token()

    assert opener.asked[0][0].data == b"grant_type=client_credentials"


@pytest.mark.parametrize("answer", [b"", b"[", {"error": "invalid_client"}, OSError("gone")])
def test_an_answer_without_a_token_names_the_issuer_and_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    held, _ = asked(monkeypatch, answer)

    with pytest.raises(TokenError, match=r"^sasl_oauth_token_url https://issuer\.example/t: no token \("):
        held.token()
