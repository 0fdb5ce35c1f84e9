"""How soon a designation reaches a customer book, and what screening the whole book again takes.

    python -m benchmarks.customers --customers 100000 --designations 200
    python -m benchmarks.customers --customers 1000000 --designations 50
    python -m benchmarks.customers --table 100000

A book of made-up customers, names as common as in life, and a list beside it. Designations change one by one:
the time is from the change to the last customer ruled, by the turned index and by its rival, ruling every
customer. The whole rescreen is that of a new list of 10,000: every entry through the turned index with what
it finds ruled, beside the rival. Times are of the CPU of one core, so that a busy machine shows least;
`--table` compares what a Faust table and the book take to be filled.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from csv import reader
from datetime import UTC, datetime
from importlib.resources import files

import orjson
from faust import App

from benchmarks.stream import made
from screening import Designation, Kind, Name, NameType, Policy, Screener
from screening.customers.book import Book
from screening.customers.ruling import rule

LISTED = 30_000
"""Names of the list in force."""
NEW_LIST = 10_000
ONE_IN = 2_000
"""Customers who bear a listed name."""
NOW = datetime.now(UTC)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--customers", type=int, default=100_000)
    arguments.add_argument("--designations", type=int, default=200)
    arguments.add_argument("--direct", type=int, default=5_000, help="customers ruled for the rival's pace")
    arguments.add_argument("--table", type=int, default=0, help="customers put into a Faust table and a book")
    given = arguments.parse_args()
    if given.table:
        compare_tables(given.table)
    else:
        measure(given.customers, given.designations, given.direct)


def measure(count: int, changes: int, direct: int) -> None:
    listed = [*made.designations(LISTED), *_common(1_000)]
    screener = Screener(Policy())
    for entry in listed:
        screener.upsert(entry)
    book = fill(count, listed)
    some = random.Random(7).sample(listed, changes)
    for entry in some[:5]:  # words are read for the first time
        effect(book, screener, entry)
    found = [effect(book, screener, entry) for entry in some]
    took = sorted(seconds for seconds, _, _ in found)
    ruled, hits = (sum(each[place] for each in found) / changes for place in (1, 2))
    print(f"one designation, turned: p50 {at(took, 50)}, p99 {at(took, 99)}, at most {at(took, 100)}")
    print(f"  of each {ruled:,.1f} customers are ruled and {hits:,.1f} hit")
    began = time.process_time()
    for number in random.Random(8).sample(range(count), min(direct, count)):
        rule(book.customer(number), screener, None, NOW, "whole")
    pace = (time.process_time() - began) / min(direct, count)
    print(f"its rival, every customer ruled: {pace * 1e6:,.0f} us each, {pace * count:,.0f} s in all")
    mean = sum(took) / changes
    turned, whole = mean * NEW_LIST / 60, pace * count / 60
    print(f"a new list of {NEW_LIST:,}: turned {turned:,.1f} min, direct {whole:,.1f} min of one core")
    print(f"a designation costs as much as ruling {mean / pace:,.0f} customers")


def fill(count: int, listed: Sequence[Designation]) -> Book:
    before, began = resident(), time.process_time()
    book = Book(Policy())
    for key, value in customers(count, listed):
        book.put(key, value)
    took, memory = time.process_time() - began, (resident() - before) * 1e6
    print(
        f"{count:,} customers: {took / count * 1e6:,.0f} us and {memory / count:,.0f} bytes each to be held"
    )
    return book


def effect(book: Book, screener: Screener, entry: Designation) -> tuple[float, int, int]:
    """Seconds from a change to the last customer ruled, how many were, and hits on it."""
    began = time.process_time()
    numbers = book.candidates(screener, (entry.id,))
    decisions = [rule(book.customer(number), screener, None, NOW, "list") for number in numbers]
    took = time.process_time() - began
    hits = sum(hit.designation.id == entry.id for decision in decisions for hit in decision.hits)
    return took, len(numbers), hits


def customers(count: int, listed: Sequence[Designation]) -> Iterator[tuple[str, bytes]]:
    """Four persons for each company; one company in three has an owner."""
    dice = random.Random(5)
    words, weights = zip(*_words(), strict=True)
    names = dice.choices(words, weights, k=3 * count)
    for number in range(count):
        some = names[3 * number : 3 * number + 3]
        person = " ".join(some[: dice.choice((2, 2, 3))]).title()
        if number % ONE_IN == 0:
            person = dice.choice(listed).name
        value: dict[str, object] = {
            "name": person,
            "kind": "person",
            "birth_date": str(dice.randrange(1930, 2008)),
            "country": "DE",
            "address": f"{some[2].title()} Street {dice.randrange(200)}, {dice.randrange(10_000, 99_999)}",
            "account": f"DE{dice.randrange(10**19, 10**20)}",
        }
        if number % 5 == 0:
            value |= {"name": made.company(dice), "kind": "organization"}
            del value["birth_date"]
            if number % 15 == 0:
                value["owners"] = [{"name": person, "kind": "person", "percent": dice.randrange(1, 101)}]
        yield f"C-{number}", orjson.dumps(value)


def _common(count: int) -> Iterator[Designation]:
    """Entries with the commonest names of all: what costs the turned index most."""
    dice = random.Random(6)
    words, weights = zip(*_words(), strict=True)
    for number in range(count):
        spellings = [" ".join(dice.choices(words, weights, k=dice.choice((2, 3)))).title() for _ in range(3)]
        first, *others = spellings
        names = (Name(first, NameType.PRIMARY), *map(Name, others))
        yield Designation(f"common:{number}", names, Kind.PERSON)


def _words() -> Iterator[tuple[str, float]]:
    """Words of names and how many bear them."""
    lines = files("screening").joinpath("data/words.csv").read_text("utf-8").splitlines()
    for word, bearers in reader(line for line in lines if not line.startswith("#")):
        yield word, float(bearers)


def compare_tables(count: int) -> None:
    """Fill a Faust table in memory, as its recovery does, and a book; the table finds nobody yet."""
    app = App("interdict-benchmark", store="memory://", broker="kafka://localhost:9")
    table = app.Table("customers", key_type=bytes, value_type=bytes, partitions=1)
    listed = [*made.designations(300)]
    before, began = resident(), time.process_time()
    for key, value in customers(count, listed):
        table.data[key.encode()] = value
    took, memory = time.process_time() - began, (resident() - before) * 1e6
    print(
        f"Faust table, values alone: {took / count * 1e6:,.0f} us and {memory / count:,.0f} bytes a customer"
    )
    fill(count, listed)


def at(sorted_seconds: Sequence[float], percent: int) -> str:
    return (
        f"{sorted_seconds[min(len(sorted_seconds) - 1, len(sorted_seconds) * percent // 100)] * 1e3:,.1f} ms"
    )


def resident() -> float:
    """Memory of this process, MB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    main()
