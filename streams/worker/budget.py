"""What one payment may cost: a watchdog that acts while the event loop is busy with it.

A timer of the operating system interrupts the main thread some times a second. Where screening one payment
has taken more CPU time than its budget, the handler raises in the midst of it, so that the payment becomes an
`error` and the next one is decided. The thread's own CPU time is what counts: a machine that is busy with
others, or paused, makes no errors.

Why a signal: a second thread could only raise through `PyThreadState_SetAsyncExc`, and does not even run
while compiled code holds the interpreter; a process for screening would cost as much a payment as screening.
Compiled code sees a signal where it calls Python, which `screening.interruptible` is for that reason.
Screening changes nothing but caches, each entry in one step, so it can be broken off anywhere.
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
    """Screening this payment takes longer than it may."""


class Budget:
    """CPU seconds that what is done within `with budget:` may take, once `start` was called.

    In the main thread, and not within itself. Raises OverBudgetError there.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._within = False
        self._since: float | None = None
        """The CPU time at the first look within. To ask for it at every payment would be two system calls."""

    def start(self) -> None:
        """Set the timer; elsewhere than in the main thread there is no budget, which is logged."""
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
        """Raises again and again until it is over: in some places Python drops what a handler raises."""
        del number, frame
        if not self._within:
            return
        now = time.thread_time()
        if self._since is None:
            self._since = now
        elif now - self._since > self.seconds:
            raise OverBudgetError


class BudgetTimer(Service):
    """Has a budget kept for as long as a worker runs; started before the first payment is taken."""

    logger = log

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    async def on_start(self) -> None:
        self._budget.start()

    async def on_stop(self) -> None:
        self._budget.stop()
