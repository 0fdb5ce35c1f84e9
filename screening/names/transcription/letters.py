"""The letters of other alphabets, and how each is written in Latin: what `transcription.txt` says.

>>> [spelling.latin for spelling in letters_of("шх")[0].spellings]
['s', 'sh', 'sch', '', 'ch', 'sz', 'x']
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Final
from unicodedata import normalize

from screening.cache import by_word
from screening.names.scripts import in_order_said, romanise
from screening.names.vocabulary import lines

VOWELS: Final = "aeiouy"
LONGEST_TRANSCRIBED: Final = 100
"""Letters of a word that is laid beside Latin ones: Thai is written without blanks, and the ways in which a
word is written in Latin are looked for letter by letter. The longest word of a list has 41."""
ONE: Final = 10
"""A cost of 1.0. Costs are counted in tenths, as `transcription.txt` has them: their sums are exact."""
NEVER: Final = 1_000_000_000
"""Cost of what cannot be."""
UNKNOWN_LETTER: Final = 30
"""Cost of leaving out a letter of which the table knows nothing."""
BITS: Final[dict[str, int]] = {
    letter: 1 << place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")
}


_BY_CODE: Final = [BITS.get(chr(code), 0) for code in range(128)]


def bit_of(latin: str, place: int) -> int:
    """The bit of a letter or digit of a Latin word, which is ASCII; none of anything else."""
    return _BY_CODE[ord(latin[place])]


def bits_of(latin: str) -> int:
    """The letters of a Latin word or spelling, a bit each."""
    found = 0
    for place in range(len(latin)):
        found |= bit_of(latin, place)
    return found


class Spelling:
    """How a letter is written in Latin. Compiled, what it holds is read faster than from a tuple."""

    __slots__ = ("cost", "latin", "states")

    def __init__(self, latin: str, cost: int) -> None:
        self.latin = latin
        self.cost = cost
        self.states = 2 * len(latin) + (latin[-1] in VOWELS) if latin else 0
        """How many states of `costs` it goes on by."""


Spellings = list[Spelling]
"""The cheapest first."""


class Letter:
    """A letter of another alphabet, or letters that are one together."""

    def __init__(self, written: Sequence[tuple[str, int]]) -> None:
        """`written`: its Latin spellings and what each costs, the cheapest first."""
        self.spellings = [Spelling(latin, dear) for latin, dear in written]
        self.bits = 0
        """Of all the Latin letters that it may be written with,"""
        self.again = 0
        """and of those that one of its spellings has twice."""
        self.unwritten = NEVER
        """What it costs not to write it,"""
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        """and to write it so that it begins, or ends, with a Latin letter."""
        for latin, dear in reversed(written):
            self.bits |= bits_of(latin)
            self.again |= bits_of("".join([letter for letter in latin if latin.count(letter) > 1]))
            if latin:
                self.first[latin[0]] = self.last[latin[-1]] = dear
            else:
                self.unwritten = dear
        self.held: dict[int, Spellings] = {}
        """What `spellings_in` gave before."""

    def spellings_in(self, bits: int) -> Spellings:
        """Those that a word of such letters may have, as far as these say; `bits`: of `self.bits` only."""
        found = [each for each in self.spellings if not bits_of(each.latin) & ~bits]
        self.held[bits] = found
        return found


@cache
def _table() -> Mapping[str, tuple[tuple[str, int], ...]]:
    table = {}
    for line in lines("transcription.txt"):
        letter, *spellings = line.split()
        parted = [spelling.partition("=") for spelling in spellings]
        each = [(written.strip("-"), round(ONE * float(dear))) for written, _, dear in parted]
        table[letter] = tuple(sorted(each, key=itemgetter(1)))
    return table


@lru_cache(maxsize=1 << 12)
def _letter(letter: str) -> Letter:
    return Letter(_table().get(letter) or ((romanise(letter), 0), ("", UNKNOWN_LETTER)))


@by_word(1 << 14)
def letters_of(native: str) -> tuple[Letter, ...]:
    """The letters of a word in the order in which they are said; marks that the table does not know are none.

    >>> [letter.spellings[0].latin for letter in letters_of("เลนิน")]
    ['l', 'e', 'n', 'i', 'n']
    """
    table = _table()
    bare = "".join([sign for sign in _letters_said(native) if sign.isalpha() or sign in table])
    letters = _letters_with_pairs().findall(bare) if _PAIRED.match(bare) else bare
    return tuple(map(_letter, letters))


_PAIRED = re.compile("[\u0370-\u03ff\u0530-\u058f]")
"""Greek and Armenian letters, of which several may be one sound."""


@cache
def _letters_with_pairs() -> re.Pattern[str]:
    """The letters of a word, those first that are one sound together: ντ is d, ու is u."""
    several = sorted([letters for letters in _table() if len(letters) > 1], key=len, reverse=True)
    return re.compile("|".join([*several, "."]))


_INDIC = range(0x0980, 0x0D80)
"""Bengali to Malayalam, a block of 128 places each, laid out as Devanagari before them."""
_DEVANAGARI = 0x0900
_BLOCK = 0x80


def _letters_said(native: str) -> str:
    """A word in the letters of the table, in the order in which they are said."""
    if native.isascii() or native[0] < "\u0370":
        return native
    return "".join(map(_letter_of_table, in_order_said(native)))


def _letter_of_table(letter: str) -> str:
    """ "ή" -> "η", "ક" -> "क"; every other letter as it is."""
    code = ord(letter)
    if code <= 0x03FF:
        return normalize("NFD", letter)[0] if code >= 0x0370 else letter
    if code in _INDIC and letter not in _table():
        return chr(_DEVANAGARI + code % _BLOCK)
    return letter


def load() -> None:
    """Read the table of letters."""
    _table()


@by_word(1 << 14)
def is_transcribed(native: str) -> bool:
    """Does the table know most letters of a word, and is it no longer than names without blanks are?"""
    if len(native) > LONGEST_TRANSCRIBED:
        return False
    table = _table()
    said = _letters_said(native)
    return 2 * sum([letter in table for letter in said]) > len(said)
