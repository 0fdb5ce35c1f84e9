"""`python -m benchmarks.matching.hostile`: the CPU time of payments that are made to take long.

Shapes of one sort meet a list that was loaded for them, the longest first: none of its words was seen before,
as when the first of its kind arrives.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchmarks.matching.data import machine, ofac, table
from screening import Policy, Screener
from streams.worker.garbage import by_the_clock, loading
from tests.screening.hostile import every_shape, payment, seconds_for

GOAL_MS = 50.0


def main() -> None:
    """Measure, and print the shapes that take longest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=8, help="shapes that are named")
    chosen = parser.parse_args()
    print(machine())
    sorts: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for label, text in every_shape(ofac(), whole=True):
        sorts[label.rpartition(", ")[0] or label].append((label, text))
    taken = sorted([found for shapes in sorts.values() for found in _measured(shapes)], reverse=True)
    over = sum(milliseconds > GOAL_MS for milliseconds, _ in taken)
    print(f"\n{len(taken)} shapes of {len(sorts)} sorts; {over} take more than {GOAL_MS:.0f} ms of CPU\n")
    rows = [(label, f"{milliseconds:.0f}") for milliseconds, label in taken[: chosen.worst]]
    print(table(("the worst", "ms"), rows))


def _measured(shapes: Sequence[tuple[str, str]]) -> Iterator[tuple[float, str]]:
    screener = Screener(Policy())
    with loading():
        for designation in ofac():
            screener.upsert(designation)
    by_the_clock()  # as in a worker, which looks for garbage between two batches
    screener.match("John Miller")  # tables of words are read with the first name
    for label, text in sorted(shapes, key=lambda shape: -len(shape[1])):
        yield seconds_for(screener, payment(label, text)) * 1e3, label


if __name__ == "__main__":
    main()
