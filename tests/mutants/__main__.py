"""`python -m tests.mutants [ROW…]`: break each invariant, or those whose row begins so, and see it noticed.

Ends with 1 where a mutation is not noticed. `--no-kafka` leaves out what needs a real Kafka.

With `--drawn N` it tries N small changes that `--seed` draws in `--in` (folders or modules; those that
keep promises by default) against the tests near them that call what is changed, and names each with the
test that noticed it, if one did. It gives the share that was noticed, in modules of promises and in others
apart. What `known.toml` names is not tried: the same program counts for neither, what is accepted counts
as unnoticed. With the tests on Kafka one broker serves them all. The first time in a folder it looks on at
its tests to see what they call, which is kept in `.cache/mutants` until they change.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.command import say
from tests.kafka.broker import KafkaCluster
from tests.mutants.drawn import PROMISES, draw, promised, tried_by_chance
from tests.mutants.forked import end_in_order
from tests.mutants.known import Kind, known
from tests.mutants.rows import mutations
from tests.mutants.run import Verdict, scratch, tried


def main() -> int:
    """Try what is asked for, one after the other, and say of each what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="how rules of docs/invariants.md begin")
    parser.add_argument("--no-kafka", action="store_true", help="leave out what needs a real Kafka")
    parser.add_argument("--drawn", type=int, metavar="N", help="try N changes by chance in place of the rows")
    parser.add_argument("--seed", type=int, default=1, help="of the changes by chance")
    parser.add_argument("--in", nargs="+", dest="within", default=PROMISES, metavar="FOLDER")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of tests on Kafka for one change by chance"
    )
    asked = parser.parse_args()
    end_in_order()
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
    with scratch() as tree, one_kafka(wanted=any(each.kafka for each in chosen)):
        for each in chosen:
            began = time.monotonic()
            verdict = tried(each, tree)
            unnoticed += verdict in (Verdict.SURVIVED, Verdict.NOT_RUN)
            say(f"{verdict:18} {time.monotonic() - began:5.0f} s  {each.file}: {each.row}")
    say(f"{len(chosen) - unnoticed} of {len(chosen)} mutations are noticed")
    return 1 if unnoticed else 0


def by_chance(asked: argparse.Namespace) -> int:
    """The changes that the seed draws; those that are known are not tried."""
    told: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    began = time.monotonic()
    drawn = draw(asked.drawn, asked.seed, asked.within)
    unknown = [mutant for mutant in drawn if not known(mutant)]
    for mutant in drawn:
        if reason := known(mutant):
            told[promised(mutant.file)][reason.kind] += 1
            say(f"         {reason.kind}: {reason.why}\n          {mutant}")
    with scratch() as tree, one_kafka(wanted=not asked.no_kafka):
        for mutant, verdict, by in tried_by_chance(unknown, tree, asked.seconds, kafka=not asked.no_kafka):
            told[promised(mutant.file)][verdict] += 1
            say(f"{time.monotonic() - began:6.0f} s  {verdict}  {by}\n          {mutant}")
    for where, counted in (("that keep promises", told[True]), ("others", told[False])):
        say(share(counted, f"in modules {where}"))
    total = told[True] + told[False]
    say(share(total, "in all"))
    return 1 if total[Verdict.SURVIVED] or total[Verdict.NOT_RUN] else 0


def share(counted: Counter[str], where: str) -> str:
    """How many were noticed of those that are another program."""
    noticed = counted[Verdict.KILLED] + counted[Verdict.STUCK]
    others = counted.total() - counted[Kind.EQUIVALENT] - counted[Verdict.NO_PROGRAM]
    rest = f"{counted[Kind.EQUIVALENT]} more are the same program, {counted[Kind.ACCEPTED]} accepted"
    return f"{where}: {noticed} of {others} are noticed, {noticed / max(others, 1):.1%}; {rest}"


@contextmanager
def one_kafka(*, wanted: bool) -> Iterator[None]:
    """A broker for every run of tests, which look for it there and start one each otherwise."""
    if not wanted or "KAFKA_BOOTSTRAP" in os.environ:
        yield
        return
    with KafkaCluster() as cluster:
        os.environ["KAFKA_BOOTSTRAP"] = cluster.bootstrap
        yield


if __name__ == "__main__":
    sys.exit(main())
