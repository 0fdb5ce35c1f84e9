"""Work done in a process of its own that begins with all that this one has in memory."""

import math
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

PATIENCE_SECONDS = 10.0
"""What work that is broken off may take to stop its brokers and workers."""
LOOK_SECONDS = 0.02


class End(IntEnum):
    """How it ended, beside what it answers itself."""

    BROKEN = 97
    """By an error of its own."""
    STUCK = -1
    """It did not, within its time."""


def end_in_order() -> None:
    """SIGTERM ends this process as an error would, and with it what it started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def forked(
    work: Callable[[], int],
    said: Path,
    seconds: float,
    cpu_seconds: float = math.inf,
    moves: Callable[[], bool] = lambda: True,
) -> int:
    """What `work` answers, from 0 to 96; what it prints is in `said`. Its processes end with it.

    It is broken off after so many seconds, or so many of CPU time: a machine that is busy needs more of the
    one, and of the other no more. Sooner where it `moves` no more.
    """
    child = os.fork()
    if not child:
        _work(work, said, cpu_seconds)
    ends = time.monotonic() + seconds
    try:
        while not (over := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() > ends or not moves():
                _broken_off(child)
                return End.STUCK
            time.sleep(LOOK_SECONDS)
    except BaseException:  # this process is told to end
        _broken_off(child)
        raise
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(over[1])
    return End.STUCK if code == -signal.SIGXCPU else code


def _work(work: Callable[[], int], said: Path, cpu_seconds: float) -> None:
    code = int(End.BROKEN)
    try:
        os.setsid()
        if cpu_seconds < math.inf:
            most = math.ceil(cpu_seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = work()
    except BaseException:  # it must never go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _broken_off(child: int) -> None:
    """In order first; then all that is left."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGTERM)
        ends = time.monotonic() + PATIENCE_SECONDS
        while not os.waitpid(child, os.WNOHANG)[0]:
            if time.monotonic() > ends:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return
            time.sleep(LOOK_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
