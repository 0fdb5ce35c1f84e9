"""What programs are given: names in their own letters, and figures to the digits that mean something."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from screening.cases.caseload import Caseload
from screening.cases.dispositions import Dispositions, Verdict
from streams.cli import main
from streams.commands import _disposition_reports, backtest, dead_letters, replay, tail
from streams.kafka.log import Record

NAME = "Зувавов é"


def printed(*words: str) -> str:
    done = CliRunner().invoke(main, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_names_are_written_in_their_own_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"key": NAME, "at": "2026-11-28T09:30:00"}
    letters = SimpleNamespace(letters=[1], waiting=[])
    monkeypatch.setattr(dead_letters, "find", lambda *_: letters)
    monkeypatch.setattr(dead_letters, "_row", lambda *_: row)
    assert NAME in printed("dead-letters", "list")

    monkeypatch.setattr(_disposition_reports, "read", lambda _: ({}, Dispositions()))
    monkeypatch.setattr(_disposition_reports, "_silenced", lambda *_: [row])
    assert NAME in printed("dispositions", "report")

    monkeypatch.setattr(_disposition_reports, "read_cases", lambda *_: [])
    monkeypatch.setattr(_disposition_reports, "caseloads", lambda *_: {NAME: Caseload()})
    assert NAME in printed("dispositions", "caseload")

    again: Any = SimpleNamespace(
        recorded=SimpleNamespace(body={"payment_id": NAME}), identical=True, differences=(), raw=b""
    )
    assert NAME in replay._line(again, as_json=True)
    assert NAME in tail._line(Record(0, 0.0, b"", f'{{"name": "{NAME}"}}'.encode(), {}), as_json=True)


def test_a_backtest_names_its_source_in_its_own_letters(capsys: pytest.CaptureFixture[str]) -> None:
    report: Any = {"source": NAME}
    backtest._output(report, as_json=True, html=None)

    assert NAME in capsys.readouterr().out


def test_a_caseload_is_in_hours_to_two_places_and_a_share_to_four() -> None:
    held = Caseload(
        alerts=9,
        late=2,
        open_ages=[timedelta(hours=1), timedelta(hours=2, seconds=1)],
        closed_ages=[timedelta(minutes=20)],
        verdicts={"a": Verdict.TRUE_POSITIVE, "b": Verdict.FALSE_POSITIVE, "c": Verdict.FALSE_POSITIVE},
    )

    assert [*_disposition_reports._figures(held).values()] == [9, 2, 2, 2.0, 0.33, 3, 0.3333]
    assert [*_disposition_reports._figures(Caseload()).values()] == [0, 0, 0, None, None, 0, None]
