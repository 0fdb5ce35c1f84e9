"""A clock that is set back ends a process that reads with librdkafka, which would wait as long."""

import faulthandler
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from streams.errors import START_AGAIN
from streams.kafka import clock as watched
from streams.kafka.clock import LOOKS_EVERY_SECONDS
from tests.faults import clock

PROGRAM = """
import logging, time
from streams.kafka.clock import end_when_the_clock_is_set_back
logging.basicConfig()
with end_when_the_clock_is_set_back():
    print("watching", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(bool(clock.missing()), reason=clock.missing() or "clocks can be stepped here")
def test_a_clock_that_is_set_back_ends_the_process_and_one_that_is_set_forward_does_not(
    tmp_path: Path,
) -> None:
    clocks = clock.Clocks(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**clocks.environment, "PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "watching\n"

        clocks.step(process.pid, 3600)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2.5 * LOOKS_EVERY_SECONDS)

        began = time.monotonic()
        clocks.step(process.pid, 0)
        _, told = process.communicate(timeout=30)

    assert process.returncode == START_AGAIN
    assert "set back by 3600 s" in told
    assert time.monotonic() - began < 20


def ran(program: str, seconds: float = 50) -> "subprocess.CompletedProcess[str]":
    """A program in a process of its own, to its end. Raises TimeoutExpired after so many seconds."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=seconds,
    )


FROZEN = """
import ctypes
from streams.kafka.clock import end_when_the_clock_is_set_back
with end_when_the_clock_is_set_back(frozen_seconds=2.0):
    ctypes.PyDLL(None).sleep(60)
"""


def test_a_process_whose_interpreter_is_held_is_ended_from_outside_it() -> None:
    """As librdkafka holds it while a consumer is closed."""
    ended = ran(FROZEN)

    assert ended.returncode == 1
    assert "Timeout" in ended.stderr


def test_a_process_that_is_watched_ends_by_itself_when_it_is_done() -> None:
    done = "from streams.kafka.clock import end_when_the_clock_is_set_back as watch\nwith watch(): pass"
    ended = ran(done, seconds=25)

    assert (ended.returncode, ended.stderr) == (0, "")


GOES_ON = """
import ctypes, time
from streams.kafka import clock
clock.LOOKS_EVERY_SECONDS = 0.1
with clock.end_when_the_clock_is_set_back(frozen_seconds=1.0):
    time.sleep(0.3)
time.time = lambda: 0.0
time.sleep(0.3)
ctypes.PyDLL(None).sleep(2)
print("went on")
"""


def test_what_comes_after_the_watch_in_the_same_process_is_not_ended_by_it() -> None:
    """A suite that ran a command, say, and sets the clock of a later test."""
    ended = ran(GOES_ON)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "went on\n", "")


class Ended(BaseException):
    """In place of the end of this process."""


@pytest.mark.parametrize(
    ("steps", "ends_after"),
    [
        ([0.0, 3_600.0, 3_600.0, -1.0], 3),  # set forward, and back by more
        ([0.0, -5.0, -10.0, -15.1], 3),
        ([0.0, -5.1], 1),
        ([100.0, 99.0, 98.0, 90.0], 3),
    ],
)
def test_a_step_back_beyond_what_is_tolerated_ends_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, steps: list[float], ends_after: int
) -> None:
    told, ahead, did = list[object](), iter(steps), list[object]()

    def end(code: int) -> None:
        did.append(code)
        raise Ended

    monkeypatch.setattr(watched, "_ahead", lambda: next(ahead))
    monkeypatch.setattr(time, "sleep", did.append)
    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(logging, "shutdown", lambda: did.append("shutdown"))
    monkeypatch.setattr(
        faulthandler, "dump_traceback_later", lambda *given, **more: told.append((given, more))
    )
    with pytest.raises(Ended):
        watched._watch(12.0, threading.Event())

    assert did == [*[LOOKS_EVERY_SECONDS] * ends_after, "shutdown", START_AGAIN]
    assert told == [((12.0,), {"exit": True, "file": 2})] * ends_after
    assert f"set back by {steps[ends_after - 1] - steps[ends_after]:.0f} s" in caplog.text


def test_how_far_the_time_of_day_is_ahead_is_told_against_the_steady_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000.0)
    monkeypatch.setattr(time, "monotonic", lambda: 400.0)

    assert watched._ahead() == 600.0
