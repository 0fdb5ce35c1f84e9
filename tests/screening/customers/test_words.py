"""How like a list word the words of customers are."""

import pytest

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
