"""How soon a designation reaches a customer book, and what screening the whole book again takes.

    python -m benchmarks.customers --customers 100000 --designations 200
    python -m benchmarks.customers --customers 1000000 --designations 200
    python -m benchmarks.customers --table 8000

A book and a list from real names (`benchmarks.customer_book`). Designations change one by one: the time is
from the change until the last customer is screened, by the inverted index and by its rival, which screens
every customer; then the same for entries with the commonest names. The rescreen is that of a new list of
10,000: every entry through the inverted index, as many together as the service takes, and what it finds
screened, beside the rival, for which a part of the book stands. Times are of the CPU of one
core, so that a busy machine shows least; `--table` compares what a Faust table and the book take to fill.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from faust import App
from pyroaring import BitMap

from benchmarks.customer_book import Source, commonest
from screening import Designation, Policy, Screener
from screening.customers.book import Book
from screening.customers.ruling import rule
from streams.customers.desk import CHANGES_A_SLICE
from streams.worker.allocator import map_large_blocks, resident_bytes
from streams.worker.garbage import look_seldom
from tests.command import say

NEW_LIST = 10_000
COMMONEST = 20
"""Entries with the commonest names of all."""
WARMED = 2_000
"""Customers ruled before the rival's pace counts: their words are read for the first time."""
NOW = datetime.now(UTC)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--customers", type=int, default=100_000)
    arguments.add_argument("--designations", type=int, default=200)
    arguments.add_argument("--direct", type=int, default=5_000, help="customers ruled for the rival's pace")
    arguments.add_argument(
        "--entries", type=int, default=NEW_LIST, help="of a whole new list, screened together"
    )
    arguments.add_argument("--table", type=int, default=0, help="customers put into a Faust table and a book")
    given = arguments.parse_args()
    if given.table:
        compare_tables(given.table)
    else:
        measure(given.customers, given.designations, given.direct, given.entries)


def measure(count: int, changes: int, direct: int, entries: int) -> None:
    source = Source()
    listed = source.listed()
    screener = Screener(Policy())
    for entry in listed:
        screener.upsert(entry)
    say(f"{len(listed):,} entries listed, names of {'the whole sets' if source.whole else 'the samples'}")
    map_large_blocks()  # as the service does
    look_seldom()
    book = fill(source, count, listed)
    some = random.Random(7).sample(source.entries, changes + 5)
    for entry in some[:5]:  # words are read for the first time
        effect(book, screener, entry)
    mean = report("one designation, turned", [effect(book, screener, entry) for entry in some[5:]])
    of_list = random.Random(9).sample(listed, min(entries, len(listed)))
    each = whole_list(book, screener, of_list) / len(of_list)
    say(f"{len(of_list):,} of a whole list, {CHANGES_A_SLICE} together: {each * 1e3:,.1f} ms each")
    pace = paced(book, screener, random.Random(8).sample(range(count), min(direct + WARMED, count)))
    say(f"its rival, every customer ruled: {pace * 1e6:,.0f} us each, {pace * count:,.0f} s in all")
    turned, whole = each * NEW_LIST / 60, pace * count / 60
    say(f"a new list of {NEW_LIST:,}: turned {turned:,.1f} min, direct {whole:,.1f} min of one core")
    say(
        f"a designation costs as much as ruling {mean / pace:,.0f} customers, "
        f"one of a whole list as {each / pace:,.0f}"
    )
    common = [*commonest(COMMONEST)]
    for entry in common:
        screener.upsert(entry)
    report("one of the commonest names", [effect(book, screener, entry) for entry in common])


def report(what: str, found: Sequence[tuple[float, int, int]]) -> float:
    """Prints percentiles; returns the mean, in seconds."""
    took = sorted(seconds for seconds, _, _ in found)
    ruled, hits = (sum(each[place] for each in found) / len(found) for place in (1, 2))
    mean = sum(took) / len(took)
    say(
        f"{what}: mean {mean * 1e3:,.1f} ms, p50 {at(took, 50)}, p99 {at(took, 99)}, most {at(took, 100)}; "
        f"{ruled:,.1f} customers ruled, {hits:,.1f} of them hit it"
    )
    return mean


def paced(book: Book, screener: Screener, numbers: Sequence[int]) -> float:
    """Seconds that ruling a customer takes."""
    for number in numbers[:WARMED]:
        rule(book.customer(number), screener, None, NOW, "whole")
    counted = numbers[WARMED:] or numbers
    began = time.process_time()
    for number in counted:
        rule(book.customer(number), screener, None, NOW, "whole")
    return (time.process_time() - began) / len(counted)


def fill(source: Source, count: int, listed: Sequence[Designation]) -> Book:
    before = resident()
    took = 0.0
    book = Book(Policy())
    for key, value in source.customers(count, listed):
        began = time.process_time()
        book.put(key, value)
        took += time.process_time() - began
    memory = (resident() - before) * 1e6
    say(f"{count:,} customers: {took / count * 1e6:,.0f} us and {memory / count:,.0f} bytes each to be held")
    return book


def effect(book: Book, screener: Screener, entry: Designation) -> tuple[float, int, int]:
    """Seconds from a change to the last customer ruled, how many were, and hits on it."""
    began = time.process_time()
    numbers = book.candidates(screener, (entry.id,))
    decisions = [rule(book.customer(number), screener, None, NOW, "list") for number in numbers]
    took = time.process_time() - began
    hits = sum(hit.designation.id == entry.id for decision in decisions for hit in decision.hits)
    return took, len(numbers), hits


def whole_list(book: Book, screener: Screener, listed: Sequence[Designation]) -> float:
    """Seconds until every customer is ruled whom one of a whole list's entries may concern."""
    began = time.process_time()
    waiting = BitMap()
    for some in batched([entry.id for entry in listed], CHANGES_A_SLICE):
        waiting |= book.candidates(screener, some)
    for number in waiting:
        rule(book.customer(number), screener, None, NOW, "list")
    return time.process_time() - began


def batched(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), size):
        yield ids[first : first + size]


def compare_tables(count: int) -> None:
    """Fill a Faust table in memory, as its recovery does, and a book; the table finds nobody yet."""
    app = App("interdict-benchmark", store="memory://", broker="kafka://localhost:9")
    table = app.Table("customers", key_type=bytes, value_type=bytes, partitions=1)
    source = Source()
    listed = source.listed()
    before, took = resident(), 0.0
    for key, value in source.customers(count, listed):
        began = time.process_time()
        table.data[key.encode()] = value
        took += time.process_time() - began
    memory = (resident() - before) * 1e6
    say(f"Faust table, values alone: {took / count * 1e6:,.0f} us and {memory / count:,.0f} bytes a customer")
    fill(source, count, listed)


def at(sorted_seconds: Sequence[float], percent: int) -> str:
    return (
        f"{sorted_seconds[min(len(sorted_seconds) - 1, len(sorted_seconds) * percent // 100)] * 1e3:,.1f} ms"
    )


def resident() -> float:
    """Memory of this process, MB."""
    return resident_bytes() / 1e6


if __name__ == "__main__":
    main()
