"""What one payment may cost: a watchdog that acts while the event loop is busy with it.

An operating system timer interrupts the main thread some times a second. If screening one payment has taken
more CPU time than its budget, the handler raises in the middle of it, so that the payment becomes an `error`
and the next one is decided. Only the thread's own CPU time counts: a machine that is busy or was paused
causes no errors.

Why a signal: a second thread could only raise through `PyThreadState_SetAsyncExc`, and does not even run
while compiled code holds the interpreter; a process for screening would cost as much per payment as screening
does. Compiled code reacts to a signal only where it calls Python; that is what `screening.interruptible` is
for. Screening changes nothing but caches, each entry in one step, so it can be interrupted anywhere.
"""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Self

from mode import Service

log = logging.getLogger(__name__)

LOOKS = 8
"""How often within a budget it is looked at. Time counts from the first look, so a payment is broken off a
quarter late at the most."""


class OverBudgetError(Exception):
    """Screening this payment takes more CPU time than it may."""


class Budget:
    """The CPU seconds that a `with budget:` block may take once `start` was called.

    Use it in the main thread, and not nested. Raises OverBudgetError there.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._within = False
        self._since: float | None = None
        """The CPU time at the first look within. To ask for it at every payment would be two system calls."""

    def start(self) -> None:
        """Set the timer. Outside the main thread there is no budget, and a log line says so."""
        if threading.current_thread() is not threading.main_thread():
            log.warning("not in the main thread: payments have no budget of time")
            return
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, self.seconds / LOOKS, self.seconds / LOOKS)

    def stop(self) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.setitimer(signal.ITIMER_REAL, 0.0)

    def __enter__(self) -> Self:
        self._since = None
        self._within = True
        return self

    def __exit__(self, *_: object) -> None:
        self._within = False

    def _look(self, number: int, frame: FrameType | None) -> None:
        """Raises again and again until the block ends, because in some places Python drops what a handler
        raises."""
        del number, frame
        if not self._within:
            return
        now = time.thread_time()
        if self._since is None:
            self._since = now
        elif now - self._since > self.seconds:
            raise OverBudgetError


class BudgetTimer(Service):
    """Runs the budget's timer for as long as a worker runs; it starts before the first payment is taken."""

    logger = log

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    async def on_start(self) -> None:
        self._budget.start()

    async def on_stop(self) -> None:
        self._budget.stop()
