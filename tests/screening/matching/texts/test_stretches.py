"""Which stretches of a text answer enough of a list name."""

import pytest

from screening.matching.texts.stretches import REACH_BEFORE, REACH_BEHIND, Places
from screening.matching.texts.text_words import text_words
from tests.screening.full_scan import entry, index_of

WORDS = ["Zorav", "Bantev", "Qwxilm", "Tirdup", "Mkrtych", "Gelfos", "Hunjak", "Yimpol", "Kessud", "Fabrin"]


def test_a_stretch_that_answers_exactly_as_much_as_it_must_is_looked_at() -> None:
    index = index_of([entry(1, " ".join(WORDS))])
    (candidate,) = map(index.name, index.names)

    def stretches(words: list[str]) -> list[tuple[int, int]]:
        return Places(text_words([" ".join(words)]), index, 0.8).stretches(candidate.form)

    assert (0, 6) in stretches(WORDS[:7])  # seven of ten words of one weight
    assert stretches(WORDS[:6]) == []


@pytest.mark.parametrize("count", range(REACH_BEHIND - 1, REACH_BEHIND + REACH_BEFORE + 3))
def test_a_name_is_found_wherever_it_stands_in_a_text_about_as_long_as_its_reach(count: int) -> None:
    index = index_of([entry(1, "Zorav Bantev")])
    (candidate,) = map(index.name, index.names)
    other = [f"word{chr(97 + place // 26)}{chr(97 + place % 26)}" for place in range(count)]

    for place in range(count - 1):
        text = " ".join((*other[:place], "Zorav", "Bantev", *other[place + 2 :]))
        assert Places(text_words([text]), index, 0.8).stretches(candidate.form) == [(place, place + 1)]
