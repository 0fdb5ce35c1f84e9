"""The consonants of a word with a vowel at either end: by them a word of another alphabet is looked up.

>>> sorted(frames_of("анна")), sorted(frames_in("anna"))
(['ana'], ['ana'])
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from screening.names.phonetics import pairs, said
from screening.names.transcription.costs import BRIEF
from screening.names.transcription.letters import VOWELS, letters_of

LIKELY = 2.4
"""Cost up to which a spelling of a letter leads to words."""
LIKELY_WHOLE = 0.5
"""The same for a whole word, for each of its letters: what it costs by its vowels comes on top."""
MOST_WAYS = 16
"""Ways of consonants by which a word is looked up; a Latin word has half as many at the most."""
_VOICELESS = str.maketrans("fz", "vs", "aeiouyh")
"""What no alphabet keeps apart, or writes for certain."""
_FIXED = pairs("tsch>s tch>s sch>s sh>s zh>s sz>s cz>s tz>s ts>s dz>s dj>j ph>f kh>k gh>g ck>k qu>k q>k x>ks")
_OPEN = (
    (re.compile("th"), ("t", "s")),
    (re.compile("ch"), ("s", "k")),
    (re.compile("c(?=[eiy])"), ("s",)),
    (re.compile("c"), ("k",)),
    (re.compile("g(?=[eiy])"), ("g", "s")),
    (re.compile("j"), ("s", "")),
    (re.compile("w"), ("", "v")),
)
"""Spellings of several sounds, or none."""
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 14)
def frames_of(native: str) -> frozenset[str]:
    """The frames that Latin words have which a word may be written as, by its likeliest ways."""
    letters = letters_of(native)
    limit = LIKELY_WHOLE * (len(letters) + BRIEF)
    ways = {_Way("", "", False): 0.0}
    for letter in letters:
        longer: dict[_Way, float] = {}
        for written, more, _ in letter.spellings:
            if more > LIKELY:
                continue
            for way, before in ways.items():
                for further in _further(way, written):
                    if before + more < longer.get(further, limit):
                        longer[further] = before + more
        ways = dict(sorted(longer.items(), key=lambda way: (way[1], way[0]))[:MOST_WAYS])
    frames = {way.start + way.consonants + way.start_of_end() for way in ways}
    return frozenset([*frames, *[frame.replace("ts", "s") for frame in frames]])


class _Way(NamedTuple):
    """Letters that are written in Latin: whether they begin and end with a vowel, and the consonants."""

    start: str
    consonants: str
    ends: bool
    begun: bool = False

    def start_of_end(self) -> str:
        return VOWEL if self.ends else ""


VOWEL = "a"
"""Stands for the vowel at either end in a frame."""


def _further(way: _Way, written: str) -> Iterator[_Way]:
    """A way with one more letter written."""
    if not written:
        yield way
        return
    if all(letter in VOWELS for letter in written):
        yield _Way(way.start if way.begun else VOWEL, way.consonants, True, True)
        return
    for sound in _sounds(written):
        before = way.consonants
        together = before + sound if before[-1:] != sound[:1] else before + sound[1:]
        yield _Way(way.start, together, written[-1] in VOWELS, True)


@lru_cache(maxsize=1 << 12)
def frames_in(latin: str) -> frozenset[str]:
    """The consonants of a Latin word, by how it may be said, with its vowels at either end.

    >>> sorted(frames_in("anna")), sorted(frames_in("chave"))
    (['ana'], ['kv', 'kva', 'sv', 'sva'])
    """
    bare = latin.rstrip("h") or latin
    start = VOWEL if bare[0] in VOWELS else ""
    ends = ("", VOWEL) if bare[-1] == "e" else (VOWEL,) if bare[-1] in VOWELS else ("",)
    return frozenset([start + sound + end for sound in _sounds(bare) for end in ends])


@lru_cache(maxsize=1 << 12)
def _sounds(latin: str) -> tuple[str, ...]:
    """The consonants of a Latin word or spelling, by how it may be said: "chavez" -> "svs", "kvs"."""
    found: dict[str, None] = {}
    for spoken in islice(said(latin, _FIXED, _OPEN), MOST_WAYS // 2):
        found[_DOUBLED.sub(r"\1", spoken.translate(_VOICELESS))] = None
    return tuple(found)
