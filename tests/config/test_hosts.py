"""What is this machine, and what only looks like it."""

import pytest

from config.hosts import all_loopback, is_loopback, is_loopback_url
from config.settings import SettingsError, load_settings
from streams.export.webhook import check_url
from streams.kafka.connection import security_warnings

OURS = ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1", "[::1]", "::ffff:127.0.0.1"]
OTHERS = [
    "localhost.example.net",
    "127.0.0.1.example.net",
    "127.example.net",
    "::1.example.net",
    "0.0.0.0",  # noqa: S104
    "::",
    "10.0.0.1",
    "",
]


@pytest.mark.parametrize("host", OURS)
def test_loopback_addresses_and_localhost_are_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", OTHERS)
def test_a_name_that_merely_begins_with_a_loopback_is_another_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost.example.net/t",
        "http://127.0.0.1.example.net/t",
        "http://localhost@example.net/t",
        "http://localhost:80@example.net/t",
        "http://user@localhost/t",
        "http://localhost\\@example.net/t",
        "http://[::1/t",
        "http:///t",
        "ftp://example.net",
    ],
)
def test_the_client_secret_and_alerts_go_to_no_such_url_in_clear_text(url: str) -> None:
    assert not is_loopback_url(url)
    with pytest.raises(
        SettingsError, match="sasl_oauth_token_url: https:// is expected; the client secret is sent there"
    ):
        load_settings(sasl_oauth_token_url=url)
    with pytest.raises(ValueError, match=r"use https|is expected|Invalid IPv6"):
        check_url(url)


@pytest.mark.parametrize("url", ["http://localhost:8080/t", "http://127.0.0.1/t", "http://[::1]:8080/t"])
def test_a_url_of_this_machine_needs_no_tls(url: str) -> None:
    assert load_settings(sasl_oauth_token_url=url).sasl_oauth_token_url == url
    assert check_url(url) == url


def test_every_broker_of_several_must_be_this_machine() -> None:
    assert all_loopback("localhost:9092,[::1]:9092")
    assert not all_loopback("localhost:9092,kafka.bank:9092")


@pytest.mark.parametrize("host", [host for host in OTHERS if host])
def test_a_broker_or_console_elsewhere_is_warned_about(host: str) -> None:
    address = f"[{host}]:9092" if ":" in host else f"{host}:9092"

    warned = security_warnings(load_settings(broker=address, web_host=host))

    assert [warning.subject for warning in warned] == ["security", "console"]
