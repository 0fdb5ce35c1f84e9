"""What each command refuses to begin with, and what it says of what it found, without a broker."""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import rich_click as click
import uvicorn
from click.testing import CliRunner, Result

from screening import Policy
from screening.cases.dispositions import Dispositions
from streams.audit.auditor import Auditor, Finding, Gap
from streams.audit.dead_letters import DeadLetters, Replayed
from streams.cli import main
from streams.commands import _disposition_reports, audit, backtest, dead_letters, doctor, serve
from streams.commands import _errors as errors
from streams.diagnosis import Check, Level


def interdict(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


POLICY = "config/policy.toml"
ENOUGH = ("dead-letters", "replay", "--by", "ann", "--why", "mended")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("backtest", "--shadow"), "--shadow takes --since, and neither payments"),
        (("backtest", "--shadow", "--since", "1h", "payments.jsonl"), "--shadow takes --since"),
        (
            ("backtest", "--shadow", "--since", "1h", "--policy", POLICY),
            "--shadow takes --since",
        ),
        (
            ("backtest", "--shadow", "--since", "1h", "--against", POLICY),
            "--shadow takes --since",
        ),
        (("backtest", "--shadow", "--since", "1h", "--list", "un:x"), "--shadow takes --since"),
        (("backtest", "--shadow", "--since", "1h", "--against-list", "un:x"), "--shadow takes --since"),
        (("backtest",), "give payment files, or --since"),
        (("backtest", "--since", "1h", "payments.jsonl"), "give payment files, or --since"),
        (("backtest", "--since", "1h"), "give --against, --against-list or both"),
        (ENOUGH, "say which: --since, --until, --reason, --key, or --all"),
        ((*ENOUGH[:2], "--by", " ", "--why", "x", "--all"), "--by and --why are kept for the auditor"),
        ((*ENOUGH[:2], "--by", "x", "--why", " ", "--all"), "--by and --why are kept for the auditor"),
        (("serve", "--tls-key", POLICY), "--tls-certificate and --tls-key go together"),
        (("serve", "--tls-certificate", POLICY), "--tls-certificate and --tls-key go together"),
        (("audit", "verify", "--customers", "--files", "config"), "--customers are topics"),
        (("broker", "--topic", ":3"), "NAME:PARTITIONS"),
        (("broker", "--topic", "a:"), "NAME:PARTITIONS"),
        (("broker", "--topic", "a:0"), "NAME:PARTITIONS"),
        (("broker", "--topic", "a:x"), "NAME:PARTITIONS"),
        (("recheck", "--since", "x" * 60), f"'{'x' * 40}' is no duration"),
        (("recheck", "--since", "9" * 60 + "d"), f"'{'9' * 40}' is longer than a hundred years"),
        (("recheck", "--since", "36526d"), "longer than a hundred years"),
        (("dispositions", "caseload", "--deadline", "SEPA_INSTANT", "10m"), "write 'sepa_instant'"),
        (("lists", "publish", "csv", __file__, "--name", "a:b"), "without colon"),
        (("backtst",), "No such command 'backtst'. Did you mean 'backtest'?"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_done(words: tuple[str, ...], told: str) -> None:
    result = interdict(*words)

    assert result.exit_code == 2
    assert told in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize("command", ["backtest", "effectiveness"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_compared(
    command: str, tmp_path: Path
) -> None:
    """It was after the last payment, and the whole comparison was lost."""
    page = tmp_path / "page.html"
    words = {"backtest": ["p.jsonl"], "effectiveness": ["--list", "csv:gone.csv"]}[command]
    result = interdict(command, "--html", str(tmp_path / "gone" / "page.html"), *words)
    assert result.exit_code == 2 and "cannot be written: No such file" in " ".join(result.output.split())
    interdict(command, "--html", str(page), *words)
    assert not page.exists()
    page.write_text("of last week")
    interdict(command, "--html", str(page), *words)
    assert page.read_text() == "of last week"
    link, pipe = tmp_path / "link.html", tmp_path / "pipe"
    link.symlink_to(tmp_path / "later.html")
    os.mkfifo(pipe)
    for each in (link, pipe):  # which would wait for a reader
        assert interdict(command, "--html", str(each), *words).exit_code == 2
    assert link.is_symlink() and not link.exists()


def test_of_two_names_that_are_near_the_nearest_is_meant_and_of_none_nothing_is_said() -> None:
    with pytest.raises(click.UsageError, match="Did you mean 'lookback'"):
        errors.suggest("lookbak", ["lookback", "look", "lists"])
    errors.suggest("zzz", ["lookback", "lists"])


@pytest.mark.parametrize(
    "which", [("--since", "1h"), ("--until", "1h"), ("--reason", "not_json"), ("--key", "K"), ("--all",)]
)
def test_a_replay_says_what_it_sent_and_what_is_gone(
    monkeypatch: pytest.MonkeyPatch, which: tuple[str, ...]
) -> None:
    gone: Any = SimpleNamespace(event="payments-0@7")
    asked: list[Any] = []
    done = Replayed(sent=3, known=2, gone=[gone])

    def replayed(*given: Any) -> Replayed:
        asked.append(given)
        return done

    monkeypatch.setattr(dead_letters, "replay", replayed)
    result = interdict(*ENOUGH, *which)

    assert result.exit_code == 1
    assert result.output.splitlines()[0] == "3 sent again, 2 sent before"
    assert "payments-0@7: its bytes are kept nowhere any more; ask its sender" in result.output
    wanted = asked[0][3]
    assert bool(wanted.since) is (which[0] == "--since") and bool(wanted.until) is (which[0] == "--until")
    assert wanted.reasons == ({"not_json"} if which[0] == "--reason" else set())
    assert wanted.keys == ({b"K"} if which[0] == "--key" else set())
    assert asked[0][4:6] == ("ann", "mended")
    done.gone.clear()
    result = interdict(*ENOUGH, *which, "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"sent": 3, "sent_before": 2, "gone": []})


def test_a_dry_run_of_a_replay_says_what_would_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    of = {"topic": "payments"}
    letters: Any = [SimpleNamespace(message=f"p-0@{number}", error=of) for number in range(3)]
    again: Any = {"p-0@1": None}
    monkeypatch.setattr("streams.audit.dead_letters.find", lambda *_: DeadLetters(letters, again))
    result = interdict(*ENOUGH, "--all", "--dry-run")

    assert (result.exit_code, result.output) == (0, "2 would be sent, 1 sent before\n")


@pytest.mark.parametrize("found", [True, False])
def test_an_audit_says_what_it_found_and_ends_with_it(monkeypatch: pytest.MonkeyPatch, found: bool) -> None:
    auditor = Auditor()
    auditor.records, auditor.repeats, auditor.checkpoints = 9, 2, 1
    if found:
        auditor.findings.append(Finding("t-0@7", "altered"))
    auditor._events["payments", 0] = [[0, 3], [4, 6]]
    auditor._settled["payments", 0] = 5
    gap = Gap("payments", 0, 3, 4)
    for known, gaps in (({gap}, 0), (set(), 1)):
        monkeypatch.setattr(audit, "verify_topics", lambda *_, known=known, **__: (auditor, known))
        result = interdict("audit", "verify")
        assert result.exit_code == (1 if found or gaps else 0)
        last = result.output.splitlines()[-1]
        counts = "9 records, 2 repeated by their producer, 0 without a seal, 1 checkpoints"
        assert last == f"{counts}, {found + gaps} findings"
        assert ("t-0@7: altered" in result.output) is found
        told = json.loads(interdict("audit", "verify", "--json").stdout)
        assert (told["records"], told["repeats"], len(told["findings"])) == (9, 2, found + gaps)
    assert interdict("audit", "verify", "--clear-left-out").exit_code == int(found)


@pytest.mark.parametrize(("level", "code"), [(Level.FAIL, 1), (Level.NOTE, 0), (Level.OK, 0)])
def test_the_doctor_says_each_check_in_a_line_and_fails_where_one_does(
    monkeypatch: pytest.MonkeyPatch, level: Level, code: int
) -> None:
    checks = [
        Check(level, "topics", "payments: does not exist", "create it"),
        Check(Level.OK, "broker", "answers"),
    ]
    monkeypatch.setattr(doctor, "examine", lambda _: checks)
    result = interdict("doctor")

    assert result.exit_code == code
    assert (
        result.output
        == f"{level:<5} topics    payments: does not exist; create it\nok    broker    answers\n"
    )
    told = [json.loads(line) for line in interdict("doctor", "--json").stdout.splitlines()]
    assert [(each["level"], each["subject"]) for each in told] == [(str(level), "topics"), ("ok", "broker")]


class ComparedError(Exception):
    """Which screeners were compared."""


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (("--against", POLICY), [()]),  # one table for both
        (("--against", POLICY, "--list", "un:a"), [("un:a",)]),
        (("--against-list", "un:b"), [(), ("un:b",)]),
        (("--against-list", "un:a", "--list", "un:a"), [("un:a",)]),
        (("--against-list", "un:b", "--list", "un:a"), [("un:a",), ("un:b",)]),
    ],
)
def test_two_policies_over_one_list_share_its_table(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], read: list[tuple[str, ...]]
) -> None:
    asked: list[tuple[str, ...]] = []

    def screener(_: object, lists: tuple[str, ...], policy: Policy) -> Any:
        asked.append(lists)
        return SimpleNamespace(policy=policy, under=lambda other: SimpleNamespace(policy=other))

    def compared(*_: object) -> Any:
        raise ComparedError

    monkeypatch.setattr(backtest, "_screener", screener)
    monkeypatch.setattr(backtest, "_compare", compared)
    result = interdict("backtest", "--since", "1h", *words)

    assert isinstance(result.exception, ComparedError)
    assert asked == read


@pytest.mark.parametrize(
    ("host", "token", "tls", "warned"),
    [
        ("127.0.0.1", False, False, False),
        ("10.0.0.1", False, False, True),
        ("10.0.0.1", True, False, True),
        ("10.0.0.1", False, True, True),
        ("10.0.0.1", True, True, False),
    ],
)
def test_a_server_that_others_on_the_network_read_says_so(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    host: str,
    token: bool,
    tls: bool,
    warned: bool,
) -> None:
    ran: list[dict[str, Any]] = []
    monkeypatch.setattr(serve, "Answering", lambda *_, **__: SimpleNamespace(failure=None))
    monkeypatch.setattr(serve, "check_port", lambda *_: None)
    monkeypatch.setattr(serve, "check_tls", lambda *_: None)
    monkeypatch.setattr(serve, "application", lambda *_, **given: given)
    monkeypatch.setattr(uvicorn, "run", lambda app, **given: ran.append({"app": app, **given}))
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    if token:
        monkeypatch.setenv("INTERDICT_WEB_TOKEN", "t" * 32)
    files = ("--tls-certificate", POLICY, "--tls-key", POLICY) if tls else ()
    assert interdict("serve", "--host", host, *files).exit_code == 0

    assert ("screens names, and the network reads them" in caplog.text) is warned
    (told,) = ran
    assert (told["host"], told["server_header"], told["timeout_keep_alive"]) == (host, False, 30)
    assert (told["access_log"], told["date_header"], told["log_level"]) == (False, True, "warning")
    assert told["app"]["token"] == ("t" * 32 if token else None)
    assert bool(told["ssl_certfile"]) is bool(told["ssl_keyfile"]) is tls


def test_a_server_says_which_certificate_and_key_it_cannot_open() -> None:
    refused = interdict("serve", "--tls-certificate", POLICY, "--tls-key", POLICY)

    assert refused.exit_code == 2
    assert "no certificate and its key, in PEM and without a passphrase" in " ".join(
        refused.output.replace("│", " ").split()
    )


def test_the_report_of_dispositions_has_a_row_for_each_and_says_how_many_alert_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair = {"pair": "f|x:1", "by": "ann", "approved_by": "", "why": "w", "given": "g", "until": "u"}
    rows = [
        pair | {"today": _disposition_reports.SILENT},
        pair | {"today": "expired"},
        pair | {"today": "a reason"},
    ]
    counted = SimpleNamespace(true=1, false=3, ratio=0.25)
    monkeypatch.setattr(_disposition_reports, "read", lambda _: ({}, Dispositions()))
    monkeypatch.setattr(_disposition_reports, "_silenced", lambda *_: rows)
    monkeypatch.setattr(_disposition_reports, "precision", lambda _: {("ofac", "name"): counted})
    told = interdict("dispositions", "report").output

    assert "3 false positives, 2 of them would alert today" in told
    assert ["ofac", "name", "1", "3", "25.0%"] in [
        [cell.strip() for cell in line.strip("│").split("│")] for line in told.splitlines()
    ]
    first, *silenced = map(json.loads, interdict("dispositions", "report", "--json").stdout.splitlines())
    assert first == {"list": "ofac", "reason": "name", "true": 1, "false": 3, "precision": 0.25}
    assert silenced == rows


def test_the_caseload_leaves_out_what_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(_disposition_reports, "read", lambda _: ({}, Dispositions()))

    def read(*given: Any) -> list[Any]:
        asked.append(given)
        return []

    monkeypatch.setattr(_disposition_reports, "read_cases", read)
    monkeypatch.setattr(_disposition_reports, "caseloads", lambda *_: {"ofac": None})
    figures = dict.fromkeys(_disposition_reports.FIGURES, 7) | {"precision": None}
    monkeypatch.setattr(_disposition_reports, "_figures", lambda _: figures)
    told = interdict("dispositions", "caseload", "--since", "2d").output

    assert "None" not in told and "7" in told and "alerts of the 2 days before" in " ".join(told.split())
    ago = datetime.now(UTC).timestamp() - asked[0][2]
    assert ago == pytest.approx(2 * 86_400, abs=60)
    (row,) = map(json.loads, interdict("dispositions", "caseload", "--json").stdout.splitlines())
    assert row["precision"] is None and row["alerts"] == 7
