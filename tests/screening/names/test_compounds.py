"""Words written as one that are also written as two."""

import pytest

from screening.names.compounds import split_word


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        *(("abdulrahman", ("abdul", "rahman")), ("abdullah", ("abdullah",)), ("abdallahs", ("abdallahs",))),
        *(("abdullahzadeh", ("abdul", "lahzadeh")), ("abdali", ("abd", "ali")), ("abdal", ("abdal",))),
        *(
            ("aboubacar", ("abu", "bakr")),
            ("nuruddin", ("nur", "din")),
            ("eddine", ("din",)),
            ("uddin", ("din",)),
        ),
        *(("saladin", ("saladin",)), ("versor", ("versor",)), ("عبدالله", ("عبدالله",))),
        *(("عبدالرحمن", ("عبد", "رحمن")), ("عبدربه", ("عبدربه",)), ("الاسد", ("اسد",))),
        *(("نورالدين", ("نور", "دين")), ("والتجارة", ("تجارة",)), ("ابوزيد", None), ("ابو", ("ابو",))),
    ],
)
def test_words_written_as_one_are_taken_apart(word: str, parts: tuple[str, ...] | None) -> None:
    assert split_word(word) == (parts or ("ابو", "زيد"))
