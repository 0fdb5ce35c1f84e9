"""When a worker that looks alive is none, and that it ends then."""

import os
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from streams.worker import watchdog
from streams.worker.watchdog import Progress, Watchdog, WorkerStalledError

STALL_SECONDS = 60.0


@pytest.fixture
def progress() -> Progress:
    return Progress(STALL_SECONDS)


def new_watchdog(app: Any, *, decided: int, paused: bool = False, undelivered: Any = ()) -> Watchdog:
    return Watchdog(
        app,
        decided=lambda: decided,
        paused=lambda: paused,
        undelivered=lambda: undelivered,
        stall_seconds=STALL_SECONDS,
    )


def after(progress: Progress, seconds: float, **what: Any) -> str:
    seen: dict[str, Any] = {"decided": 5, "committed": {0: 5}, "waits": True, "paused": False}
    return progress.stall(seconds, **(seen | what))


def test_decisions_that_stop_while_payments_wait_are_a_stall(progress: Progress) -> None:
    assert after(progress, 1000) == ""  # the list took long to load: that is no time of the first look
    assert after(progress, 1060) == ""
    assert "none was decided for 61 s" in after(progress, 1061)


def test_commits_that_stop_while_payments_are_decided_are_a_stall(progress: Progress) -> None:
    assert after(progress, 1, decided=5) == ""
    assert after(progress, 31, decided=50) == ""
    assert "none was committed for 61 s" in after(progress, 62, decided=500)


def test_a_worker_at_rest_or_paused_by_its_list_is_well(progress: Progress) -> None:
    assert after(progress, 1) == ""
    assert after(progress, 100, waits=False) == ""
    assert after(progress, 200, paused=True) == ""
    assert after(progress, 250) == ""
    assert after(progress, 261) != ""


def test_a_partition_that_is_new_to_the_worker_is_movement(progress: Progress) -> None:
    assert after(progress, 1) == ""
    assert after(progress, 50, decided=6, committed={0: 5, 1: 0}) == ""
    assert after(progress, 100, decided=7, committed={0: 5, 1: 0}) == ""


@pytest.mark.parametrize(
    ("coordinator", "told"),
    [
        ({"_pending_exception": RuntimeError("fenced")}, "refused us"),
        ({"_coordination_task": SimpleNamespace(done=lambda: True)}, "has ended"),
    ],
)
async def test_a_dead_membership_ends_the_worker(
    coordinator: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = SimpleNamespace(_coordinator=SimpleNamespace(**coordinator))
    app: Any = SimpleNamespace(
        consumer=SimpleNamespace(_thread=SimpleNamespace(_consumer=consumer)), should_stop=False
    )
    monkeypatch.setattr("streams.worker.watchdog.CHECK_SECONDS", 0.0)
    monkeypatch.setattr("streams.worker.watchdog.end_the_hard_way_after", lambda _: None)
    dog = new_watchdog(app, decided=0)

    await dog.start()
    await dog.wait_for_stopped()

    assert isinstance(dog.crash_reason, WorkerStalledError)
    assert told in str(dog.crash_reason)


@pytest.mark.parametrize("undelivered", [[], ["alerts", "decisions"]])
@pytest.mark.parametrize(
    ("lags", "paused", "ends"), [({0: 5}, False, True), ({0: 0, 1: 0}, False, False), ({0: 5}, True, False)]
)
async def test_a_worker_that_stalls_is_ended_and_where_that_hangs_from_outside(
    monkeypatch: pytest.MonkeyPatch, lags: dict[int, int], paused: bool, ends: bool, undelivered: list[str]
) -> None:
    now, hard, traced = [0.0], list[float](), list[Any]()

    async def sleep(_: float) -> None:
        now[0] += 31.0

    def dump(seconds: float, **more: Any) -> None:
        traced.append((seconds, more))

    module = "streams.worker.watchdog"
    monkeypatch.setattr(f"{module}.coordination_problem", lambda _: "")
    monkeypatch.setattr(f"{module}.consumer_lag", lambda _: lags)
    monkeypatch.setattr(f"{module}.committed_offsets", lambda _: {0: 5})
    monkeypatch.setattr(f"{module}.time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(f"{module}.end_the_hard_way_after", hard.append)
    monkeypatch.setattr(f"{module}.faulthandler.dump_traceback_later", dump)
    monkeypatch.setattr(f"{module}.faulthandler.cancel_dump_traceback_later", lambda: traced.append("over"))
    app: Any = SimpleNamespace()
    dog = new_watchdog(app, decided=7, paused=paused, undelivered=undelivered)
    crashed = list[BaseException]()

    async def crash(error: BaseException) -> None:
        crashed.append(error)
        dog._stopped.set()

    monkeypatch.setattr(dog, "sleep", sleep)
    monkeypatch.setattr(dog, "crash", crash)
    looked = [0]
    stall = dog._stall

    def counted() -> str:
        looked[0] += 1
        if looked[0] == 6:
            dog._stopped.set()
        return stall()

    monkeypatch.setattr(dog, "_stall", counted)
    watch: Any = Watchdog._watch
    await watch.fun(dog)

    assert [type(error) for error in crashed] == ([WorkerStalledError] if ends else [])
    blamed = ["the broker takes no records of alerts, decisions;" in str(error) for error in crashed]
    assert blamed == ([bool(undelivered)] if ends else [])
    assert hard == ([watchdog.GRACE_SECONDS] if ends else [])
    assert traced[0] == (STALL_SECONDS, {"exit": True, "file": 2}) and traced[-1] == "over"


def test_the_hard_end_comes_by_a_thread_that_nothing_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, started = threading.Event(), list[bool]()
    codes = list[int]()

    def end(code: int) -> None:
        codes.append(code)
        started.append(threading.current_thread().daemon)
        ended.set()

    monkeypatch.setattr(os, "_exit", end)
    watchdog.end_the_hard_way_after(0.01)

    assert ended.wait(10)
    assert (codes, started) == ([70], [True])
