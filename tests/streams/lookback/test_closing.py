"""A verdict closes the alerts of its pair, once; its withdrawal opens them again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from screening import Policy
from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from screening.designations import Designation
from screening.fingerprints import designation_fingerprint
from streams.audit.chain import NO_KEY
from streams.kafka.log import Record, TopicLog
from streams.lists.log import read_list
from streams.lists.status import read_topic
from streams.lookback.closing import AlertClosing, DispositionChange, changes_of, closed, reopened
from streams.lookback.updates import AlertUpdates, LatestAlert, updated
from streams.records.json import disposition_to_json
from streams.records.shapes import AlertRecord, HitRecord
from tests.kafka.topics import widen
from tests.streams.lookback.test_updates import RENAMED, alert, screener
from tests.streams.past import PETROV, VERSOR, Past, event
from tests.test_schemas import check_record

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
ONE_PERSON = SuppressionRules()


def verdict_on(hit: HitRecord, listed: Designation = VERSOR, **more: Any) -> Disposition:
    said: dict[str, Any] = {
        "fingerprint": hit["fingerprint"],
        "designation_id": listed.id,
        "designation_fingerprint": designation_fingerprint(listed),
        "verdict": Verdict.FALSE_POSITIVE,
        "by": "m.novak",
        "reason": "another Versor",
        "until": LATER,
    }
    return Disposition(**(said | more))


def told(record: AlertRecord, *, ids: set[str] | None = None, raised: float = 1.0) -> LatestAlert:
    return LatestAlert(raised, raised, record, record["hits"][0], ids or set())


def close(each: LatestAlert, at: float = 2.0, now: datetime = NOW, **more: Any) -> AlertRecord | None:
    verdict = verdict_on(each.hit, **more)
    return closed(each, verdict, DispositionChange(verdict, at, 7), now)


def test_a_closed_alert_keeps_its_id_and_says_by_whom_and_why() -> None:
    before = told(alert())
    after = close(before)

    assert after is not None
    check_record("alert", after)
    assert after["hits"] == [before.hit]
    said = {name: after["update"][name] for name in ("state", "what", "verdict", "by", "reason", "offset")}
    assert said == {
        "state": "closed",
        "what": "closed",
        "verdict": "false_positive",
        "by": "m.novak",
        "reason": "another Versor",
        "offset": 7,
    }


def test_what_was_told_is_not_told_again() -> None:
    after = close(told(alert()))

    assert after is not None
    assert close(told(after, ids={after["update"]["id"]})) is None


def test_a_verdict_closes_no_later_alert_no_other_state_of_the_entry_and_nothing_once_it_expired() -> None:
    assert close(told(alert(), raised=3.0), at=2.0) is None
    assert close(told(alert()), listed=RENAMED) is None
    assert close(told(alert()), now=LATER + timedelta(days=1)) is None


def test_a_record_that_speaks_of_another_pair_than_its_key_closes_nothing() -> None:
    """Workers suppress by it neither, so the pairs alert on."""
    verdict = verdict_on(told(alert()).hit)
    other, value = f"another|{VERSOR.id}", disposition_to_json(verdict)
    of_other = [
        Record(7, 2.0, other.encode(), value, {}),
        Record(8, 3.0, b"proposed|" + verdict.key.encode(), None, {}),
    ]
    own = Record(9, 4.0, verdict.key.encode(), value, {})

    both, rules = {verdict.key, other}, SuppressionRules()
    assert {each.disposition for each in changes_of(both, of_other, rules).values()} == {None}
    assert changes_of(both, [*of_other, own], rules)[verdict.key].disposition == verdict


def test_a_withdrawn_verdict_opens_what_it_closed_and_nothing_else() -> None:
    after = close(told(alert()))
    assert after is not None
    withdrawn = DispositionChange(None, 3.0, 8)

    again = reopened(told(after), withdrawn, NOW)

    assert again is not None
    assert (again["update"]["state"], again["update"]["what"]) == ("updated", "reopened")
    assert reopened(told(again), withdrawn, NOW) is None
    assert reopened(told(alert()), withdrawn, NOW) is None


def test_a_closed_alert_of_a_delisted_designation_is_not_told_its_delisting_again() -> None:
    delisted = updated(alert(), alert()["hits"][0], screener())
    assert delisted is not None
    after = close(told(delisted))
    assert after is not None

    assert updated(after, after["hits"][0], screener()) is None
    relisted = updated(after, after["hits"][0], screener(VERSOR))
    assert relisted is not None
    assert (relisted["update"]["what"], relisted["update"]["state"]) == ("relisted", "updated")


@pytest.fixture
def past(kafka: str, topic_prefix: str) -> Past:
    made = Past(kafka, topic_prefix)
    both = screener(VERSOR, PETROV)
    made.decide(event("P-1", "Versor s.r.o."), both, seconds_ago=60)
    made.decide(event("P-2", "Versor s.r.o."), both, seconds_ago=50, partition=1)
    made.decide(event("P-3", "Igor Petrov"), both, seconds_ago=40, partition=2)
    made.written()
    return made


def closing(past: Past, rules: SuppressionRules = ONE_PERSON) -> AlertClosing:
    return AlertClosing(
        past.client,
        past.topics,
        past.topics.prefix,
        window_seconds=3600.0,
        rules=rules,
        key=NO_KEY,
        every_seconds=0.0,
    )


def say(past: Past, verdict: Disposition | None, key: str = "") -> None:
    value = disposition_to_json(verdict) if verdict else b""
    pair = verdict.key if verdict and not key else key
    past.send(past.topics.dispositions, pair, value, 10, 0)
    past.written()


def states(past: Past) -> list[tuple[str, str]]:
    found = [(each["payment_id"], each.get("update", {}).get("what", "raised")) for each in past.alerts()]
    return sorted(found)


@pytest.mark.kafka
def test_the_pair_s_alerts_are_closed_once_also_when_their_progress_was_not_kept(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, *_) = [each["hits"][0] for each in past.alerts() if each["payment_id"] == "P-1"]
    say(past, verdict_on(first))

    with closing(past) as broken, monkeypatch.context() as patched:
        patched.setattr(TopicLog, "note", _crash)
        with pytest.raises(KeyboardInterrupt):
            broken.look()
    with closing(past) as one:
        assert one.look() == 0
        assert one.look() == 0

    raised = [("P-1", "raised"), ("P-2", "raised"), ("P-3", "raised")]
    assert states(past) == sorted([*raised, ("P-1", "closed"), ("P-2", "closed")])


@pytest.mark.kafka
def test_the_lookback_reads_lists_and_dispositions_of_topics_that_somebody_gave_more_partitions(
    past: Past,
) -> None:
    """It ended with a traceback at every start. A list is written to its topic's first partition alone, and
    a case system's client spreads its dispositions over all of them."""
    past.publish(VERSOR)
    for topic in (past.topics.designations, past.topics.history, past.topics.dispositions):
        widen(past.client["bootstrap.servers"], topic, 2)
    (first, *_) = [each["hits"][0] for each in past.alerts() if each["payment_id"] == "P-1"]
    verdict = verdict_on(first)
    past.send(past.topics.dispositions, verdict.key, disposition_to_json(verdict), 10, 1)
    past.send(past.topics.designations, "ofac:stray", b"{}", 10, 1)
    past.written()

    with closing(past) as one:
        assert one.look() == 2
    listed = read_list(past.client, past.topics.designations, Policy())
    assert [*listed.state().versions] == ["ofac"]
    assert read_topic(past.client, past.topics.designations).problems == []


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.kafka
def test_four_eyes_leave_an_alert_open_until_somebody_approves(past: Past) -> None:
    (first, *_) = [each["hits"][0] for each in past.alerts() if each["payment_id"] == "P-1"]
    verdict = verdict_on(first)
    with closing(past, rules=SuppressionRules(four_eyes=True)) as one:
        say(past, verdict)
        assert one.look() == 0
        say(past, replace(verdict, approved_by="a.kral"))
        assert one.look() == 2


@pytest.mark.kafka
def test_an_amendment_supersedes_a_closed_alert(past: Past) -> None:
    (first, *_) = [each["hits"][0] for each in past.alerts() if each["payment_id"] == "P-1"]
    say(past, verdict_on(first))
    with closing(past) as one:
        assert one.look() == 2

    assert AlertUpdates(past.client, past.topics, 0.0).send({VERSOR.id}, screener(RENAMED)) == 2
    with closing(past) as one:
        assert one.look() == 0
    assert states(past).count(("P-1", "amended")) == 1
