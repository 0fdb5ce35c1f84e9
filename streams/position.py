"""Where payments are read from after a rebalance: exactly where nothing is decided yet, or data is lost.

While partitions change hands Faust drops what it has fetched and goes back to the committed offsets. Two ways
lead past payments that nobody decided, both found by `tests/faults`:

- A partition with no committed offset has nothing to go back to. What was fetched of it and dropped (the
  backlog of a worker that was killed before its first commit) is skipped, and the next commit makes it final.
- Records can be on their way from the consumer's thread while the main thread goes back. They arrive as if
  they were next, and Faust takes the offsets before them for a compacted gap, which it counts as decided.
"""

from collections.abc import Mapping
from typing import Any

from faust.transport.drivers import aiokafka
from faust.types import TP


class PlacedConsumer(aiokafka.Consumer):
    """The consumer of payments, sure of its place."""

    _placed = 0
    """How often the place was taken anew; tells records that were asked for before from those after."""

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Back to the committed offsets, and to the beginning where nothing is committed."""
        self._placed += 1
        committed = await super().seek_to_committed()
        fresh = [tp for tp, offset in committed.items() if not offset or offset < 0]
        if fresh:
            await self._thread.seek_to_beginning(*fresh)
            committed = {**committed, **await self.earliest_offsets(*fresh)}
        self._placed += 1  # again: what was asked for in between may come from before as well as from after
        return committed

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109  Faust's
        placed = self._placed
        records = await super()._getmany(active_partitions, timeout)
        if records and placed != self._placed:
            await self.perform_seek()
            return {}
        return records
