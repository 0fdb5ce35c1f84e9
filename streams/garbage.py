"""When Python looks for garbage: never in the list, and all of it only between two batches of payments.

A worker holds some millions of objects that live on: the list, and what is remembered of words and names.
Python walks them all whenever its oldest generation has grown by a quarter, in the midst of a batch: 0.1 to
0.2 s in which nothing is decided, and a tenth of the worker's processor time under load. What it looks for
are cycles, which this code has few of; everything else is freed at once when it is no longer used.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from mode import Service

YOUNG = 10_000
"""New objects after which the youngest are looked at; Python's own 700 is for programs that hold little."""
MIDDLE = 10
NEVER = 1 << 30
FULL_SECONDS = 300.0
"""Between full collections; one takes about 0.1 s with 100,000 words remembered."""


class GarbageCollection(Service):
    """Full collections of one worker at moments when `idle` is set, which is between any two batches."""

    def __init__(self, idle: asyncio.Event) -> None:
        super().__init__()
        self._idle = idle
        self._before = gc.get_threshold()

    async def on_start(self) -> None:
        self._before = gc.get_threshold()
        young_only()

    async def on_stop(self) -> None:
        gc.set_threshold(*self._before)

    @Service.timer(FULL_SECONDS)
    async def _collect_now_and_then(self) -> None:
        await self.collect()

    async def collect(self) -> None:
        """A full collection, as soon as no payment is being decided."""
        await self._idle.wait()
        gc.collect()


def young_only() -> None:
    """From now on only new objects are looked at, until somebody calls for a full collection."""
    gc.set_threshold(YOUNG, MIDDLE, NEVER)


def look_seldom() -> None:
    """For a command that works through a topic and ends: its list and its caches live as long as it does."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, MIDDLE)


@contextmanager
def loading() -> Iterator[None]:
    """For loading a table of objects that all live on: looking for garbage among them finds none.

    Collections took a third of the load of 9,418 designations, half of that of 200,000. Frozen, the table is
    not looked at later either. What an earlier load froze may be garbage by now and is looked at again.
    """
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
