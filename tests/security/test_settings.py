"""Who we are to the broker: settings that cannot work are refused at once, and secrets stay secret."""

import base64
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson
import pytest

from config.settings import SettingsError, load_settings, unknown_variables
from streams.kafka.connection import aiokafka_options, librdkafka_options, security_warnings
from streams.kafka.oauth import TokenError, TokenSource
from tests.security.secure_kafka import unsigned_token

SECRET = "secret-of-the-tests"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"security_protocol": "SASL_SSL"}, "needs sasl_username, sasl_password"),
        ({"security_protocol": "SASL_SSL", "sasl_username": "worker"}, "needs sasl_password"),
        (
            {"security_protocol": "SASL_SSL", "sasl_mechanism": "OAUTHBEARER", "sasl_username": "worker"},
            "needs sasl_password, sasl_oauth_token_url",
        ),
        ({"security_protocol": "SSL", "ssl_keyfile": "k.pem"}, "ssl_keyfile without ssl_certfile"),
        ({"sasl_mechanism": "GSSAPI"}, "sasl_mechanism: Input should be 'PLAIN', 'SCRAM-SHA-256'"),
        ({"sasl_oauth_token_url": "http://issuer.example"}, "https:// is expected"),
        ({"broker": ":9092"}, "broker: host:port"),
        ({"broker": "a:1,b:65536"}, "broker: host:port"),
        ({"disposition_days": 1e9}, "disposition_days: .* less than or equal to 36525"),
        ({"lookback_days": 1e12}, "lookback_days: .* less than or equal to 36525"),
    ],
)
def test_what_cannot_work_is_refused_with_what_is_missing(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load_settings(**settings)


def test_a_secret_comes_from_its_file_and_is_never_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    monkeypatch.setenv("INTERDICT_SASL_PASSWORD_FILE", str(tmp_path / "password"))

    settings = load_settings(security_protocol="SASL_SSL", sasl_username="worker")

    assert aiokafka_options(settings)["sasl_plain_password"] == SECRET
    assert librdkafka_options(settings)["sasl.password"] == SECRET
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("name", "held", "told"),
    [
        ("CONFIG", b"[x\n", "f: not TOML: Expected ']'"),
        ("CONFIG", b"\xff", "f: byte 0 is not UTF-8"),
        ("CONFIG", b"four_eyess = true", "f: four_eyess is no setting; did you mean four_eyes?"),
        ("SASL_PASSWORD_FILE", b"a\xff", "f: byte 1 is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, held: bytes, told: str
) -> None:
    (tmp_path / "f").write_bytes(held)
    monkeypatch.setenv(f"INTERDICT_{name}", str(tmp_path / "f"))

    with pytest.raises(SettingsError, match=re.escape(told)):
        load_settings()


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INTERDICT_SASL_PASSWORD_FILE", str(tmp_path / "absent"))

    with pytest.raises(SettingsError, match="absent: No such file"):
        load_settings()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"broker": "kafka.bank:9092"}, ["PLAINTEXT: payments and decisions cross the network"]),
        (
            {
                "broker": "kafka.bank:9092",
                "security_protocol": "SASL_PLAINTEXT",
                "sasl_mechanism": "PLAIN",
                "sasl_username": "worker",
                "sasl_password": SECRET,
            },
            ["SASL_PLAINTEXT: the password, payments and decisions cross"],
        ),
        ({"broker": "kafka.bank:9092", "security_protocol": "SSL"}, []),
        ({"broker": "127.0.0.1:9092"}, []),
        ({"web_host": "0.0.0.0"}, ["the console on 0.0.0.0 asks nobody"]),  # noqa: S104
        ({"web_host": "0.0.0.0", "web_token": SECRET}, []),  # noqa: S104
    ],
)
def test_what_others_on_the_network_can_read_is_warned_about(
    settings: dict[str, Any], told: list[str]
) -> None:
    warnings = list(map(str, security_warnings(load_settings(**settings))))

    assert len(warnings) == len(told)
    assert all(warning.startswith(start) for warning, start in zip(warnings, told, strict=True))
    assert SECRET not in "".join(warnings)


@pytest.fixture
def issuer() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An OAuth issuer on this machine, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Issuer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append({"authorization": self.headers["Authorization"], **form})
            answer = orjson.dumps({"access_token": f"token-{len(asked)}", "expires_in": 300})
            self.send_response({"/refuses": 401, "/moved": 302}.get(self.path, 200))
            if self.path == "/moved":
                self.send_header("Location", f"http://localhost:{self.connection.getsockname()[1]}/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            asked.append({"path": self.path, "authorization": self.headers["Authorization"]})

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    with HTTPServer(("127.0.0.1", 0), Issuer) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        serving.join()


def oauth(**more: Any) -> TokenSource:
    return TokenSource(load_settings(security_protocol="SASL_SSL", sasl_mechanism="OAUTHBEARER", **more))


def test_a_token_is_asked_for_once_and_used_for_most_of_its_life(
    issuer: tuple[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = issuer
    source = oauth(
        sasl_username="worker", sasl_password=SECRET, sasl_oauth_token_url=url, sasl_oauth_scope="kafka"
    )

    assert [source.token().value, source.token().value] == ["token-1", "token-1"]
    basic = base64.b64encode(f"worker:{SECRET}".encode()).decode()
    assert asked == [
        {"authorization": f"Basic {basic}", "grant_type": ["client_credentials"], "scope": ["kafka"]}
    ]
    later = source.token().expires_at - 30
    monkeypatch.setattr("streams.kafka.oauth.time.time", lambda: later)
    assert source.token().value == "token-2"


def test_an_issuer_that_refuses_is_told_without_the_secret(
    issuer: tuple[str, list[dict[str, Any]]],
) -> None:
    url, _ = issuer
    source = oauth(sasl_username="w", sasl_password=SECRET, sasl_oauth_token_url=f"{url}/refuses")

    with pytest.raises(TokenError, match="401") as refused:
        source.token()
    assert SECRET not in str(refused.value)


def test_the_client_secret_follows_no_redirect(issuer: tuple[str, list[dict[str, Any]]]) -> None:
    url, asked = issuer
    source = oauth(sasl_username="w", sasl_password=SECRET, sasl_oauth_token_url=f"{url}/moved")

    with pytest.raises(TokenError, match="302"):
        source.token()
    assert len(asked) == 1


def test_a_token_file_is_read_anew_when_most_of_its_life_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text(unsigned_token("first"))
    source = oauth(sasl_oauth_token_file=file)
    first = source.token()
    file.write_text(unsigned_token("second"))

    assert source.token() == first
    monkeypatch.setattr("streams.kafka.oauth.time.time", lambda: first.expires_at - 1)
    assert source.token().value == unsigned_token("second")


def test_a_token_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="absent: No such file"):
        oauth(sasl_oauth_token_file=tmp_path / "absent").token()


@pytest.mark.parametrize("written", ["ofac,un", " ofac , un ", '["ofac", "un"]'])
def test_lists_are_written_with_commas_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("INTERDICT_REQUIRED_LISTS", written)

    assert load_settings().required_lists == ("ofac", "un")


def test_a_list_that_is_neither_commas_nor_json_is_an_error_with_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INTERDICT_REQUIRED_LISTS", "[ofac")

    with pytest.raises(SettingsError, match=r"required_lists: .*names separated by commas"):
        load_settings()


@pytest.mark.parametrize("value", ["[" * 5_000, "9" * 5_000])
def test_what_the_toml_parser_gives_up_is_said_with_its_file(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "interdict.toml"
    file.write_text(f"web_port = {value}\n")
    monkeypatch.setenv("INTERDICT_CONFIG", str(file))

    with pytest.raises(SettingsError, match=f"{re.escape(str(file))}: not TOML"):
        load_settings()


def test_lists_in_a_file_are_lists_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "interdict.toml"
    file.write_text('required_lists = ["ofac", "un"]\n')
    monkeypatch.setenv("INTERDICT_CONFIG", str(file))

    assert load_settings().required_lists == ("ofac", "un")


def test_variables_that_say_nothing_are_named_and_those_of_kubernetes_are_not() -> None:
    names = (
        *("INTERDICT_POLICY", "INTERDICT_BROKER", "INTERDICT_WEB_TOKEN_FILE", "INTERDICT_CONFIG", "PATH"),
        *("INTERDICT_SERVICE_HOST", "INTERDICT_PORT_6066_TCP_ADDR", "INTERDICT_METRICS_SERVICE_PORT_HTTP"),
    )

    (told,) = unknown_variables(names)

    assert told == "INTERDICT_POLICY is no setting and says nothing; did you mean INTERDICT_POLICY_FILE?"
