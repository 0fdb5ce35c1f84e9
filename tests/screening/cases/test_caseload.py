"""What management is told of the alerts: counts, ages, deadlines and precision, by group."""

from datetime import UTC, datetime, timedelta

from screening.cases.caseload import Case, caseloads
from screening.cases.dispositions import Verdict

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(
    pair: str,
    age_hours: float,
    *,
    rail: str = "sepa",
    closed_after: float | None = None,
    verdict: Verdict | None = None,
) -> Case:
    raised = NOW - age_hours * HOUR
    closed = None if closed_after is None else raised + closed_after * HOUR
    return Case(f"alert-{pair}-{age_hours}", pair, {"list": "ofac", "rail": rail}, raised, closed, verdict)


def test_open_and_closed_alerts_have_their_ages() -> None:
    cases = [case("a", 5), case("b", 9), case("c", 20, closed_after=2, verdict=Verdict.FALSE_POSITIVE)]

    load = caseloads(cases, "list", NOW, {})["ofac"]

    assert (load.alerts, len(load.open_ages), load.oldest, load.usual) == (3, 2, 9 * HOUR, 2 * HOUR)
    assert load.late == 0


def test_an_alert_is_late_past_its_rails_deadline_answered_or_not() -> None:
    cases = [
        case("a", 5, rail="instant"),
        case("b", 5),
        case("c", 50, rail="instant", closed_after=2, verdict=Verdict.TRUE_POSITIVE),
        case("d", 50, rail="instant", closed_after=1, verdict=Verdict.TRUE_POSITIVE),
    ]

    found = caseloads(cases, "rail", NOW, {"instant": HOUR})

    assert {rail: load.late for rail, load in found.items()} == {"instant": 2, "sepa": 0}
    assert caseloads(cases, "rail", NOW, {"any": HOUR})["sepa"].late == 1


def test_a_pair_counts_once_in_precision_however_often_it_hit() -> None:
    judged = [case("a", age, closed_after=1, verdict=Verdict.FALSE_POSITIVE) for age in (30, 20, 10)]
    cases = [*judged, case("b", 8, closed_after=1, verdict=Verdict.TRUE_POSITIVE)]

    load = caseloads(cases, "list", NOW, {})["ofac"]

    assert load.precision == 0.5


def test_without_a_verdict_there_is_no_precision() -> None:
    load = caseloads([case("a", 1)], "list", NOW, {})["ofac"]

    assert (load.precision, load.usual) == (None, None)
