"""What else a line may say than its words: the line of a passport, a title written on to a name, digits that
stand for letters.

>>> list(otherwise("P<RUSZUVAVOV<<IVAN<PETROVICH<<<<<<<<<<<<<<<<"))
['IVAN PETROVICH ZUVAVOV']
>>> list(otherwise("INV 7 1V4N ZUV4V0V"))
['INV t iVaN ZUVaVoV']
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from screening.cache import by_word
from screening.matching.plain_words import is_borne, is_plain
from screening.names.cleaning import has_letters_alone
from screening.names.encodings.doubled import undoubled_words
from screening.names.tokens import make_token

_MACHINE_READ: Final = re.compile(
    r"(?<![A-Z<])(?:[PVIAC][A-Z<](?:[A-Z]{3}|[A-Z]<<))?([A-Z]+(?:<[A-Z]+)*)<<([A-Z]+(?:<[A-Z]+)*)(?![A-Z])"
)
"""Surname and given names in the zone that machines read of a passport, a visa or an identity card (ICAO
Doc 9303): "P<" or the like and the state before them on all but cards."""
_TITLES: Final = ("mrs", "mr", "ms", "dr", "miss", "mme", "sheikh", "haji", "sayyid")
_TITLED: Final = re.compile(rf"(?<![^\W_])({'|'.join(_TITLES)})([^\W\d_]{{3,}})", re.IGNORECASE)
_BEHIND_A_BLANK: Final = tuple(f" {title}" for title in _TITLES)
_AS_A_LETTER: Final = str.maketrans("01345789", "oieastbg")
_MIXED: Final = re.compile(r"(?<![^\W_])(?:[a-z]+\d|\d+[a-z])[a-z0-9]*(?![^\W_])", re.IGNORECASE)
_DIGIT_INSIDE: Final = re.compile("[a-z][0134578][a-z]", re.IGNORECASE)
FEWEST_MIXED: Final = 2
"""Words of letters and digits, of a name whose letters are written as digits; one is a number."""


def otherwise(line: str) -> Iterator[str]:
    """The line read in each of these ways that changes it; most lines in none."""
    if "<<" in line and (name := _MACHINE_READ.search(line)):
        yield f"{name[2]} {name[1]}".replace("<", " ")
    if _DIGIT_INSIDE.search(line) and len(_MIXED.findall(line)) >= FEWEST_MIXED:
        yield line.translate(_AS_A_LETTER)
    if (once := undoubled_words(line)) != line:
        yield once


def untitled(line: str, is_word: Callable[[str], bool] | None = None) -> str:
    """The line with a blank behind titles that are written on to a word of the list, or to any word.

    >>> untitled("PAYMENT TO MRIVAN ZUVAVOV", {"ivan"}.__contains__)
    'PAYMENT TO MR IVAN ZUVAVOV'
    """
    if has_letters_alone(line) and not _begins_with_a_title(line.casefold()):
        return line
    return _TITLED.sub(lambda found: _apart(found, is_word), line)


def _begins_with_a_title(words: str) -> bool:
    """Does one of the words? Of most names none, which is told in a fifth of the time of `_TITLED`."""
    spaced = f" {words}"
    return any(title in spaced for title in _BEHIND_A_BLANK)


def _apart(found: "re.Match[str]", is_word: Callable[[str], bool] | None) -> str:
    whole, rest = found[0].casefold(), found[2].casefold()
    titled = is_word is None or (is_word(rest) and not is_word(whole))
    return f"{found[1]} {found[2]}" if titled and not _is_a_word(whole) else found[0]


@by_word(1 << 12)
def _is_a_word(whole: str) -> bool:
    """Is it one that the tables know, or a name that people bear?"""
    token = make_token(whole)
    return token is None or is_borne(token) or is_plain(token)
