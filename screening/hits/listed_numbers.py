"""Document numbers as lists print them, with words around them: "Libyan passport No. 513519 (expired
2016)"."""

import re
from collections.abc import Iterator

_BRACKETED = re.compile(r"\([^()]*[^\W\d_]{2}[^()]*\)")
"""A remark: "(US)", "(expired 25 Jan 2016)"; what holds a letter at the most is part of the number."""
_PARTS = re.compile(r"[;|\n]|,(?!\d)|\s/\s|\b(?:and|or|also|et|y|und|и)\b|(?<!\S)\(?\d\)\s")
"""What stands between two numbers, or between a number and a remark; `(1)` counts them."""
_DATE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b"
    r"|\b\d{1,2}\.?\s+[^\W\d_]{3,9}\.?\s+(?:19|20)\d\d\b"
)
_LABEL = re.compile(r"(?i)(?:no|nr|n|nb|num|number|id)\W*")
"""Between two groups of one number it is nothing: "8208 No. 555627"."""
_SERIES = re.compile(r"[A-Z]{1,2}")
"""Letters before a number that are part of it: "SE 012820"."""
_WORD = re.compile(r"[^\W\d_]{3}|[;|]|,(?!\d)|\s/\s|\(?\d\)\s")
"""What is in no number that is written alone."""
SHORTEST = 6
"""Signs of such a number: what is shorter is a year, or a number of many."""


def numbers_inside(value: str) -> Iterator[str]:
    """The numbers in a value that are only part of it.

    >>> list(numbers_inside("Afghan passport number SE 012820"))
    ['SE012820']
    >>> list(numbers_inside("D000000483, Diplomatic")), list(numbers_inside("AB 123456"))
    (['D000000483'], [])
    """
    if not _WORD.search(value):
        return
    for part in _PARTS.split(_BRACKETED.sub(" ", _DATE.sub(";", value))):
        yield from (number for number in _runs(part.split()) if len(number) >= SHORTEST)


def _runs(words: list[str]) -> Iterator[str]:
    """Each run of words with a digit in every one, after the letters of its series."""
    run = series = ""
    for word in [*words, ""]:
        if any(map(str.isdigit, word)):
            run += word if run else series + word
        elif run and _LABEL.fullmatch(word):
            continue
        else:
            if run:
                yield run.strip(".:#")
            run, series = "", ("" if _LABEL.fullmatch(word) or not _SERIES.fullmatch(word) else word)
