"""Foreign names in scripts of syllables: katakana, Hangul and Han have no letter for many a sound of theirs.

"Lavrov" is ra-bu-ro-fu in Tokyo and ra-beu-ro-peu in Seoul, "Comaroff" ke-ma-luo-fu in Beijing. What these
scripts cannot tell apart falls together in a frame of consonants; how far the vowels between them agree is
what `agreement` says.

>>> "RPRP" in frames("lavrov"), frames_heard("raburofu", "ラブロフ")
(True, {'RPRP'})
>>> round(agreement("raburofu", "ラブロフ", "lavrov"), 2)
0.86
"""

import re
from string import ascii_lowercase

from rapidfuzz.distance import Indel

from screening.cache import by_word
from screening.names.phonetics import OpenSpelling, said, spellings, undoubled
from screening.names.scripts import Script, script_of

MOST_FRAMES = 8
"""Readings of a Latin word that are looked for: r may be silent, and ch, g, j, th and w have two sounds."""
_SOUNDS = {"bpvf": "P", "td": "T", "kg": "K", "lr": "R", "mn": "N", "szcjxq": "S", "hw": "", "y": "i"}
_CLASSES = {ord(letter): sound for letters, sound in _SOUNDS.items() for letter in letters}
_FIXED = spellings(
    "ee>i oo>u dge>Se dj>S tsch>S sch>S tch>S sh>S zh>S sz>S cz>S ph>P kh>H ck>K ts>S tz>S dz>S qu>K q>K x>KS"
)
"""What sounds alike wherever it stands; "h" is nothing that all these scripts write."""
_OPEN = (
    OpenSpelling("th", "T", "S"),
    OpenSpelling("ch", "S", "K", ""),
    OpenSpelling("c$", "K", "S"),
    OpenSpelling("ng(?![aeiouy])", "n", "nK"),
    OpenSpelling("gh", "K", ""),
    OpenSpelling("t(?=[iu])", "T", "S"),
    OpenSpelling("d(?=[iu])", "T", "S"),
    OpenSpelling("c(?=[eiy])", "S"),
    OpenSpelling("c", "K"),
    OpenSpelling("g(?=[eiy])", "K", "S"),
    OpenSpelling("j", "S", "i"),
    OpenSpelling("w", "", "P"),
    OpenSpelling("r(?![aeiouyR])", "R", ""),
)
"""What has several sounds, or none."""
_VOWELS = str.maketrans("", "", ascii_lowercase)


def _consonants(spoken: str) -> str:
    return undoubled(spoken.translate(_VOWELS))


_STOP = re.compile("t(?=[tkpbgzdfmrvc]|s[aeio])")
"""The small tsu of katakana, which only doubles what follows."""
_OF_HAN = (("w", "P"), ("jq", "K"), ("x", ""))
"""What else a sound of Mandarin stands for: v in 维, g in 加, h in 希."""


@by_word(1 << 14)
def _spoken(text: str, native: str) -> tuple[str, ...]:
    """A word of such a script, romanised, as classes of consonants and vowels, in each way it is meant."""
    script = script_of(native)
    if script is Script.KANA:
        text = _STOP.sub("", text)
    text = text.replace("ts", "s").replace("sh", "s").replace("ch", "c").replace("ng", "n")
    ways = [text]
    if script is Script.HAN:
        for letters, sound in _OF_HAN:
            also = str.maketrans(dict.fromkeys(letters, sound))
            ways += [way.translate(also) for way in ways if not set(letters).isdisjoint(way)]
    return tuple([way.translate(_CLASSES) for way in ways])


def frames_heard(text: str, native: str) -> set[str]:
    """The consonants of a word of such a script: "raburofu" -> {"RPRP"}."""
    return {_consonants(way) for way in _spoken(text, native)}


@by_word(1 << 12)
def _readings(latin: str) -> tuple[tuple[str, str], ...]:
    """As classes of sounds, and their consonants."""
    found: dict[str, str] = {}
    for spoken in said(latin, _FIXED, _OPEN):
        reading = spoken.translate(_CLASSES).replace("H", "")
        if reading not in found:
            found[reading] = _consonants(reading)
            if len(found) == MOST_FRAMES:
                break
    return tuple(found.items())


def frames(latin: str) -> set[str]:
    """The consonants of a Latin word by its readings: "carter" -> "KRTR", "KT", ..."""
    return {consonants for _, consonants in _readings(latin)} - {""}


@by_word(1 << 16)
def agreement(text: str, native: str, latin: str) -> float:
    """How far a word of such a script and a Latin one agree, 0 to 1; 0 where their consonants differ."""
    best = 0.0
    for spoken in _spoken(text, native):
        own = _consonants(spoken)
        for reading, consonants in _readings(latin):
            if consonants == own:
                best = max(best, Indel.normalized_similarity(spoken, reading))
    return best
