"""What `interdict export` and `interdict suggest` do beside Kafka: the lines they write, and how they end."""

import asyncio
import signal
from typing import Any

import pytest
from click.testing import CliRunner

from streams.cli import main
from streams.commands import export, suggest

SETTINGS = ("--broker", "b.example.com:9092", "--prefix", "p.")


def ended_by() -> list[bool]:
    """Whether this process, as it runs, takes SIGTERM and Ctrl-C as a word to end in order."""
    loop = asyncio.get_running_loop()
    return [loop.remove_signal_handler(number) for number in (signal.SIGTERM, signal.SIGINT)]


def test_an_alert_is_a_line_and_a_signal_ends_the_export(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    async def forward(topic: str, group: str, *_: object, **more: Any) -> None:
        asked.extend((topic, group, more["oldest"], *ended_by()))
        for body in (b'{"a": 1}', b'{"b": 2}'):
            await more["deliver"]("id", body)

    monkeypatch.setattr(export, "forward", forward)
    done = CliRunner().invoke(main, ["export", "lines", *SETTINGS, "--name", "shipper"])

    assert (done.exit_code, done.stdout) == (0, '{"a": 1}\n{"b": 2}\n'), done.output
    assert asked == ["p.screening.alerts", "interdict-export-shipper", True, True, True]


def test_suggestions_say_what_others_can_read_and_a_signal_ends_them(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[Any] = []

    async def run(settings: Any, *_: object, oldest: bool) -> None:
        asked.extend((settings.topic_prefix, oldest, *ended_by()))

    monkeypatch.setattr(suggest, "run_suggestions", run)
    done = CliRunner().invoke(main, ["suggest", "run", *SETTINGS, "--from", "beginning"])

    assert done.exit_code == 0, done.output
    assert asked == ["p.", True, True, True]
    assert any("cross the network in clear text" in said for said in caplog.messages)
