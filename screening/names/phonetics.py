"""Folds that bring together the spellings of one sound.

`skeleton` is for names transliterated in different ways ("Qaddafi", "Gadhafi", "Kadafi"); `consonants` keeps
nothing else, so that unvocalised Arabic or Hebrew finds vocalised Latin ("محمد" and "Mohamed" -> "mhmd").
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, product


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """ "kh>k gh>k" -> (("kh", "k"), ("gh", "k"))"""
    return tuple((spelling, sound) for spelling, _, sound in (pair.partition(">") for pair in text.split()))


def without_h(spellings: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those that a word without an h can have: half of words need not be asked for the others."""
    return tuple([pair for pair in spellings if "h" not in pair[0]])


def said(
    latin: str, fixed: Sequence[tuple[str, str]], open_: Sequence[tuple[re.Pattern[str], tuple[str, ...]]]
) -> Iterator[str]:
    """A word in each way it may be said: `fixed` spellings by their sound, `open_` ones by each of theirs.

    >>> list(said("chave", [("v", "w")], [(re.compile("ch"), ("s", "k"))]))
    ['sawe', 'kawe']
    """
    for letters, sound in fixed:
        if letters in latin:
            latin = latin.replace(letters, sound)
    found = [(pattern, sounds) for pattern, sounds in open_ if pattern.search(latin)]
    for chosen in product(*[sounds for _, sounds in found]):
        spoken = latin
        for (pattern, _), sound in zip(found, chosen, strict=True):
            spoken = pattern.sub(sound, spoken)
        yield spoken


# In this order; each pair is a spelling and the sound it is folded to.
_SOUNDS = pairs(
    "dsch>j tsch>c shch>s dzh>j tch>c sch>s sh>s ch>c zh>j dj>j dz>z kh>h gh>g ck>k ph>f th>t dh>d bh>b rh>r "
    "wh>v cz>c tz>c ts>c x>ks qu>k q>k g>k w>v ou>u oo>u au>u ow>u ee>i ea>i ie>i ei>i ey>i ai>i ay>i "
    "ae>a oe>u ue>u iy>i yi>i ij>i iu>u yu>u yo>u ya>a ia>a io>u y>i e>i o>u z>s"
)
_SOUNDS_WITHOUT_H = without_h(_SOUNDS)
_SILENT_H = re.compile(r"(?<=[^aiu])h|h$")
_SOFT_C = re.compile(r"c(?=[eiy])")
_ARAB_ENDING = re.compile(r"(?:[a-z]{3}i|[a-z]{2}[a-hj-z])eh$").search
"""Of a woman's name or a family's, which is -a, -ah or -eh: Haniyeh. Hsieh is a syllable of China."""


def undoubled(word: str) -> str:
    """Letters that stand twice or more in a row, once; most words have none."""
    before = ""
    for letter in word:
        if letter == before:
            return "".join([each for each, _ in groupby(word)])
        before = letter
    return word


@lru_cache(maxsize=1 << 14)
def skeleton(latin: str) -> str:
    """ "mohammed" -> "muhamid", "muhamed" -> "muhamid"; digits stay as they are."""
    word = latin.removesuffix("f").removesuffix("f") + "v" if latin.endswith("f") else latin
    if word[0] == "x":
        word = "s" + word[1:]
    if word.endswith("eh") and _ARAB_ENDING(word):
        word = word[:-2] + "a"
    for spelling, sound in _SOUNDS if "h" in word else _SOUNDS_WITHOUT_H:
        if spelling in word:
            word = word.replace(spelling, sound)
    return undoubled(_SILENT_H.sub("", word) if "h" in word else word)


# p is written as b, v as f or w in Arabic; soft letters fall together. Vowels and their letters vanish.
_CONSONANT_SPELLINGS = pairs(
    "sh>S ch>S kh>H gh>J zh>J dj>J dh>D th>T ts>s ph>f ck>k q>k x>ks c>k g>J j>J p>b v>f z>D d>D t>T h>H"
)
_CONSONANT_SPELLINGS_WITHOUT_H = without_h(_CONSONANT_SPELLINGS)
_NO_VOWELS = str.maketrans("", "", "aeiouyw")
_CONSONANTS = re.compile(r"[^aeiouyw]")


def consonants(latin: str) -> str:
    """Consonants only, repeated ones once: "hussein" and "hsyn" -> "Hsn"."""
    return undoubled(_consonantal(latin).translate(_NO_VOWELS))


def vowels(latin: str) -> list[str]:
    """What stands before, between and after the consonants."""
    return _CONSONANTS.split(_consonantal(latin))


def _consonantal(latin: str) -> str:
    word = undoubled(latin[:-1] + "a" if latin.endswith("h") else latin)
    if "c" in word:
        word = _SOFT_C.sub("s", word)
    for spelling, sound in _CONSONANT_SPELLINGS if "h" in word else _CONSONANT_SPELLINGS_WITHOUT_H:
        if spelling in word:
            word = word.replace(spelling, sound)
    return word
