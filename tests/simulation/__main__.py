"""`python -m tests.simulation`: seeds by the thousand, and a short story for each that fails.

python -m tests.simulation                       # 10,000 seeds
python -m tests.simulation --from 10000          # the next ones
python -m tests.simulation --seed 42             # one story, told and run
"""

import argparse
import gc
import logging
import sys
import time
from collections import Counter

from tests.simulation.run import play
from tests.simulation.shrink import shrink, told
from tests.simulation.story import story

TOLD_EVERY = 250
COLLECT_EVERY = 20


def main() -> int:
    options = _options()
    logging.disable(logging.CRITICAL)
    if options.seed is not None:
        return _one(options.seed)
    gc.disable()  # a run makes cycles, and is over soon
    began, failures, events = time.process_time(), 0, Counter[str]()
    for seed in range(options.first, options.first + options.seeds):
        outcome = play(story(seed))
        if seed % COLLECT_EVERY == 0:
            gc.collect()
        events.update(each.what for each in outcome.story.events)
        if outcome.violations:
            failures += 1
            _tell(told(shrink(outcome) if failures <= options.stories else outcome))
            if options.until_violation:
                return 1
        done = seed + 1 - options.first
        if done % TOLD_EVERY == 0 or done == options.seeds:
            seconds = time.process_time() - began
            _tell(f"{done} seeds in {seconds:.0f} s of CPU time: {failures} with violations")
    _tell(", ".join(f"{count} {what}" for what, count in events.most_common()))
    return int(failures > 0)


def _one(seed: int) -> int:
    outcome = play(story(seed))
    _tell(told(outcome))
    if outcome.violations:
        _tell("\nmade short:\n" + told(shrink(outcome)))
    return int(bool(outcome.violations))


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--stories", type=int, default=3, help="so many failures are made short")
    parser.add_argument("--until-violation", action="store_true", help="end at the first one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
