"""`interdict worker` with a defect that sleeps in it: a signal makes its agent raise in the next batch.

Run as a program by the fault runs, so that the worker itself needs no door for its tests. The defect strikes
where it does the most harm: before anything of a batch is sent, or when all of it is on the broker and
nothing is acknowledged yet.
"""

import signal
import sys
from collections.abc import Awaitable, Sequence
from pathlib import Path

from streams.cli import main
from streams.worker.delivery import Outbox

COMMAND = (sys.executable, str(Path(__file__)), "worker")
BEFORE_SENDING, AFTER_SENDING = DEFECTS = (signal.SIGRTMIN, signal.SIGRTMIN + 1)


class AwakenedError(RuntimeError):
    """What the agent raises."""


_awake: set[int] = set()
_dispatched = Outbox.dispatched


async def _raising(outbox: Outbox) -> Awaitable[None]:
    _strike(BEFORE_SENDING)
    return _raising_after(await _dispatched(outbox))


async def _raising_after(delivered: Awaitable[None]) -> None:
    await delivered
    _strike(AFTER_SENDING)


def _strike(defect: int) -> None:
    if defect in _awake:
        _awake.discard(defect)
        raise AwakenedError("a defect in the agent")


def _begin(defects: Sequence[int]) -> None:
    for defect in defects:
        signal.signal(defect, lambda number, _: _awake.add(number))
    Outbox.dispatched = _raising  # type: ignore[method-assign, assignment]  # only awaited


if __name__ == "__main__":
    _begin(DEFECTS)
    main()
