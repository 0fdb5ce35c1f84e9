"""Ends a process whose clock is set back, before it waits for as long as the clock was set back by.

librdkafka waits until a time of day (`pthread_cond_timedwait`, confluentinc/librdkafka issue 2145): while
somebody sets the clock back by an hour, its threads and its callers stay where they are for an hour, alive
to every probe. No timeout of ours helps, since the hang is inside; where a consumer is being closed, it
even holds the interpreter. A process that follows a topic ends instead; its supervisor starts it again, and
it goes on where it had come to. aiokafka, with which workers read, waits by the steady clock.
"""

import faulthandler
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

CLOCKS_APART_SECONDS = 300.0
"""One machine may be slower than another by so much."""
TOLERATED_SECONDS = 5.0
"""What a correction may take back at once: as much later a wait ends, and no more."""
LOOKS_EVERY_SECONDS = 1.0
SET_BACK = 75
"""The exit code: EX_TEMPFAIL of sysexits.h, to be tried again."""


FROZEN_SECONDS = 30.0
"""When no Python has run for so long, the process is ended from outside the interpreter."""
STDERR = 2


@contextmanager
def end_when_the_clock_is_set_back(frozen_seconds: float = FROZEN_SECONDS) -> Iterator[None]:
    """Watch until the end, by a thread that waits by the steady clock, and by one that needs no interpreter.

    What comes after it in the same process is watched no more: a step of the clock, and a frozen
    interpreter, are nothing to it.
    """
    over = threading.Event()
    threading.Thread(target=_watch, args=(frozen_seconds, over), name="clock", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _watch(frozen_seconds: float, over: threading.Event) -> None:
    """Look at the clock until it is over, and then unset the alarm: nobody else knows whether it is set."""
    ahead = _ahead()
    while not over.is_set():
        faulthandler.dump_traceback_later(frozen_seconds, exit=True, file=STDERR)
        time.sleep(LOOKS_EVERY_SECONDS)  # waiting for the event could wait until a time of day
        before, ahead = ahead, _ahead()
        if before - ahead > TOLERATED_SECONDS and not over.is_set():
            log.critical(
                "the clock was set back by %.0f s, and the Kafka client would wait as long; "
                "this process ends and goes on where it was when it is started again",
                before - ahead,
            )
            logging.shutdown()
            os._exit(SET_BACK)
    faulthandler.cancel_dump_traceback_later()


def _ahead() -> float:
    """How far the time of day is ahead of the steady clock: only a step changes it by more than a little."""
    return time.time() - time.monotonic()
