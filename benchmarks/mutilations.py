"""`python -m benchmarks.mutilations`: 200 broken copies of the real list files, and what became of each.

A copy is refused, or parses to the same designations; anything else is named and makes the exit code 1. The
exception is a block missing so neatly that what is left is whole rows again: no reader can see that, so such
copies are named and counted, and that is all.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.screening.lists.test_mutilation import (
    MUTILATIONS,
    mutilated,
    outcome,
    part_missing,
    read,
    real_ofac,
)
from tests.shared_data import SHARED_DATA

SEEDS = 10


def main() -> int:
    if not SHARED_DATA.is_dir():
        say(f"the real files are not at {SHARED_DATA}")
        return 1
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for source, files in (("ofac", real_ofac()), ("un", read(SHARED_DATA / "un"))):
            place = Path(folder) / source
            whole = outcome(source, files, place)
            for seed in range(SEEDS):
                for what, broken in mutilated(files, seed, (*MUTILATIONS, part_missing)):
                    found = outcome(source, broken, place)
                    became = "refused" if found is None else "the same" if found == whole else "DIFFERENT"
                    counts[what.partition(" ")[0], became] += 1
                    if became == "DIFFERENT":
                        say(f"{source}, seed {seed}: {what} parsed to something else")
    for (what, became), count in sorted(counts.items()):
        say(f"{what:24} {became:10} {count:4}")
    say(f"{counts.total()} broken copies")
    seen = (what for what, became in counts if became == "DIFFERENT")
    return 1 if any(what != part_missing.__name__ for what in seen) else 0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
