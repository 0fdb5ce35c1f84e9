"""Long work in slices: a whole list that arrives at once must not hold up the payments in flight, nor a file
of thousands of hits the list and the heartbeats."""

import asyncio
import time

APPLY_SLICE_SECONDS = 0.005
"""Entries are applied, and decisions written, for this long before the event loop gets its turn."""
MOST_AT_ONCE = 500
"""Records that a client unpacks without a turn of the loop; of everything that had come it took 0.4 s."""


class Turn:
    """A turn of the event loop: long work checks now and then whether it is over, and passes it on."""

    def __init__(self) -> None:
        self._ends = time.monotonic() + APPLY_SLICE_SECONDS

    def is_over(self) -> bool:
        return time.monotonic() > self._ends

    async def pass_on_when_over(self) -> None:
        """For work that needs to do nothing first."""
        if self.is_over():
            await self.pass_on()

    async def pass_on(self) -> None:
        await asyncio.sleep(0)
        self._ends = time.monotonic() + APPLY_SLICE_SECONDS
