"""What the console shows, asks and refuses, on each bound and beyond it; without a broker."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from screening.cases.dispositions import Verdict
from screening.decisions import Outcome
from screening.designations import Designation, Kind, Link, Name
from streams.console.case_desk import (
    EXCERPT,
    SHOWN_HITS,
    _cut,
    _excerpt,
    offsets_from_text,
    offsets_to_text,
)
from streams.console.disposing import disposition_of
from streams.console.feed import (
    ALERTS_KEPT,
    LATENCIES_A_SECOND,
    SENT_A_SECOND,
    TICKS_KEPT,
    Feed,
    _quantile,
    designation_card,
)
from streams.console.giving import RefusedError, _days, _text
from streams.console.reading.words import SearchError

NOW = datetime(2023, 8, 17, 9, 30, 15, 123_456, tzinfo=UTC)
HIT: Any = {"fingerprint": "f", "reason": "name", "designation": {"id": "ofac:1", "fingerprint": "g"}}
DAY = timedelta(days=1)


def test_a_card_shows_whom_a_designation_names_and_whom_it_is_tied_to() -> None:
    link = Link("B", "owner", "ofac:2", 51.0)
    names = (Name("A"), Name("B"), Name("C"))
    listed = Designation("ofac:1", names, Kind.PERSON, ("P",), links=(link,), listed_on=date(2023, 8, 16))

    assert designation_card(listed) == {
        "id": "ofac:1",
        "name": "A",
        "aliases": ["B", "C"],
        "kind": "person",
        "programs": ("P",),
        "countries": (),
        "listed_on": date(2023, 8, 16),
        "links": [{"name": "B", "to": "ofac:2", "relation": "owner", "percent": 51.0}],
    }


@pytest.mark.parametrize(
    ("count", "share", "place"),
    [(1, 0.99, 0), (2, 0.5, 1), (100, 0.5, 50), (100, 0.99, 99), (10, 0.95, 9), (10, 0, 0)],
)
def test_a_quantile_is_the_nearest_rank(count: int, share: float, place: int) -> None:
    assert _quantile([*map(float, range(count))], share) == place


def told(feed: Feed, kind: str) -> list[Any]:
    with feed.subscribe() as (lately, _):
        return [orjson.loads(event.data) for event in lately if event.kind == kind]


@pytest.mark.parametrize("extra", [0, 1])
def test_so_many_a_second_are_told_and_the_rest_is_counted(extra: int) -> None:
    feed = Feed()
    for _ in range(SENT_A_SECOND + extra):
        feed.alert(b"{}")
        feed.designated(Designation("x:1", (Name("A"),)), "added", 0.5)
    assert len(told(feed, "alert")) == len(told(feed, "designation")) == SENT_A_SECOND

    feed.tick(NOW, 1.2345, {})
    (tick,) = told(feed, "tick")
    assert (tick["alerts"], tick["designations"], tick["seconds"]) == (SENT_A_SECOND + extra,) * 2 + (1.234,)
    assert (tick["at"], tick["latency"]) == ("2023-08-17T09:30:15.123+00:00", None)
    feed.delisted("x:1", 0.5)
    last = told(feed, "designation")[-1]
    assert (last["change"], last["designation"], last["effective_seconds"]) == ("removed", {"id": "x:1"}, 0.5)


def test_each_outcome_is_counted_by_itself() -> None:
    feed = Feed()
    for outcome in (Outcome.HIT, Outcome.ERROR, Outcome.ERROR, Outcome.CLEAR):
        feed.decided(outcome, 0.25)
    feed.tick(NOW, 1.0, {})

    (tick,) = told(feed, "tick")
    assert (tick["payments"], tick["hits"], tick["errors"]) == (4, 1, 2)
    assert tick["latency"] == {"p50": 0.25, "p95": 0.25, "p99": 0.25}


def test_latencies_are_a_sample_of_bounded_size_and_what_is_kept_is_bounded() -> None:
    feed = Feed()
    for number in range(3 * LATENCIES_A_SECOND):
        feed.decided(Outcome.CLEAR, float(number))
    kept = feed._second.latencies
    assert len(kept) == LATENCIES_A_SECOND
    assert 0.5 < sum(each >= LATENCIES_A_SECOND for each in kept) / len(kept) < 0.8  # two thirds came later

    for _ in range(TICKS_KEPT + ALERTS_KEPT + 5):
        feed.tick(NOW, 1.0, {})
        feed.alert(b"{}")
    assert (len(told(feed, "tick")), len(told(feed, "alert"))) == (TICKS_KEPT, ALERTS_KEPT)


@pytest.mark.parametrize("text", ["0:12", "0:12,1:40", "7:0"])
def test_offsets_are_written_as_they_are_read(text: str) -> None:
    assert offsets_to_text(offsets_from_text(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0:",
        ":1",
        "a:1",
        "0:b",
        "-1:1",
        "0:1,",
        "0:²",
        f"0:{'1' * 19}",
        ",".join(f"{n}:1" for n in range(10_001)),
    ],
)
def test_what_is_no_such_text_is_refused(text: str) -> None:
    with pytest.raises(SearchError, match="partition:offset"):
        offsets_from_text(text)
    assert len(offsets_from_text(",".join(f"{n}:{'1' * 18}" for n in range(10_000)))) == 10_000


def test_an_excerpt_is_cut_and_says_how_many_bytes_there_are() -> None:
    assert _excerpt(b"\xff" + b"x" * EXCERPT) == {
        "text": "\ufffd" + "x" * (EXCERPT - 1),
        "bytes": EXCERPT + 1,
    }
    assert _excerpt(b"x") == {"text": "x", "bytes": 1}
    umlauts = "ü" * (EXCERPT + 1)
    assert _excerpt(umlauts.encode())["text"] == umlauts[:EXCERPT]


def test_a_record_too_large_for_a_page_keeps_its_strongest_hits_and_says_how_many_are_not_shown() -> None:
    hit = {"id": 1, "explanation": [1], "network": [1]}
    whole: Any = {
        "payment": 1,
        "suppressed": 1,
        "notes": 1,
        "outcome": "hit",
        "hits": [hit] * (SHOWN_HITS + 2),
    }

    assert _cut(whole) == {
        "outcome": "hit",
        "hits": [{"id": 1}] * SHOWN_HITS,
        "hits_not_shown": 2,
        "cut": True,
    }
    assert _cut({"hits": 7}) == {"cut": True}
    assert _cut({"hits": [hit, 7]})["hits"] == [{"id": 1}]


def test_a_disposition_is_made_of_what_the_alert_says() -> None:
    found = disposition_of(
        HIT, Verdict.FALSE_POSITIVE, "ann", "why", lasts=DAY, longest=DAY, now=NOW, approved_by="bob"
    )

    assert (found.fingerprint, found.designation_id, found.designation_fingerprint) == ("f", "ofac:1", "g")
    assert (found.by, found.reason, found.approved_by, found.hit_reason) == ("ann", "why", "bob", "name")
    assert found.until == datetime(2023, 8, 18, 9, 30, 15, tzinfo=UTC)
    bare: Any = {name: said for name, said in HIT.items() if name != "reason"}
    found = disposition_of(bare, Verdict.TRUE_POSITIVE, "ann", "why", lasts=2 * DAY, longest=DAY, now=NOW)
    assert (found.hit_reason, found.approved_by, found.until.day) == ("", "", 19)


@pytest.mark.parametrize(
    ("verdict", "lasts", "why"),
    [
        (Verdict.FALSE_POSITIVE, DAY + timedelta(seconds=1), "counts for 1 days at most"),
        (Verdict.FALSE_POSITIVE, timedelta(), "must last for some time"),
        (Verdict.TRUE_POSITIVE, timedelta(seconds=-1), "must last for some time"),
    ],
)
def test_a_disposition_counts_for_some_time_and_not_for_too_long(
    verdict: Verdict, lasts: timedelta, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        disposition_of(HIT, verdict, "ann", "why", lasts=lasts, longest=DAY, now=NOW)
    found = disposition_of(HIT, verdict, "ann", "why", lasts=timedelta(seconds=1), longest=DAY, now=NOW)
    assert found.until == datetime(2023, 8, 17, 9, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize("lacks", ["fingerprint", "designation"])
def test_an_alert_of_before_fingerprints_says_what_it_lacks(lacks: str) -> None:
    hit: Any = {name: said for name, said in HIT.items() if name != lacks}
    with pytest.raises(ValueError, match=f"the alert has no '{lacks}'"):
        disposition_of(hit, Verdict.TRUE_POSITIVE, "ann", "why", lasts=DAY, longest=DAY, now=NOW)


@pytest.mark.parametrize("days", [True, "7", None, 0, -1, 36_526, 36_525.5, float("nan")])
def test_days_are_a_number_from_a_part_of_one_to_a_century(days: Any) -> None:
    with pytest.raises(RefusedError, match="days: a number from 1 to 36525") as refused:
        _days({"days": days})
    assert refused.value.status == 400
    assert [_days({"days": each}) for each in (0.5, 36_525)] == [0.5, 36_525.0]


@pytest.mark.parametrize("text", [None, 7, "", "  ", "x" * 11])
def test_a_text_has_some_characters_and_not_too_many(text: Any) -> None:
    with pytest.raises(RefusedError, match="reason: 1 to 10 characters"):
        _text({"reason": text}, "reason", 10)
    assert _text({"reason": " x "}, "reason", 10) == "x"
    assert _text({"reason": "x" * 10}, "reason", 10) == "x" * 10
