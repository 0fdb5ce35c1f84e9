"""Results of runs, kept one a line as JSON so that a series can be gone on with, and their table."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from statistics import median
from typing import Any

from tests.e2e.reconciliation import Account
from tests.faults.beside import Audit, LookedBack
from tests.faults.run import Hurt, Run

HEADINGS = (
    "fault",
    "times",
    "payments",
    "decided",
    "rechecked",
    "again, same id",
    "other id",
    "missing",
    "wrongly clear",
    "looked back",
    "not alerted",
    "findings",
)


def keep(done: Run, results: Path) -> None:
    with results.open("a") as lines:
        lines.write(json.dumps({**asdict(done), "exits": [*done.exits.items()]}) + "\n")


def kept(results: Path) -> list[Run]:
    """The runs in the file, none if there is no file."""
    lines = results.read_text().splitlines() if results.exists() else []
    return [_read(json.loads(line)) for line in lines]


def _read(line: dict[str, Any]) -> Run:
    known = {each.name: line[each.name] for each in fields(Run)}
    known["account"] = Account(**line["account"])
    known["lookback"] = LookedBack(**line["lookback"])
    known["audit"] = Audit(**line["audit"])
    known["hurts"] = [Hurt(**hurt) for hurt in line["hurts"]]
    known["exits"] = dict(line["exits"])
    return Run(**known)


def told(done: Run) -> Iterator[str]:
    """What one run came to."""
    faults = ", ".join(
        f"{hurt.fault} for {hurt.lasted:.0f} s, recovered in {hurt.recovery:.1f} s" for hurt in done.hurts
    )
    yield f"run {done.seed} ({done.seconds:.0f} s): {faults}"
    yield f"  {done.account}; processes ended {done.exits or 'never'}"
    yield (
        f"  lookback: {done.lookback.alerts:,} alerts; audit: {done.audit.records:,} records, "
        f"{done.audit.repeats:,} repeats, {done.audit.checkpoints:,} checkpoints, "
        f"{len(done.audit.findings):,} findings"
    )
    for kind, ids in done.wrong.items():
        yield f"  {kind.upper()}: {', '.join(ids[:5])}"


def table(runs: list[Run]) -> Iterator[str]:
    """Markdown. A run counts in the row of each of its faults; the last row counts every run once."""
    by_fault: dict[str, list[Run]] = defaultdict(list)
    recovery: dict[str, list[float]] = defaultdict(list)
    for done in runs:
        for fault in {hurt.fault for hurt in done.hurts}:
            by_fault[fault].append(done)
        for hurt in done.hurts:
            recovery[hurt.fault].append(hurt.recovery)
    yield _row(*HEADINGS, "recovery s, least", "median", "most")
    yield _row("---", *["---:"] * (len(HEADINGS) + 2))
    for fault, seconds in sorted(recovery.items()):
        shown = (f"{each:.1f}" for each in (min(seconds), median(seconds), max(seconds)))
        yield _row(fault, str(len(seconds)), *_counts(by_fault[fault]), *shown)
    yield _row(f"all {len(runs)} runs", str(sum(map(len, recovery.values()))), *_counts(runs), "", "", "")


def _counts(runs: Sequence[Run]) -> Iterator[str]:
    accounts = [done.account for done in runs]
    for counted in (
        [account.sent for account in accounts],
        [account.decided for account in accounts],
        [done.rechecked for done in runs],
        [account.repeated for account in accounts],
        [len(account.ids_differ) for account in accounts],
        [len(account.missing) for account in accounts],
        [len(account.wrongly_clear) + account.behind for account in accounts],
        [done.lookback.alerts for done in runs],
        [len(done.lookback.not_alerted) for done in runs],
        [len(done.audit.findings) for done in runs],
    ):
        yield f"{sum(counted):,}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
