"""`python -m tests.mutants [ROW…]`: break each invariant, or those whose row begins so, and see it noticed.

Ends with 1 where a mutation is not noticed. `--no-kafka` leaves out what needs a real Kafka.

With `--drawn N` it tries N small changes that `--seed` draws in `--in` (folders or modules; those that
keep promises by default) against the tests near them, names each that nobody noticed, and gives the
share that was.
"""

import argparse
import sys
import time
from collections import Counter

from tests.mutants.drawn import PROMISES, draw, tried_by_chance
from tests.mutants.rows import mutations
from tests.mutants.run import Verdict, scratch, tried


def main() -> int:
    """Try what is asked for, one after the other, and say of each what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="how rows of docs/invariants.md begin")
    parser.add_argument("--no-kafka", action="store_true", help="leave out what needs a real Kafka")
    parser.add_argument("--drawn", type=int, metavar="N", help="try N changes by chance in place of the rows")
    parser.add_argument("--seed", type=int, default=1, help="of the changes by chance")
    parser.add_argument("--in", nargs="+", dest="within", default=PROMISES, metavar="FOLDER")
    parser.add_argument("--seconds", type=float, default=300.0, help="for the tests of one change by chance")
    asked = parser.parse_args()
    return by_chance(asked) if asked.drawn else by_row(asked, parser)


def by_row(asked: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Each listed mutation of the rows that are asked for."""
    chosen = [
        each
        for each in mutations()
        if (not asked.rows or any(each.row.startswith(row) for row in asked.rows))
        and not (each.kafka and asked.no_kafka)
    ]
    if not chosen:
        parser.error("no mutation of such a row")
    unnoticed = 0
    with scratch() as tree:
        for each in chosen:
            began = time.monotonic()
            verdict = tried(each, tree)
            unnoticed += verdict in (Verdict.SURVIVED, Verdict.NOT_RUN)
            say(f"{verdict:18} {time.monotonic() - began:5.0f} s  {each.file}: {each.row}")
    say(f"{len(chosen) - unnoticed} of {len(chosen)} mutations are noticed")
    return 1 if unnoticed else 0


def by_chance(asked: argparse.Namespace) -> int:
    """The changes that the seed draws."""
    told: Counter[Verdict] = Counter()
    began = time.monotonic()
    with scratch() as tree:
        chosen = draw(asked.drawn, asked.seed, asked.within)
        for mutant, verdict in tried_by_chance(chosen, tree, asked.seconds, kafka=not asked.no_kafka):
            told[verdict] += 1
            say(f"{verdict:18} {time.monotonic() - began:6.0f} s  {mutant}")
    noticed = told[Verdict.KILLED] + told[Verdict.STUCK]
    say(f"{noticed} of {told.total()} changes are noticed: {noticed / told.total():.1%}")
    return 1 if told[Verdict.SURVIVED] or told[Verdict.NOT_RUN] else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
