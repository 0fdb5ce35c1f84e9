"""How dearly a word of another alphabet is bought as a Latin one: what its letters are usually written as.

Arabic and Hebrew leave most vowels out, and every alphabet writes foreign names by ear: Whitfield is ويتفيلد
and Уитфилд. `transcription.txt` says what each letter becomes how often; the cheapest way to write the Latin
word with the letters of the other one is its cost, and a word that is meant costs little.

>>> cost("کلارک", "clark") < 0.3, cost("حسن", "hussein") > cost("حسين", "hussein")
(True, True)
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple
from unicodedata import normalize

from screening.names.phonetics import pairs, said, skeleton
from screening.names.scripts import romanize
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
ROUNDING = 1e-9
"""Sums in another order are compared with so much tolerance."""
LIKELY = 2.4
"""Cost up to which a spelling of a letter leads to words."""
LIKELY_WHOLE = 0.5
"""The same for a whole word, for each of its letters: what it costs by its vowels comes on top."""
MOST_WAYS = 16
"""Ways of consonants by which a word is looked up; a Latin word has half as many at the most."""
UNKNOWN_LETTER = 3.0
"""Cost of leaving out a letter of which the table knows nothing."""
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

Spellings = tuple[tuple[str, float], ...]


@cache
def _table() -> Mapping[str, Spellings]:
    table = {}
    for line in lines("transcription.txt"):
        letter, *spellings = line.split()
        parted = [spelling.partition("=") for spelling in spellings]
        table[letter] = tuple([(written.strip("-"), float(dear)) for written, _, dear in parted])
    return table


@lru_cache(maxsize=1 << 14)
def _spellings(native: str) -> tuple[Spellings, ...]:
    """How each letter of a word is written in Latin; its marks are no letters."""
    table = _table()
    bare = native if native.isalpha() else "".join(filter(str.isalpha, native))
    if _GREEK.match(bare):
        letters = _letters_of_greek().findall("".join(map(_unaccented, bare)))
        return tuple([table.get(letter) or _by_itself(letter) for letter in letters])
    return tuple([table.get(letter) or _by_itself(letter) for letter in bare])


_GREEK = re.compile("[\u0370-\u03ff]")


@cache
def _letters_of_greek() -> re.Pattern[str]:
    """The letters of a Greek word, those first that are one sound together: ντ is d."""
    several = sorted([letters for letters in _table() if len(letters) > 1], key=len, reverse=True)
    return re.compile("|".join([*several, "."]))


def _unaccented(letter: str) -> str:
    """ "ή" -> "η"; every other letter as it is."""
    return normalize("NFD", letter)[0] if "\u0370" <= letter <= "\u03ff" else letter


def _by_itself(letter: str) -> Spellings:
    return ((romanize(letter), 0.0), ("", UNKNOWN_LETTER))


def is_transcribed(native: str) -> bool:
    """Does the table know most letters of a word?"""
    table = _table()
    return 2 * sum([_unaccented(letter) in table for letter in native]) > len(native)


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


@cache
def _lines_of_sounds() -> Mapping[str, frozenset[int]]:
    """The sound of a Latin name -> the lines it stands on."""
    table: dict[str, frozenset[int]] = {}
    for number, line in enumerate(lines("unvocalised_names.txt")):
        for name in line.partition(":")[2].split():
            sound = skeleton(name)
            table[sound] = table.get(sound, frozenset()) | {number}
    return table


def are_two_names(latin: str, other: str) -> bool:
    """Are two Latin words known names of the Arab world, and not one: Awad and Aswad?"""
    known = _lines_of_sounds()
    one, two = known.get(skeleton(latin)), known.get(skeleton(other))
    return one is not None and two is not None and one.isdisjoint(two)


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
    letters = _spellings(native)
    size = len(letters) + BRIEF
    limit = TOO_DEAR * size
    if _at_least(native, letters, latin, limit) > limit + ROUNDING:
        return TOO_DEAR
    live = {BEHIND_VOWEL: 0.0}
    for spellings in letters:
        live = _written(spellings, latin, _with_unwritten(latin, live, limit), limit)
        if not live:
            return TOO_DEAR
    live = _with_unwritten(latin, live, limit)
    end = 2 * len(latin)
    return min(live.get(end, limit), live.get(end + BEHIND_VOWEL, limit)) / size


def _at_least(native: str, letters: tuple[Spellings, ...], latin: str, limit: float) -> float:
    """What the letters cost wherever they stand: each by its cheapest spelling that the Latin word has, and
    the Latin ones that none of them is ever written as. Tells half of the words that are not alike."""
    dear = 0.0
    known = _letters_of(native)
    before = ""
    for letter in latin:
        if letter not in known:
            dear += SILENT_H if letter == "h" else DOUBLED if letter == before else STRAY_CONSONANT
        before = letter
    for spellings in letters:
        if dear > limit:
            break
        dear += min([more for written, more in spellings if written in latin], default=limit)
    return dear


@lru_cache(maxsize=1 << 14)
def _letters_of(native: str) -> frozenset[str]:
    """Latin letters that a word may be written with, and vowels, which none need write."""
    return frozenset(VOWELS).union(*[written for spellings in _spellings(native) for written, _ in spellings])


BEHIND_VOWEL = 1
"""Twice the letters of the Latin word that are written, and one if the last of them is a vowel, or nothing is
written: each such state has what it costs to come there."""


def _with_unwritten(latin: str, live: dict[int, float], limit: float) -> dict[int, float]:
    """The states, and those that are reached by letters of the Latin word which the other does not write."""
    end = len(latin)
    found = dict(live)
    for state in range(min(live), 2 * end):
        here = found.get(state)
        if here is None:
            continue
        place = state >> 1
        letter = latin[place]
        if letter not in VOWELS:
            doubled = place and latin[place - 1] == letter
            dear = here + (SILENT_H if letter == "h" else DOUBLED if doubled else STRAY_CONSONANT)
            following = 2 * place + 2
            if dear < found.get(following, limit):
                found[following] = dear
            continue
        for last in range(place + 1, min(end, place + MOST_VOWELS) + 1):
            if latin[last - 1] not in VOWELS:
                break
            dear = here + _of_vowels(last - place, not state & BEHIND_VOWEL, last == end, letter)
            following = 2 * last + BEHIND_VOWEL
            if dear < found.get(following, limit):
                found[following] = dear
    return found


def _of_vowels(count: int, free: bool, at_end: bool, letter: str) -> float:
    if not free:
        return STRAY_VOWEL + FREE_VOWEL * (count - 1)
    if at_end:
        return SILENT_E if letter == "e" and count == 1 else END_VOWEL
    return FREE_VOWEL + SECOND_VOWEL * (count - 1)


def _written(spellings: Spellings, latin: str, live: dict[int, float], limit: float) -> dict[int, float]:
    """The states with one more letter of the other word written."""
    found: dict[int, float] = {}
    for state, here in live.items():
        place = state >> 1
        for written, more in spellings:
            dear = here + more
            if dear >= limit:
                continue
            if not written:
                following = state
            elif latin.startswith(written, place):
                following = 2 * (place + len(written)) + (written[-1] in VOWELS)
            else:
                continue
            if dear < found.get(following, limit):
                found[following] = dear
    return found


@lru_cache(maxsize=1 << 14)
def frames_of(native: str) -> frozenset[str]:
    """The frames that Latin words have which a word may be written as, by its likeliest ways."""
    letters = _spellings(native)
    limit = LIKELY_WHOLE * (len(letters) + BRIEF)
    ways = {_Way("", "", False): 0.0}
    for spellings in letters:
        longer: dict[_Way, float] = {}
        for written, more in spellings:
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
