"""What a case says of an alert: its groups, and when and by what it was closed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from screening.cases.dispositions import Disposition, Given, SuppressionRules, Verdict
from streams.caseload import NONE, _case, read_cases
from streams.kafka.topics import Topics
from streams.lookback.updates import LatestAlert
from tests.streams.topics_in_memory import TopicsInMemory

RAISED, LAST, JUDGED = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3))
HIT: Any = {
    "alert_id": "A",
    "fingerprint": "f",
    "reason": "name",
    "action": "hold",
    "designation": {"id": "ofac:1", "fingerprint": "g"},
}
UNTIL = datetime(2026, 11, 4, tzinfo=UTC)
FALSE = Disposition("f", "ofac:1", "g", Verdict.FALSE_POSITIVE, "ann", "why", UNTIL)
RULES = SuppressionRules()


def latest(**alert: Any) -> LatestAlert:
    made: Any = {"payment_id": "P-1", "hits": [HIT], **alert}
    return LatestAlert(RAISED.timestamp(), LAST.timestamp(), made, HIT, set())


def closed(given: Given | None, **alert: Any) -> tuple[Any, Any]:
    case = _case(latest(**alert), {FALSE.key: given} if given else {}, RULES)
    assert (case.alert_id, case.pair, case.raised) == ("A", "f|ofac:1", RAISED)
    return case.closed, case.verdict


@pytest.mark.parametrize(
    ("given", "update", "found"),
    [
        (None, None, (None, None)),
        (Given(FALSE, JUDGED), None, (JUDGED, Verdict.FALSE_POSITIVE)),
        (Given(FALSE, datetime(2026, 10, 1, tzinfo=UTC)), None, (RAISED, Verdict.FALSE_POSITIVE)),
        (Given(FALSE), None, (None, None)),  # nobody says when
        (Given(replace(FALSE, until=RAISED), datetime(2026, 10, 1, tzinfo=UTC)), None, (None, None)),
        (Given(FALSE, UNTIL), None, (None, None)),  # over when it came
        (Given(replace(FALSE, designation_fingerprint="h"), JUDGED), None, (None, None)),
        (None, {"what": "amended"}, (None, None)),
        (None, {"what": "closed", "verdict": "true_positive"}, (LAST, Verdict.TRUE_POSITIVE)),
        (
            Given(FALSE, JUDGED),
            {"what": "closed", "verdict": "true_positive"},
            (JUDGED, Verdict.FALSE_POSITIVE),
        ),
    ],
)
def test_an_alert_is_closed_by_the_disposition_that_stands_or_by_what_its_topic_says(
    given: Given | None, update: Any, found: tuple[Any, Any]
) -> None:
    assert closed(given, **({"update": update} if update else {})) == found


AGENT = {"role": "debtor_agent"}


@pytest.mark.parametrize(
    ("payment", "rail", "bank"),
    [
        (None, NONE, NONE),
        ({}, NONE, NONE),
        ({"rail": "sepa", "parties": [{"role": "debtor", "names": ["Ann"]}]}, "sepa", NONE),
        ({"rail": "", "parties": [AGENT]}, NONE, NONE),
        ({"parties": [{**AGENT, "names": ["Bank"], "accounts": ["BIC"]}]}, NONE, "Bank"),
        (
            {"parties": [{"role": "creditor_agent", "names": ["B"]}, {**AGENT, "accounts": ["BIC"]}]},
            NONE,
            "BIC",
        ),
    ],
)
def test_a_case_is_grouped_by_list_reason_action_rail_and_bank(payment: Any, rail: str, bank: str) -> None:
    case = _case(latest(payment=payment), {}, RULES)

    assert case.groups == {"list": "ofac", "reason": "name", "action": "hold", "rail": rail, "bank": bank}


def test_cases_are_those_of_the_time_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = TopicsInMemory()
    topics.stand_in(monkeypatch)
    for number in range(3):
        alert = {"payment_id": f"P-{number}", "hits": [HIT, {**HIT, "alert_id": "B"}]}
        topics.put("t-screening.alerts", f"P-{number}", orjson.dumps(alert), RAISED.timestamp() + number)
    asked = read_cases(
        {"bootstrap.servers": "b:1"}, Topics("t-"), RAISED.timestamp() + 1, [Given(FALSE, JUDGED)], RULES
    )
    cases = [*asked]

    assert [(case.alert_id, case.verdict) for case in cases] == [
        ("A", Verdict.FALSE_POSITIVE),
        ("B", Verdict.FALSE_POSITIVE),
    ] * 2
