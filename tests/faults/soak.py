"""`python -m tests.faults.soak`: an hour of payments at a steady rate, in which a leak or a stall would show.

Two workers decide `--rate` payments a second, some to listed parties, while the list changes every ten
seconds. Every five minutes a line: payments sent and committed, the longest time that commits stood still
while payments came, the lag, and each worker's memory. In the end every payment must have a decision, every
payment to a listed party its alert, and memory must be flat. Exit code 1 when not.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression

from screening import Designation
from tests.command import end_in_order
from tests.e2e.pipeline import PaymentFeed, Pipeline
from tests.e2e.records import count, ends, read_all
from tests.e2e.source import Planted, generated_list, payments
from tests.kafka.broker import KafkaCluster

LISTED = 10_000
"""As many as OFAC's list has, so that memory is what a worker really takes."""
ALWAYS_LISTED = 9_000
"""The payments' listed parties; the others come and go."""
HITS_A_DAY = 10_000
"""As many as a desk works through (`screening.cases.stopped`). A worker remembers each for days, in 2 kB:
several a second would look like a leak until that memory is full, which takes hours."""
SHOPS = 2_000
PREFIX = "S"
LOOK_SECONDS = 1.0
LIST_CHANGE_SECONDS = 10.0
STALL_SECONDS = 10.0
"""Commits come once a second; ten missed ones while payments come are a stall."""
WARM_UP_SHARE = 0.4
"""Caches of words fill in the beginning, for which a worker needs 300,000 payments, and their tables have
their full size after 600,000: a quarter of an hour at 1,500 a second for two workers. The slope is taken over
the rest."""
FLAT_MB_AN_HOUR = 10.0
"""What Python's allocator moves about by itself; a leak of one small object a payment would be 50 MB."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw; `at` in seconds since the beginning, memory in MB by worker."""

    at: float
    sent: int
    lag: int
    memory: tuple[float, ...]

    @property
    def committed(self) -> int:
        return self.sent - self.lag


@dataclass(slots=True)
class Soak:
    """All looks, and what became of the payments."""

    looks: list[Look] = field(default_factory=list)
    decisions: int = 0
    missing: list[str] = field(default_factory=list)
    alert_missing: list[str] = field(default_factory=list)

    def longest_still(self, first: float = 0.0, last: float = float("inf")) -> float:
        """The longest time that commits stood although payments were waiting, in seconds."""
        longest, since = 0.0, None
        for before, now in pairwise(look for look in self.looks if first <= look.at <= last):
            if now.committed > before.committed or not now.lag:
                since = None
                continue
            since = before.at if since is None else since
            longest = max(longest, now.at - since)
        return longest

    def slopes(self) -> list[float]:
        """Growth of each worker's memory after the warm-up, in MB an hour."""
        warm = [look for look in self.looks if look.at >= self.looks[-1].at * WARM_UP_SHARE]
        hours = [look.at / 3600 for look in warm]
        of_each_worker = zip(*(look.memory for look in warm), strict=True)
        return [linear_regression(hours, values).slope for values in of_each_worker]

    @property
    def good(self) -> bool:
        flat = all(slope <= FLAT_MB_AN_HOUR for slope in self.slopes())
        return flat and self.longest_still() < STALL_SECONDS and not (self.missing or self.alert_missing)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=300.0, help="payments a second")
    parser.add_argument("--every", type=float, default=300.0, help="seconds between two lines")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--table", type=Path, help="write what is printed to this file, too")
    asked = parser.parse_args()
    everybody = generated_list(LISTED)
    number = int(asked.rate * asked.minutes * 60)
    hits = int(HITS_A_DAY * asked.minutes / (24 * 60))
    # made anew each time they are wanted: twenty million of them would fill the machine's memory
    sent = partial(payments, number, everybody[:ALWAYS_LISTED], hits=hits, prefix=PREFIX, shops=SHOPS)
    told: list[str] = []

    def say(line: str) -> None:
        told.append(line)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        if asked.table:
            asked.table.write_text("\n".join(told) + "\n")

    with (
        KafkaCluster() as cluster,
        tempfile.TemporaryDirectory() as folder,
        Pipeline(cluster.bootstrap, Path(folder), prefix="soak.", workers=asked.workers) as pipeline,
    ):
        pipeline.create_topics()
        pipeline.publish(everybody)
        pipeline.start()
        soak = Soak()
        for line in _watch(soak, pipeline, sent(), asked.rate, asked.every, everybody[ALWAYS_LISTED:]):
            say(line)
        pipeline.settle()
        _account(soak, pipeline, sent(), number)
    for line in _summary(soak, number):
        say(line)
    return 0 if soak.good else 1


def _watch(
    soak: Soak,
    pipeline: Pipeline,
    sent: Iterable[Planted],
    rate: float,
    every: float,
    changing: Sequence[Designation],
) -> Iterator[str]:
    feed = PaymentFeed(pipeline.bootstrap, pipeline.topics.payments, sent, rate)
    names = " ".join(f"{worker.name + ' MB':>12}" for worker in pipeline.workers)
    yield f"{'minute':>7} {'sent':>10} {'committed':>10} {'a second':>9} {'lag':>6} {'still s':>8} {names}"
    started = changed_at = time.monotonic()
    soak.looks.append(Look(0.0, 0, 0, _memory(pipeline)))
    told_at, rng = 0, random.Random(1)
    feed.start()
    while feed.is_alive():
        time.sleep(LOOK_SECONDS)
        soak.looks.append(_look(pipeline, started))
        if time.monotonic() - changed_at > LIST_CHANGE_SECONDS:
            changed_at = time.monotonic()
            _change(pipeline, rng.choice(changing))
        if soak.looks[-1].at // every > soak.looks[told_at].at // every:
            yield _line(soak, told_at)
            told_at = len(soak.looks) - 1
    feed.finish()
    soak.looks.append(_look(pipeline, started))
    if soak.looks[-1].at - soak.looks[told_at].at > every / 2:
        yield _line(soak, told_at)


def _look(pipeline: Pipeline, started: float) -> Look:
    """Commits are asked for after the topic's ends: payments that come in between count as neither."""
    marks = ends(pipeline.bootstrap, pipeline.topics.payments)
    lag = pipeline.waiting(marks)
    return Look(time.monotonic() - started, sum(marks.values()), lag, _memory(pipeline))


def _memory(pipeline: Pipeline) -> tuple[float, ...]:
    """Resident memory of each worker in MB."""
    return tuple(_resident_mb(worker.pid) for worker in pipeline.workers)


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _change(pipeline: Pipeline, designation: Designation) -> None:
    """Taken off the list and designated again."""
    pipeline.change(designation.id, None)
    pipeline.change(designation.id, designation)


def _line(soak: Soak, since: int) -> str:
    first, last = soak.looks[since], soak.looks[-1]
    rate = (last.committed - first.committed) / max(0.001, last.at - first.at)
    memory = " ".join(f"{each:>12.1f}" for each in last.memory)
    return (
        f"{last.at / 60:>7.1f} {last.sent:>10,} {last.committed:>10,} {rate:>9.0f} {last.lag:>6,}"
        f" {soak.longest_still(first.at, last.at):>8.1f} {memory}"
    )


def _account(soak: Soak, pipeline: Pipeline, sent: Iterable[Planted], number: int) -> None:
    decided = _found(pipeline.bootstrap, pipeline.topics.decisions, number)
    alerted = _found(pipeline.bootstrap, pipeline.topics.alerts, number)
    soak.decisions = count(pipeline.bootstrap, pipeline.topics.decisions)
    for payment, has_decision, has_alert in zip(sent, decided, alerted, strict=True):
        if not has_decision:
            soak.missing.append(payment.id)
        if payment.pays and not has_alert:
            soak.alert_missing.append(payment.id)


def _found(bootstrap: str, topic: str, number: int) -> bytearray:
    """At each payment's number 1 if the topic has a record of it, else 0: all ids would not fit memory."""
    found = bytearray(number)
    for record in read_all(bootstrap, topic):
        found[int((record.key or b"").removeprefix(f"{PREFIX}-".encode()))] = 1
    return found


def _summary(soak: Soak, sent: int) -> Iterator[str]:
    last = soak.looks[-1]
    slopes = ", ".join(f"{slope:+.1f}" for slope in soak.slopes())
    yield (
        f"{sent:,} payments in {last.at / 60:.1f} minutes, {sent / last.at:.0f} a second: {soak.decisions:,} "
        f"decisions, {len(soak.missing):,} payments missing, {len(soak.alert_missing):,} alerts missing"
    )
    yield (
        f"memory after the warm-up {slopes} MB an hour; commits stood still for at most "
        f"{soak.longest_still():.1f} s; largest lag {max(look.lag for look in soak.looks):,}"
    )
    for kind, ids in (("missing", soak.missing), ("without alert", soak.alert_missing)):
        if ids:
            yield f"{kind.upper()}: {', '.join(ids[:5])}"


if __name__ == "__main__":
    end_in_order()
    sys.exit(main())
