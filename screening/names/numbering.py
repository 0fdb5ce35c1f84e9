"""Numbers in names: "No. 20", "№20", "N20", "Nr 20", "nomer 20" and "20" are one number, and "No. V" is 5."""

import re
from collections.abc import Sequence

from screening.names.vocabulary import number_of

_MARKS = frozenset(
    ("no", "n", "nr", "num", "nomer", "number", "numero", "numéro", "nummer", "numer", "номер", "号", "第")
)
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
        marked = word in _MARKS and len(plain) > 1
    return plain


def may_be_marked(words: Sequence[str]) -> bool:
    """Is there a mark or a figure in the name at all?"""
    return not _MARKS.isdisjoint(words) or any(word[-1].isdigit() and word[0] == "n" for word in words)
