"""`interdict backtest` on files and on a real topic."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from streams.cli import main
from streams.offline.policies import load_policy
from tests.streams.past import PETROV, VERSOR, Past, event

STRICT = "threshold = 0.95\n"
LIST = "uid,name,kind\n1,VERSOR S.R.O.,organization\n"


def interdict(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["backtest", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    payments = [
        event("P-1", "VERSOR S.R.O."),
        event("P-2", "Versar s.r.o."),
        event("P-3", "Acme"),
        b"no payment",
    ]
    (tmp_path / "payments.jsonl").write_bytes(b"\n".join(payments))
    (tmp_path / "strict.toml").write_text(STRICT)
    (tmp_path / "mine.csv").write_text(LIST)
    return tmp_path


def test_two_policies_over_a_file_as_json_table_and_page(folder: Path) -> None:
    given = [
        "--list",
        f"csv:{folder / 'mine.csv'}",
        "--against",
        str(folder / "strict.toml"),
        str(folder / "payments.jsonl"),
    ]

    told = interdict(*given, "--json", "--html", str(folder / "report.html"))
    table = interdict(*given)

    assert told.exit_code == 0, told.output
    report: dict[str, Any] = json.loads(told.stdout)
    assert (report["payments"], report["unreadable"]) == (3, 1)
    assert report["alerts"] == {"both": 1, "only_current": 1, "only_proposed": 0}
    assert report["current_policy"] != report["proposed_policy"]
    assert "P-2" in table.stdout
    full = interdict(*given, "--html", "/dev/full")  # as a disk is when all is compared
    assert (full.exit_code, full.stdout) == (2, table.stdout)
    assert "No space left" in full.stderr
    assert "<script" in (folder / "report.html").read_text()
    assert f"Made at {report['made_at']}" in (folder / "report.html").read_text()
    assert datetime.now(UTC) - datetime.fromisoformat(report["made_at"]) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("policy", "against", "current", "proposed"),
    [
        (None, True, "set.toml", "strict.toml"),
        ("loose.toml", True, "loose.toml", "strict.toml"),
        ("loose.toml", False, "loose.toml", "loose.toml"),
        (None, False, "set.toml", "set.toml"),
    ],
)
def test_a_policy_is_the_one_given_or_that_of_the_settings_and_named(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    policy: str | None,
    against: bool,
    current: str,
    proposed: str,
) -> None:
    thresholds = {"set.toml": 0.81, "loose.toml": 0.82, "strict.toml": 0.95}
    for name, threshold in thresholds.items():
        (folder / name).write_text(f"threshold = {threshold}\n")
    monkeypatch.setenv("INTERDICT_POLICY_FILE", str(folder / "set.toml"))
    mine = f"csv:{folder / 'mine.csv'}"
    given = ["--list", mine, *(("--against", str(folder / "strict.toml")) if against else ())]
    given += ["--against-list", mine] if not against else []
    given += ["--policy", str(folder / policy)] if policy else []
    told = interdict(*given, "--json", str(folder / "payments.jsonl"))

    report: dict[str, Any] = json.loads(told.stdout)
    assert report["current"] == f"{folder / current} with {mine}"
    assert report["proposed"] == f"{folder / proposed} with {mine}"
    assert report["current_policy"] == load_policy(folder / current).sha256
    assert report["proposed_policy"] == load_policy(folder / proposed).sha256


def test_a_list_file_against_another_shows_what_it_adds(folder: Path) -> None:
    (folder / "grown.csv").write_text(LIST + "2,Acme,organization\n")

    told = interdict(
        *("--list", f"csv:{folder / 'mine.csv'}", "--against-list", f"csv:{folder / 'grown.csv'}"),
        *("--json", str(folder / "payments.jsonl")),
    )

    assert json.loads(told.stdout)["alerts"] == {"both": 2, "only_current": 0, "only_proposed": 1}


@pytest.mark.kafka
def test_the_payments_topic_with_the_lists_in_force(kafka: str, topic_prefix: str, folder: Path) -> None:
    past = Past(kafka, topic_prefix)
    past.publish(PETROV, VERSOR)
    past.pay(event("P-0", "Versar s.r.o."), seconds_ago=7200)
    past.pay(event("P-1", "Versar s.r.o."), seconds_ago=60)
    past.written()

    told = interdict(
        *("--broker", kafka, "--prefix", topic_prefix, "--since", "1h", "--json"),
        *("--against", str(folder / "strict.toml")),
    )

    report = json.loads(told.stdout)
    assert (report["payments"], report["alerts"]["only_current"]) == (1, 1)
    assert list(past.records(past.topics.alerts)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("--since", "1h"),
        ("--against", "strict.toml"),
        ("--against", "strict.toml", "--list", "csv:none.csv", "payments.jsonl"),
        ("--against", "strict.toml", "--list", "csv:mine.csv", "none.jsonl"),
        ("--against", "broken.toml", "--list", "csv:mine.csv", "payments.jsonl"),
    ],
)
def test_wrong_options_are_usage_errors(
    folder: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    (folder / "broken.toml").write_text("threshold = 7\n")

    assert interdict(*wrong).exit_code == 2
