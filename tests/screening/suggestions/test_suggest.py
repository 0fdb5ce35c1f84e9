"""Claims about suggestions: facts with their sources, and what the shipped rules make of them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from screening.cases.dispositions import Disposition, Given, Verdict
from screening.decisions import Explanation, Reason, Tie
from screening.designations import Address, DateRange, Designation, Identifier, Kind, Name, NameType
from screening.policy.suggestions import About, Speaks, Suggested
from screening.suggestions import Case, Earlier, Fact, facts_of, suggest
from screening.suggestions.case import Beside
from streams.offline.policies import load_suggestions

AGREES = Explanation("1968-05-01", "1968", "birth date", 0.05, 1.0)
DIFFERS = Explanation("1990-05-01", "1968", "birth date", -0.15, 0.0)
NUMBER = Explanation("AB123456", "passport AB123456", "identifier", 1.0, 1.0)
SAME_COUNTRY = Explanation("RU", "RU", "country", 0.02, 1.0)
PETROV = Designation(
    "ofac:1",
    (Name("Igor Petrov", NameType.PRIMARY),),
    Kind.PERSON,
    identifiers=(Identifier("passport", "AB123456"),),
    birth_dates=(DateRange(date(1968, 1, 1), date(1968, 12, 31)),),
    addresses=(Address("12 Tverskaya Street", "Moscow", postal_code="125009", country="RU"),),
)


def case(*rows: Explanation, score: float = 1.0, reason: Reason = Reason.NAME, **more: Any) -> Case:
    return Case(
        alert_id="a" * 32,
        reason=reason,
        path="/parties/1/name",
        value="Igor Petrov",
        matched="" if reason is Reason.IDENTIFIER else "Igor Petrov",
        score=score,
        weak_alias=False,
        designation_id="ofac:1",
        rows=rows,
        listed=PETROV,
        **more,
    )


def earlier(verdict: Verdict, why_not: str = "expired") -> Earlier:
    until = datetime(2026, 1, 1, tzinfo=UTC)
    return Earlier(Given(Disposition("f" * 32, "ofac:1", "d" * 32, verdict, "ann", "asked", until)), why_not)


def fact(about: About, of: Case) -> Fact | None:
    return next((each for each in facts_of(of) if each.about is about), None)


@pytest.mark.parametrize(
    ("of", "suggested", "rule"),
    [
        (case(AGREES), "true_positive", "same name and birth date"),
        (case(DIFFERS), "false_positive", "born on another day"),
        (case(DIFFERS, SAME_COUNTRY), "undecided", ""),
        (case(DIFFERS, earlier=earlier(Verdict.TRUE_POSITIVE)), "true_positive", "found true before"),
        (case(earlier=earlier(Verdict.FALSE_POSITIVE)), "false_positive", "found false before"),
        (case(AGREES, earlier=earlier(Verdict.FALSE_POSITIVE)), "true_positive", "same name and birth date"),
        (case(AGREES, score=0.85), "undecided", ""),
        (case(), "undecided", ""),
        (
            case(NUMBER, reason=Reason.IDENTIFIER),
            "true_positive",
            "their number",
        ),
        (case(addresses=("Tverskaya Street 12", "125009 MOSCOW")), "true_positive", "same name and address"),
        (
            case(Explanation("person", "vessel", "kind", -0.15, 0.0)),
            "false_positive",
            "of another kind",
        ),
        (
            case(same_value=(Beside("b" * 32, "Igor Petrov", "un:2", "Igor Petrov", (AGREES,)),)),
            "false_positive",
            "another entry fits better",
        ),
    ],
)
def test_the_shipped_rules_suggest(of: Case, suggested: str, rule: str) -> None:
    found = suggest(of, load_suggestions(None))

    assert (found.suggested, found.rule) == (suggested, rule)


def test_a_suggestion_is_named_by_its_alert_alone() -> None:
    first, again = (suggest(case(each), load_suggestions(None)) for each in (AGREES, DIFFERS))

    assert first.suggestion_id == again.suggestion_id
    assert first.suggested is not again.suggested


def test_every_fact_names_both_sides_and_where_they_stand() -> None:
    found = fact(About.BIRTH_DATE, case(DIFFERS))

    assert found is not None
    assert found.speaks is Speaks.AGAINST
    assert [(each.where, each.place, each.says) for each in found.sources] == [
        ("payment", "/parties/1/name", "1990-05-01"),
        ("list", "ofac:1", "1968"),
    ]


def test_what_would_decide_and_is_not_said_is_an_open_fact() -> None:
    found = fact(About.BIRTH_DATE, case())

    assert found
    assert found == Fact(
        About.BIRTH_DATE, Speaks.OPEN, "the list gives a birth date (1968), the payment none", found.sources
    )


def test_a_town_alone_is_no_address() -> None:
    assert fact(About.ADDRESS, case(addresses=("1 Other Lane", "Moscow"))) is None


def test_a_tie_counts_where_the_payment_has_the_other_end_as_well() -> None:
    tie = Tie("ofac:1", "director", "ofac:9")
    other = Beside("c" * 32, "Versor s.r.o.", "ofac:9", "VERSOR S.R.O.")

    found = fact(About.TIES, case(ties=(tie,), others=(other,)))

    assert found is not None
    assert found.speaks is Speaks.FOR
    assert fact(About.TIES, case(ties=(tie,))) is None


def test_the_same_party_on_another_list_is_a_fact_for_it() -> None:
    twin = Beside("b" * 32, "Igor Petrov", "un:2", "Igor Petrov", (AGREES,))
    nobody = Beside("b" * 32, "Igor Petrov", "un:2", "Igor Petrov")

    for_it, opened = (fact(About.NAMESAKES, case(AGREES, same_value=(each,))) for each in (twin, nobody))

    assert for_it is not None and for_it.speaks is Speaks.FOR
    assert opened is not None and opened.speaks is Speaks.OPEN


def test_an_earlier_disposition_says_why_it_counts_no_more() -> None:
    found = fact(About.DISPOSITION, case(earlier=earlier(Verdict.FALSE_POSITIVE)))

    assert found is not None
    assert found.says.endswith("it counts no more: expired")
    assert Suggested.UNDECIDED not in {rule.suggest for rule in load_suggestions(None).rules}


def test_an_address_says_nothing_of_an_entry_that_is_not_known_any_more() -> None:
    of = case(addresses=("12 Tverskaya Street", "125009 Moscow"))

    assert fact(About.ADDRESS, of) is not None
    assert fact(About.ADDRESS, replace(of, listed=None)) is None
