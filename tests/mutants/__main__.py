"""`python -m tests.mutants [ROW…]`: break each invariant, or those whose row begins so, and see it noticed.

Ends with 1 where a mutation is not noticed. `--no-kafka` leaves out what needs a real Kafka.
"""

import argparse
import sys
import time

from tests.mutants.rows import mutations
from tests.mutants.run import Verdict, scratch, tried


def main() -> int:
    """Try what is asked for, one after the other, and say of each what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="how rows of docs/invariants.md begin")
    parser.add_argument("--no-kafka", action="store_true", help="leave out what needs a real Kafka")
    asked = parser.parse_args()
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


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
