"""Long work in slices: a whole list arriving at once must not hold up the payments in flight."""

import asyncio
import time

APPLY_SLICE_SECONDS = 0.005
"""Entries are applied for this long before the event loop gets its turn."""


class Turn:
    """A turn of the event loop: long work checks now and then whether it is over, and passes it on."""

    def __init__(self) -> None:
        self._ends = time.monotonic() + APPLY_SLICE_SECONDS

    def is_over(self) -> bool:
        return time.monotonic() > self._ends

    async def pass_on(self) -> None:
        await asyncio.sleep(0)
        self._ends = time.monotonic() + APPLY_SLICE_SECONDS
