"""Words written as one in one name and apart in the other, and words of which only the beginning is left."""

import pytest

from screening.matching.parts import joined, runs, stub, truncated
from screening.matching.similarity import NOTHING, Likeness
from screening.names.forms import parse
from screening.names.tokens import Token


def word(text: str) -> Token:
    (token,) = parse(text).tokens
    return token


@pytest.mark.parametrize(
    ("parts", "whole", "score"),
    [
        *(("ver sor", "versor", 0.97), ("sor ver", "versor", 0.0), ("krasno yarsk", "krasnoyarsk", 0.97)),
        *(("ver sor", "versors", 0.0), ("versor", "versor", 0.97)),
    ],
)
def test_words_written_as_one_are_joined(parts: str, whole: str, score: float) -> None:
    assert joined(parse(parts).tokens, word(whole)).score == score


@pytest.mark.parametrize(
    ("begin", "at_field", "found"),
    [
        ("ver", True, Likeness(0.97, "cut at the field's end")),
        ("ver", False, Likeness(0.4 + 0.55 * 3 / 6, "beginning")),
        ("vers", False, Likeness(0.4 + 0.55 * 4 / 6, "beginning")),
        ("verso", False, Likeness(0.5 + 0.45 * 5 / 6, "beginning")),
        ("ve", True, NOTHING),
        ("versor", True, NOTHING),
        ("versors", True, NOTHING),
        ("ers", True, NOTHING),
    ],
)
def test_a_word_that_was_cut_is_the_beginning_of_another(begin: str, at_field: bool, found: Likeness) -> None:
    assert truncated(word(begin), word("versor"), at_field) == found


@pytest.mark.parametrize(
    ("begin", "whole", "score"),
    [("ve", "versor", 0.7), ("ve", "vers", 0.7), ("ve", "ver", 0.0), ("er", "versor", 0.0)],
)
def test_two_letters_of_a_word_are_a_stub_of_it(begin: str, whole: str, score: float) -> None:
    assert stub(word(begin), word(whole)).score == score


def test_words_may_be_one_elsewhere_up_to_five_neighbours() -> None:
    assert runs(1) == ()
    assert runs(2) == ((0, 1), (1, 0))
    assert runs(3) == ((0, 1), (0, 1, 2), (1, 2))
    assert max(map(len, runs(5))) == 5
    assert runs(6) == ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5))
