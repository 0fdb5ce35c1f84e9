"""What parts the words of a text."""

import pytest

from screening.matching.texts.text_words import Gap, text_words


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        *(("Zorav Bantev", Gap.NONE), ("Zorav, Bantev", Gap.COMMA), ("Zorav/Bantev", Gap.BREAK)),
        *(
            ("Zorav\uff0cBantev", Gap.COMMA),
            ("Zorav\uff0fBantev", Gap.BREAK),
            ("Zorav\uff1bBantev", Gap.BREAK),
        ),
    ],
)
def test_signs_of_the_width_of_han_part_words_like_the_narrow_ones(text: str, gap: Gap) -> None:
    assert [(word.native, word.gap) for word in text_words([text])] == [("zorav", Gap.NONE), ("bantev", gap)]
