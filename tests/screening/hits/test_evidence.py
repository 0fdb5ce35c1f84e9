"""Evidence beyond the name moves a score by documented amounts, each a row of the explanation."""

from dataclasses import replace
from datetime import date

import pytest

from screening import Action, Designation, Hit, Kind, Name, Party, Policy, Role, Screener
from screening.decisions import Explanation
from screening.designations import Address, DateRange, Gender
from screening.hits.evidence import (
    BIRTH_DATE_AGREES,
    BIRTH_DATE_CONFLICTS,
    BIRTH_YEAR_NEAR,
    COUNTRY_AGREES,
    MOST_RAISED,
    OTHER_KIND,
    adjusted,
    contradictions,
    evidence,
    most_raised,
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


def years(first: int, last: int, *, circa: bool = False) -> DateRange:
    return DateRange(date(first, 1, 1), date(last, 12, 31), circa)


@pytest.mark.parametrize(
    ("stated", "listed", "effect"),
    [
        *((years(1960, 1962), years(1962, 1964), BIRTH_DATE_AGREES),),
        *((years(1964, 1965), years(1962, 1964), BIRTH_DATE_AGREES),),
        (DateRange(date(1960, 1, 1), date(1960, 6, 1)), day(1960, 6, 1), BIRTH_DATE_AGREES),
        (DateRange(date(1960, 6, 1), date(1960, 7, 1)), day(1960, 6, 1), BIRTH_DATE_AGREES),
        (DateRange(date(1960, 6, 2), date(1960, 7, 1)), day(1960, 6, 1), BIRTH_YEAR_NEAR),
        *((years(1960, 1960), years(year, year), BIRTH_YEAR_NEAR) for year in (1959, 1961)),
        *((years(1960, 1960), years(year, year), BIRTH_DATE_CONFLICTS) for year in (1958, 1962)),
        *((years(1960, 1960, circa=True), years(year, year), BIRTH_YEAR_NEAR) for year in (1958, 1962)),
        *((years(1960, 1960), years(year, year, circa=True), BIRTH_YEAR_NEAR) for year in (1958, 1962)),
        *((years(1960, 1960, circa=True), years(year, year), BIRTH_DATE_CONFLICTS) for year in (1957, 1963)),
        (years(1960, 1962), years(1964, 1970), BIRTH_DATE_CONFLICTS),
        (years(1964, 1970), years(1960, 1962), BIRTH_DATE_CONFLICTS),
        (day(1950, 12, 1), DateRange(date(1950, 1, 12), date(1950, 1, 12)), BIRTH_YEAR_NEAR),
    ],
)
def test_two_dates_agree_are_near_or_conflict_by_the_ranges_that_they_may_mean(
    stated: DateRange, listed: DateRange, effect: float
) -> None:
    (row,) = evidence(party("X", birth_date=stated), replace(LISTED, birth_dates=(listed,), countries=()))

    assert (row.weight, row.similarity) == (effect, {0.05: 1.0, 0.0: 0.5, -0.15: 0.0}[effect])


def test_a_day_and_month_that_were_swapped_are_near_whatever_the_year_of_a_range() -> None:
    swapped = replace(LISTED, birth_dates=(DateRange(date(1963, 8, 3), date(1990, 1, 1)),), countries=())

    assert [row.weight for row in evidence(party("X", birth_date=day(1963, 3, 8)), swapped)] == [0.0]
    assert [row.weight for row in evidence(party("X", birth_date=day(1930, 3, 13)), swapped)] == [-0.15]


def test_of_several_listed_dates_the_one_that_speaks_most_for_it_counts() -> None:
    many = replace(LISTED, birth_dates=(day(1930, 1, 1), day(1964, 1, 1), day(1963, 3, 8), day(1990, 1, 1)))
    (row,) = evidence(party("X", birth_date=day(1963, 3, 8)), many)

    assert (row.query, row.matched, row.weight) == ("1963-03-08", "1963-03-08", BIRTH_DATE_AGREES)


FACTS: dict[str, tuple[dict[str, object], dict[str, object], tuple[str, str, str, float, float] | None]] = {
    "another kind": ({"kind": Kind.VESSEL}, {}, ("vessel", "person", "kind", -0.15, 0.0)),
    "the same kind": ({"kind": Kind.PERSON}, {}, None),
    "no kind listed": ({"kind": Kind.PERSON}, {"kind": None}, None),
    "another gender": ({"gender": Gender.FEMALE}, {}, ("female", "male", "gender", -0.1, 0.0)),
    "the same gender": ({"gender": Gender.MALE}, {}, None),
    "no gender listed": ({"gender": Gender.MALE}, {"gender": None}, None),
    "another country": (
        {"countries": (Field("sk", ""), Field("Atlantis", ""))},
        {"addresses": (Address(country="IR"), Address("nowhere"))},
        ("SK", "IR, SY", "country", -0.03, 0.0),
    ),
    "one country of two": (
        {"countries": (Field("IR", ""), Field("SK", ""))},
        {"addresses": (Address(country="IR"),)},
        ("IR, SK", "IR, SY", "country", 0.02, 1.0),
    ),
    "no country listed": ({"countries": (Field("SK", ""),)}, {"countries": ()}, None),
    "no country known": ({"countries": (Field("Atlantis", ""),)}, {}, None),
    "a range of years": (
        {"birth_date": years(1962, 1964, circa=True)},
        {},
        ("about 1962 to 1964", "1963-03-08", "birth date", 0.05, 1.0),
    ),
    "a part of a year": (
        {"birth_date": DateRange(date(1963, 3, 1), date(1963, 3, 31))},
        {"kind": None},
        ("1963", "1963-03-08", "birth date", 0.05, 1.0),
    ),
    "born, and no person": ({"birth_date": day(1963, 3, 8)}, {"kind": Kind.VESSEL}, None),
    "born, and none listed": ({"birth_date": day(1963, 3, 8)}, {"birth_dates": ()}, None),
}


@pytest.mark.parametrize("fact", FACTS)
def test_each_fact_is_a_row_of_its_own_where_both_sides_state_it(fact: str) -> None:
    stated, listed, row = FACTS[fact]

    found = evidence(party("X", **stated), replace(LISTED, **listed))  # type: ignore[arg-type]  # test data

    assert [(each.query, each.matched, each.how, each.weight, each.similarity) for each in found] == (
        [row] if row else []
    )


def row(weight: float) -> Explanation:
    return Explanation("", "", "", weight, 0.0)


@pytest.mark.parametrize(
    ("points", "weights", "score"),
    [
        *((0.8, (), 0.8), (0.8, (0.05,), 0.85), (0.97, (0.05,), 0.99), (1.0, (0.05,), 1.0)),
        *((0.995, (0.05,), 0.995), (0.8, (-0.15,), 0.65), (0.1, (-0.15,), 0.0), (1.0, (-0.1,), 0.9)),
        *((0.8, (0.05, -0.05), 0.8), (0.8, (0.02, -0.15), 0.67)),
    ],
)
def test_a_score_moves_by_the_sum_and_stays_between_none_and_equal(
    points: float, weights: tuple[float, ...], score: float
) -> None:
    assert adjusted(points, tuple(map(row, weights))) == pytest.approx(score, abs=1e-9)


def test_a_contradiction_is_a_fact_that_lowers_the_score() -> None:
    assert contradictions((row(-0.1), row(0.0), row(0.05), row(-0.03))) == 2


def test_the_most_that_a_party_s_facts_can_add_is_what_the_index_looks_below_the_threshold() -> None:
    born, country = {"birth_date": day(1963, 3, 8)}, {"countries": (Field("SY", ""),)}
    added = [most_raised(party("X", **facts)) for facts in ({}, born, country, {**born, **country})]

    assert added == pytest.approx([0.0, 0.05, 0.02, 0.07])
    assert pytest.approx(0.07) == MOST_RAISED
