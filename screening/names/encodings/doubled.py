"""Words whose vowels or consonants are all written twice, so that they are no longer the same words.

>>> undoubled_words("pay MAAhaan AAiir today")
'pay MAhan Air today'
"""

import re
from itertools import groupby
from typing import Final

from screening.names.phonetics import has_double

_TWICE: Final = re.compile(r"([a-z])\1[a-z]*?([a-z])\2", re.IGNORECASE)
"""Two letters of a word, each written twice."""
_LETTERS_TWICE: Final = 2
"""So many it finds, which is told of most texts in a tenth of the time."""
_WORD: Final = re.compile("[A-Za-z]+")
_VOWELS: Final = frozenset("aeiou")
_EITHER: Final = "y"
"""A vowel to some and a consonant to others."""
FEWEST_DOUBLED: Final = 2
"""Letters written twice of one word at least; one is as often a slip, or the way it is spelt."""


def undoubled_words(text: str) -> str:
    """The text with words whose vowels, or consonants, all stand twice as they were; most texts have none.

    >>> undoubled_words("MMahhmmouddovv"), undoubled_words("Aaron Lee Moon"), undoubled_words("Boogaard")
    ('Mahmoudov', 'Aaron Lee Moon', 'Bogard')
    """
    if not (has_double(text.casefold(), _LETTERS_TWICE) and _TWICE.search(text)):
        return text
    words = _WORD.findall(text)
    if all(_doubled(word) < FEWEST_DOUBLED for word in words):
        return text
    return _WORD.sub(_as_before, text)


def _as_before(found: "re.Match[str]") -> str:
    word = found[0]
    for vowels in (True, False):
        if _doubled_of(word, vowels):
            word = "".join(
                [run[: len(run) // 2] if _is_of(run, vowels) and len(run) > 1 else run for run in _runs(word)]
            )
    return word


def _doubled(word: str) -> int:
    return max(_doubled_of(word, True), _doubled_of(word, False))


def _doubled_of(word: str, vowels: bool) -> int:
    """How many vowels, or consonants, stand twice; 0 where one of them does not."""
    count = 0
    for run in _runs(word):
        if _is_of(run, vowels):
            if len(run) % 2 == 0:
                count += 1
            elif run[0].casefold() != _EITHER:
                return 0
    return count


def _is_of(run: str, vowels: bool) -> bool:
    letter = run[0].casefold()
    return letter == _EITHER or (letter in _VOWELS) is vowels


def _runs(word: str) -> list[str]:
    return ["".join(letters) for _, letters in groupby(word, key=str.casefold)]
