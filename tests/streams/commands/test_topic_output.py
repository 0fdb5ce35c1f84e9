"""What commands say of topics: each line, each exit code, with the place and the remedy; topics in memory."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import rich_click as click
from click.testing import CliRunner, Result

from screening import Designation
from screening.cases.dispositions import Disposition, Verdict
from screening.fingerprints import designation_fingerprint
from screening.policy.answers import Cause
from streams.audit.dead_letters import Replayed
from streams.cli import main
from streams.commands import answers, dead_letters, dispositions, lookback, recheck
from streams.lists.log import ListLog
from streams.lookback.run import Report
from streams.records.dead_letters import Again, dead_letter, replay_headers
from streams.records.headers import dead_letter_headers
from streams.records.json import designation_to_json, disposition_to_json
from streams.records.stops import Stop, StoppedHit, stop_to_json
from tests.streams.past import PETROV, VERSOR
from tests.streams.records.test_dead_letters import Message
from tests.streams.topics_in_memory import TopicsInMemory

READ_TOPICS = (answers, dead_letters, dispositions, recheck)
"""Imported here, so that their topics are in memory."""
PREFIX = "t-"
NOW = datetime.now(UTC).replace(microsecond=0)
HITS = (StoppedHit(("f", "g"), "ofac:1", "d"), StoppedHit((), "ofac:2", "d"))
STOP = Stop(Cause.HOLD, "rtp", hits=HITS, at=1795867200.0, payment_ids=("P-1", "P-2"))


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> TopicsInMemory:
    made = TopicsInMemory()
    made.stand_in(monkeypatch)
    return made


def run(*words: str, **settings: str) -> Result:
    environment = {f"INTERDICT_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(main, [*words, "--broker", "b:1", "--prefix", PREFIX], env=environment)


def said(*words: str, **settings: str) -> list[Any]:
    done = run(*words, **settings)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(*words: str, code: int, **settings: str) -> str:
    """The last line of what a command says that ends with an error."""
    done = run(*words, **settings)
    assert done.exit_code == code, done.output
    return " ".join(done.output.replace("│", " ").split())


# answers

AT = "t-payments-3@17"
WHO = ("--by", "ann", "--reason", "why")


def test_stopped_payments_are_listed_as_they_were_last_written(topics: TopicsInMemory) -> None:
    stops = "t-screening.stops"
    topics.put(stops, AT, stop_to_json(Stop(Cause.ERROR)))
    topics.put(stops, "t-payments-0@1", stop_to_json(STOP))
    topics.put(stops, "t-payments-0@2", stop_to_json(Stop(Cause.ERROR, ended=True)))
    topics.put(stops, "t-payments-0@1", None)
    topics.put(stops, AT, stop_to_json(STOP))
    topics.put(stops, "t-payments-0@3", stop_to_json(Stop(Cause.ERROR)))

    assert said("answers", "stopped") == [
        {
            "event": AT,
            "payments": ["P-1", "P-2"],
            "cause": "hold",
            "rail": "rtp",
            "at": "2026-11-28T12:00:00+00:00",
            "pairs": ["f|ofac:1"],
        },
        {"event": "t-payments-0@3", "payments": [], "cause": "error", "rail": "", "at": None, "pairs": []},
    ]
    assert topics.servers == {"b:1"}


@pytest.mark.parametrize(("word", "approved"), [("release", "bob"), ("reject", "")])
def test_a_word_on_a_stopped_payment_is_written_with_who_and_why(
    topics: TopicsInMemory, word: str, approved: str
) -> None:
    topics.put("t-screening.stops", AT, stop_to_json(STOP))
    done = run("answers", word, AT, *WHO, "--approved-by", approved, four_eyes="true")

    assert (done.exit_code, done.stdout) == (0, f"{AT}: {word} by ann\n")
    ((topic, key, value),) = topics.sent
    assert (topic, key) == ("t-screening.dispositions", f"event|{AT}")
    assert json.loads(value or b"") == {
        "event": AT,
        "word": word,
        "by": "ann",
        "reason": "why",
        "approved_by": approved,
    }


@pytest.mark.parametrize(
    ("words", "four_eyes", "code", "line"),
    [
        (("payments-3@17", *WHO), False, 2, "is no payment's record; write it like t-payments-3@17"),
        ((AT, "--by", " ", "--reason", "why"), False, 2, "by is missing; say who decides it, and why"),
        ((AT, *WHO), True, 2, "four eyes: a second person must approve it, see --approved-by"),
        ((AT, *WHO), False, 1, f"{AT} does not wait; `interdict answers stopped` lists what does"),
    ],
)
def test_a_word_that_cannot_count_is_refused_and_not_written(
    topics: TopicsInMemory, words: tuple[str, ...], four_eyes: bool, code: int, line: str
) -> None:
    topics.put("t-screening.stops", AT, stop_to_json(Stop(Cause.HOLD, ended=True)))  # rejected: that is final
    assert line in refused("answers", "release", *words, code=code, four_eyes=str(four_eyes).lower())
    assert topics.sent == []


def test_answers_that_are_off_say_how_they_are_switched_on() -> None:
    line = refused("answers", "run", code=2)

    assert "answers are off; set INTERDICT_ANSWERS=true and run `interdict topics create`" in line


# dispositions

HIT = {
    "alert_id": "a1",
    "fingerprint": "f",
    "reason": "name",
    "designation": {"id": VERSOR.id, "fingerprint": designation_fingerprint(VERSOR)},
}
GIVEN = ("--by", "ann", "--reason", "other company", "--for", "30d")


def alerted(topics: TopicsInMemory, days_ago: float, hit: dict[str, Any] | None = None) -> None:
    at = time.time() - days_ago * 86400
    hits = [{"alert_id": "a0", "designation": {"id": "x"}}, HIT if hit is None else hit]
    value = orjson.dumps({"payment_id": "P-1", "hits": hits})
    topics.put("t-screening.alerts", "P-0", None, at)
    topics.put("t-screening.alerts", "P-1", value, at)


def test_a_disposition_names_the_pair_of_its_alert(topics: TopicsInMemory) -> None:
    alerted(topics, 400)  # the topic is kept as long as who runs it says
    before = datetime.now(UTC).replace(microsecond=0)
    done = run("dispositions", "add", "a1", "--verdict", "false_positive", *GIVEN, "--approved-by", "bob")

    assert done.exit_code == 0, done.output
    ((topic, key, value),) = topics.sent
    told = json.loads(value or b"")
    until = datetime.fromisoformat(told.pop("until"))
    assert (topic, key) == ("t-screening.dispositions", f"f|{VERSOR.id}")
    assert timedelta(days=30) <= until - before < timedelta(days=30, minutes=1)
    assert done.stdout == f"f|{VERSOR.id}: false_positive until {until.isoformat()}\n"
    assert told["verdict"] == "false_positive"
    assert [told[name] for name in ("by", "reason", "approved_by")] == ["ann", "other company", "bob"]
    assert told["designation_fingerprint"] == designation_fingerprint(VERSOR)


@pytest.mark.parametrize(
    ("days_ago", "hit", "words", "code", "line"),
    [
        (1, None, ("a2", *GIVEN), 1, "no alert a2 on t-screening.alerts; give the value of hits[].alert_id"),
        (1, None, ("a2", *GIVEN), 1, "no alert a2 on t-screening.alerts"),
        (1, None, ("a1", *GIVEN[:-1], "367d"), 2, "a false positive counts for 366 days at most"),
        (
            1,
            {"alert_id": "a1", "designation": {"id": "x"}},
            ("a1", *GIVEN),
            2,
            "a version without fingerprints",
        ),
    ],
)
def test_a_disposition_that_cannot_be_given_says_why(
    topics: TopicsInMemory,
    days_ago: float,
    hit: dict[str, Any] | None,
    words: tuple[str, ...],
    code: int,
    line: str,
) -> None:
    alerted(topics, days_ago, hit)

    assert line in refused("dispositions", "add", *words, "--verdict", "false_positive", code=code)
    assert topics.sent == []


def test_a_disposition_says_whose_place_it_took(topics: TopicsInMemory) -> None:
    alerted(topics, 1)
    judge(topics, "f", VERSOR, Verdict.TRUE_POSITIVE, reason="asked\x1b the bank")
    done = run("dispositions", "add", "a1", "--verdict", "false_positive", *GIVEN)

    assert done.stderr == "it took the place of true_positive by ann: asked· the bank\n"


def test_a_withdrawal_is_a_record_without_a_value(topics: TopicsInMemory) -> None:
    topics.put("t-screening.dispositions", "f|ofac:1", b"{}")
    done = run("dispositions", "remove", "f|ofac:1")

    assert (done.exit_code, done.stdout) == (0, "f|ofac:1: withdrawn\n")
    assert topics.sent == [("t-screening.dispositions", "f|ofac:1", None)]


def test_a_pair_without_a_disposition_is_not_said_to_be_withdrawn(topics: TopicsInMemory) -> None:
    topics.put("t-screening.dispositions", "f|ofac:1", b"{}")
    topics.put("t-screening.dispositions", "f|ofac:2", b"{}")
    topics.put("t-screening.dispositions", "f|ofac:2", None)

    for pair in ("f|ofac:11", "f|ofac:2"):
        assert "no disposition stands" in refused("dispositions", "remove", pair, code=1)
    assert topics.sent == []


def judge(
    topics: TopicsInMemory, party: str, listed: Designation, verdict: Verdict, at: datetime = NOW, **more: Any
) -> None:
    given: dict[str, Any] = {"by": "ann", "reason": "why", "until": at + timedelta(days=30)}
    marks = (party, listed.id, designation_fingerprint(listed), verdict)
    one = Disposition(*marks, **(given | more))
    topics.put("t-screening.dispositions", one.key, disposition_to_json(one), at.timestamp())


def test_dispositions_are_listed_as_they_stand(topics: TopicsInMemory) -> None:
    judge(topics, "f", VERSOR, Verdict.FALSE_POSITIVE)
    judge(topics, "g", VERSOR, Verdict.TRUE_POSITIVE)
    topics.put("t-screening.dispositions", f"f|{VERSOR.id}", None)
    judge(topics, "h", PETROV, Verdict.FALSE_POSITIVE)

    assert [row["fingerprint"] for row in said("dispositions", "list")] == ["g", "h"]


def test_what_people_and_payers_wrote_is_no_markup_and_is_shown_whole(topics: TopicsInMemory) -> None:
    """It ended the report, and a dead letter's key `dead-letters list`, with a traceback."""
    judge(topics, "f", VERSOR, Verdict.FALSE_POSITIVE, reason="[/b] \x1b")
    topics.put("t-screening.dispositions", "x|y", b"\xff")
    dead(topics, 17, "not_json", time.time(), b"[/b]")
    report, letters = run("dispositions", "report"), run("dead-letters", "list")

    assert (report.exit_code, letters.exit_code) == (0, 0), report.output + letters.output
    assert "[/b]" in letters.stdout and "\x1b" not in report.stdout
    assert "[/b]" in report.stdout and "…" not in report.stdout
    assert len(said("dispositions", "list")) == 1


def test_the_report_counts_by_list_and_says_what_each_false_positive_does_today(
    topics: TopicsInMemory,
) -> None:
    topics.put("t-designations", VERSOR.id, None)
    topics.put("t-designations", VERSOR.id, designation_to_json(VERSOR))
    topics.put("t-designations", PETROV.id, designation_to_json(PETROV))
    topics.put("t-designations", PETROV.id, None)
    topics.put("t-screening.dispositions", "x|y", b"no disposition")
    old = NOW - timedelta(days=40)
    judge(topics, "f", VERSOR, Verdict.FALSE_POSITIVE, NOW - timedelta(hours=1), approved_by="bob")
    judge(topics, "g", VERSOR, Verdict.TRUE_POSITIVE)
    judge(topics, "h", PETROV, Verdict.FALSE_POSITIVE, hit_reason="identifier", approved_by="bob")
    judge(topics, "i", VERSOR, Verdict.FALSE_POSITIVE, old, approved_by="bob")
    judge(topics, "j", VERSOR, Verdict.FALSE_POSITIVE, NOW - timedelta(hours=2))
    rows = said("dispositions", "report", "--json", four_eyes="true")

    rates = [row for row in rows if "precision" in row]
    assert rates == [
        {"list": "ofac", "reason": "identifier", "true": 0, "false": 1, "precision": 0.0},
        {"list": "ofac", "reason": "unknown", "true": 1, "false": 3, "precision": 0.25},
    ]
    silenced = rows[2:]
    assert [row["pair"][0] for row in silenced] == ["h", "f", "j", "i"]  # the last to end first
    assert silenced[1] == {
        "pair": f"f|{VERSOR.id}",
        "by": "ann",
        "approved_by": "bob",
        "why": "why",
        "given": (NOW - timedelta(hours=1)).isoformat(),
        "until": (NOW - timedelta(hours=1) + timedelta(days=30)).isoformat(),
        "today": "silent",
    }
    assert all(row["today"] != "silent" for row in (silenced[0], silenced[2], silenced[3]))
    table = run("dispositions", "report", four_eyes="true").stdout
    assert "4 false positives, 3 of them would alert today" in table
    assert "25.0%" in table


# dead letters


def dead(topics: TopicsInMemory, offset: int, code: str, at: float, key: bytes = b"P-1") -> None:
    message = Message(offset=offset, key=key)
    headers = dead_letter_headers(message, code, "at 1", "1.0")
    topics.put("t-screening.dead-letters", key.decode(), b"bytes", at, headers)


@pytest.fixture
def letters(topics: TopicsInMemory) -> TopicsInMemory:
    """Three of different times, reasons and keys; the second was sent again."""
    now = time.time()
    dead(topics, 17, "not_json", now - 7_200)
    dead(topics, 18, "too_large", now - 3_600, b"P-2")
    dead(topics, 17, "not_json", now - 3_000)  # a worker was killed, and wrote it twice
    (_, second, _) = topics.records["t-screening.dead-letters"]
    letter = dead_letter("t-screening.dead-letters", 0, second)
    assert letter
    topics.put(
        "t-screening.dead-letters",
        "P-2",
        None,
        now - 60,
        replay_headers(letter, Again("bob", "mended", "2026-11-28T09:30:00.123")),
    )
    dead(topics, 19, "not_json", now - 30, b"P-3")
    return topics


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(
    ("words", "offsets"),
    [
        ((), [17, 18, 19]),
        (("--waiting",), [17, 19]),
        (("--since", "90m"), [18, 17, 19]),
        (("--until", "90m"), [17]),
        (("--reason", "too_large"), [18]),
        (("--key", "P-1", "--key", "P-3"), [17, 19]),
    ],
)
def test_dead_letters_are_chosen_by_time_reason_and_key(words: tuple[str, ...], offsets: list[int]) -> None:
    rows = said("dead-letters", "list", "--json", *words)

    assert [row["event"] for row in rows] == [f"payments-3@{offset}" for offset in offsets]


@pytest.mark.usefixtures("letters")
def test_a_dead_letter_is_shown_whole_and_its_bytes_only_where_they_are_asked_for() -> None:
    row = said("dead-letters", "list", "--json", "--values", "--reason", "too_large")[0]

    at = datetime.fromisoformat(row.pop("at"))
    assert abs(at.timestamp() - (time.time() - 3_600)) < 60
    assert row == {
        "place": "t-screening.dead-letters-0@1",
        "key": "P-2",
        "reason": "too_large",
        "message": "at 1",
        "event": "payments-3@18",
        "decision_id": None,
        "version": "1.0",
        "bytes": 5,
        "sent_again": {"at": "2026-11-28T09:30:00.123", "by": "bob", "why": "mended"},
        "value_base64": "Ynl0ZXM=",
    }
    assert "value_base64" not in said("dead-letters", "list", "--json")[0]
    assert "--values goes with --json" in refused("dead-letters", "list", "--values", code=2)


@pytest.mark.usefixtures("letters")
def test_the_table_of_dead_letters_says_who_sent_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = run("dead-letters", "list")

    assert "2026-11-28T09:30:00 by bob: mended" in done.stdout
    assert done.stderr == "3 dead letters, 2 not sent again\n"
    assert f"{datetime.fromtimestamp(time.time() - 3_600, UTC):%Y-%m-%d }" in done.stdout


def test_a_replay_says_what_it_would_send_and_what_it_sent(
    letters: TopicsInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("dead-letters", "replay", "--by", "ann", "--why", "mended")
    would = {"would_send": 2, "sent_before": 1, "gone": []}
    assert said(*words, "--all", "--dry-run", "--json") == [would]
    assert run(*words, "--all", "--dry-run").stdout == "2 would be sent, 1 sent before\n"
    for field in ("--by", "--why"):
        line = refused(*words, "--all", field, " ", code=2)
        assert "--by and --why are kept for the auditor; they cannot be empty" in line
    assert "say which: --since, --until, --reason, --key, or --all" in refused(*words, code=2)

    first = dead_letter("t-screening.dead-letters", 0, letters.records["t-screening.dead-letters"][0])
    asked = list[tuple[Any, ...]]()

    def replayed(client: Any, topics: Any, *more: Any) -> Replayed:
        asked.append((client["bootstrap.servers"], topics.payments, more[0], *more[2:4]))
        return Replayed(sent=2, known=1, gone=[first] if first and len(asked) > 1 else [])

    monkeypatch.setattr(dead_letters, "replay", replayed)
    assert said(*words, "--key", "P-1", "--json") == [{"sent": 2, "sent_before": 1, "gone": []}]
    done = run(*words, "--since", "1h")
    assert (done.exit_code, done.stdout) == (1, "2 sent again, 1 sent before\n")
    assert done.stderr == "payments-3@17: its bytes are kept nowhere any more; ask its sender\n"
    assert asked == [("b:1", "t-payments", "interdict", "ann", "mended")] * 2


# lookback and recheck


@pytest.mark.parametrize(
    ("report", "line", "beside"),
    [
        (
            Report(payments=4_000, designations=1_200, alerts=3, seconds=2.0, unreadable=0),
            "4,000 payments against 1,200 designations: 3 new alerts, 2.0 s, 2,000 payments/s\n",
            "",
        ),
        (
            Report(payments=1, designations=1, alerts=0, seconds=0.0, unreadable=2, resumed=True),
            "1 payments against 1 designations, resumed: 0 new alerts, 0.0 s, 0 payments/s\n",
            "2 messages are no payments; see the dead letters\n",
        ),
        (
            Report(designations=1, gone_before="2026-11-20T08:00:00+00:00"),
            "0 payments against 1 designations: 0 new alerts, 0.0 s, 0 payments/s\n",
            "payments from before 2026-11-20T08:00:00+00:00 are gone: nobody looked at them\n",
        ),
    ],
)
def test_a_lookback_says_what_it_did(
    capsys: pytest.CaptureFixture[str], report: Report, line: str, beside: str
) -> None:
    lookback._print(report, as_json=False)
    assert capsys.readouterr() == (line, beside)

    lookback._print(report, as_json=True)
    assert json.loads(capsys.readouterr().out)["payments"] == report.payments


def test_a_designation_that_no_list_has_is_named() -> None:
    listed: Any = ListLog.__new__(ListLog)
    listed.written = {"ofac:1": None}

    lookback._refuse_unknown(("ofac:1",), listed)
    with pytest.raises(click.UsageError, match=r"^not on any list in force: ofac:2, un:3$"):
        lookback._refuse_unknown(("ofac:2", "ofac:1", "un:3"), listed)


def decision(payment_id: str, decided_with: int, **more: Any) -> bytes:
    event = {"topic": "t-payments", "partition": 2, "offset": 7, "timestamp_ms": 9_000}
    said = {"payment_id": payment_id, "outcome": "clear", "hits": [], "event": event}
    return orjson.dumps(said | {"list": {"offsets": {"0": decided_with}}} | more)


def test_a_dry_recheck_names_each_and_counts_what_it_could_not_check(topics: TopicsInMemory) -> None:
    topics.put("t-designations", VERSOR.id, designation_to_json(VERSOR), 1.0)
    now = time.time()
    topics.put("t-screening.decisions", "P-0", decision("P-0", 0), now - 90_000)  # before the last day
    topics.put("t-screening.decisions", "P-1", decision("P-1", 1), now)
    clean = run("recheck")
    assert clean.exit_code == 0
    assert clean.stdout == "1 decisions, 0 taken with a list older than their payment\n"

    topics.put("t-screening.decisions", "P-2", decision("P\x1b-2", 0), now)
    without = decision("P-3", 0).replace(b'"event"', b'"place"')
    topics.put("t-screening.decisions", "P-3", without, now)
    topics.put("t-screening.decisions", "P-4", b'{"payment_id": "P-4"}', now)
    told = run("recheck", "--dry-run")
    assert (told.exit_code, told.stdout.splitlines()[0]) == (1, "t-payments-2@7 P·-2: stale")
    summary = "3 decisions, 1 taken with a list older than their payment"
    assert told.stdout.splitlines()[1] == (
        f"{summary}; 1 do not name their event and could not be checked; "
        "1 records are no decisions and were passed over"
    )

    told = run("recheck", "--dry-run", "--json")
    place = {"topic": "t-payments", "partition": 2, "offset": 7, "timestamp_ms": 9_000}
    assert json.loads(told.stdout) == {"payment_id": "P\x1b-2", "event": place, "outcome": "stale"}
    assert told.stderr.startswith(summary)


def test_a_recheck_names_the_payments_of_requests_that_only_their_callers_can_ask_for_again(
    topics: TopicsInMemory,
) -> None:
    now = time.time()
    topics.put("t-designations", VERSOR.id, designation_to_json(VERSOR), 1.0)
    asked = {"screened_at": datetime.fromtimestamp(now, UTC).isoformat(), "latency_ms": 2.5}
    body = orjson.loads(decision("P\x1b-3", 0, **asked))
    del body["event"]
    topics.put("t-screening.decisions", "P-3", orjson.dumps(body), now)

    told = run("recheck", "--dry-run")
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "request P·-3: stale",
        "1 decisions, 0 taken with a list older than their payment; "
        "1 of `serve` with a list older than their requests: ask again",
    ]
    line = run("recheck", "--json").stdout.splitlines()[0]
    assert json.loads(line) == {"payment_id": "P\x1b-3", "event": None, "outcome": "stale"}
