"""`python -m tests.faults`: the long series. Every run has its seed; `--seed N --runs 1` repeats one.

Prints what each run came to, then the recovery time of every kind of fault. Exit code 1 when a payment is
missing, wrongly clear, or repeated under another id.
"""

import argparse
import random
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.faults.catalogue import CATALOGUE
from tests.faults.run import Run, run
from tests.kafka.broker import KafkaCluster

FAULTS_A_RUN = 3


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first run; each next run has the next one"
    )
    parser.add_argument("--payments", type=int, default=20_000, help="in each run")
    parser.add_argument("--rate", type=float, default=1000.0, help="payments a second")
    parser.add_argument("--brokers", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--fault", action="append", choices=list(CATALOGUE), help="only this kind; repeatable"
    )
    asked = parser.parse_args()
    runs: list[Run] = []
    with KafkaCluster(asked.brokers) as cluster, tempfile.TemporaryDirectory() as folder:
        for seed in range(asked.seed, asked.seed + asked.runs):
            faults = schedule(seed, asked.fault or list(CATALOGUE))
            done = run(
                cluster,
                Path(folder),
                seed=seed,
                faults=faults,
                count=asked.payments,
                rate=asked.rate,
                workers=asked.workers,
            )
            runs.append(done)
            for line in told(done):
                say(line)
    for line in table(runs):
        say(line)
    return 1 if any(done.account.wrong for done in runs) else 0


def schedule(seed: int, kinds: list[str]) -> list[str]:
    """The faults of one run. Consecutive seeds go through all kinds before any comes again."""
    first = seed * FAULTS_A_RUN
    cycle, faults = -1, []
    for place in range(first, first + FAULTS_A_RUN):
        if place // len(kinds) != cycle:
            cycle = place // len(kinds)
            order = random.Random(cycle).sample(kinds, len(kinds))
        faults.append(order[place % len(kinds)])
    return faults


def told(done: Run) -> Iterator[str]:
    faults = ", ".join(f"{fault} {seconds:.1f} s" for fault, seconds in done.recovery_seconds)
    yield f"run {done.seed} ({done.seconds:.0f} s): {faults}"
    yield f"  {done.account}; workers ended {done.exits or 'never'}"
    for kind, ids in done.account.wrong.items():
        yield f"  {kind.upper()}: {', '.join(ids[:5])}"


def table(runs: list[Run]) -> Iterator[str]:
    recovery: dict[str, list[float]] = defaultdict(list)
    for done in runs:
        for fault, seconds in done.recovery_seconds:
            recovery[fault].append(seconds)
    yield f"{'fault':<24}{'times':>6}{'recovery s, median':>20}{'longest':>9}"
    for fault, seconds in sorted(recovery.items()):
        yield f"{fault:<24}{len(seconds):>6}{median(seconds):>20.1f}{max(seconds):>9.1f}"
    sums = [
        sum(len(done.account.wrong.get(kind, ())) for done in runs) for kind in ("missing", "wrongly_clear")
    ]
    sent = sum(done.account.sent for done in runs)
    repeated = sum(done.account.repeated for done in runs)
    yield (
        f"{len(runs)} runs, {sent:,} payments: {sums[0]} missing, {sums[1]} wrongly clear, "
        f"{repeated:,} decided again under the same ids"
    )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # in order: nothing that was started stays
    sys.exit(main())
