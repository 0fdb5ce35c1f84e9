"""Which stretches of a text answer enough of a list name."""

from screening.matching.texts.stretches import Places
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
