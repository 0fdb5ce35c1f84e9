"""Where a stretch of a text may begin and end: at the ends of written words."""

import pytest

from screening import Designation, Name
from screening.matching.index import Candidate
from screening.matching.telling import Stretch, _cuts_a_word
from screening.matching.text_words import text_words
from screening.names.forms import parse


@pytest.mark.parametrize(
    ("text", "first", "last", "cuts"),
    [
        *(("paid 李伟明 today", 1, 3, False), ("paid 李伟明 today", 1, 2, True)),
        *(("paid 李伟明 today", 2, 3, True), ("paid 李伟明 today", 0, 3, False)),
        *(("paid 李伟明 today", 1, 4, False), ("paid 李伟明 today", 4, 4, False)),
        *(("李伟明", 0, 2, False), ("李伟明", 0, 1, True), ("李伟明", 1, 2, True)),
    ],
)
def test_a_stretch_cuts_a_word_that_goes_on_before_or_behind(
    text: str, first: int, last: int, cuts: bool
) -> None:
    name = Name("Li Weiming")
    listed = Candidate(Designation("acme:1", (name,)), name, parse(name.text), 0.0, 0.0)
    stretch = Stretch(text_words([text]), first, last, parse(""), listed, 0.0)

    assert _cuts_a_word(stretch) is cuts
