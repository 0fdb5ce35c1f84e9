"""Ends a worker that looks alive and is not, so that its partitions go to one that works.

There are three ways to be a zombie: the group coordinator holds an error that nobody reads, decisions stop
while payments wait, or commits stop while payments are decided. In each the process, its heartbeats and its
web pages look healthy. And a blocked event loop checks nothing: then a thread that needs neither the loop nor
the interpreter ends the process and prints where it hangs on stderr. A worker that ends itself is restarted
by its supervisor and loses nothing: what it had not decided or committed comes again.
"""

import faulthandler
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from faust.types import AppT
from mode import Service

from streams.faust_internals.engine import committed_offsets, consumer_lag, coordination_problem

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
STDERR = 2
GRACE_SECONDS = 15.0
"""How long an orderly end may take before the process is ended the hard way."""


class WorkerStalledError(RuntimeError):
    """This worker holds partitions but decides nothing."""


@dataclass(slots=True)
class Progress:
    """Whether decisions and commits advance while payments wait. Times are seconds of one monotonic clock."""

    stall_seconds: float
    decided: int | None = None
    committed: Mapping[int, int] | None = None
    decided_at: float = 0.0
    committed_at: float = 0.0

    def stall(self, now: float, decided: int, committed: Mapping[int, int], waits: bool, paused: bool) -> str:
        """What has stood still for too long, in words; empty while all is well or waiting is right.

        `decided` counts messages since the start; `committed` are offsets by partition.
        """
        at_rest = paused or not waits
        if at_rest or decided != self.decided:
            self.decided, self.decided_at = decided, now
        if at_rest or committed != self.committed:
            self.committed, self.committed_at = dict(committed), now
        if now - self.decided_at > self.stall_seconds:
            return f"payments wait and none was decided for {now - self.decided_at:.0f} s"
        if now - self.committed_at > self.stall_seconds:
            return f"payments are decided and none was committed for {now - self.committed_at:.0f} s"
        return ""


class Watchdog(Service):
    """Checks once a second. `decided` grows with each batch; `paused` says that waiting is right just now;
    `undelivered` names the topics whose records the broker has still to acknowledge."""

    logger = log

    def __init__(
        self,
        app: AppT,
        *,
        decided: Callable[[], int],
        paused: Callable[[], bool],
        undelivered: Callable[[], Sequence[str]],
        stall_seconds: float,
    ) -> None:
        super().__init__()
        self._app = app
        self._decided = decided
        self._paused = paused
        self._undelivered = undelivered
        self._progress = Progress(stall_seconds)

    @Service.task
    async def _watch(self) -> None:
        try:
            while not self.should_stop:
                # its thread needs neither the loop nor the interpreter to end a process that is blocked
                faulthandler.dump_traceback_later(self._progress.stall_seconds, exit=True, file=STDERR)
                await self.sleep(CHECK_SECONDS)
                problem = coordination_problem(self._app) or self._stall()
                if problem and not self.should_stop:
                    log.critical("this worker ends itself: %s", problem)
                    end_the_hard_way_after(GRACE_SECONDS)
                    await self.crash(WorkerStalledError(problem))
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _stall(self) -> str:
        waits = any(consumer_lag(self._app).values())
        stall = self._progress.stall(
            time.monotonic(), self._decided(), committed_offsets(self._app), waits, self._paused()
        )
        if not stall or not (topics := ", ".join(self._undelivered())):
            return stall
        return f"{stall}: the broker takes no records of {topics}; `interdict doctor` finds what is wrong"


def end_the_hard_way_after(seconds: float) -> None:
    timer = threading.Timer(seconds, os._exit, args=(70,))  # 70: EX_SOFTWARE
    timer.daemon = True
    timer.start()
