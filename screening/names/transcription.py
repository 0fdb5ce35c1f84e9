"""How dearly a word of another alphabet is bought as a Latin one: what its letters are usually written as.

Arabic and Hebrew leave most vowels out, and every alphabet writes foreign names by ear: Whitfield is ويتفيلد
and Уитфилд. `transcription.txt` says what each letter becomes how often; the cheapest way to write the Latin
word with the letters of the other one is its cost, and a word that is meant costs little.

>>> cost("کلارک", "clark") < 0.3, cost("حسن", "hussein") > cost("حسين", "hussein")
(True, True)
"""

import math
from collections.abc import Mapping
from functools import cache, lru_cache

from screening.names.loans import MOST_FRAMES, frame
from screening.names.phonetics import skeleton
from screening.names.vocabulary import lines

VOWELS = "aeiouy"
FREE_VOWEL = 0.4
"""Cost of a vowel behind a consonant that the other alphabet does not write,"""
SECOND_VOWEL = 0.8
"""of each vowel that follows it,"""
SILENT_E = 0.9
"""of an e at the end, which may be silent,"""
STRAY_VOWEL = 1.6
"""of a vowel at the beginning or beside a written one,"""
END_VOWEL = 2.8
"""and of one behind a consonant at the end, where every alphabet writes one: سعيد is not Saeedi."""
MOST_VOWELS = 3
DOUBLED = 0.1
SILENT_H = 1.2
STRAY_CONSONANT = 5.0
"""Cost of a letter that nothing stands for."""
TOO_DEAR = 1.0
"""A letter, on the average, from which two words are different words."""
BRIEF = 2
"""Added to the letters of a word, of which short ones tell less by their cost."""
LIKELY = 2.4
"""Cost up to which a spelling of a letter leads to words."""
_SOUNDS = {"c": "K S", "g": "K S", "ch": "K S", "x": "K KS"}
_PERHAPS_SILENT = {"j": ("S", ""), "w": ("P", "")}
"""Latin letters of several sounds, in the classes of `loans`."""

Spellings = tuple[tuple[str, float], ...]


@cache
def _table() -> Mapping[str, Spellings]:
    table = {}
    for line in lines("transcription.txt"):
        letter, *spellings = line.split()
        parted = [spelling.partition("=") for spelling in spellings]
        table[letter] = tuple([(written.strip("-"), float(dear)) for written, _, dear in parted])
    return table


def is_transcribed(native: str) -> bool:
    """Does the table know every letter of a word?"""
    table = _table()
    return all(letter in table for letter in native)


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """Unvocalised name -> the sounds of its Latin spellings; under "" those of all."""
    table: dict[str, frozenset[str]] = {"": frozenset()}
    for line in lines("unvocalised_names.txt"):
        names, _, latin = line.partition(":")
        sounds = frozenset(map(skeleton, latin.split()))
        for name in (*names.split(), ""):
            table[name] = table.get(name, frozenset()) | sounds
    return table


def is_another_name(native: str, latin: str) -> bool:
    """Are both known names, of which neither is written for the other: محمد and Mahmud?"""
    names = _names()
    sounds = names.get(native)
    return sounds is not None and (sound := skeleton(latin)) in names[""] and sound not in sounds


@lru_cache(maxsize=1 << 15)
def cost(native: str, latin: str) -> float:
    """What a letter of `native` costs on the average to be read as `latin`; `TOO_DEAR` or more is none."""
    if is_another_name(native, latin):
        return TOO_DEAR
    size = len(native) + BRIEF
    limit = TOO_DEAR * size
    open_, closed = _start(len(latin), limit)
    for letter in native:
        _add_vowels(latin, open_, closed, limit)
        open_, closed = _written(_table()[letter], latin, open_, closed, limit)
        if min(open_) >= limit and min(closed) >= limit:
            return TOO_DEAR
    _add_vowels(latin, open_, closed, limit)
    return min(open_[-1], closed[-1], limit) / size


def _start(length: int, limit: float) -> tuple[list[float], list[float]]:
    """Costs by letters of the Latin word that are written, behind a consonant and behind a vowel."""
    closed = [limit] * (length + 1)
    closed[0] = 0.0
    return [limit] * (length + 1), closed


def _add_vowels(latin: str, open_: list[float], closed: list[float], limit: float) -> None:
    """Adds the ways on which the Latin word has letters next that the other one does not write."""
    end = len(latin)
    for place in range(end):
        for found, free in ((open_[place], True), (closed[place], False)):
            if found >= limit:
                continue
            letter = latin[place]
            if letter not in VOWELS:
                dear = DOUBLED if place and latin[place - 1] == letter else STRAY_CONSONANT
                dear = found + (SILENT_H if letter == "h" else dear)
                if dear < open_[place + 1]:
                    open_[place + 1] = dear
                continue
            for last in range(place + 1, min(end, place + MOST_VOWELS) + 1):
                if latin[last - 1] not in VOWELS:
                    break
                dear = found + _of_vowels(last - place, free, last == end, letter)
                if dear < closed[last]:
                    closed[last] = dear


def _of_vowels(count: int, free: bool, at_end: bool, letter: str) -> float:
    if not free:
        return STRAY_VOWEL + FREE_VOWEL * (count - 1)
    if at_end:
        return SILENT_E if letter == "e" and count == 1 else END_VOWEL
    return FREE_VOWEL + SECOND_VOWEL * (count - 1)


def _written(
    spellings: Spellings, latin: str, open_: list[float], closed: list[float], limit: float
) -> tuple[list[float], list[float]]:
    """The costs with one more letter of the other word written."""
    then_open, then_closed = [limit] * len(open_), [limit] * len(open_)
    for place, (behind_consonant, behind_vowel) in enumerate(zip(open_, closed, strict=True)):
        least = behind_consonant if behind_consonant < behind_vowel else behind_vowel
        if least >= limit:
            continue
        for written, dear in spellings:
            if not written:
                if behind_consonant + dear < then_open[place]:
                    then_open[place] = behind_consonant + dear
                if behind_vowel + dear < then_closed[place]:
                    then_closed[place] = behind_vowel + dear
            elif latin.startswith(written, place):
                then = then_closed if written[-1] in VOWELS else then_open
                if least + dear < then[place + len(written)]:
                    then[place + len(written)] = least + dear
    return then_open, then_closed


@lru_cache(maxsize=1 << 14)
def frames_of(native: str) -> frozenset[str]:
    """The consonants that Latin words have which it may be written as, in the classes of `loans`, likeliest
    first.
    """
    ways: dict[str, float] = {"": 0.0}
    for letter in native:
        longer: dict[str, float] = {}
        for written, dear in _table()[letter]:
            if dear > LIKELY:
                continue
            for sound in _sounds(written):
                for way, before in ways.items():
                    together = way if way[-1:] == sound[:1] and len(sound) == 1 else way + sound
                    if before + dear < longer.get(together, math.inf):
                        longer[together] = before + dear
        ways = dict(sorted(longer.items(), key=lambda way: way[1])[:MOST_FRAMES])
    return frozenset([*ways, *[way.replace("TS", "S") for way in ways]]) - {""}


@cache
def _sounds(written: str) -> tuple[str, ...]:
    known = _SOUNDS.get(written)
    return tuple(known.split()) if known else _PERHAPS_SILENT.get(written, (frame(written),))
