"""What a broken-off series is gone on with."""

from pathlib import Path
from typing import Any

from tests.e2e.reconciliation import Account
from tests.faults.beside import Audit, LookedBack
from tests.faults.report import keep, kept, table
from tests.faults.run import Hurt, Run


def done(seed: int, fault: str, recovery: float, findings: int = 0, **account: Any) -> Run:
    found = Account(sent=10, decided=10, **account)
    return Run(
        seed,
        found,
        [Hurt(fault, 5.0, recovery)],
        LookedBack(alerts=2),
        Audit(records=30, findings=["alerts-0@1: altered"][:findings]),
        exits={-9: 1},
        seconds=20.0,
    )


def test_a_result_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    results = tmp_path / "results"
    runs = [done(1, "worker killed", 2.0, repeated=3), done(2, "broker killed", 1.0, missing=["P-1"])]

    for each in runs:
        keep(each, results)

    assert kept(results) == runs
    assert kept(tmp_path / "none") == []


def test_the_table_shows_the_least_the_median_and_the_most_of_each_fault() -> None:
    runs = [done(seed, "worker killed", seconds) for seed, seconds in ((1, 2.0), (2, 9.0), (3, 4.0))]

    lines = list(table([*runs, done(4, "disk full", 1.0, 1, missing=["P-1", "P-2"])]))

    assert "| worker killed | 3 | 30 | 30 | 0 | 0 | 0 | 0 | 0 | 6 | 0 | 0 | 2.0 | 4.0 | 9.0 |" in lines
    assert "| disk full | 1 | 10 | 10 | 0 | 0 | 0 | 2 | 0 | 2 | 0 | 1 | 1.0 | 1.0 | 1.0 |" in lines
    assert lines[-1].startswith("| all 4 runs | 4 | 40 | 40 | 0 | 0 | 0 | 2 | 0 | 8 | 0 | 1 |")
