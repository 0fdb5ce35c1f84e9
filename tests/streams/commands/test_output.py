"""What commands print of what they found: lines, tables, progress and exit codes, word for word."""

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
import rich_click as click
from click.testing import CliRunner, Result
from rich.console import Console

from config.settings import load_settings
from screening.evaluation.comparison import Comparison
from screening.evaluation.effectiveness import Effectiveness, FalsePositive, KindResult, Miss
from screening.evaluation.effectiveness_page import NOT_MEASURED
from screening.evaluation.headings import INDUSTRY
from screening.evaluation.report import Sides
from screening.payments import decode_payment
from streams.audit.replay import Recorded, Replayed
from streams.backtest.page import PLOT_WIDTH, _bar
from streams.cli import main
from streams.commands import (
    audit,
    backtest,
    dead_letters,
    dispositions,
    effectiveness,
    lists,
    lookback,
    mapping,
    replay,
    tail,
)
from streams.lists.downloads import OfficialSource, UrlSource
from streams.lists.log import ListLog, Written
from streams.lists.sources import FolderSource
from streams.lists.status import ListVersionThere, TopicLists, WorkerLists
from streams.lookback.run import Report
from tests.streams.topics_in_memory import TopicsInMemory

READ_TOPICS = (backtest, dispositions, tail)
"""Imported here, so that their topics are in memory."""
AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    def is_one(yes: bool) -> None:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: yes, raising=False)

    return is_one


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> TopicsInMemory:
    made = TopicsInMemory()
    made.stand_in(monkeypatch)
    return made


def run(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, [*words, "--broker", "b:1"], env=environment)


def test_a_variable_that_is_no_setting_is_named_beside_the_output(topics: TopicsInMemory) -> None:
    done = run("dispositions", "list", INTERDICT_POLICY="x")

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("INTERDICT_POLICY is no setting and says nothing; did you mean ")
    assert topics.servers == {"b:1"}


def test_an_audit_says_how_far_it_is_every_five_seconds_on_a_terminal(
    terminal: Callable[[bool], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(audit, "time", SimpleNamespace(time=lambda: now[0]))
    report = audit._progress(1_000.0)
    said = list[str]()
    for moment, is_terminal in ((1_005.0, True), (1_005.1, False), (1_010.0, True), (1_015.0, True)):
        now[0] = moment
        terminal(is_terminal)
        seen: Any = SimpleNamespace(records=20_000)
        report(seen)
        said.append(capsys.readouterr().err)

    assert said == ["", "", "20,000 records, 2,000 a second\n", ""]


def test_a_replay_of_dead_letters_counts_on_a_terminal_alone(
    terminal: Callable[[bool], None], capsys: pytest.CaptureFixture[str]
) -> None:
    said = list[str]()
    for sent, is_terminal in ((1_000, True), (1_000, False), (2_000, True)):
        terminal(is_terminal)
        dead_letters._progress(sent, 2_000)
        said.append(capsys.readouterr().err)

    assert said == ["\r1,000 of 2,000 sent again", "", "\r2,000 of 2,000 sent again\n"]


# effectiveness

HEADING = next(iter(INDUSTRY))
MEASURED = Effectiveness(
    (KindResult("typos", 20, (Miss("ofac:1", "VERSOR", "VRESOR"),)), KindResult("none", 0, ())),
    2_000,
    (FalsePositive("Acme", "ofac:1", "VERSOR", 0.9),),
    (KindResult(HEADING, 1_000, (Miss("ofac:1", "A", "B"),) * 5), KindResult("other", 0, ())),
)


def test_the_effectiveness_is_printed_by_kind_and_heading(capsys: pytest.CaptureFixture[str]) -> None:
    effectiveness._print(MEASURED)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines == [
        "kind of variation tried found missed, for example",
        "typos 20 95.0% VERSOR as VRESOR",
        f"none 0 {NOT_MEASURED}",
        "All kinds: 95.0% found.",
        f"{HEADING}: 99.5% of 1,000 (industry {INDUSTRY[HEADING]:.0%})",
        f"other: {NOT_MEASURED}",
        "Of 2,000 names that are not listed 1 alert: 50 in 100,000.",
    ]

    effectiveness._print(replace(MEASURED, clean_names=0))
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"Names that are not listed: {NOT_MEASURED}; --clean FILE names some."


@pytest.mark.parametrize(("floor", "code"), [("0.95", 0), ("0.951", 1)])
def test_a_kind_below_the_floor_is_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, floor: str, code: int
) -> None:
    listed, clean, page = (tmp_path / name for name in ("own.csv", "clean.txt", "report.html"))
    listed.write_text("uid,name\n1,Versor\n")
    clean.write_text("Acme\n \nOther\n")
    asked = list[Any]()

    def measured(_: object, *given: Any) -> Any:
        asked.append(given)
        return MEASURED

    monkeypatch.setattr(effectiveness, "_measured", measured)
    words = ("effectiveness", "--list", f"csv:{listed}", "--clean", str(clean), "--html", str(page))
    done = CliRunner().invoke(main, [*words, "--floor", floor, "--json"])

    assert done.exit_code == code, done.output
    ((entries, names, _),) = asked
    assert ([entry.id for entry in entries], names) == (["csv:1"], ["Acme", "Other"])
    assert json.loads(done.stdout)["about"]["lists"].startswith("csv ")
    assert "VRESOR" in page.read_text()


# replay

BODY: Any = {"payment_id": "P\x1b-1", "list": {"offsets": {"0": 7}}}
SAME = Replayed(Recorded(b"{}", BODY), b'{"a": 1}', ())
OTHER = replace(SAME, raw=b"", differences=("the list differs", "the code differs"))


def test_a_replayed_decision_is_a_line() -> None:
    assert replay._line(SAME, as_json=False) == "P·-1: identical"
    assert replay._line(OTHER, as_json=False) == "P·-1: the list differs; the code differs"
    told = json.loads(replay._line(SAME, as_json=True))
    assert told == {
        "payment_id": "P\x1b-1",
        "identical": True,
        "differences": [],
        "recorded": BODY,
        "replayed": {"a": 1},
    }
    assert json.loads(replay._line(OTHER, as_json=True))["replayed"] is None


class Past:
    def __init__(self) -> None:
        self.asked: list[float] = []

    def at(self, offset: int) -> None:
        self.asked.append(offset)

    def at_time(self, moment: float) -> None:
        self.asked.append(moment)


@pytest.mark.parametrize(("moment", "asked"), [("17", 17), ("2026-11-28T09:30:00Z", AT.timestamp())])
def test_a_list_is_taken_of_an_offset_or_a_time(moment: str, asked: float) -> None:
    past = Past()
    given: Any = past

    assert replay._moved_to(given, replay._place_or_time(moment)) is given
    assert past.asked == [asked]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "give payment ids, or --since for all decisions of a time"),
        (("P-1", "--since", "1h"), "give payment ids, or --since for all decisions of a time"),
        (("P-1", "--policies", "config", "--at", "7"), "--policies is for decisions as they were taken"),
    ],
)
def test_a_replay_that_cannot_be_meant_is_refused(words: tuple[str, ...], line: str) -> None:
    done = run("replay", *words)

    assert done.exit_code == 2
    assert line in " ".join(done.output.split())


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a replay is asked, and what it finds."""
    held: dict[str, Any] = {"found": [SAME], "now": 1e9}

    def find(*given: Any) -> list[Recorded]:
        held["begin"] = given[3] and held["now"] - given[3]
        return [each.recorded for each in held["found"]]

    def again(*given: Any) -> Any:
        held["known"] = given[4]
        return iter(held["found"])

    def at(*given: Any) -> Any:
        held["at"] = given[2].asked
        return iter(held["found"])

    monkeypatch.setattr(replay, "time", SimpleNamespace(time=lambda: held["now"]))
    monkeypatch.setattr(replay, "find_decisions", find)
    monkeypatch.setattr(replay, "list_history", lambda *_: ())
    monkeypatch.setattr(replay, "PastList", lambda *_: Past())
    monkeypatch.setattr(replay, "replay", again)
    monkeypatch.setattr(replay, "replay_at", at)
    return held


def test_a_replay_exits_by_what_differs(replayed: dict[str, Any]) -> None:
    done = run("replay", "P\x1b-1")
    assert (done.exit_code, done.stdout) == (0, "P·-1: identical\n")
    assert done.stderr.endswith("1 replayed, 0 not as recorded\n")
    assert (replayed["known"], replayed["begin"]) == ({}, None)  # as long as the topic keeps it

    replayed["found"] = [SAME, OTHER, OTHER]
    done = run("replay", "--since", "1h", "--at", "7")
    assert (done.exit_code, replayed["at"], replayed["begin"]) == (1, [7], 3600)
    assert done.stderr.endswith("3 replayed, 2 not as recorded\n")
    assert "replayed" not in run("replay", "--since", "1h", "--json").stderr

    done = run("replay", "P\x1b-1", "P-3", "P-2")
    assert done.exit_code == 1
    told = " ".join(done.output.replace("│", " ").split())
    assert "no decision for P-2, P-3 on screening.decisions; a policy may leave out those of clear" in told


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        ("noon", "--at noon: an offset, or a time such as 2023-08-17T09:30:00Z"),
        ("²", "--at ²: an offset, or a time such as 2023-08-17T09:30:00Z"),
        ("2026-11-28T09:30:00", "say the offset of the time as well, such as Z or +02:00"),
    ],
)
def test_a_moment_that_is_none_is_refused_before_anything_is_asked(moment: str, line: str) -> None:
    done = run("replay", "P\x1b-1", "--at", moment)

    assert done.exit_code == 2
    assert line in " ".join(done.output.replace("│", " ").split())


# lists, mapping, tail, backtest


def test_the_status_of_lists_is_a_table_and_what_is_under_way_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    there = ListVersionThere("v1", 3, "0" * 64, AT)
    topic = TopicLists(
        {"ofac": there, "un": replace(there, version="v2")},
        coming={"eu": "v9"},
        forgotten=("uk",),
        withdrawn={"own": "tried out"},
        problems=["a problem"],
        end=9,
    )
    one = WorkerLists("w1", {"ofac": there}, 9)
    lists._print_status(topic, [one, WorkerLists("w2", error="w2 is away"), replace(one, worker="w3")])
    said = capsys.readouterr()
    rows = [line.strip("│┃ ").replace("│", " ").split() for line in said.out.splitlines() if "│" in line]

    applied = "2026-11-28T09:30:00.000+00:00"
    assert [[*row[:3], *row[-4:]] for row in rows[:2]] == [
        ["ofac", "v1", "3", "w1", "in", "force", applied],
        ["w3", "in", "force", "w3", "in", "force", applied],
    ]
    assert (rows[2][0], rows[2][-2:], rows[3]) == ("un", ["w1", "absent"], ["w3", "absent"])
    assert rows[4] == ["uk", "0", "missing"]
    lines = [line for line in said.out.splitlines() if line[:1].isalpha()]
    assert lines == ["eu: version v9 is being published", "own was withdrawn: tried out"]
    assert said.err == "a problem\nw2 is away\n"


def test_a_long_value_of_a_mapped_payment_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    most = mapping.MOST_SHOWN
    for length, cut in ((most, False), (most + 1, True)):
        event = {"id": "P-1", "parties": [{"role": "creditor", "name": "x" * length}]}
        (payment,) = decode_payment(orjson.dumps(event))
        mapping._show_payment(Console(width=500), payment)
        shown = capsys.readouterr().out
        assert ("…" in shown) is cut
        assert shown.count("x") - shown.count("ext") >= most


def test_a_tail_that_follows_shows_what_comes_and_of_it_what_is_wanted(
    topics: TopicsInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "end_when_the_clock_is_set_back", nullcontext)
    for number, outcome in enumerate(("clear", "hit")):
        value = orjson.dumps({"payment_id": f"P-ä{number}", "outcome": outcome})
        topics.put("screening.decisions", f"P-{number}", value, AT.timestamp())
        topics.coming.setdefault("screening.decisions", []).append((f"P-{number}", value, AT.timestamp()))
    done = run("tail", "decisions", "--follow", "--outcome", "hit")
    assert done.exit_code == 0, done.output

    assert '"payment_id": "P-ä1"' in run("tail", "decisions", "--json").stdout  # as a person reads it
    line = "2026-11-28 09:30:00Z  hit    P-ä1"
    assert done.stdout.splitlines() == [line, line]  # the newest, and then as it comes
    assert run("tail", "decisions", "--follow", "--outcome", "error").stderr.endswith(
        "nothing to show so far\n"
    )


def compared(until: str, proposed: str, left_out: int) -> bytes:
    report = Comparison().report()
    own = {"until": until, "current_policy": "c", "proposed_policy": proposed, "left_out": left_out}
    return orjson.dumps(report | own)


def test_a_shadow_report_is_of_the_newest_pair_and_of_the_time_that_is_asked_for(
    topics: TopicsInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest, "time", SimpleNamespace(time=lambda: 10_000.0))
    topic = "screening.shadow"
    topics.put(topic, "", compared("2026-01-01", "old", 90), 6_399.0)
    for at, until, proposed, left_out in (
        (6_400.0, "2026-01-03", "new", 1),
        (7_000.0, "2026-01-02", "old", 20),
        (8_000.0, "2026-01-01", "new", 3),
    ):
        topics.put(topic, "", compared(until, proposed, left_out), at)
    topics.put(topic, "", None, 9_000.0)
    report = json.loads(run("backtest", "--shadow", "--since", "1h", "--json").stdout)

    assert (report["proposed_policy"], report["left_out"], report["other_policies"]) == ("new", 4, 1)
    assert (report["current"], report["source"]) == ("the policy in force", topic)


def test_a_backtest_says_of_what_time_it_is_and_its_page_holds_any_text(
    topics: TopicsInMemory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page, csv = tmp_path / "é.html", tmp_path / "é</script>.csv"
    csv.parent.mkdir(parents=True, exist_ok=True)
    csv.write_text("uid,name\n1,Versor\n")
    monkeypatch.setattr(backtest, "_messages", lambda *_: iter(()))
    given = ("--since", "90m", "--list", f"csv:{csv}", "--against-list", f"csv:{csv}", "--html", str(page))
    told = json.loads(run("backtest", *given, "--json").stdout)

    assert told["source"] == "the last 1.5 hours"
    _, _, data = page.read_text().partition('id="report">')
    data, end, _ = data.partition("</script>")
    assert end and data.isascii()
    assert json.loads(data) == told
    assert topics.sent == []


def test_a_lookback_is_of_what_changed_in_its_time_unless_entries_are_named(
    topics: TopicsInMemory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed: Any = ListLog.__new__(ListLog)
    listed.written = {f"ofac:{at}": Written(1, float(at)) for at in (99, 100, 101)}
    asked = list[Any]()

    class Run:
        def __init__(self, *given: Any, **more: Any) -> None:
            asked.append((sorted(given[3]), more["since"], more["group"]))

        def run(self) -> Report:
            return Report(1)

    monkeypatch.setattr(lookback, "time", SimpleNamespace(time=lambda: 160.0))
    monkeypatch.setattr(lookback, "read_list", lambda *_: listed)
    monkeypatch.setattr(lookback, "LookbackRun", Run)
    for names in ((), ("ofac:99",)):
        lookback._once(load_settings(broker="b:1"), 60.0, names, as_json=True)

    assert asked == [
        (["ofac:100", "ofac:101"], 100.0, "interdict"),
        (["ofac:99"], 100.0, "interdict"),
    ]
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert topics.sent == []


@pytest.mark.parametrize(("name", "shown"), [("", "csv"), ("own", "own")])
def test_a_watched_list_is_measured_under_its_own_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, shown: str
) -> None:
    measured = list[str]()

    def metrics(of: str) -> Any:
        measured.append(of)
        raise KeyboardInterrupt

    monkeypatch.setattr(lists, "WatchMetrics", metrics)
    run("lists", "watch", "csv", str(tmp_path), *(("--name", name) if name else ()))

    assert measured == [shown]


@pytest.mark.parametrize(
    ("format_name", "location", "official", "kind"),
    [
        ("csv", "folder", False, FolderSource),
        ("csv", "httpx/folder", False, FolderSource),
        ("csv", "http://localhost/x.csv", False, UrlSource),
        ("ofac", None, True, OfficialSource),
        ("csv", None, True, "csv has no official address; name a folder or a URL."),
        ("csv", "folder", True, "Name a folder or a URL, or say --official; one of the two."),
        ("csv", None, False, "Name a folder or a URL, or say --official; one of the two."),
    ],
)
def test_a_list_comes_from_a_folder_an_address_or_its_own_authority(
    format_name: str, location: str | None, official: bool, kind: type | str
) -> None:
    if isinstance(kind, str):
        with pytest.raises(click.UsageError) as raised:
            lists._source(format_name, location, official)
        assert raised.value.message == kind
    else:
        assert type(lists._source(format_name, location, official)) is kind


def test_a_bar_is_as_wide_as_its_share_of_the_most() -> None:
    counts: Sides = {"both": 2, "only_current": 1, "only_proposed": 0}
    bar = _bar(counts, 4)

    half, quarter = PLOT_WIDTH / 2, PLOT_WIDTH / 4
    assert f'class="both" x="0.0" width="{half:.1f}"' in bar
    assert f'class="only_current" x="{half:.1f}" width="{quarter:.1f}"' in bar
    assert f'class="only_proposed" x="{half + quarter:.1f}" width="0.0"' in bar
    assert f'class="only_current" x="{PLOT_WIDTH * 2:.1f}" width="{PLOT_WIDTH:.1f}"' in _bar(counts, 1)
    assert 'width="0.0"' in _bar({"both": 0, "only_current": 0, "only_proposed": 0}, 0)


def test_a_kind_that_is_found_too_seldom_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    said = StringIO()
    monkeypatch.setattr(effectiveness, "Console", lambda: Console(file=said, force_terminal=True, width=100))
    misses = tuple(Miss("x:1", "A", "B") for _ in range(50))
    good, bad = KindResult("good", 100, ()), KindResult("bad", 100, misses)
    effectiveness._print(Effectiveness((good, bad), 0, ()))

    assert "\x1b[31m50.0%" in said.getvalue()
    assert "100.0%" in said.getvalue() and "\x1b[31m100.0%" not in said.getvalue()
