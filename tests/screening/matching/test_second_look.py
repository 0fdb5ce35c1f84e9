"""What the second look takes from names that the first found alike."""

import pytest

from screening.designations import Kind
from screening.limits import LimitError
from screening.matching.score import Alignment, Pair
from screening.matching.second_look import _is_chance_frame, _without_short_beginnings, compare
from screening.matching.similarity import Likeness
from screening.names.forms import parse


@pytest.mark.parametrize(
    ("query", "listed", "score"),
    [
        ("Home", "ZORVAN/HOME", 0.7),
        ("House", "ZORVAN/HOUSE", 0.99),
        ("Qorv", "ZORVAN/QORV", 0.99),
        ("Sea Home", "ZORVAN/SEA HOME", 0.99),
        ("Home", "HOME", 1.0),
    ],
)
def test_a_short_plain_word_behind_a_stroke_is_no_name(query: str, listed: str, score: float) -> None:
    assert compare(query, listed, Kind.ORGANIZATION) == score


@pytest.mark.parametrize(
    ("query", "name", "kind", "chance"),
    [
        *(("Home", "хо ме", None, True), ("хо ме", "Home", None, True), ("хо ме", "Home", "vessel", True)),
        *(("Zorav", "зо рав", None, False), ("хом", "хо ме", None, False), ("Home", "ho me", None, True)),
        *(("хоме", "хо ме", None, False), ("хоме", "ho me", None, False)),
        *(("Home", "хо me", None, True), ("Home", "ho ме", None, True)),
        *(("ho me", "Home", None, False), ("Zorav", "zo rav", None, False)),
    ],
)
def test_a_word_that_we_know_is_several_of_the_list_or_another_script_by_chance(
    query: str, name: str, kind: str | None, chance: bool
) -> None:
    asked, listed = parse(query), parse(name)
    every = [tuple(range(len(form.tokens))) for form in (asked, listed)]
    pair = Pair(every[0], every[1], Likeness(0.88, "joined, phonetic"), 1.0)

    assert _is_chance_frame(asked, listed, pair, Kind(kind) if kind else None) is chance


@pytest.mark.parametrize(
    ("query", "how", "dropped"),
    [
        *(("Qorvani Zorav Home", "beginning", True), ("Home Zorav Qorv", "beginning", False)),
        *(("Zorav Home Qorv", "beginning", False), ("Qorvani Zorav Home", "exact", False)),
        *(("Home", "beginning", True), ("Qorvani Zorav Common", "beginning", False)),
        ("Qorvani Zorav Home", "accents", False),
    ],
)
def test_a_whole_short_word_at_the_end_begins_no_other(query: str, how: str, *, dropped: bool) -> None:
    asked = parse(query)
    last = len(asked.tokens) - 1
    given = Alignment((Pair((last,), (0,), Likeness(0.8, how), 0.6),), (), (1,))

    kept = _without_short_beginnings(asked, given)

    assert kept == (Alignment((), (last,), (1, 0)) if dropped else given)


def test_two_names_that_take_too_long_to_compare_are_refused() -> None:
    long = " ".join(f"zuv{first}{second}v" for first in "aeiou" for second in "bcdfgklmnprst")

    assert compare(long[:200], "Ivan Zuvavov") < 1
    with pytest.raises(LimitError, match="steps"):
        compare(long + " " + long, long)
