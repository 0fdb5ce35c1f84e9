"""Evidence beyond the name moves a score by documented amounts, each a row of the explanation."""

from datetime import date

import pytest

from screening import Action, Designation, Hit, Kind, Name, Party, Policy, Role, Screener
from screening.designations import DateRange, Gender
from screening.hits.evidence import (
    BIRTH_DATE_AGREES,
    BIRTH_DATE_CONFLICTS,
    COUNTRY_AGREES,
    OTHER_KIND,
    evidence,
)
from screening.payments import Payment
from screening.payments.model import Field

BORN = date(1963, 3, 8)
LISTED = Designation(
    id="ofac:1",
    names=(Name("Rami Makhlouf"),),
    kind=Kind.PERSON,
    birth_dates=(DateRange(BORN, BORN),),
    countries=("SY",),
    gender=Gender.MALE,
)


def party(name: str, **facts: object) -> Party:
    return Party(Role.CREDITOR, names=(Field(name, "/parties/0/name"),), **facts)  # type: ignore[arg-type]  # test data


def score_of(checked: Party) -> float:
    screener = Screener(Policy(threshold=0.6))
    screener.upsert(LISTED)
    hits = screener.screen(Payment("P-1", (checked,))).hits
    return hits[0].score if hits else 0.0


def day(year: int, month: int, number: int) -> DateRange:
    return DateRange(date(year, month, number), date(year, month, number))


@pytest.mark.parametrize(
    ("born", "effect"),
    [
        (day(1963, 3, 8), BIRTH_DATE_AGREES),
        (DateRange(date(1963, 1, 1), date(1963, 12, 31)), BIRTH_DATE_AGREES),
        (day(1963, 8, 3), 0.0),
        (day(1964, 1, 1), 0.0),
        (day(1980, 3, 8), BIRTH_DATE_CONFLICTS),
    ],
)
def test_birth_dates_agree_are_near_or_conflict(born: DateRange, effect: float) -> None:
    (row,) = evidence(party("Rami Makhluf", birth_date=born), LISTED)

    assert (row.how, row.weight) == ("birth date", effect)


def test_a_circa_year_is_near_within_two_years() -> None:
    listed = DateRange(date(1960, 1, 1), date(1960, 12, 31), circa=True)
    designation = Designation(id="un:1", names=LISTED.names, kind=Kind.PERSON, birth_dates=(listed,))

    (row,) = evidence(party("Rami Makhlouf", birth_date=day(1962, 5, 5)), designation)

    assert (row.matched, row.weight, row.similarity) == ("about 1960", 0.0, 0.5)


def test_evidence_lowers_and_raises_the_score_by_its_amount() -> None:
    plain = score_of(party("Rami Makluff"))

    assert score_of(party("Rami Makluff", birth_date=day(1963, 3, 8))) == pytest.approx(
        plain + BIRTH_DATE_AGREES, abs=0.011
    )
    assert score_of(party("Rami Makluff", kind=Kind.ORGANIZATION)) == pytest.approx(plain + OTHER_KIND)


def test_one_contradiction_never_clears_an_equal_name() -> None:
    assert score_of(party("Rami Makhlouf", birth_date=day(1990, 1, 1))) >= Policy().threshold


def test_facts_that_the_payer_states_never_clear_a_rare_exact_name() -> None:
    (hit,) = screened(party("Rami Makhlouf", birth_date=day(1990, 1, 1), gender=Gender.FEMALE))

    assert (hit.score, hit.action) == (Policy().threshold, Action.HOLD)


def test_two_contradictions_leave_an_exact_but_common_name_to_an_analyst() -> None:
    common = Designation(
        id="ofac:7",
        names=(Name("Ali Hassan"),),
        kind=Kind.PERSON,
        birth_dates=LISTED.birth_dates,
        gender=Gender.MALE,
    )

    (hit,) = screened(party("Ali Hassan", birth_date=day(1990, 1, 1), gender=Gender.FEMALE), common)

    assert (hit.score, hit.action) == (Policy().threshold, Action.REVIEW)


def test_two_contradictions_clear_a_name_that_is_only_alike() -> None:
    assert screened(party("Rami Makluff", birth_date=day(1990, 1, 1), gender=Gender.FEMALE)) == ()


def test_a_country_that_agrees_has_similarity_one_and_a_small_weight() -> None:
    listed = Designation(id="un:2", names=LISTED.names, kind=Kind.PERSON, countries=("SY",))

    (row,) = evidence(party("Rami Makhlouf", countries=(Field("SY", "/c"),)), listed)

    assert (row.how, row.weight, row.similarity) == ("country", COUNTRY_AGREES, 1.0)


def screened(asked: Party, listed: Designation = LISTED) -> tuple[Hit, ...]:
    screener = Screener()
    screener.upsert(listed)
    return screener.screen(Payment("P-1", (asked,))).hits


def test_agreement_finds_a_name_that_falls_just_short() -> None:
    screener = Screener()
    screener.upsert(LISTED)
    facts = {"birth_date": day(1963, 3, 8), "countries": (Field("SY", "/parties/0/country"),)}

    alone = screener.screen(Payment("P-1", (party("Rami Maklof Hamdan"),))).hits
    (hit,) = screener.screen(Payment("P-1", (party("Rami Maklof Hamdan", **facts),))).hits

    assert alone == ()
    assert [row.how for row in hit.explanation][-2:] == ["birth date", "country"]
