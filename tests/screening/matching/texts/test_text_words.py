"""What parts the words of a text."""

import pytest

from screening.matching.texts.text_words import Gap, put_together, text_words


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


LISTED = frozenset(("ole", "oleg", "zuvavov", "hong", "kong", "hongkong", "today", "company", "zuvavflot"))
ALONE = frozenset(("today", "zuvavflot"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("paid Ole g ZUV AVOV goods", "paid oleg zuvavov goods"),
        ("Ole.g ZUV-AVOV", "oleg zuvavov"),
        ("Oleg ZUVA VOV", "oleg zuvavov"),
        ("ZUVA VOV comp any", "zuvavov company"),
        ("ZUVA VOV lim ited", "zuvavov limited"),
        ("tod ay", ""),  # alone it may be anything
        ("paid ZUVAV FLOT goods", "paid zuvavflot goods"),  # unless it is a long name of one word
        ("Oleg Hong Kong", ""),  # two words, whatever both are together
        ("Zuvavov bakery ltd", ""),
        ("Oleg ZUVA, VOV", ""),
        ("Oleg ZUVA and VOV", ""),
    ],
)
def test_words_that_something_parts_are_put_together_beside_a_listed_word(text: str, read: str) -> None:
    found = put_together(text_words([text]), LISTED.__contains__, ALONE.__contains__)
    assert " ".join([word.native for word in found]) == read


def test_words_of_two_lines_are_not_put_together_here() -> None:
    assert put_together(text_words(["Oleg ZUVA", "VOV"]), LISTED.__contains__, ALONE.__contains__) == []
