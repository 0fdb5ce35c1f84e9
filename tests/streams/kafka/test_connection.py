"""The same way in for every client: what each way of security makes of the settings."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings, SettingsError, load_settings
from streams.errors import CannotProceedError
from streams.faust_internals.credentials import faust_credentials
from streams.kafka import connection
from streams.kafka.connection import (
    aiokafka_options,
    librdkafka_options,
    ordered_producer_options,
    security_warnings,
)

USER = {"sasl_username": "worker", "sasl_password": "secret"}
ISSUER = {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_url": "https://issuer.example"}


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Certificates are not read: what would be is noted."""
    read: list[tuple[Any, ...]] = []

    class Context:
        def load_cert_chain(self, *files: Any) -> None:
            read.append(files)

    def context(cafile: Any) -> Context:
        read.append((cafile,))
        return Context()

    monkeypatch.setattr(ssl, "create_default_context", context)
    return read


def settings(protocol: str, **more: Any) -> Settings:
    return load_settings(broker="kafka.bank:9092", security_protocol=protocol, **more)


@pytest.mark.parametrize(
    ("protocol", "more", "aiokafka", "librdkafka"),
    [
        ("PLAINTEXT", {}, set(), set()),
        ("SSL", {}, {"ssl_context"}, set()),
        (
            "SASL_PLAINTEXT",
            USER,
            {"sasl_mechanism", "sasl_plain_username", "sasl_plain_password"},
            {"sasl.mechanism", "sasl.username", "sasl.password"},
        ),
        (
            "SASL_SSL",
            USER,
            {"ssl_context", "sasl_mechanism", "sasl_plain_username", "sasl_plain_password"},
            {"sasl.mechanism", "sasl.username", "sasl.password"},
        ),
        (
            "SASL_SSL",
            USER | ISSUER,
            {"ssl_context", "sasl_mechanism", "sasl_oauth_token_provider"},
            {"sasl.mechanism", "oauth_cb"},
        ),
    ],
)
def test_a_client_is_given_what_its_way_in_needs_and_no_more(
    protocol: str, more: dict[str, Any], aiokafka: set[str], librdkafka: set[str]
) -> None:
    one = settings(protocol, **more)
    given, other = dict(aiokafka_options(one)), dict(librdkafka_options(one))

    assert (given.pop("bootstrap_servers"), given.pop("security_protocol")) == ("kafka.bank:9092", protocol)
    assert (other.pop("bootstrap.servers"), other.pop("security.protocol")) == ("kafka.bank:9092", protocol)
    assert (set(given), set(other)) == (aiokafka, librdkafka)
    if "sasl_plain_username" in given:
        assert (given["sasl_plain_username"], given["sasl_plain_password"]) == ("worker", "secret")
        assert (other["sasl.username"], other["sasl.password"]) == ("worker", "secret")
        assert given["sasl_mechanism"] == other["sasl.mechanism"] == str(one.sasl_mechanism)


def test_certificates_are_those_that_the_settings_name(no_files: list[tuple[Any, ...]]) -> None:
    files = {"ssl_cafile": "ca.pem", "ssl_certfile": "cert.pem", "ssl_keyfile": "key.pem"}
    one = settings("SSL", **files)
    connection.ssl_context(one)
    assert no_files == [(Path("ca.pem"),), (Path("cert.pem"), Path("key.pem"))]
    told = librdkafka_options(one)
    assert told["ssl.ca.location"] == "ca.pem"
    assert (told["ssl.certificate.location"], told["ssl.key.location"]) == ("cert.pem", "key.pem")

    no_files.clear()
    connection.ssl_context(settings("SSL"))
    assert no_files == [(None,)]
    assert "ssl.ca.location" not in librdkafka_options(settings("PLAINTEXT", **files))


@pytest.mark.parametrize("setting", ["ssl_cafile", "ssl_certfile"])
def test_a_certificate_that_cannot_be_read_is_named(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # with files
    text = tmp_path / "no.pem"
    text.write_text("no certificate")
    for file in (text, tmp_path / "gone.pem"):
        with pytest.raises(CannotProceedError, match=rf"{setting}.*{file.name}: .*a PEM file is expected"):
            connection.ssl_context(settings("SSL", **{setting: str(file)}))


@pytest.mark.parametrize(
    ("wrong", "value"),
    [("group", ""), ("topic_prefix", "a b"), ("topic_prefix", "x" * 201), ("stall_seconds", "inf")],
)
def test_a_setting_that_would_end_a_worker_later_is_wrong_at_once(wrong: str, value: str) -> None:
    with pytest.raises(SettingsError, match=wrong):
        settings("PLAINTEXT", **{wrong: value})


@pytest.mark.parametrize(
    ("protocol", "more", "kind", "tls"),
    [
        ("PLAINTEXT", {}, "", False),
        ("SSL", {}, "SSLCredentials", True),
        ("SASL_PLAINTEXT", USER, "SASLCredentials", False),
        ("SASL_SSL", USER, "SASLCredentials", True),
        ("SASL_PLAINTEXT", USER | ISSUER, "OAuthCredentials", False),
        ("SASL_SSL", USER | ISSUER, "OAuthCredentials", True),
    ],
)
def test_fausts_credentials_are_of_the_same_way_in(
    protocol: str, more: dict[str, Any], kind: str, tls: bool
) -> None:
    found: Any = faust_credentials(settings(protocol, **more))

    assert (type(found).__name__ if found else "") == kind
    context = found and getattr(found, "context" if kind == "SSLCredentials" else "ssl_context")
    assert bool(context) is tls
    if kind == "SASLCredentials":
        assert (found.username, found.password) == ("worker", "secret")


def test_a_producer_keeps_the_order_and_the_partitions_whatever_it_is_given() -> None:
    own = {"enable.idempotence": True, "linger.ms": 5, "partitioner": "murmur2_random", "log_level": 2}
    own |= {"compression.type": "zstd", "message.max.bytes": 128 << 20}
    given = {"bootstrap.servers": "b", "enable.idempotence": False, "partitioner": "random"}

    assert ordered_producer_options(given) == {"bootstrap.servers": "b", **own}


SCRAM = USER | {"sasl_mechanism": "SCRAM-SHA-512"}


@pytest.mark.parametrize(
    ("protocol", "more", "what"),
    [
        ("PLAINTEXT", {}, "payments and decisions"),
        ("SASL_PLAINTEXT", USER | {"sasl_mechanism": "PLAIN"}, "the password, payments and decisions"),
        ("SASL_PLAINTEXT", USER | ISSUER, "the token, payments and decisions"),
        ("SASL_PLAINTEXT", SCRAM, "payments and decisions"),
        ("SSL", {}, ""),
        ("SASL_SSL", USER | {"sasl_mechanism": "PLAIN"}, ""),
    ],
)
def test_what_crosses_the_network_in_clear_text_is_named(
    protocol: str, more: dict[str, Any], what: str
) -> None:
    told = [str(each) for each in security_warnings(settings(protocol, **more))]

    remedy = "set INTERDICT_SECURITY_PROTOCOL=SASL_SSL or SSL"
    said = f"{protocol}: {what} cross the network in clear text; {remedy}"
    assert told == ([said] if what else [])


@pytest.mark.parametrize(
    ("host", "token", "warned"),
    [("0.0.0.0", None, True), ("0.0.0.0", "t" * 32, False), ("127.0.0.1", None, False)],  # noqa: S104
)
def test_a_console_for_everybody_on_the_network_is_named(host: str, token: str | None, warned: bool) -> None:
    found = list(security_warnings(settings("SSL", web_host=host, web_token=token)))

    assert [each.subject for each in found] == (["console"] if warned else [])
    assert all(str(each).endswith("; set INTERDICT_WEB_TOKEN_FILE") for each in found)
