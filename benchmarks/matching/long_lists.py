"""`python -m benchmarks.matching.long_lists`: what screening costs as a list grows to a million names.

Each list (`benchmarks.matching.many_names`) is measured in a process of its own: until it is in force, what
it takes in memory, and payments of four parties whose names are made in the same way, so that some are called
like somebody on the list, and the more the longer it is. First all parties are new to the worker: half of the
payments go before, so that it has seen common words; new ones come all the time. Then a bank's usual day, the
parties of which are drawn as those of the stream benchmark are (`benchmarks.stream.made`), for a worker that
has met each of the bank's regular parties once. Times are of the CPU of one core. `--report docs` writes the
table and the plot into the documentation. `--snapshot` measures a start with a snapshot of the index instead,
and what that takes.
"""

import argparse
import gc
import random
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
from benchmarks.stream.made import REGULARS, TYPICAL, Regulars, parties, shares
from benchmarks.stream.plots import Row, plot
from benchmarks.stream.report import PAGE, around
from screening import Payment, Screener
from screening.matching.snapshot import from_lines, to_lines
from screening.payments import Role
from screening.payments.model import Field, Party
from streams.worker.allocator import peak_bytes, resident_bytes
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
    "its peak",
    "all new: µs a payment",
    "its p99, ms",
    "with a hit",
    "new names/s",
    "of these the clear ones/s",
    f"{TYPICAL:.0%} new: µs a payment",
    "its p99, ms",
    "with a hit",
    "payments/s",
    "names/s",
)
USUAL = 5
"""Payments of the usual day for each that is timed with new parties: most of them cost little."""


class Timed(NamedTuple):
    """What payments took."""

    payment_us: float
    p99_ms: float
    hit: float
    """Share of the payments: who is called like somebody on the list."""


class Measured(NamedTuple):
    """One list, by what its length costs."""

    names: int
    words: int
    ready_seconds: float
    mebibytes: float
    peak: float
    """MiB above base that it took at the most until then."""
    new: Timed
    """Payments of parties that were never seen before."""
    names_per_second: float
    """Names that were never seen before, each by itself."""
    clear_per_second: float
    """Those of them that are like nobody's on the list."""
    usual: Timed
    """Payments of a bank's usual day."""


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
        told = "ready in {:.1f} s, {:,.0f} MiB above base, {:,.0f} at the most"
        print(told.format(*started(chosen.one, chosen.recall)))
        return
    if chosen.snapshot:
        for size in chosen.names or SIZES:
            start_anew(size)
        return
    if chosen.one:
        one = measured(chosen.one, chosen.payments)
        print(*one[:5], *one.new, one.names_per_second, one.clear_per_second, *one.usual)
        return
    about = machine()
    rows = [_in_a_process(size, chosen.payments) for size in chosen.names or SIZES]
    told = f"{about}; {chosen.payments:,} payments a list\n\n{markdown(rows)}\n\n{_shares(chosen.payments)}"
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
    taken, peak = _mebibytes() - base, peak_bytes() / (1 << 20) - base
    gc.set_threshold(10_000, 10, 1 << 30)  # as in a worker between two batches
    strangers = names(payments * len(ROLES))
    events = [[next(strangers) for _ in ROLES] for _ in range(payments)]
    _timed(screener, events[: payments // 2])
    new = _timed(screener, events[payments // 2 :])
    every, clear = _names_a_second(screener, payments)
    regulars = [*_regulars()]
    _timed(screener, [regulars[at : at + len(ROLES)] for at in range(0, REGULARS, len(ROLES))])
    usual = _timed(screener, [*_usual_day(payments * USUAL)])
    words = {word for entry in listed for name in entry.names for word in name.text.casefold().split()}
    return Measured(size, len(words), ready, taken, peak, new, every, clear, usual)


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


def started(size: int, file: Path) -> tuple[float, float, float]:
    """CPU seconds until a list is in force whose names a snapshot knows, MiB, and their peak; in a new
    process."""
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
    return time.process_time() - begun, _mebibytes() - base, peak_bytes() / (1 << 20) - base


def _timed(screener: Screener, events: Sequence[Sequence[str]]) -> Timed:
    """Payments to and from parties of these names."""
    seconds, hits = [], 0
    for number, event in enumerate(events):
        met = [Party(role, names=(Field(name, "/name"),)) for role, name in zip(ROLES, event, strict=True)]
        payment = Payment(f"P-{number}", tuple(met))
        started = time.process_time()
        decision = screener.screen(payment)
        seconds.append(time.process_time() - started)
        hits += bool(decision.hits)
    seconds.sort()
    p99 = seconds[len(seconds) * 99 // 100]
    return Timed(sum(seconds) / len(seconds) * 1e6, p99 * 1e3, hits / len(seconds))


def _names_a_second(screener: Screener, count: int) -> tuple[float, float]:
    """New names a second, as many again having gone before, and those of them that hit nothing."""
    asked = [*islice(names(count * 2, seed=3), count * 2)]
    for name in asked[:count]:
        screener.match(name)
    took: dict[bool, list[float]] = {True: [], False: []}
    for name in asked[count:]:
        started = time.process_time()
        hit = bool(screener.match(name))
        took[hit].append(time.process_time() - started)
    clear = took[False]
    return count / sum(clear + took[True]), len(clear) / sum(clear)


def _regulars() -> Iterator[str]:
    """The parties that come again."""
    return islice(names(REGULARS, seed=4), REGULARS)


def _usual_day(payments: int) -> Iterator[Sequence[str]]:
    """Names of the parties of each payment."""
    dice, regulars = random.Random(5), Regulars(_regulars())
    strangers = names(payments * len(ROLES), seed=6)
    for _ in range(payments):
        yield parties(dice, TYPICAL, lambda: next(strangers), regulars)


def _shares(payments: int) -> str:
    """How much of the usual day's payments is new, counted."""
    regulars = [*_regulars()]
    found = shares([regulars, *_usual_day(payments * USUAL)], after=1)
    return (
        f"{TYPICAL:.0%} new: a bank's usual day, {payments * USUAL:,} payments, in each of which "
        f"{found.parties:.2f} of {len(ROLES)} parties and {found.words:.2f} words are new to a worker that "
        f"has met the {REGULARS:,} parties that come again."
    )


def _in_a_process(size: int, payments: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.matching.long_lists", "--one", str(size)]
    said = subprocess.run(
        [*command, "--payments", str(payments)], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    figures = [*map(float, said[2:])]
    found = Measured(
        int(said[0]),
        int(said[1]),
        ready_seconds=figures[0],
        mebibytes=figures[1],
        peak=figures[2],
        new=Timed(*figures[3:6]),
        names_per_second=figures[6],
        clear_per_second=figures[7],
        usual=Timed(*figures[8:]),
    )
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
                f"{row.peak:,.0f}",
                f"{row.new.payment_us:,.0f}",
                f"{row.new.p99_ms:,.1f}",
                f"{row.new.hit:.1%}",
                f"{row.names_per_second:,.0f}",
                f"{row.clear_per_second:,.0f}",
                f"{row.usual.payment_us:,.0f}",
                f"{row.usual.p99_ms:,.1f}",
                f"{row.usual.hit:.1%}",
                f"{1e6 / row.usual.payment_us:,.0f}",
                f"{len(ROLES) * 1e6 / row.usual.payment_us:,.0f}",
            )
            for row in rows
        ],
    )


def write_report(folder: Path, told: str, rows: Sequence[Measured]) -> None:
    """The marked part of the page and the plot. Raises ValueError for a page without marks."""
    page = folder / PAGE
    before, after = around(page, BEGIN, END)
    title = "CPU µs for a payment of new parties, by names on the list (log scale)"
    image = folder / "images" / "long-lists.svg"
    image.write_text(plot(title, [Row(f"{row.names:,} names", [row.new.payment_us], True) for row in rows]))
    page.write_text(f"{before}{BEGIN}\n{told}\n\n![{title}](images/{image.name})\n{END}{after}", "utf-8")


def _mebibytes() -> float:
    return resident_bytes() / (1 << 20)


if __name__ == "__main__":
    main()
