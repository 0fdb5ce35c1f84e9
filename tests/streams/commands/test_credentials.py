"""A command ends when its credentials were renewed and the broker takes the new ones, and not before."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import rich_click as click
from click.testing import CliRunner

from config.settings import Settings, load_settings
from streams.commands import _credentials
from streams.commands._credentials import _files, _watch, end_when_credentials_are_renewed
from streams.commands._errors import Command
from streams.errors import START_AGAIN

SETTINGS: dict[str, Any] = {
    "broker": "127.0.0.1:9",
    "security_protocol": "SASL_PLAINTEXT",
    "sasl_username": "worker",
}
Steps = Sequence[Callable[[], object]]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "password"
    found.write_text("old\n")
    monkeypatch.setenv("INTERDICT_SASL_PASSWORD_FILE", str(found))
    return found


class EndedError(Exception):
    """Instead of the signal."""


def watched(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, steps: Steps, refused: Callable[[str], str]
) -> list[str]:
    """What is asked of the broker while a step comes before each look; a signal ends it, or the last."""
    asked, left = list[str](), iter(steps)

    def refusal(_: Settings, password_file: Path) -> str:
        asked.append(password_file.read_text())
        return refused(asked[-1])

    def kill(process: int, number: int) -> None:
        assert (process, number) == (os.getpid(), signal.SIGTERM)
        raise EndedError

    monkeypatch.setattr(_credentials, "_refusal", refusal)
    monkeypatch.setattr(_credentials, "SPREAD_SECONDS", 0.0)
    monkeypatch.setattr(time, "sleep", lambda seconds: seconds and next(left)())
    monkeypatch.setattr(os, "kill", kill)
    with pytest.raises((EndedError, StopIteration)) as end:
        _watch(settings, _files(settings), {})
    return [*asked, "ended"] if end.type is EndedError else asked


def nothing() -> None:
    """A look that finds what the one before did."""


def test_it_ends_once_the_new_ones_stand_and_are_taken(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever renews the file first and tells the broker later loses no worker meanwhile."""
    answers = iter(["not yet", "not yet", ""])
    steps = [nothing, lambda: file.write_text("new"), nothing, nothing, nothing]

    asked = watched(monkeypatch, load_settings(**SETTINGS), steps, lambda _: next(answers))

    assert asked == ["new"] * 3 + ["ended"]
    assert [record.getMessage() for record in caplog.records] == [
        f"{file}: renewed, but the broker does not accept them: not yet",
        f"{file}: renewed; this process ends now and will use them after its restart",
    ]


def test_what_is_as_it_was_gone_or_still_being_written_ends_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: Steps = [
        lambda: file.write_text("half"),
        lambda: file.write_text("half and half"),
        lambda: file.write_text("old\n"),
        nothing,
        file.unlink,
        nothing,
    ]

    assert watched(monkeypatch, load_settings(**SETTINGS), steps, lambda _: "") == []


def test_a_password_that_the_environment_says_itself_has_no_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _files(load_settings(**SETTINGS)) == [file]
    begun = list[object]()
    monkeypatch.setattr(threading, "Thread", lambda **options: begun.append(options))
    end_when_credentials_are_renewed(load_settings(**SETTINGS, sasl_password="another"))

    assert begun == []


@pytest.mark.parametrize("exits", [False, True])
@pytest.mark.parametrize("renewed", [False, True])
def test_a_supervisor_that_restarts_what_fails_starts_it_again(
    file: Path, monkeypatch: pytest.MonkeyPatch, renewed: bool, exits: bool
) -> None:
    """It ended with 0, and stayed away for good where a supervisor takes that for done."""
    monkeypatch.setattr(_credentials, "LOOKS_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(_credentials, "SPREAD_SECONDS", 0.0)
    monkeypatch.setattr(_credentials, "_refusal", lambda *_: "")
    stopped = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stopped.set())

    @click.command(cls=Command)
    def command() -> None:
        end_when_credentials_are_renewed(load_settings(**SETTINGS))
        if not renewed:
            signal.raise_signal(signal.SIGTERM)
        for number in range(100):  # the first may be written before the first look
            if stopped.wait(0.3):
                break
            file.write_text(f"new {number}")
        assert stopped.is_set()
        if exits:
            raise SystemExit(0)

    try:
        ended = CliRunner().invoke(command, catch_exceptions=False)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.exit_code == (START_AGAIN if renewed else 0)
