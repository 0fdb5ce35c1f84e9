"""`python -m benchmarks.stream.sampled FILE COMMAND...`: a command of Interdict, looked at every few
milliseconds of CPU time: which stage it is in. At its end FILE has a line for each look: when, and the stage.

A profiler that counts calls makes Python code that calls much look dear, and takes waiting for work. This one
asks only where the time of the processor goes. Signals come to the main thread: the thread in which aiokafka
reads from the broker is seen as whatever the main thread is at.
"""

import atexit
import runpy
import signal
import sys
import time
from pathlib import Path
from types import FrameType

EVERY_SECONDS = 0.004
STAGES = (
    ("screening/payments/decode.py", "decode_payment", "decode, parties"),
    ("screening/judge.py", "judged", "screen, judge"),
    ("screening/hits/screened_parties.py", "", "screen, judge"),
    ("streams/records/json.py", "", "decision as JSON"),
    ("streams/worker/delivery.py", "_batch", "seal, batch"),
    ("streams/worker/delivery.py", "", "produce"),
    ("aiokafka/producer", "", "produce"),
    ("streams/worker/desk.py", "", "desk: headers, budget, metrics"),
    ("streams/worker/results.py", "", "desk: headers, budget, metrics"),
    ("streams/worker/garbage.py", "", "garbage collection"),
    ("faust/", "", "consume: Faust, aiokafka"),
    ("streams/faust_internals/", "", "consume: Faust, aiokafka"),
    ("aiokafka/", "", "consume: Faust, aiokafka"),
    ("asyncio/", "", "event loop"),
)
"""File, function and name of each stage; of a stack, the innermost frame that is of one counts."""
OTHER = "other"

_looks: list[tuple[float, str]] = []


def _look(number: int, frame: FrameType | None) -> None:
    del number
    _looks.append((time.monotonic(), stage_of(frame)))


def stage_of(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        for file, function, stage in STAGES:
            if file in code.co_filename and function in ("", code.co_name):
                return stage
        frame = frame.f_back
    return OTHER


def _write(file: Path) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    file.write_text("".join(f"{at} {stage}\n" for at, stage in _looks))


if __name__ == "__main__":
    atexit.register(_write, Path(sys.argv[1]))
    sys.argv[:] = ["interdict", *sys.argv[2:]]
    signal.signal(signal.SIGPROF, _look)
    signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
    runpy.run_module("streams", run_name="__main__")
