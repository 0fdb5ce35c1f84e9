"""Numbers in names: "No. 20", "№20", "N20", "Nr 20", "nomer 20" and "20" are one number, and "No. V" is 5."""

import re
from collections.abc import Sequence

from screening.names.vocabulary import number_of

MARKS = frozenset(
    ("no", "n", "nr", "num", "nomer", "number", "numero", "numéro", "nummer", "numer", "номер", "号", "第")
)
"""Words that stand before a number and say that it is one."""
_MARKED = re.compile(r"(?:no|n|nr|num)(\d{1,6})")
_ROMAN = {"i": "1", "v": "5", "x": "10"}
"""Single letters that are numbers behind a mark only."""


def unmarked(words: Sequence[str]) -> list[str]:
    """The words without the marks that stand before numbers.

    >>> unmarked(["zavod", "nr", "20"]), unmarked(["unit", "n20"]), unmarked(["yard", "no", "v"])
    (['zavod', '20'], ['unit', '20'], ['yard', '5'])
    """
    plain: list[str] = []
    marked = False
    for word in words:
        if marked and (word in _ROMAN or number_of(word) is not None):
            plain[-1] = _ROMAN.get(word, word)
            marked = False
            continue
        glued = _MARKED.fullmatch(word)
        plain.append(glued.group(1) if glued and plain else word)
        marked = word in MARKS and len(plain) > 1
    return plain


def is_marked(word: str) -> bool:
    """Is it a number with its mark before it, as one word?"""
    return word[0] == "n" and word[-1].isdigit() and _MARKED.fullmatch(word) is not None
