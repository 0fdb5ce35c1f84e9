"""Joins texts so that no two lists of texts give the same result; ids and cache keys are made of it."""

import json
from collections.abc import Sequence
from typing import Final

_BETWEEN: Final = "\x1f"
"""ASCII's unit separator, which no payment has a use for."""


def as_one(texts: Sequence[str]) -> str:
    """Two or more texts as one text, a different one for every list of texts.

    >>> as_one(["Versor", "s.r.o."]) == as_one(["Versor s.r.o.", ""])
    False
    """
    text = _BETWEEN.join(texts)
    if text.count(_BETWEEN) >= len(texts):  # one holds the separator; JSON writes that as an escape
        return json.dumps(texts)
    return text
