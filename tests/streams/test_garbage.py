"""Python's own garbage collection in a worker."""

import asyncio
import gc

from streams.garbage import NEVER, GarbageCollection, loading, look_seldom


class Knot:
    """Garbage that only a collection finds, and only if it is not frozen."""

    def __init__(self) -> None:
        self.itself = self


async def test_a_running_worker_never_collects_the_oldest_in_the_midst_of_a_batch() -> None:
    before = gc.get_threshold()
    service = GarbageCollection(asyncio.Event())

    await service.start()
    running = gc.get_threshold()
    await service.stop()

    assert running[2] == NEVER
    assert gc.get_threshold() == before


async def test_a_full_collection_waits_for_the_end_of_the_batch() -> None:
    idle = asyncio.Event()
    collected = asyncio.create_task(GarbageCollection(idle).collect())
    found: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "stop" and info["generation"] == 2:
            found.append(phase)

    gc.callbacks.append(note)
    try:
        await asyncio.sleep(0)
        during = list(found)
        idle.set()
        await collected
    finally:
        gc.callbacks.remove(note)

    assert not during
    assert found


def test_what_is_loaded_is_not_looked_at_again_until_it_is_loaded_anew() -> None:
    with loading():
        assert not gc.isenabled()
        knots = [Knot() for _ in range(100)]
    try:
        frozen = gc.get_freeze_count()
        del knots
        assert gc.isenabled()
        assert frozen >= 100
        with loading():
            gc.collect()
        assert gc.get_freeze_count() < frozen
    finally:
        gc.unfreeze()


def test_a_command_that_ends_looks_for_garbage_seldom() -> None:
    before = gc.get_threshold()
    try:
        look_seldom()

        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > 0
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
