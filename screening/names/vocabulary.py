"""The words of names: read once from the tables in `screening/data`, which an analyst can edit.

`given_names.txt`   one class of equivalent given names a line
`legal_forms.txt`   canonical form: its spellings in every language
`words.csv`         how common a word is among the world's names and lists
`particles.txt`, `titles.txt`, `numbers.txt`
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_NONE: frozenset[int] = frozenset()


def lines(name: str) -> Iterator[str]:
    """The lines of a table without comments and blanks."""
    text = (files("screening") / "data" / name).read_text("utf-8")
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if line:
            yield line


@cache
def _given_names() -> Mapping[str, frozenset[int]]:
    classes: defaultdict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(lines("given_names.txt")):
        for name in line.split():
            classes[name].add(number)
    return {name: frozenset(numbers) for name, numbers in classes.items()}


def given_names(word: str) -> frozenset[int]:
    """The classes of a given name: "mehmet" and "محمد" share one; unknown words have none."""
    return _given_names().get(word, _NONE)


@cache
def particles() -> frozenset[str]:
    """Words that join or introduce names and are written or left out at will: al, bin, van, de, and."""
    return frozenset(word for line in lines("particles.txt") for word in line.split())


@cache
def titles() -> frozenset[str]:
    """Forms of address and rank."""
    return frozenset(word for line in lines("titles.txt") for word in line.split())


@cache
def _numbers() -> Mapping[str, str]:
    table = {}
    for line in lines("numbers.txt"):
        number, *words = line.split()
        table.update(dict.fromkeys(words, number))
    return table


def number_of(latin: str) -> str | None:
    """ "5" -> "5", "iv" -> "4", "third" -> "3", "44th" -> "44"; None if it is no number."""
    if latin.isdigit():
        return latin.lstrip("0") or "0"
    if latin[0].isdigit() and latin[:-2].isdigit() and latin[-2:] in ("st", "nd", "rd", "th"):
        return latin[:-2]
    return _numbers().get(latin)


@cache
def _counts() -> Mapping[str, float]:
    table = {}
    for line in lines("words.csv"):
        word, _, weight = line.partition(",")
        table[word] = float(weight)
    return table


RAREST, COMMONEST = 1.0, 0.4
"""Weights of a word nobody else bears and of the most common ones."""


def rarity(latin: str, fold: str) -> float:
    """What a word tells: 1.0 for a rare one, down to 0.4; spellings of one sound count together."""
    counts = _counts()
    count = max(counts.get(latin, 0.0), counts.get("~" + fold, 0.0))
    return max(COMMONEST, RAREST - 0.6 * math.log1p(count) / math.log1p(2000)) if count else RAREST
