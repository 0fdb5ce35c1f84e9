"""Folds that bring together the spellings of one sound.

`skeleton` is for names transliterated in different ways ("Qaddafi", "Gadhafi", "Kadafi"); `consonants` keeps
nothing else, so that unvocalised Arabic or Hebrew finds vocalised Latin ("محمد" and "Mohamed" -> "mhmd").
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, product, takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64  # see keys/sieve.py


class Spelling:
    """Letters and the sound they are folded to."""

    __slots__ = ("letters", "sound", "sound_letters", "spelling")

    def __init__(self, spelling: str, sound: str) -> None:
        self.spelling = spelling
        self.sound = sound
        self.letters: i64 = _letter_bits(spelling)
        self.sound_letters: i64 = _letter_bits(sound)


def spellings(text: str) -> list[Spelling]:
    """A table of them, in the order in which they are folded.

    >>> [(each.spelling, each.sound) for each in spellings("kh>k ou>u")]
    [('kh', 'k'), ('ou', 'u')]
    """
    return [
        Spelling(spelling, sound) for spelling, _, sound in [pair.partition(">") for pair in text.split()]
    ]


def respelt(latin: str, fixed: list[Spelling]) -> str:
    """A word with its sounds in place of their spellings, one after the other. Most words lack a letter of
    most spellings, which is told by bits.

    >>> respelt("khoury", spellings("kh>k ou>u"))
    'kury'
    """
    has = _letter_bits(latin)
    for each in fixed:
        letters = each.letters
        if letters & has == letters and each.spelling in latin:
            latin = latin.replace(each.spelling, each.sound)
            has |= each.sound_letters
    return latin


def _letter_bits(text: str) -> "i64":
    """A bit for each letter; some signs of other scripts share one."""
    found: i64 = 0
    place: i64 = 0
    end: i64 = len(text)
    while place < end:
        letter: i64 = ord(text[place])
        found |= 1 << (letter & 31)
        place += 1
    return found


class OpenSpelling:
    """Letters, as a pattern that begins with them, which have several sounds, or none."""

    __slots__ = ("letters", "pattern", "sounds")

    def __init__(self, pattern: str, *sounds: str) -> None:
        self.pattern = re.compile(pattern)
        self.sounds = sounds
        self.letters: i64 = _letter_bits("".join(takewhile(str.isalpha, pattern)))


def said(latin: str, fixed: list[Spelling], open_: Sequence[OpenSpelling]) -> Iterator[str]:
    """A word in each way it may be said: `fixed` spellings by their sound, `open_` ones by each of theirs.

    >>> list(said("chave", spellings("v>w"), [OpenSpelling("ch", "s", "k")]))
    ['sawe', 'kawe']
    """
    latin = respelt(latin, fixed)
    has = _letter_bits(latin)
    found = [each for each in open_ if each.letters & has == each.letters and each.pattern.search(latin)]
    for chosen in product(*[each.sounds for each in found]):
        spoken = latin
        for each, sound in zip(found, chosen, strict=True):
            spoken = each.pattern.sub(sound, spoken)
        yield spoken


_SOUNDS: Final = spellings(
    "dsch>j tsch>c shch>s dzh>j tch>c sch>s sh>s ch>c zh>j dj>j dz>z kh>h gh>g ck>k ph>f th>t dh>d bh>b rh>r "
    "wh>v cz>c tz>c ts>c x>ks qu>k q>k g>k w>v ou>u oo>u au>u ow>u ee>i ea>i ie>i ei>i ey>i ai>i ay>i "
    "ae>a oe>u ue>u iy>i yi>i ij>i iu>u yu>u yo>u ya>a ia>a io>u y>i e>i o>u z>s"
)
_SILENT_H: Final = re.compile(r"(?<=[^aiu])h|h$")
_SOFT_C: Final = re.compile(r"c(?=[eiy])")
_ARAB_ENDING: Final = re.compile(r"(?:[a-z]{3}i|[a-z]{2}[a-hj-z])eh$").search
"""Of a woman's name or a family's, which is -a, -ah or -eh: Haniyeh. Hsieh is a syllable of China."""


def undoubled(word: str) -> str:
    """Letters that stand twice or more in a row, once; most words have none."""
    return "".join([each for each, _ in groupby(word)]) if has_double(word) else word


def has_double(word: str, fewest: int = 1) -> bool:
    """Does a letter stand beside itself, or so many do?

    >>> has_double("mueller"), has_double("mueller", 2), has_double("boogaard", 2)
    (True, False, True)
    """
    missing: i64 = fewest
    before: i64 = 0
    place: i64 = 0
    end: i64 = len(word)
    while place < end:
        letter: i64 = ord(word[place])
        if letter == before:
            missing -= 1
            if not missing:
                return True
        before = letter
        place += 1
    return False


def skeleton(latin: str) -> str:
    """ "mohammed" -> "muhamid", "muhamed" -> "muhamid"; digits stay as they are."""
    word = latin.removesuffix("f").removesuffix("f") + "v" if latin.endswith("f") else latin
    if word[0] == "x":
        word = "s" + word[1:]
    if word.endswith("eh") and _ARAB_ENDING(word):
        word = word[:-2] + "a"
    word = respelt(word, _SOUNDS)
    return undoubled(_SILENT_H.sub("", word) if "h" in word else word)


# p is written as b, v as f or w in Arabic; soft letters fall together. Vowels and their letters vanish.
_CONSONANT_SPELLINGS: Final = spellings(
    "sh>S ch>S kh>H gh>J zh>J dj>J dh>D th>T ts>s ph>f ck>k q>k x>ks c>k g>J j>J p>b v>f z>D d>D t>T h>H"
)
_VOWELS: Final = b"aeiouyw"
_CONSONANTS: Final = re.compile(r"[^aeiouyw]")


def consonants(latin: str) -> str:
    """Consonants only, repeated ones once: "hussein" and "hsyn" -> "Hsn"."""
    return undoubled(_consonantal(latin).encode().translate(None, _VOWELS).decode())


def vowels(latin: str) -> list[str]:
    """What stands before, between and after the consonants."""
    return _CONSONANTS.split(_consonantal(latin))


def _consonantal(latin: str) -> str:
    word = undoubled(latin[:-1] + "a" if latin.endswith("h") else latin)
    if "c" in word:
        word = _SOFT_C.sub("s", word)
    return respelt(word, _CONSONANT_SPELLINGS)
