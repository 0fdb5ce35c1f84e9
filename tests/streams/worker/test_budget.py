"""The budget of one payment: kept while the event loop is busy, by CPU time, and only within it."""

import signal
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, SimpleNamespace

import pytest

from screening import effort as effort_module
from screening.effort import UNINTERRUPTED, Effort
from screening.interruptible import interruptible
from streams.worker import budget as module
from streams.worker.budget import Budget, OverBudgetError

FAR_BEYOND = 5.0
"""Seconds of CPU: what is not broken off ends at last."""


@pytest.fixture
def budget() -> Iterator[Budget]:
    found = Budget(0.1)
    found.start()
    yield found
    found.stop()


def spin(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


def test_what_takes_longer_is_broken_off_soon_after(budget: Budget) -> None:
    started = time.thread_time()

    with pytest.raises(OverBudgetError), budget:
        spin(FAR_BEYOND)

    assert time.thread_time() - started < 1


def test_exactly_a_budget_is_within_it_and_time_counts_from_the_first_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [7.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(thread_time=lambda: now[0]))
    held = Budget(0.5)
    held._look(0, None)  # outside nothing counts
    with held:
        for now[0] in (8.0, 8.25, 8.5):
            held._look(0, None)
        now[0] = 8.75
        with pytest.raises(OverBudgetError):
            held._look(0, None)
    held._look(0, None)


def test_what_is_within_it_is_let_be_and_so_is_what_comes_between(budget: Budget) -> None:
    for _ in range(3):
        with budget:
            spin(0.05)
        spin(0.15)


def test_nothing_is_within_it_before_anything_was(budget: Budget) -> None:
    spin(0.3)
    with budget:
        spin(0.05)


def test_time_in_which_nothing_is_computed_does_not_count(budget: Budget) -> None:
    with budget:
        threading.Event().wait(0.5)


def test_an_error_that_python_drops_is_raised_again(budget: Budget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # pytest's own could be broken off, too

    class Spins:
        def __del__(self) -> None:
            spin(0.2)

    def drop() -> None:
        spins = Spins()
        del spins  # what is raised in here is only printed
        spin(FAR_BEYOND)

    with pytest.raises(OverBudgetError), budget:
        drop()


def test_screening_calls_python_where_a_signal_is_seen() -> None:
    """Compiled code that never calls Python could not be broken off."""
    built = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["tool"]["hatch"][
        "build"
    ]

    assert isinstance(interruptible, FunctionType)
    assert "/screening/interruptible.py" in built["targets"]["wheel"]["hooks"]["mypyc"]["exclude"]


@pytest.mark.parametrize("steps", [0, 1, UNINTERRUPTED])
def test_whoever_spends_can_be_broken_off_every_few_calls(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off() -> None:
        raise OverBudgetError

    monkeypatch.setattr(effort_module, "interruptible", break_off)
    effort = Effort()
    effort.begin()
    with pytest.raises(OverBudgetError):
        for _ in range(100):
            effort.spend(steps)


def test_the_timer_runs_from_start_to_stop_and_is_the_main_threads(budget: Budget) -> None:
    every = pytest.approx(0.1 / module.LOOKS, abs=0.001)
    assert signal.getitimer(signal.ITIMER_REAL)[1] == every

    other = Budget(9.0)

    def use() -> None:
        other.start()
        other.stop()

    elsewhere = threading.Thread(target=use)
    elsewhere.start()
    elsewhere.join()
    assert signal.getitimer(signal.ITIMER_REAL)[1] == every

    budget.stop()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
