"""The capacity page's table follows from its rule, and its figures are those of the performance page."""

import math
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "capacity.md").read_text()
PERFORMANCE = (DOCS / "performance.md").read_text()
PLANNED = 2_700
PLANNED_WHERE_ALL_ARE_NEW = 1_100
ROWS = [
    tuple(int(cell.replace(",", "")) for cell in row.strip("| ").split("|"))
    for row in re.findall(r"^\| [\d,]+ \|(?: [\d,]+ \|){4}$", PAGE, re.MULTILINE)
]


def _measured(new: str) -> tuple[int, int]:
    """Payments a second of one worker, cold and in the steady state, with this share of new parties."""
    (row,) = re.findall(
        rf"^\| Interdict \| 24,912 \| {new} \| ([\d,]+) \| ([\d,]+) \|", PERFORMANCE, re.MULTILINE
    )
    cold, steady = (int(cell.replace(",", "")) for cell in row)
    return cold, steady


def test_planned_is_at_most_half_of_what_was_measured() -> None:
    cold, steady = _measured("15%")

    assert f"{steady:,} payments a second" in PAGE
    assert f"decides {cold:,} a second" in PAGE
    assert steady / 2 >= PLANNED


def test_what_is_planned_where_all_parties_are_new_is_at_most_half_of_what_was_measured() -> None:
    _, steady = _measured("100%")

    assert f"it decides {steady:,} a second: plan with {PLANNED_WHERE_ALL_ARE_NEW:,}" in PAGE
    assert steady / 2 >= PLANNED_WHERE_ALL_ARE_NEW


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
