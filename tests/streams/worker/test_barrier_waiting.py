"""What the barrier does until where the list topic ends is answered and proved, by a clock of the test's."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, NotLeaderForPartitionError

from streams.kafka.leadership import NotProvedError
from streams.kafka.promises import PromisesUnknownError
from streams.worker import barrier as module
from streams.worker.barrier import EXPLAIN_SECONDS, RETRY_SECONDS, Barrier

CANNOT = "whether the list is the newest cannot be proved: "


class Clock:
    """Time passes where the barrier sleeps and where a partition is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.slept = 100.0, list[float]()
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(module, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": self.sleep}))

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Partition:
    """Each answer after so many seconds; an error is raised."""

    def __init__(self, clock: Clock, *answers: tuple[float, int | BaseException]) -> None:
        self.clock, self.answers, self.closed = clock, [*answers], 0
        self.reasons: list[str] = []
        self.barrier: Any = None

    async def end(self) -> int:
        self.reasons.append(self.barrier.reason)
        seconds, answer = self.answers.pop(0)
        self.clock.now += seconds
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def close(self) -> None:
        self.closed += 1


def barrier_of(partition: Partition, monkeypatch: pytest.MonkeyPatch, in_sync: int | Exception = 2) -> Any:
    opened: list[object] = []

    def opens(*given: object) -> Partition:
        opened.append(given)
        return partition

    async def promises(*asked: object) -> Any:
        assert asked == ({"bootstrap.servers": "b:1"}, "t.designations")
        if isinstance(in_sync, Exception):
            raise in_sync
        return SimpleNamespace(in_sync=in_sync)

    monkeypatch.setattr(module, "PartitionEnd", opens)
    monkeypatch.setattr(module, "promises_of", promises)
    made: Any = Barrier("t.designations", {"bootstrap.servers": "b:1"})
    made.opened = opened
    partition.barrier = made
    return made


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NotProvedError("no majority"), "no majority"),
        (OSError("unreachable"), "unreachable"),
        (KafkaConnectionError("gone"), "KafkaConnectionError: gone"),
        (OSError(), "OSError()"),
    ],
)
async def test_what_keeps_payments_waiting_is_said_after_a_second_once_and_until_it_is_over(
    error: Exception, text: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(monkeypatch)
    partition = Partition(clock, (EXPLAIN_SECONDS, error), (0.1, error), (0.1, error), (0.0, 7), (0.0, 8))
    barrier = barrier_of(partition, monkeypatch)

    with caplog.at_level(logging.WARNING):
        assert await barrier.list_end() == 7
        assert barrier.reason == ""
        assert await barrier.list_end() == 8

    assert partition.reasons == ["", "", CANNOT + text, CANNOT + text, ""]
    assert clock.slept == [RETRY_SECONDS] * 3
    assert [each.getMessage() for each in caplog.records] == [f"payments wait: {CANNOT}{text}"]


@pytest.mark.parametrize("error", [ValueError("a defect"), asyncio.CancelledError()])
async def test_a_defect_is_no_reason_to_wait(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    barrier = barrier_of(Partition(clock, (0.0, error)), monkeypatch)

    with pytest.raises(type(error)):
        await barrier.list_end()
    assert clock.slept == []


async def test_who_waits_while_it_stops_is_stopped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    partition = Partition(clock, (0.0, NotLeaderForPartitionError()))
    barrier = barrier_of(partition, monkeypatch)
    monkeypatch.setattr(Barrier, "should_stop", property(lambda _: not partition.answers))

    with pytest.raises(asyncio.CancelledError):
        await barrier.list_end()


@pytest.mark.parametrize(("in_sync", "asked_for"), [(2, 2), (3, 3), (PromisesUnknownError("no rights"), 1)])
async def test_two_who_ask_at_once_share_a_connection_that_is_closed_with_it(
    in_sync: int | Exception,
    asked_for: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    partition = Partition(Clock(monkeypatch), (0.0, 7), (0.0, 7), (0.0, 9))
    barrier = barrier_of(partition, monkeypatch, in_sync)

    assert [*await asyncio.gather(barrier.list_end(), barrier.list_end())] == [7, 7]
    assert barrier.opened == [("t.designations", {"bootstrap.servers": "b:1"}, asked_for)]
    assert ("until then every replica of it must answer" in caplog.text) is (asked_for == 1)
    await barrier.on_stop()
    await barrier.on_stop()
    assert partition.closed == 1
    await barrier.list_end()
    assert len(barrier.opened) == 2
