"""Bars on a terminal: nothing is lost or held back behind one, and one that is quick shows none."""

import sys
from io import StringIO

import pytest

from streams.commands import lists, lookback, screen
from streams.lookback.run import Report
from streams.offline.payments import FileMessage

ERASED = "\x1b[1A\x1b[2K"
"""What a bar leaves on the terminal: up a line, and nothing of it."""
MESSAGES = [FileMessage(f"stdin:{number}", b"{}") for number in range(3)]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Stderr from now on; pytest gives it back to a test that has asked for it before."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    for name in ("NO_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return made


@pytest.mark.parametrize(("quiet_seconds", "shows"), [(-1.0, True), (60.0, False)])
def test_messages_are_handed_on_one_by_one_behind_a_bar_that_comes_when_the_work_lasts(
    monkeypatch: pytest.MonkeyPatch, quiet_seconds: float, shows: bool
) -> None:
    terminal = terminal_of(monkeypatch)
    monkeypatch.setattr(screen, "QUIET_SECONDS", quiet_seconds)

    assert list(screen._with_progress(MESSAGES)) == MESSAGES
    assert ("screening" in terminal.getvalue()) is shows
    assert ("3/?" in terminal.getvalue()) is shows
    assert terminal.getvalue().endswith(ERASED if shows else "")


def test_a_lookback_shows_how_far_it_is_and_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    with lookback._progress() as show:
        show(Report(1, planned=40, payments=10, alerts=3))

    assert "looking back" in terminal.getvalue()
    assert "10/40" in terminal.getvalue() and "3 alerts" in terminal.getvalue()
    assert terminal.getvalue().endswith(ERASED)


def test_a_publication_shows_what_it_reads_and_what_it_sends_once_there_is_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for sends in (False, True):
        terminal = terminal_of(monkeypatch)
        with lists._progress() as bars:
            bars.read(7)
            if sends:
                bars.sent(3, 40)

        assert "reading" in terminal.getvalue() and "7/?" in terminal.getvalue()
        assert ("sending" in terminal.getvalue()) is ("3/40" in terminal.getvalue()) is sends
        assert terminal.getvalue().endswith(ERASED)
