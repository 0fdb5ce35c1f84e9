"""`python -m benchmarks.matching.long_lists`: what screening costs as a list grows to a million names.

Each list (`benchmarks.matching.many_names`) is measured in a process of its own: until it is in force, what
it takes in memory, and payments of four parties whose names are made in the same way, so that some are called
like somebody on the list, and the more the longer it is. Half of the payments go before, so that a worker has
seen common words; new ones come all the time. Times are of the CPU of one core. `--report docs` writes the
table and the plot into the documentation. `--snapshot` measures a start with a snapshot of the index instead,
and what that takes.
"""

import argparse
import gc
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from benchmarks.matching.data import table
from benchmarks.matching.many_names import entries, names
from benchmarks.stream.machine import machine
from benchmarks.stream.plots import Row, plot
from benchmarks.stream.report import PAGE, around
from screening import Payment, Screener
from screening.matching.snapshot import from_lines, to_lines
from screening.payments import Role
from screening.payments.model import Field, Party
from streams.worker.garbage import loading

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
ROLES = (Role.DEBTOR, Role.CREDITOR, Role.ULTIMATE_DEBTOR, Role.ULTIMATE_CREDITOR)
BEGIN = "<!-- python -m benchmarks.matching.long_lists --report docs: begin -->"
END = "<!-- python -m benchmarks.matching.long_lists --report docs: end -->"
HEADER = (
    "names",
    "words",
    "ready, s",
    "MiB above base",
    "µs a payment",
    "its p99, ms",
    "with a hit",
    "names/s",
)


class Measured(NamedTuple):
    """One list, by what its length costs."""

    names: int
    words: int
    ready_seconds: float
    mebibytes: float
    payment_us: float
    p99_ms: float
    hit: float
    """Share of the payments: who is called like somebody on the list."""
    names_per_second: float


def main() -> None:
    """Measure every size in turn; print, or write into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--names", type=int, action="append", help=f"sizes of the list; default: {SIZES}")
    parser.add_argument("--payments", type=int, default=1_000, help="the second half counts")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="folder of the documentation")
    parser.add_argument("--snapshot", action="store_true", help="starts with a snapshot of the index")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--recall", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.recall:
        print("ready in {:.1f} s, {:,.0f} MiB above base".format(*started(chosen.one, chosen.recall)))
        return
    if chosen.snapshot:
        for size in chosen.names or SIZES:
            start_anew(size)
        return
    if chosen.one:
        print(*measured(chosen.one, chosen.payments))
        return
    about = machine()
    rows = [_in_a_process(size, chosen.payments) for size in chosen.names or SIZES]
    told = f"{about}; {chosen.payments:,} payments a list\n\n{markdown(rows)}"
    print(told)
    if chosen.report:
        write_report(chosen.report, told, rows)


def measured(size: int, payments: int) -> Measured:
    """The figures of one list, in a process that has done nothing else."""
    screener = Screener()
    screener.match("John Miller")  # tables are read with the first name
    gc.collect()
    base = _mebibytes()
    listed = list(entries(size))
    started = time.process_time()
    with loading():
        for entry in listed:
            screener.upsert(entry)
    ready = time.process_time() - started
    taken = _mebibytes() - base
    gc.set_threshold(10_000, 10, 1 << 30)  # as in a worker between two batches
    events = [*_payments(payments)]
    _timed(screener, events[: payments // 2])
    timed = _timed(screener, events[payments // 2 :])
    seconds, hits = sorted([each for each, _ in timed]), sum([hit for _, hit in timed])
    asked = [*islice(names(payments * 2, seed=3), payments * 2)]
    for name in asked[:payments]:
        screener.match(name)
    started = time.process_time()
    for name in asked[payments:]:
        screener.match(name)
    rate = payments / (time.process_time() - started)
    mean = sum(seconds) / len(seconds)
    words = {word for entry in listed for name in entry.names for word in name.text.casefold().split()}
    p99 = seconds[len(seconds) * 99 // 100]
    return Measured(size, len(words), ready, taken, mean * 1e6, p99 * 1e3, hits / len(timed), rate)


def start_anew(size: int) -> None:
    """Prints what a snapshot of one list takes, and how soon another process is ready with it."""
    screener = Screener()
    with loading():
        for entry in entries(size):
            screener.upsert(entry)
    begun = time.process_time()
    with NamedTemporaryFile() as file:
        file.writelines(line + b"\n" for line in to_lines(screener.snapshot()))
        file.flush()
        written = time.process_time() - begun
        print(f"{size:,} names: written in {written:.1f} s, {file.tell() / (1 << 20):,.0f} MiB", flush=True)
        del screener
        command = [sys.executable, "-m", "benchmarks.matching.long_lists", "--recall", file.name]
        subprocess.run([*command, "--one", str(size)], check=True)


def started(size: int, file: Path) -> tuple[float, float]:
    """CPU seconds until a list is in force whose names a snapshot knows, and MiB; in a new process."""
    screener = Screener()
    screener.match("John Miller")
    gc.collect()
    base = _mebibytes()
    listed = list(entries(size))
    begun = time.process_time()
    with loading():
        with file.open("rb") as held:
            screener.recall(from_lines(held))
        for entry in listed:
            screener.upsert(entry)
        screener.settle()
    return time.process_time() - begun, _mebibytes() - base


def _timed(screener: Screener, events: Sequence[Payment]) -> list[tuple[float, bool]]:
    """CPU seconds of each payment, and whether it hits."""
    found = []
    for event in events:
        started = time.process_time()
        decision = screener.screen(event)
        found.append((time.process_time() - started, bool(decision.hits)))
    return found


def _payments(count: int) -> Iterator[Payment]:
    """Payments of four parties each."""
    made = names(count * len(ROLES))
    for number in range(count):
        parties = tuple([Party(role, names=(Field(next(made), "/name"),)) for role in ROLES])
        yield Payment(f"P-{number}", parties)


def _in_a_process(size: int, payments: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.matching.long_lists", "--one", str(size)]
    said = subprocess.run(
        [*command, "--payments", str(payments)], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    found = Measured(int(said[0]), int(said[1]), *map(float, said[2:]))
    print(*found, file=sys.stderr)
    return found


def markdown(rows: Sequence[Measured]) -> str:
    """The table, a row for each list."""
    return table(
        HEADER,
        [
            (
                f"{row.names:,}",
                f"{row.words:,}",
                f"{row.ready_seconds:,.1f}",
                f"{row.mebibytes:,.0f}",
                f"{row.payment_us:,.0f}",
                f"{row.p99_ms:,.1f}",
                f"{row.hit:.1%}",
                f"{row.names_per_second:,.0f}",
            )
            for row in rows
        ],
    )


def write_report(folder: Path, told: str, rows: Sequence[Measured]) -> None:
    """The marked part of the page and the plot. Raises ValueError for a page without marks."""
    page = folder / PAGE
    before, after = around(page, BEGIN, END)
    title = "CPU µs for a payment, by names on the list (log scale)"
    image = folder / "images" / "long-lists.svg"
    image.write_text(plot(title, [Row(f"{row.names:,} names", [row.payment_us], True) for row in rows]))
    page.write_text(f"{before}{BEGIN}\n{told}\n\n![{title}](images/{image.name})\n{END}{after}", "utf-8")


def _mebibytes() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / (1 << 20)


if __name__ == "__main__":
    main()
