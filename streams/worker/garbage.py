"""When Python collects garbage: never in the list, and only between two batches of payments.

A worker holds some millions of long-lived objects: the list, and the remembered words and names. Left alone,
Python walks them all whenever its oldest generation has grown by a quarter: 0.1 to 0.2 s in which nothing is
decided. It triggers young collections by objects made minus objects freed, wherever they were freed, so a
worker that remembers one word for each that it forgets goes without a collection for seconds and then needs
0.1 s for one. So a worker collects by the clock. Only cycles need collecting, and this code has few of them;
everything else is freed as soon as it is no longer used.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from mode import Service

from streams.worker.allocator import give_back, move_to_large_pages, resident_bytes

YOUNG_SECONDS = 3.0
"""Between two looks at what is new. A look walks all of it that lives, which is mostly the batches under way:
15 objects a payment, gone by the next. Every 0.1 s that was a twelfth of a worker's time with a backlog."""
FULL_SECONDS = 300.0
"""Between full collections; one takes 0.1 to 0.3 s with 100,000 words remembered."""
TOO_MANY = 1_000_000
"""New objects after which a worker looks even in the midst of a batch, lest one eats up the memory."""
SELDOM = 100_000
"""New objects after which a command looks; Python's own 700 is for programs that hold little."""
MIDDLE = 10
NEVER = 1 << 30
LARGE_TABLE = 32 << 20
"""Bytes by which a load must have grown the process; OFAC's list takes some 100 MB."""


class GarbageCollection(Service):
    """Runs a worker's collections at moments when `idle` is set, which is between any two batches."""

    def __init__(self, idle: asyncio.Event) -> None:
        super().__init__()
        self._idle = idle
        self._before = gc.get_threshold()
        self._left_out = False

    async def on_start(self) -> None:
        self._before = gc.get_threshold()
        by_the_clock()

    async def on_stop(self) -> None:
        gc.set_threshold(*self._before)

    @Service.task
    async def _look_at_the_new(self) -> None:
        while not self.should_stop:
            await asyncio.sleep(YOUNG_SECONDS)  # mode's timer would log each time that a batch took longer
            await self.collect(generation=0)

    @Service.timer(FULL_SECONDS)
    async def _look_now_and_then(self) -> None:
        await self.look_at_all()

    async def look_at_all(self) -> None:
        """The first time, what is alive is left out of all later looks: it is the copies of topics, read at
        the start. With 30,000 alerts a look took 0.9 s of CPU, every five minutes, in which no heartbeat was
        answered. Not more often: a connection that is open just then is never looked at again."""
        await self.collect()
        if not self._left_out:
            gc.freeze()
            self._left_out = True

    async def collect(self, generation: int = 2) -> None:
        """Collect this generation and the younger ones as soon as no payment is being decided."""
        await self._idle.wait()
        gc.collect(generation)


def by_the_clock() -> None:
    """From now on collect only when told to, or when new objects are far too many."""
    gc.set_threshold(TOO_MANY, NEVER, NEVER)


def look_seldom() -> None:
    """For a command that works through a topic and ends: its list and its caches live as long as it does."""
    gc.freeze()
    gc.set_threshold(SELDOM, MIDDLE, MIDDLE)


@contextmanager
def loading() -> Iterator[None]:
    """For loading a table of long-lived objects: collections among them would find nothing.

    Collections took a third of the time to load 9,418 designations, and half of it for 200,000. The loaded
    table is frozen, so later collections skip it too. The table of an earlier load has cycles in it and is
    collected first.
    """
    held = resident_bytes()
    gc.unfreeze()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        if resident_bytes() - held >= LARGE_TABLE:
            give_back()
            move_to_large_pages()
