"""Legal forms: "Limited Liability Company", "ООО", "GmbH" -> one family, told apart from the name itself."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from screening.names.scripts import romanize
from screening.names.vocabulary import lines

_SHORT = 3
"""Forms of up to so many letters are also words and initials inside names ("SA", "AS")."""


@cache
def _forms() -> Mapping[tuple[str, ...], tuple[str, str]]:
    """Words of a form -> (family, canonical form)."""
    table: dict[tuple[str, ...], tuple[str, str]] = {}
    for line in lines("legal_forms.txt"):
        family, _, spellings = line.partition(":")
        forms = [form.split() for form in spellings.split(";")]
        canonical = "".join(forms[0])
        for words in forms:
            table.setdefault(tuple(words), (family, canonical))
            table.setdefault(tuple(romanize(word) for word in words), (family, canonical))
            if len(words) == 1 and 1 < len(words[0]) <= 4:
                table.setdefault(tuple(words[0]), (family, canonical))
    return table


@cache
def openers() -> Mapping[str, int]:
    """First words of forms -> the longest form that starts with it."""
    longest: dict[str, int] = {}
    for words in _forms():
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def _glued() -> re.Pattern[str]:
    """Forms written without a space: 丹东...有限公司, 株式会社..."""
    han = sorted(
        (w[0] for w in _forms() if len(w) == 1 and len(w[0]) > 2 and ord(w[0][0]) >= 0x3000),
        key=len,
        reverse=True,
    )
    return re.compile("|".join(map(re.escape, han)))


def unglue(text: str) -> str:
    """Spaces around the legal forms of scripts that write none."""
    return _glued().sub(r" \g<0> ", text)


def split_forms(words: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The words that are the name, and the legal forms among them as (family, form)."""
    name: list[str] = []
    found: list[tuple[str, str]] = []
    forms, first = _forms(), openers()
    place, count = 0, len(words)
    while place < count:
        for length in range(min(first.get(words[place], 0), count - place), 0, -1):
            form = forms.get(tuple(words[place : place + length]))
            if form and _counts_here(words[place : place + length], place, place + length, count):
                found.append(form)
                place += length
                break
        else:
            name.append(words[place])
            place += 1
    return name, found


def _counts_here(form: Sequence[str], start: int, end: int, count: int) -> bool:
    if all(len(word) == 1 for word in form):
        return len(form) >= 3 or (len(form) == 2 and end == count and count > 3)
    return sum(map(len, form)) > _SHORT or start == 0 or end >= count - 1
