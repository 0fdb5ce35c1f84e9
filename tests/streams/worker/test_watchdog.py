"""When a worker that looks alive is none, and that it ends then."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.worker.watchdog import Progress, Watchdog, WorkerStalledError

STALL_SECONDS = 60.0


@pytest.fixture
def progress() -> Progress:
    return Progress(STALL_SECONDS)


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
    monkeypatch.setattr("streams.worker.watchdog._end_the_hard_way_after", lambda _: None)
    watchdog = Watchdog(app, decided=lambda: 0, paused=lambda: False, stall_seconds=STALL_SECONDS)

    await watchdog.start()
    await watchdog.wait_for_stopped()

    assert isinstance(watchdog.crash_reason, WorkerStalledError)
    assert told in str(watchdog.crash_reason)
