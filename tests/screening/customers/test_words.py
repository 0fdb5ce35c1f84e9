"""How like a list word the words of customers are."""

import pytest
from pyroaring import BitMap

from screening.customers.words import Words
from screening.designations import Kind
from screening.names.forms import parse
from screening.names.readings import listed_readings
from screening.names.tokens import Class


@pytest.mark.parametrize(("written", "best"), [("NCRI", 0.86), ("NCRE", 0.0)])
def test_the_first_letters_of_a_name_are_like_no_word_but_the_same(written: str, best: float) -> None:
    words = Words()
    words.add(parse(written).tokens, 1)
    (*_, brief) = listed_readings("National Council of Resistance of Iran", Kind.ORGANIZATION)
    (token,) = brief.tokens
    assert token.cls is Class.ACRONYM

    found = words.answers(token, cut=words.exactly(parse("nobody").tokens[0]))

    assert max(found.near.values(), default=0.0) == best


@pytest.mark.parametrize(
    ("written", "cut", "best"),
    [
        ("Qorvanov", False, 1.0),
        ("Qorvanof", False, 0.88),
        ("Tarvik", False, 0.0),
        ("Tarvik", True, 1.0),
        ("Qor Vanov", False, 1.0),
    ],
)
def test_what_is_cut_or_written_apart_is_answered_at_its_best(written: str, cut: bool, best: float) -> None:
    words = Words()
    words.add(parse(written).tokens, 1)
    (token,) = parse("Qorvanov").tokens

    assert words.answers(token, BitMap((1,)) if cut else BitMap()).best == pytest.approx(best, abs=0.05)
