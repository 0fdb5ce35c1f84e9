"""What follows for an alert from a disposition, and when a lookback may begin; without a broker."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from screening.cases.dispositions import Disposition, Proposal, SuppressionRules, Verdict
from streams.kafka.log import Record
from streams.lookback import follow
from streams.lookback.closing import AlertClosing, DispositionChange, changes_of, closed, reopened
from streams.lookback.follow import ABANDONED_SECONDS, Follower
from streams.lookback.updates import LatestAlert
from streams.records.dispositions import proposal_to_json
from streams.records.json import disposition_to_json

NOW = datetime(2023, 8, 17, tzinfo=UTC)
HIT: Any = {"alert_id": "a", "fingerprint": "f", "designation": {"id": "x:1", "fingerprint": "g"}}
GIVEN = Disposition("f", "x:1", "g", Verdict.FALSE_POSITIVE, "ann", "why", NOW + timedelta(1))
CHANGE = DispositionChange(GIVEN, 100.0, 7)


def latest(**more: Any) -> LatestAlert:
    alert: Any = {"payment_id": "P-1", "hits": [HIT, HIT], **more}
    return LatestAlert(100.0, 100.0, alert, HIT, set())


@pytest.mark.parametrize(
    ("raised", "now", "fingerprint", "closes"),
    [
        (100.0, NOW, "g", True),
        (100.1, NOW, "g", False),  # raised after it was given
        (100.0, NOW + timedelta(1), "g", False),  # it counts no longer
        (100.0, NOW + timedelta(1) - timedelta(microseconds=1), "g", True),
        (100.0, NOW, "h", False),  # the list says something else of the designation
    ],
)
def test_a_disposition_closes_the_alerts_that_were_raised_before_it_while_it_holds(
    raised: float, now: datetime, fingerprint: str, closes: bool
) -> None:
    one = latest()
    one.raised = raised
    found = closed(one, replace(GIVEN, designation_fingerprint=fingerprint), CHANGE, now)

    assert (found is not None) is closes
    if found:
        update = found["update"]
        assert found["hits"] == [HIT]
        assert (update["what"], update["state"], update["offset"]) == ("closed", "closed", 7)
        assert (update["verdict"], update["by"], update["reason"]) == ("false_positive", "ann", "why")
        assert "delisted" not in update
        one.update_ids.add(update["id"])
        assert closed(one, GIVEN, CHANGE, now) is None  # it was told


def test_only_what_was_closed_is_opened_again_and_each_time_under_an_id_of_its_own() -> None:
    assert reopened(latest(), CHANGE, NOW) is None
    assert reopened(latest(update={"what": "amended", "id": "u"}), CHANGE, NOW) is None
    found = reopened(latest(update={"what": "closed", "id": "u"}), CHANGE, NOW)
    other = reopened(latest(update={"what": "closed", "id": "v"}), CHANGE, NOW)

    assert found and other and found["update"]["id"] != other["update"]["id"]
    assert (found["update"]["what"], found["update"]["state"]) == ("reopened", "updated")
    assert "by" not in found["update"]


@pytest.mark.parametrize(
    ("four_eyes", "approved_by", "verdict", "closes"),
    [
        (False, "", Verdict.FALSE_POSITIVE, True),
        (True, "", Verdict.FALSE_POSITIVE, False),
        (True, "bob", Verdict.FALSE_POSITIVE, True),
        (True, "", Verdict.TRUE_POSITIVE, True),
    ],
)
def test_with_four_eyes_a_false_positive_waits_for_the_second_pair(
    four_eyes: bool, approved_by: str, verdict: Verdict, closes: bool
) -> None:
    closing: Any = object.__new__(AlertClosing)
    closing._rules = SuppressionRules(four_eyes)
    given = replace(GIVEN, approved_by=approved_by, verdict=verdict)

    assert (closing._update_for(latest(), CHANGE._replace(disposition=given), NOW) is not None) is closes
    told = latest(update={"what": "closed", "id": "u"})
    assert closing._update_for(told, CHANGE._replace(disposition=None), NOW)["update"]["what"] == "reopened"


def test_the_last_word_on_a_pair_counts_and_what_cannot_be_read_ends_it_as_in_a_worker() -> None:
    given = disposition_to_json(GIVEN)
    for values, expected in (
        ((given,), DispositionChange(GIVEN, 5.0, 0)),
        ((given, b"{"), DispositionChange(None, 6.0, 1)),
        ((given, b"{", None, b"[]"), DispositionChange(None, 6.0, 1)),
        ((given, None, given), DispositionChange(GIVEN, 7.0, 2)),
    ):
        records = [Record(at, 5.0 + at, GIVEN.key.encode(), value, {}) for at, value in enumerate(values)]
        assert changes_of({GIVEN.key}, records, SuppressionRules()) == {GIVEN.key: expected}
        assert changes_of({"another|x:1"}, records, SuppressionRules()) == {}


def test_a_disposition_that_is_put_back_in_its_place_closes_nothing_again() -> None:
    first = closed(latest(), GIVEN, CHANGE, NOW)
    assert first is not None
    told = LatestAlert(100.0, 100.0, first, HIT, {first["update"]["id"]})

    assert closed(told, GIVEN, CHANGE._replace(offset=99), NOW) is None
    assert closed(told, GIVEN, CHANGE._replace(offset=99, at=100.001), NOW) is not None


def test_what_waits_for_a_second_person_neither_closes_nor_opens_an_alert() -> None:
    true = replace(GIVEN, verdict=Verdict.TRUE_POSITIVE)
    proposal = proposal_to_json(Proposal(true.key, "bob", "another man"))
    alone = [disposition_to_json(GIVEN), None, b"{"]
    records = [Record(3, 8.0, true.key.encode(), disposition_to_json(true), {})]
    records += [Record(4 + at, 9.0, true.key.encode(), value, {}) for at, value in enumerate(alone)]
    records.append(Record(7, 9.0, f"proposed|{true.key}".encode(), proposal, {}))
    found = changes_of({true.key}, records, SuppressionRules(four_eyes=True))
    assert found == {true.key: DispositionChange(true, 8.0, 3)}


def listed(problems: list[str], pending: dict[str, str]) -> Any:
    """A list with these problems and publications under way."""
    return SimpleNamespace(ledger=SimpleNamespace(problems=lambda: problems, pending=lambda: pending))


@pytest.mark.parametrize(
    ("problems", "pending", "silent", "begins"),
    [
        ([], {}, 0.0, True),
        (["a problem"], {}, 0.0, False),
        (["a problem"], {}, 1e6, False),
        ([], {"x": "v2"}, ABANDONED_SECONDS, False),  # it would soon bring more
        ([], {"x": "v2"}, ABANDONED_SECONDS + 1, True),  # its publisher has given up
    ],
)
def test_a_lookback_begins_with_a_whole_list_and_not_in_the_midst_of_a_publication(
    monkeypatch: pytest.MonkeyPatch, problems: list[str], pending: dict[str, str], silent: float, begins: bool
) -> None:
    class Clock:
        @staticmethod
        def time() -> float:
            return 1_000.0 + silent

    one: Any = object.__new__(Follower)
    one._listed, one._newest, one._reported = listed(problems, pending), 1_000.0, ()
    monkeypatch.setattr(follow, "time", Clock)

    assert one._may_begin() is begins
    assert one._reported == tuple(problems)


def test_what_keeps_a_lookback_from_beginning_is_said_once_until_it_is_something_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one: Any = object.__new__(Follower)
    one._newest, one._reported = 0.0, ()
    for problems in (["b"], ["b"], ["b", "c"], ["a"], [], [], ["a"], ["a"]):
        one._listed = listed(problems, {})
        assert one._may_begin() is (not problems)

    said = [each.getMessage().rpartition(": ")[2] for each in caplog.records]
    assert said == ["b", "b; c", "a", "a"]
