"""Python's own garbage collection in a worker."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from streams.worker.garbage import NEVER, GarbageCollection, loading, look_seldom

PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def pythons_own_thresholds() -> Iterator[None]:
    """Whatever a command that ran in this process before has set."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


class Knot:
    """Garbage that only a collection finds, and only if it is not frozen."""

    def __init__(self) -> None:
        self.itself = self


@contextmanager
def collections() -> Iterator[list[int]]:
    """The generations that were collected meanwhile."""
    found: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "stop":
            found.append(info["generation"])

    gc.callbacks.append(note)
    try:
        yield found
    finally:
        gc.callbacks.remove(note)


def knots(count: int) -> list[Knot]:
    return [Knot() for _ in range(count)]


class Watched(GarbageCollection):
    """Counts how often it came to look, and how often it has looked."""

    came = looked = 0

    async def collect(self, generation: int = 2) -> None:
        self.came += 1
        await super().collect(generation)
        self.looked += 1


async def looked_again(service: Watched) -> None:
    seen = service.looked
    await until(lambda: service.looked > seen)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  a collection has no event of its own
            await asyncio.sleep(0.01)


async def test_a_running_worker_collects_nothing_in_the_midst_of_a_batch() -> None:
    before = gc.get_threshold()
    service = Watched(asyncio.Event())

    await service.start()
    running = gc.get_threshold()
    with collections() as during:
        batch = knots(before[0] * 20)
        await until(lambda: service.came > 0)
    await service.stop()

    assert batch
    assert running[2] == NEVER
    assert not during
    assert gc.get_threshold() == before


async def test_a_running_worker_looks_at_what_is_new_however_much_was_freed_meanwhile() -> None:
    idle = asyncio.Event()
    idle.set()
    forgotten = knots(50_000)
    service = Watched(idle)

    await service.start()
    with collections() as found:
        kept = []
        for _ in range(5):
            kept += knots(10_000)
            for knot in forgotten[-10_000:]:
                del knot.itself
            del forgotten[-10_000:]  # freed at once: for Python, nothing was made on balance
            await looked_again(service)
    await service.stop()

    assert kept
    assert found.count(0) >= 5


async def test_a_full_collection_waits_for_the_end_of_the_batch() -> None:
    idle = asyncio.Event()
    collected = asyncio.create_task(GarbageCollection(idle).collect())

    with collections() as found:
        await asyncio.sleep(0)
        during = list(found)
        idle.set()
        await collected

    assert 2 not in during
    assert 2 in found


async def test_what_was_read_at_the_start_is_looked_at_once_and_what_comes_later_again() -> None:
    idle = asyncio.Event()
    idle.set()
    service, (first,) = GarbageCollection(idle), knots(1)
    try:
        await service.look_at_all()
        (later,) = knots(1)
        kept, gone = weakref.ref(first), weakref.ref(later)
        del first, later
        await service.look_at_all()

        assert kept() is not None
        assert gone() is None
    finally:
        gc.unfreeze()


def test_what_is_loaded_is_not_looked_at_again_until_it_is_loaded_anew() -> None:
    with loading():
        assert not gc.isenabled()
        table = knots(100)
    try:
        frozen = gc.get_freeze_count()
        entry = weakref.ref(table[0])
        del table
        assert gc.isenabled()
        assert frozen >= 100
        gc.collect()
        assert entry() is not None
        with loading():
            assert entry() is None
        assert gc.get_freeze_count() < frozen
    finally:
        gc.unfreeze()


def test_a_command_that_ends_looks_for_garbage_seldom() -> None:
    try:
        look_seldom()

        assert gc.get_threshold()[0] > 700
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
