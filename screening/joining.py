"""Texts joined to one, so that no two lists of texts are written alike: what ids and memories are made of."""

import json
from collections.abc import Sequence
from typing import Final

_BETWEEN: Final = "\x1f"
"""ASCII's unit separator, which no payment has a use for."""


def as_one(texts: Sequence[str]) -> str:
    """Two or more texts as one; another list of two or more gives another.

    >>> as_one(["Versor", "s.r.o."]) == as_one(["Versor s.r.o.", ""])
    False
    """
    text = _BETWEEN.join(texts)
    if text.count(_BETWEEN) >= len(texts):  # one holds the separator; JSON writes that as an escape
        return json.dumps(texts)
    return text
