"""Words that are syllables of China, Korea and Vietnam: in which spellings, and cut where."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from anyascii import anyascii

from screening.cache import by_word
from screening.names.scripts import Script, romanise, script_of
from screening.names.slavic import slavic_classes
from screening.names.syllables.spellings import (
    CANTONESE,
    HAN,
    HANGUL,
    HANJA,
    KOREAN,
    MIDDLE_NAMES,
    PALLADIUS,
    PINYIN,
    VIETNAMESE,
    VIETNAMESE_FAMILIES,
    WADE_GILES,
    cantonese,
    chinese,
    han_readings,
    korean,
    spelling_of,
)

_LANGUAGES: Final = (PINYIN | WADE_GILES | CANTONESE | HAN | PALLADIUS, KOREAN | HANGUL | HANJA, VIETNAMESE)
"""Two readings in one language tell names apart syllable by syllable."""
LONGEST_PART: Final = 2
"""Syllables of a family name, or of a given name in one word."""
LONGEST_WORD: Final = 14
"""Letters of two of the longest syllables; a longer word is none of these names."""
_ONLY_HAN: Final = re.compile(r"[\u3400-\u9fff]{1,64}")
_VIETNAMESE: Final = re.compile(
    r"(?:ngh?|n?h|kh?|th|tr|ch|gi|gh?|ph|qu|[bcdhlmnrstvx])?[yi]?[ou]?[aeiouy]{1,2}(?:ng|nh|ch|[ncmptoiuy])?"
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]{1,4}")
_CYRILLIC: Final = re.compile("[а-яё]{1,14}")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]{1,4}")


@by_word(1 << 16)
def systems_of(word: str) -> int:
    """The spellings in which all of a case-folded word is syllables; for most words of the world none."""
    word = unmarked(word)
    if not word.isascii():
        if _HAN.fullmatch(word):
            return HAN | HANJA
        if _HANGUL.fullmatch(word):
            return HANGUL
        return _in_cyrillic(word) if _CYRILLIC.fullmatch(word) else 0
    if not word.isalpha() or len(word) > LONGEST_WORD:
        return 0
    found = 0
    if _ends_so(word, PINYIN) and cut(word, PINYIN):
        found |= PINYIN
    if _ends_so(word, KOREAN) and cut(word, KOREAN):
        found |= KOREAN
    if word in chinese(WADE_GILES).anywhere:
        found |= WADE_GILES
    if word in cantonese().anywhere:
        found |= CANTONESE
    if len(word) < 7 and _VIETNAMESE.fullmatch(word):
        found |= VIETNAMESE
    return found


def unmarked(word: str) -> str:
    """A word in Latin letters without the marks of tones and vowels that scholars write: hsü, chŏng."""
    if word.isascii() or script_of(word) is not Script.LATIN:
        return word
    return romanise(word)


def _in_cyrillic(word: str) -> int:
    """Иван and Анна are no two syllables: who is called so is a Russian."""
    found = 0
    for system in (PALLADIUS, KOREAN):
        parts = cut(word, system) if _ends_so(word, system) else ()
        if len(parts) == 1 or (parts and not slavic_classes(romanise(word))):
            found |= system
    return found


def is_korean_syllable(word: str) -> bool:
    """Is a word in letters a-z one syllable of Korea: "jong", "il"?"""
    return word in korean()[0].anywhere


def goes_on_in_vietnamese(words: Sequence[str], place: int) -> bool:
    """Is a particle a name of Vietnam: the middle one behind a family name, or that before a usual middle?

    >>> goes_on_in_vietnamese(["nguyen", "van", "minh"], 1), goes_on_in_vietnamese(["le", "thi", "hoa"], 0)
    (True, True)
    """
    if place + 1 >= len(words) or not systems_of(words[place + 1]) & VIETNAMESE:
        return False
    if words[place] in MIDDLE_NAMES:
        return place > 0 and words[place - 1] in VIETNAMESE_FAMILIES
    if words[place] not in VIETNAMESE_FAMILIES or words[place + 1] not in MIDDLE_NAMES:
        return False
    return place + 2 < len(words) and bool(systems_of(words[place + 2]) & VIETNAMESE)


@cache
def _endings(system: int) -> frozenset[str]:
    """The last two letters of every syllable; those of one letter as they are."""
    return frozenset(syllable[-2:] for syllable in spelling_of(system).anywhere)


def _ends_so(word: str, system: int) -> bool:
    """Does a word end as one of syllables does? Most words of the world are told from them by that."""
    endings = _endings(system)
    return word[-2:] in endings or word[-1:] in endings


@by_word(1 << 14)
def cut(word: str, system: int) -> tuple[str, ...]:
    """A word in the fewest syllables, the longest first; none if it is not made of them."""
    known = spelling_of(system).anywhere
    if word in known:
        return (word,)
    best: tuple[str, ...] = ()
    for end in range(min(6, len(word) - 1), 0, -1):
        if word[:end] in known:
            rest = cut(word[end:], system)
            if rest and (not best or len(rest) + 1 < len(best)):
                best = (word[:end], *rest)
    return best


def languages(systems: int) -> int:
    """The languages of some spellings, as bits."""
    return sum(1 << place for place, language in enumerate(_LANGUAGES) if systems & language)


@by_word(1 << 14)
def languages_of(word: str) -> int:
    """The languages, as bits, in which a case-folded word is one part of a name, of one or two syllables.

    >>> languages_of("hyok") == languages(KOREAN), languages_of("kiraya")
    (True, 0)
    """
    systems = systems_of(word)
    for system in (PINYIN, KOREAN):
        if systems & system and word.isascii() and len(cut(word, system)) > LONGEST_PART:
            systems &= ~system
    return languages(systems)


def romanise_han(word: str) -> str:
    """A word of Han alone in pinyin, each sign as it is mostly read; empty for all other words."""
    if word.isascii() or not _ONLY_HAN.fullmatch(word):
        return ""
    known = han_readings()
    return "".join([known[sign][0] if sign in known else latin(sign) for sign in word])


def latin(syllable: str) -> str:
    """A syllable in letters a-z."""
    return syllable if syllable.isascii() else anyascii(syllable).lower().replace("'", "")
