"""The replica's word that so much of the topic is applied: to the offset, and not one record short of it."""

import asyncio

import pytest

from screening import Screener
from screening.decisions import ListState
from streams.console.feed import Feed
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica

NEEDED = 10
TURNS = 20


def replica_at(offset: int, *, complete: bool = True) -> Replica:
    replica = Replica(
        "designations",
        client={},
        new_screener=Screener,
        metrics=Metrics(process=False),
        feed=Feed(),
    )
    replica.screener.lists = ListState({}, {0: offset})
    if complete:
        replica.complete.set()
    return replica


async def is_reached(replica: Replica) -> bool:
    """Whether it says so without anything else happening."""
    waits = asyncio.create_task(replica.reached(NEEDED))
    for _ in range(TURNS):
        await asyncio.sleep(0)
    waits.cancel()
    return waits.done() and not waits.cancelled()


@pytest.mark.parametrize(("offset", "reached"), [(8, False), (9, False), (10, True), (11, True)])
async def test_an_end_is_reached_when_every_record_before_it_is_applied(offset: int, reached: bool) -> None:
    assert await is_reached(replica_at(offset)) is reached


async def test_no_end_is_reached_while_the_list_is_not_complete() -> None:
    assert not await is_reached(replica_at(NEEDED, complete=False))


async def test_who_waits_goes_on_with_the_record_that_was_missing() -> None:
    replica = replica_at(NEEDED - 2)
    waits = asyncio.create_task(replica.reached(NEEDED))
    for offset in (NEEDED - 1, NEEDED):
        await asyncio.sleep(0)
        assert not waits.done()
        replica._offset = offset
        replica._state_offset()

    await asyncio.wait_for(waits, 5)


@pytest.mark.parametrize("stopped", [False, True])
async def test_the_barrier_reads_on_until_the_list_is_complete_or_the_service_is_stopped(
    monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    replica, looks = replica_at(0, complete=False), 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            (replica._stopped if stopped else replica.complete).set()

    monkeypatch.setattr(replica, "_advance", look)
    async with asyncio.timeout(5):
        await replica.on_start()
        await replica.on_start()

    assert looks == 3
