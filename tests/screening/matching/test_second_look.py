"""What the second look takes from names that the first found alike."""

import pytest

from screening.designations import Kind
from screening.matching.second_look import compare


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
