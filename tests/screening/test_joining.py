"""No two lists of texts are joined to one and the same."""

from itertools import product

from screening.joining import as_one

PIECES = ("", "a", "\x1f", "a\x1f", '"', '["a"', "\\u001f", ", ")


def test_two_lists_of_texts_are_never_joined_to_one_text() -> None:
    lists = [list(texts) for count in (2, 3) for texts in product(PIECES, repeat=count)]

    assert len({as_one(texts) for texts in lists}) == len(lists)


def test_texts_without_the_separator_stand_as_they_are() -> None:
    assert as_one(("Versor", "s.r.o.")) == "Versor\x1fs.r.o."
