"""Text typed while the keyboard was set to the other alphabet: ghbdtn is привет, and ьщрфьув is mohamed.

Most of what comes out is no word of any language, by which it is told; nothing else is read so.
"""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64  # see keys/sieve.py

_LATIN, _CYRILLIC = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё"
"""The keys of one keyboard in both settings."""
_TO_CYRILLIC: Final = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)
_VOWELS: Final = "aeiou"
_VOWEL_BITS: Final = 1 << 1 | 1 << 5 | 1 << 9 | 1 << 15 | 1 << 21
"""The same as bits, of which a letter's is that of its place in the alphabet."""
CONSONANTS_IN_A_ROW: Final = 5
_NO_LATIN: Final = re.compile(
    rf"(?:(?![{_VOWELS}])[a-z]){{{CONSONANTS_IN_A_ROW}}}|[a-z][\[\];`][a-z]|(?<!\S)[;.,][a-z]{{2}}"
)
"""So many consonants, or a sign where the Cyrillic keyboard has х, ъ, ж, ё, б and ю,"""
FEWEST_VOWELS: Final = 5
"""and fewer vowels than one letter of so many: Russian has its own on f, j and t."""
_LETTERS: Final = re.compile(r"[a-z\[\];'`.,\s]+")
_NO_CYRILLIC: Final = re.compile(r"(?<!\w)[ьъы][а-яё]|[аеёиоуыэюя][ьъ]")
"""A sign that softens no consonant before it, or the one vowel that no word begins with."""


def as_typed(text: str) -> str:
    """The text as it was meant where it can only be typed so; most texts are as they are.

    >>> as_typed("fktrctq cbdfrjd"), as_typed("ьщрфьув фифы"), as_typed("Sergey FURSENKO")
    ('алексей сиваков', 'mohamed abas', 'Sergey FURSENKO')
    """
    small = text.lower()
    if not text.isascii():
        return small.translate(_TO_LATIN) if _NO_CYRILLIC.search(small) else text
    few = len(text) // FEWEST_VOWELS
    for vowel in _VOWELS:
        few -= small.count(vowel)
        if few < 0:  # as nearly every name has more
            return text
    typed = _NO_LATIN.search(small) and _LETTERS.fullmatch(small)
    return small.translate(_TO_CYRILLIC) if typed else text


def may_be_typed_so(word: str) -> bool:
    """May a word in letters a-z be typed on the wrong keyboard, whatever stands beside it?

    >>> may_be_typed_so("cbdfrjd"), may_be_typed_so("fursenko")
    (True, False)
    """
    in_a_row: i64 = 0
    place: i64 = 0
    end: i64 = len(word)
    while place < end:
        letter: i64 = ord(word[place])
        in_a_row = 0 if _VOWEL_BITS >> (letter & 31) & 1 else in_a_row + 1
        if in_a_row == CONSONANTS_IN_A_ROW:
            return True
        place += 1
    return False
