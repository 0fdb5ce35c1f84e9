"""The scorer: pairs an analyst can edit, and what must hold for every pair."""

import csv
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screening import Designation, Kind, Name, Policy, Screener, compare
from screening.matching.explanation import explain
from screening.matching.score import Pair, _distinctive, left_in_query
from screening.matching.similarity import OTHER_NUMBER
from screening.names.forms import parse

PAIRS = Path(__file__).parents[1] / "names" / "pairs.csv"
THRESHOLD = Policy().threshold


def pairs() -> list[tuple[str, str, str, str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [
            (row["kind"], row["query"], row["name"], row["expect"], row["why"])
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(("kind", "query", "name", "expect", "why"), pairs())
def test_pairs_that_must_be_right_are(kind: str, query: str, name: str, expect: str, why: str) -> None:
    points = compare(query, name, kind=kind)

    assert (points >= THRESHOLD) == (expect == "match"), f"{points:.3f}: {why}"


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
WORDS = st.lists(
    st.sampled_from(
        ["ivan", "maria", "bin", "al", "versor", "llc", "7", "x", "петров", "محمد", "王", "trading"]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(NAMES | WORDS, NAMES | WORDS)
@settings(max_examples=150)
@example("", "")
@example("٠", "0")
def test_a_score_is_between_0_and_1_for_any_text(query: str, name: str) -> None:
    assert 0.0 <= compare(query, name) <= 1.0


@given(NAMES | WORDS)
@settings(max_examples=150)
@example("Abd-al-Rahman bin Muhammad (a.k.a. 'X') / Co., Ltd.")
def test_a_name_is_wholly_like_itself_or_has_no_letters(name: str) -> None:
    assert compare(name, name) == (1.0 if parse(name).tokens else 0.0)


@pytest.mark.parametrize(
    "other",
    ["Makhlouf Rami", "Rami al-Makhlouf", "Dr. Rami Makhlouf", "Rami Makhluf", "Рами Махлуф", "R. Makhlouf"],
)
def test_only_equal_names_score_1(other: str) -> None:
    assert compare(other, "Rami Makhlouf", kind="person") < 1.0


def test_scores_rank_by_how_much_differs() -> None:
    ranked = ["Rami Makhlouf", "Makhlouf Rami", "Rami Makhluf", "R. Makhlouf", "Rami Khalil", "Ihab Karimov"]

    points = [compare(query, "Rami Makhlouf", kind="person") for query in ranked]

    assert points == sorted(points, reverse=True)
    assert len(set(points)) == len(points)


def test_words_left_over_on_both_sides_cost_more_than_on_one() -> None:
    omitted = compare("Tahir Jalil Habbush", "Tahir Jalil Habbush Tikriti")
    contradicted = compare("Tahir Jalil Habbush Dulaimi", "Tahir Jalil Habbush Tikriti")

    assert contradicted < omitted


def test_a_name_cut_at_the_field_finds_the_whole() -> None:
    whole = "KONSTRUKTORSKOE BYURO PRIBOROSTROENIYA TULA"

    assert len(whole[:35]) == 35
    assert compare(whole[:35], whole) >= THRESHOLD


def test_common_words_alone_are_no_likeness() -> None:
    assert compare("Iran Trading Company", "Iran Zarin Trading Company", kind="organization") < THRESHOLD


def test_the_explanation_accounts_for_every_word() -> None:
    query, name = parse("Rami Makhluf Trading"), parse("Rami MAKHLOUF Holding")

    rows = explain(query, name)

    assert " ".join(row.query for row in rows).split() == ["makhluf", "rami", "trading"] or {
        word for row in rows for word in row.query.split()
    } == {"rami", "makhluf", "trading"}
    assert {word for row in rows for word in row.matched.split()} == {"rami", "makhlouf", "holding"}
    assert {row.how for row in rows} >= {"exact", "phonetic", "unmatched"}


@pytest.mark.parametrize("name", ["G AND M AUTOS S.A.C.", "I AND S HOLDING COMPANY", "K & V Trading LLC"])
def test_a_company_called_by_two_letters_finds_itself_whether_or_not_its_kind_is_known(name: str) -> None:
    screener = Screener()
    screener.upsert(Designation(id="test:1", names=(Name(name),), kind=Kind.ORGANIZATION))

    assert screener.match(name)
    assert screener.match(name, kind=Kind.ORGANIZATION)


@pytest.mark.parametrize(
    ("text", "beside_others", "alone"),
    [("versor", 1.0, 2.9), ("ali", 0.85, 2.465), ("李", 2.465, 2.465), ("j", 0.45, 0.45)],
)
def test_a_word_that_no_name_answers_costs_nearly_three_times_as_much_where_a_name_is_one_word(
    text: str, beside_others: float, alone: float
) -> None:
    (token,) = parse(text).tokens

    assert left_in_query(token, alone=False) == pytest.approx(beside_others)
    assert left_in_query(token, alone=True) == pytest.approx(alone)


@pytest.mark.parametrize(
    ("weights", "tells"),
    [
        ((0.48,), True),
        ((0.5, 0.1), True),
        ((0.47,), False),
        ((0.465, 0.465), True),
        ((0.47, 0.47), True),
        ((0.4, 0.4), False),
    ],
)
def test_what_is_shared_tells_by_one_word_or_by_several_together(
    weights: tuple[float, ...], tells: bool
) -> None:
    tokens = parse("Zorav Bantev").tokens
    pairs = [Pair((at,), (at,), OTHER_NUMBER, weight) for at, weight in enumerate(weights)]

    assert _distinctive(tokens, pairs) is tells
