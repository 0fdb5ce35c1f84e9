"""Whether a stretch of a text tells a name: where it begins and ends, and what stands beside it."""

import pytest

from screening import Designation, Kind, Name
from screening.matching.name_sets import Candidate
from screening.matching.similarity import likeness
from screening.matching.texts.stretches import Stretch
from screening.matching.texts.telling import _cuts_a_word, _syllables_tell, tells
from screening.matching.texts.text_words import text_words
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
    assert _cuts_a_word(text_words([text]), first, last) is cuts


def stretch(text: str, name: str, points: float = 0.0) -> Stretch:
    """The words of a text with a capital, against a person's name."""
    words = text_words([text])
    named = [at for at, word in enumerate(text.split()) if word[0].isupper()]
    listed = Name(name)
    candidate = Candidate(Designation("acme:1", (listed,), Kind.PERSON), listed, parse(name), 0.0, 0.0)
    said = " ".join(text.split()[named[0] : named[-1] + 1])
    return Stretch(words, named[0], named[-1], parse(said), candidate, points)


@pytest.mark.parametrize(
    ("text", "name", "points", "found"),
    [
        ("paid Zorav Bantov today", "Zorav Bantev", 0.85, True),
        ("paid Zorav Bantov qorvani", "Zorav Bantev", 0.85, False),
        ("paid Zorav Bantov qorvani", "Zorav Bantev", 0.95, True),
        ("paid Zorav Bantev today", "Zorav Bantev Qorvani Tirvan", 0.85, True),
        ("paid Zorav Bantev mkrtychev", "Zorav Bantev Qorvani", 0.95, False),
    ],
)
def test_beside_another_name_more_must_be_the_same(text: str, name: str, points: float, found: bool) -> None:
    assert tells(stretch(text, name, points), likeness) is found


@pytest.mark.parametrize(
    ("text", "exact", "weight", "found"),
    [
        ("paid Li Xiao Ming today", True, 0.0, True),
        ("paid Li Xiao Ming Hua today", True, 0.0, True),
        ("paid Li Ming today", True, 0.0, False),
        ("paid Li Xiao Ming today", False, 0.0, False),
        ("paid Li Ming today", False, 1.0, True),
        ("dubai Li Ming booking", False, 1.0, True),
        ("paid Li Ming guohua", False, 1.0, False),
    ],
)
def test_three_syllables_that_are_the_same_are_a_name(
    text: str, exact: bool, weight: float, found: bool
) -> None:
    named = " ".join(word for word in text.split() if word[0].isupper())

    assert _syllables_tell(stretch(text, named), exact, weight) is found
