"""Ends a process whose clock is set back, before it hangs for as long as the clock was set back.

librdkafka waits until a time of day (`pthread_cond_timedwait`, confluentinc/librdkafka issue 2145). If
somebody sets the clock back by an hour, its threads and its callers hang for an hour, while every probe finds
them alive. No timeout of ours helps, because the hang is inside; where a consumer is being closed, it even
holds the interpreter. A process that follows a topic ends instead; its supervisor restarts it, and it resumes
where it was. aiokafka, with which workers read, waits by the monotonic clock.
"""

import faulthandler
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from streams.errors import START_AGAIN

log = logging.getLogger(__name__)

CLOCKS_APART_SECONDS = 300.0
"""One machine may be slower than another by so much."""
TOLERATED_SECONDS = 5.0
"""What a correction may take back at once: as much later a wait ends, and no more."""
LOOKS_EVERY_SECONDS = 1.0
FROZEN_SECONDS = 30.0
"""When no Python has run for so long, the process is ended from outside the interpreter."""
STDERR = 2


@contextmanager
def end_when_the_clock_is_set_back(frozen_seconds: float = FROZEN_SECONDS) -> Iterator[None]:
    """Watch the clock until the block ends, with a thread that waits by the monotonic clock and one that
    needs no interpreter.

    Afterwards the same process is no longer watched: neither a step of the clock nor a frozen interpreter
    ends it.
    """
    over = threading.Event()
    threading.Thread(target=_watch, args=(frozen_seconds, over), name="clock", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _watch(frozen_seconds: float, over: threading.Event) -> None:
    """Watch the clock until it is over, and then cancel the alarm, whose state nobody else knows."""
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
            os._exit(START_AGAIN)
    faulthandler.cancel_dump_traceback_later()


def _ahead() -> float:
    """How far the time of day is ahead of the monotonic clock: only a step of the clock changes it by more
    than a little."""
    return time.time() - time.monotonic()
