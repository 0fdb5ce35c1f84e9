"""The capacity page's table follows from its rule, and its figures are those of the performance page."""

import math
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "capacity.md").read_text()
MEASURED = 8_076
PLANNED = 2_700
ROWS = [
    tuple(int(cell.replace(",", "")) for cell in row.strip("| ").split("|"))
    for row in re.findall(r"^\| [\d,]+ \|(?: [\d,]+ \|){4}$", PAGE, re.MULTILINE)
]


def test_planned_is_at_most_half_of_what_was_measured() -> None:
    rows = (DOCS / "performance.md").read_text().splitlines()
    (measured,) = [row for row in rows if row.startswith("| Interdict | 24,912 | 15% |")]

    if f"{MEASURED:,}" not in measured:
        pytest.fail(f"the performance page says {measured}: plan with half of that, and write the table anew")
    assert PLANNED <= MEASURED / 2
    assert f"{MEASURED:,} payments a second" in PAGE


def _busiest(peak: int, workers: int, partitions: int) -> int:
    return math.ceil(peak * math.ceil(partitions / workers) / partitions)


@pytest.mark.parametrize("row", [pytest.param(row, id=str(row[0])) for row in ROWS])
def test_no_worker_of_the_table_has_more_than_planned(row: tuple[int, ...]) -> None:
    peak, workers, partitions, busiest, one_away = row

    assert workers == max(2, math.ceil(peak / PLANNED) + 1)
    assert (busiest, one_away) == (
        _busiest(peak, workers, partitions),
        _busiest(peak, workers - 1, partitions),
    )
    assert one_away <= PLANNED


def test_the_table_was_read() -> None:
    assert len(ROWS) == 5
