"""Names that are one party and names that are not, each row of `names.csv` standing for its kind.

`KNOWN_FAILURES` are rows not right yet, by query and listed name; whoever mends a kind takes its rows out.
"""

import csv
from pathlib import Path

import pytest

from screening import Policy, compare

HERE = Path(__file__).parent
KNOWN_FAILURES = frozenset(
    tuple(line.split("\t"))
    for line in (HERE / "names_known_failures.tsv").read_text(encoding="utf-8").splitlines()
)


def _cases() -> list[object]:
    with (HERE / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        pytest.param(
            row,
            id=f"{row['group']}: {row['query']} / {row['listed']} {row['kind']}",
            marks=[pytest.mark.xfail(strict=True, reason=f"not right yet: {row['why']}")]
            if (row["query"], row["listed"], row["kind"]) in KNOWN_FAILURES
            else [],
        )
        for row in rows
    ]


@pytest.mark.parametrize("case", _cases())
def test_names_are_one_party_or_not(case: dict[str, str]) -> None:
    points = compare(case["query"], case["listed"], kind=case["kind"] or None)

    assert ("hit" if points >= Policy().threshold else "clear") == case["expect"], points
