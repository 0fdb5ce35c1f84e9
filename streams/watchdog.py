"""Ends a worker that looks alive and is not, so that its partitions go to one that works.

Two ways to be a zombie: the group coordinator holds an error that nobody reads, and offsets that stop while
payments wait. In both the process, its heartbeats and its web pages look healthy. A worker that ends itself
is restarted by its supervisor and loses nothing: what it had not decided comes again.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from faust.types import AppT
from mode import Service

from streams.engine import consumer_lag, coordination_problem

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
GRACE_SECONDS = 15.0
"""How long an orderly end may take before the process is ended the hard way."""


class WorkerStalledError(RuntimeError):
    """This worker holds partitions but decides nothing."""


class Watchdog(Service):
    """Looks once a second. `decided` counts up with each batch; `held_back`: waiting is right just now."""

    logger = log

    def __init__(
        self, app: AppT, *, decided: Callable[[], int], held_back: Callable[[], bool], stall_seconds: float
    ) -> None:
        super().__init__()
        self._app = app
        self._decided = decided
        self._held_back = held_back
        self._stall_seconds = stall_seconds
        self._last_count = 0
        self._moved_at = time.monotonic()

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            await self.sleep(CHECK_SECONDS)
            problem = coordination_problem(self._app) or self._stall()
            if problem and not self.should_stop:
                log.critical("this worker ends itself: %s", problem)
                _end_the_hard_way_after(GRACE_SECONDS)
                await self.crash(WorkerStalledError(problem))

    def _stall(self) -> str:
        count = self._decided()
        waiting = any(records > 0 for records in consumer_lag(self._app).values())
        if count != self._last_count or self._held_back() or not waiting:
            self._last_count, self._moved_at = count, time.monotonic()
        silent = time.monotonic() - self._moved_at
        return (
            f"payments wait and none was decided for {silent:.0f} s" if silent > self._stall_seconds else ""
        )


def _end_the_hard_way_after(seconds: float) -> None:
    timer = threading.Timer(seconds, os._exit, args=(70,))  # 70: EX_SOFTWARE
    timer.daemon = True
    timer.start()
