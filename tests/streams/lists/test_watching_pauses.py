"""How long a watch waits, what a list's age is called, which workers a name stands for: without a network."""

import asyncio
import random
import socket
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import load_settings
from streams.lists.asking import _addresses, _netloc
from streams.lists.downloads import _file_name, _validators
from streams.lists.sources import FolderSource, states_of
from streams.lists.status import age
from streams.lists.watching import Watcher, WatchMetrics

NOW = datetime(2023, 8, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (86_399, "23 h"),
        (86_400, "1 d"),
        (200 * 86_400, "200 d"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_it_fills(seconds: float, told: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == told


@pytest.mark.parametrize(
    ("host", "port", "netloc"),
    [("10.0.0.1", 6066, "10.0.0.1:6066"), ("10.0.0.1", None, "10.0.0.1"), ("::1", 6066, "[::1]:6066")],
)
def test_an_address_is_written_as_a_url_wants_it(host: str, port: int | None, netloc: str) -> None:
    assert _netloc(host, port) == netloc


@pytest.mark.parametrize(
    ("url", "addresses", "asked"),
    [
        (
            "http://workers:6066/x",
            ["10.0.0.1", "10.0.0.2"],
            ["http://10.0.0.1:6066/x", "http://10.0.0.2:6066/x"],
        ),
        ("http://workers:6066", ["10.0.0.1"], ["http://workers:6066"]),
        ("http://workers:6066", ["10.0.0.1", "10.0.0.1"], ["http://workers:6066"]),
        ("https://workers:6066", ["10.0.0.1", "10.0.0.2"], ["https://workers:6066"]),  # its name is certified
        ("http://localhost:6066", ["127.0.0.1", "::1"], ["http://localhost:6066"]),
        ("http://workers", ["10.0.0.1", "10.0.0.2"], ["http://10.0.0.1", "http://10.0.0.2"]),
        ("http://nowhere", OSError(), ["http://nowhere"]),
    ],
)
async def test_a_name_with_several_addresses_is_several_workers(
    monkeypatch: pytest.MonkeyPatch, url: str, addresses: Any, asked: list[str]
) -> None:
    ports = []

    def getaddrinfo(_: str, port: int, *__: Any, **___: Any) -> list[Any]:
        ports.append(port)
        if isinstance(addresses, OSError):
            raise addresses
        return [(2, 1, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert await _addresses(url) == asked
    assert ports == [6066 if ":6066" in url else 80]


def watcher(format_name: str = "csv") -> Watcher:
    source: Any = None
    return Watcher(
        load_settings(), source, format_name=format_name, max_shrink=0.1, metrics=WatchMetrics("acme")
    )


@pytest.mark.parametrize(
    ("failures", "every", "waits"),
    [
        (1, 3_600, 5),
        (2, 3_600, 10),
        (3, 3_600, 20),
        (8, 3_600, 640),
        (9, 3_600, 900),
        (30, 3_600, 900),
        (9, 60, 60),
    ],
)
def test_a_watch_waits_longer_after_each_failure_and_never_longer_than_usual(
    monkeypatch: pytest.MonkeyPatch, failures: int, every: float, waits: float
) -> None:
    one = watcher()
    one._failures = failures
    for end in (min, max):
        monkeypatch.setattr(random, "uniform", lambda *bounds, end=end: end(bounds))
        assert one.pause(every) == pytest.approx(waits * (0.8 if end is min else 1.2))


@pytest.mark.parametrize(
    ("day", "late"),
    [(date(2023, 8, 7), 0), (date(2023, 8, 6), 11), (date(2023, 8, 17), 0), (date(2024, 1, 1), 0)],
)
def test_a_file_is_late_when_its_own_date_is_older_than_usual(day: date, late: int) -> None:
    metrics = WatchMetrics("acme", NOW.timestamp)

    assert metrics.issued(day, usual_days=10) == late
    shown = metrics.registry.get_sample_value
    assert shown("interdict_list_source_stands_still", {"list": "acme"}) == bool(late)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    assert shown("interdict_list_source_issued_timestamp_seconds", {"list": "acme"}) == midnight


@pytest.mark.parametrize(
    ("format_name", "issued", "told"),
    [
        ("ofac", date(2000, 1, 1), True),
        ("ofac", datetime.now(UTC).date(), False),
        ("ofac", None, False),
        ("csv", date(2000, 1, 1), False),  # a list of one's own is as old as it is
        ("csv", None, False),
    ],
)
def test_only_an_official_file_with_a_date_is_told_to_be_old(
    caplog: pytest.LogCaptureFixture, format_name: str, issued: date | None, told: bool
) -> None:
    one = watcher()
    one._format, one._issued = format_name, issued
    one._report_age()

    assert bool(caplog.messages) is told
    if told:
        assert caplog.messages[0].startswith("the file of ofac is ")
    shown = one._metrics.registry.get_sample_value
    assert bool(shown("interdict_list_source_stands_still", {"list": "acme"})) is told


def test_the_age_of_a_source_is_since_it_was_last_good() -> None:
    now = 1_000.0
    metrics = WatchMetrics("acme", lambda: now)

    def shown(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(f"interdict_list_source_{name}", {"list": "acme", **labels})

    before = metrics.ever_confirmed
    metrics.confirmed(at=970.0)
    assert (before, metrics.ever_confirmed) == (False, True)
    now = 1_060.0
    metrics.failed("broker")
    assert shown("age_seconds") == 90
    metrics.confirmed()
    assert (shown("age_seconds"), shown("failures_total", reason="broker")) == (0, 1)
    assert [shown("failures_total", reason=each) for each in ("download", "refused", "internal")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.example/a/SDN_Enhanced.XML?v=1", "sdn_enhanced.xml"),
        ("https://x.example/content?token=", "content"),
        ("https://x.example/", "list"),
        ("https://x.example", "list"),
    ],
)
def test_a_download_is_named_after_its_address(url: str, name: str) -> None:
    assert _file_name(url) == name


def test_the_next_request_is_on_the_conditions_that_the_answer_gave() -> None:
    assert _validators({"ETag": "e", "Last-Modified": "m"}) == {
        "If-None-Match": "e",
        "If-Modified-Since": "m",
    }
    assert _validators({"ETag": "e"}) == {"If-None-Match": "e"}
    assert _validators({"Last-Modified": "m"}) == {"If-Modified-Since": "m"}
    assert _validators({}) == {}


async def test_a_folder_that_is_empty_or_changes_while_it_settles_is_left_for_the_next_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    waited = []

    async def settle(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 1:
            (tmp_path / "b.csv").write_text("still coming")

    monkeypatch.setattr(asyncio, "sleep", settle)
    source = FolderSource(tmp_path)
    found = []
    for _ in range(4):
        async with source.new() as path:
            found.append(path)
        if path:
            source.accept()
        if not waited and not (tmp_path / "a.csv").exists():
            (tmp_path / "a.csv").write_text("one")

    assert found == [None, None, tmp_path, None]
    assert waited == [2.0, 2.0]
    source.forget()
    async with source.new() as path:
        assert path == tmp_path


def test_the_state_of_a_folder_is_that_of_each_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("bb")
    (tmp_path / "a").write_text("a")

    assert [(name, size) for name, _, size, _ in states_of(tmp_path)] == [("a", 1), ("b", 2)]
    assert states_of(tmp_path / "a") == states_of(tmp_path)[:1]
