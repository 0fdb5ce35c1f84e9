"""`python -m benchmarks.mutilations`: 200 broken copies of each list file, and what became of them.

OFAC's and the UN's real files where they are at hand, and a whole invented file of each newer format.

A copy is refused, or parses to the same designations; anything else is named and makes the exit code 1. The
exception is a block missing so neatly that what is left is whole rows again: no reader can see that, so such
copies are named and counted, and that is all.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from tests.command import say
from tests.screening.lists.test_mutilation import (
    Files,
    mutilated,
    of_text_or_zip,
    outcome,
    part_missing,
    read,
    real_ofac,
)
from tests.screening.lists.whole_files import WHOLE
from tests.shared_data import SHARED_DATA

COPIES = 200


def main() -> int:
    counts: Counter[tuple[str, str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for form, (source, files) in _whole(Path(folder)).items():
            place = Path(folder) / form
            whole = outcome(source, files, place)
            for what, broken in islice(_copies(files), COPIES):
                found = outcome(source, broken, place)
                became = "refused" if found is None else "the same" if found == whole else "DIFFERENT"
                counts[form, what.partition(" ")[0], became] += 1
                if became == "DIFFERENT":
                    say(f"{form}: {what} parsed to something else")
    for (form, what, became), copies in sorted(counts.items()):
        say(f"{form:14} {what:24} {became:10} {copies:4}")
    say(f"{counts.total()} broken copies")
    seen = (what for _, what, became in counts if became == "DIFFERENT")
    return 1 if any(what != part_missing.__name__ for what in seen) else 0


def _whole(folder: Path) -> dict[str, tuple[str, Files]]:
    found = {form: (source, make(folder)) for form, (source, make) in WHOLE.items()}
    if SHARED_DATA.is_dir():
        found |= {"ofac real": ("ofac", real_ofac()), "un real": ("un", read(SHARED_DATA / "un"))}
    return found


def _copies(files: Files) -> Iterator[tuple[str, Files]]:
    for seed in count():
        broken = mutilated(files, seed, (*of_text_or_zip(files), part_missing))
        yield from ((what, copy) for what, copy in broken if copy != files)


if __name__ == "__main__":
    sys.exit(main())
