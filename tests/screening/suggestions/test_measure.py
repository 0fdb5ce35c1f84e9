"""Claims about how suggestions are measured: by what people found afterwards, each pair once."""

from datetime import UTC, datetime

from screening.cases.dispositions import Disposition, Given, Verdict
from screening.policy.suggestions import Suggested
from screening.suggestions.measure import Made, measure


def at(hour: int) -> datetime:
    return datetime(2026, 11, 28, hour, tzinfo=UTC)


def made(pair: str, suggested: Suggested, hour: int, listed: str = "d" * 32) -> Made:
    rule = "" if suggested is Suggested.UNDECIDED else f"rule of {suggested}"
    return Made(f"{pair}@{hour}", f"{pair}|ofac:1", listed, suggested, rule, at(hour))


def given(pair: str, verdict: Verdict, hour: int) -> Given:
    return Given(Disposition(pair, "ofac:1", "d" * 32, verdict, "ann", "asked", at(23)), at(hour))


def test_a_rule_is_right_as_often_as_people_say() -> None:
    found = measure(
        [
            made("a", Suggested.FALSE_POSITIVE, 8),
            made("b", Suggested.FALSE_POSITIVE, 8),
            made("c", Suggested.UNDECIDED, 8),
            made("d", Suggested.TRUE_POSITIVE, 8),
        ],
        [
            given("a", Verdict.FALSE_POSITIVE, 9),
            given("b", Verdict.TRUE_POSITIVE, 9),
            given("c", Verdict.TRUE_POSITIVE, 9),
        ],
    )

    assert (found.pairs, found.judged) == (4, 3)
    assert found.by_rule["rule of false_positive"].precision == 0.5
    assert found.cleared_wrongly == ["b@8"]
    assert found.found[Suggested.UNDECIDED, Verdict.TRUE_POSITIVE] == 1


def test_the_last_suggestion_before_the_disposition_is_measured() -> None:
    several = [
        made("a", Suggested.TRUE_POSITIVE, 7),
        made("a", Suggested.FALSE_POSITIVE, 8),
        made("a", Suggested.TRUE_POSITIVE, 10),
    ]

    found = measure(several, [given("a", Verdict.TRUE_POSITIVE, 9)])

    assert found.cleared_wrongly == ["a@8"]


def test_what_was_known_before_or_of_another_entry_measures_nothing() -> None:
    found = measure(
        [made("a", Suggested.TRUE_POSITIVE, 10), made("b", Suggested.TRUE_POSITIVE, 8, "e" * 32)],
        [given("a", Verdict.TRUE_POSITIVE, 9), given("b", Verdict.TRUE_POSITIVE, 9)],
    )

    assert (found.pairs, found.judged) == (2, 0)
