"""What commands print for people, line by line: which columns, how wide apart, and how much of it.

`tables.txt` holds it; `python -m tests.streams.commands.test_tables` writes it anew, to be read before it is
kept.
"""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from config.settings import Settings
from screening.cases.dispositions import Dispositions
from streams.backtest.page import SIDES, TITLES
from streams.cli import main
from streams.commands import _disposition_reports, backtest, config, dead_letters, match

HELD = Path(__file__).with_name("tables.txt")
Patch = pytest.MonkeyPatch


def run(*words: str) -> str:
    return CliRunner().invoke(main, words, env={"COLUMNS": "120"}).stdout


def of_backtest(_: Patch) -> str:
    counts = dict(zip((side for side, _ in SIDES), (1_000, 2, 0), strict=True))
    example = {"value": "Acme", "designation_id": "x:1", "matched": "ACME", "score": 0.5}
    example |= {"current": "hold", "proposed": ""}
    report: Any = {
        "payments": 12_345,
        "unreadable": 1_234,
        "left_out": 5_678,
        "alerts": counts,
        "hits": counts,
        "alerts_per_1000_payments": {"current": 0.25, "proposed": 8.0},
        "by": {name: {"a": counts} for name in TITLES},
        "examples": [
            example | {"payment_id": f"P-{n}", "current": "hold", "proposed": ""} for n in range(25)
        ],
    }
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        backtest._print(report)
    return said.getvalue()


def of_config(patch: Patch) -> str:
    shown = ("broker", "group", "topic_prefix", "web_token")
    fields = {name: Settings.model_fields[name] for name in shown}
    patch.setattr(config, "Settings", SimpleNamespace(model_fields=fields))
    patch.setenv("INTERDICT_TOPIC_PREFIX", "t-")
    return run("config", "show", "--broker", "b:1")


def of_customers(patch: Patch) -> str:
    found = SimpleNamespace(complete=True, as_json=lambda: {"complete": True, "partitions": [{"at": 1}]})
    patch.setattr("streams.customers.status.read_status", lambda *_, **__: found)
    return run("customers", "status", "--json")


def of_dead_letters(patch: Patch) -> str:
    again = {"at": "2026-11-28T09:30:00.123", "by": "bob", "why": "mended"}
    row = {"at": "2026-11-27T08:20:10.456+00:00", "key": "P-1", "reason": "not_json", "message": "at 1"}
    rows = [{**row, "event": "payments-3@17", "sent_again": each} for each in (again, None)]
    patch.setattr(dead_letters, "find", lambda *_: SimpleNamespace(letters=[0, 1], waiting=[1]))
    patch.setattr(dead_letters, "_row", lambda letter, *_, **__: rows[letter])
    return run("dead-letters", "list")


def of_dispositions(patch: Patch) -> str:
    pair = {"pair": "f|x:1", "by": "ann", "approved_by": "bob", "why": "w", "given": "g", "until": "u"}
    rate = SimpleNamespace(true=1, false=2, ratio=1 / 3)
    patch.setattr(_disposition_reports, "read", lambda _: ({}, Dispositions()))
    patch.setattr(_disposition_reports, "_silenced", lambda *_: [pair | {"today": "expired"}])
    patch.setattr(_disposition_reports, "precision", lambda _: {("x", "name"): rate})
    return run("dispositions", "report") + run("dispositions", "report", "--json")


def of_match(_: Patch) -> str:
    sample = Path(match.__file__).parents[2] / "screening" / "lists" / "data" / "sample-2023-08-16.csv"
    return run("match", "--list", f"csv:{sample}", "Versor")


TABLES: dict[str, Callable[[Patch], str]] = {
    "backtest": of_backtest,
    "config show": of_config,
    "customers status --json": of_customers,
    "dead-letters list": of_dead_letters,
    "dispositions report": of_dispositions,
    "match": of_match,
}


def printed() -> str:
    texts = []
    for name, of in TABLES.items():
        with Patch.context() as patch:
            patch.setenv("COLUMNS", "120")
            texts.append(f"$ interdict {name}\n" + "".join(f"{line}|\n" for line in of(patch).splitlines()))
    return "\n".join(texts)


def test_each_table_is_printed_as_it_always_was() -> None:
    assert printed() == HELD.read_text()


if __name__ == "__main__":
    HELD.write_text(printed())
