"""How dearly a word of another alphabet is bought as a Latin one: what its letters are usually written as.

Arabic and Hebrew leave most vowels out, and every alphabet writes foreign names by ear: Whitfield is ويتفيلد
and Уитфилд. `transcription.txt` says what each letter becomes how often; the cheapest way to write the Latin
word with the letters of the other one is its cost, and a word that is meant costs little.

>>> cost("کلارک", "clark") < 0.3, cost("حسن", "hussein") > cost("حسين", "hussein")
(True, True)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
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
"""How a letter is written in Latin, and what each way costs; the cheapest first."""


@cache
def _table() -> Mapping[str, Spellings]:
    table = {}
    for line in lines("transcription.txt"):
        letter, *spellings = line.split()
        parted = [spelling.partition("=") for spelling in spellings]
        each = [(written.strip("-"), float(dear)) for written, _, dear in parted]
        table[letter] = tuple(sorted(each, key=itemgetter(1)))
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


@lru_cache(maxsize=1 << 14)
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
    at_least = _of_strays(native, latin)
    to_come = []
    possible = []
    for spellings in letters:
        if at_least > limit + ROUNDING:
            return TOO_DEAR
        found = [spelling for spelling in spellings if spelling[0] in latin]
        cheapest = found[0][1] if found else limit
        at_least += cheapest
        possible.append(found)
        to_come.append(cheapest)
    if at_least > limit + ROUNDING:
        return TOO_DEAR
    ways = _unwritten(latin)
    left = sum(to_come)
    live = _with_unwritten(ways, {BEHIND_VOWEL: 0.0}, limit - left + ROUNDING)
    for found, cheapest in zip(possible, to_come, strict=True):
        left -= cheapest
        within = limit - left + ROUNDING
        live = _written(found, latin, live, within)
        if not live:
            return TOO_DEAR
        live = _with_unwritten(ways, live, within)
    end = 2 * len(latin)
    return min(live.get(end, limit), live.get(end + BEHIND_VOWEL, limit)) / size


def _of_strays(native: str, latin: str) -> float:
    """What the letters of the Latin word cost that none of the other is ever written as."""
    dear = 0.0
    known = _letters_of(native)
    before = ""
    for letter in latin:
        if letter not in known:
            dear += SILENT_H if letter == "h" else DOUBLED if letter == before else STRAY_CONSONANT
        before = letter
    return dear


@lru_cache(maxsize=1 << 14)
def _letters_of(native: str) -> frozenset[str]:
    """Latin letters that a word may be written with, and vowels, which none need write."""
    return frozenset(VOWELS).union(*[written for spellings in _spellings(native) for written, _ in spellings])


BEHIND_VOWEL = 1
"""Twice the letters of the Latin word that are written, and one if the last of them is a vowel, or nothing is
written: each such state has what it costs to come there."""


Ways = tuple[tuple[tuple[int, float], ...], ...]
"""For each state the states that are reached from it, and what each costs."""


@lru_cache(maxsize=1 << 14)
def _unwritten(latin: str) -> Ways:
    """What letters of a Latin word cost that the other word does not write, by the state before them."""
    ways: list[tuple[tuple[int, float], ...]] = []
    end = len(latin)
    before = ""
    for place, letter in enumerate(latin):
        if letter in VOWELS:
            last = place + 1
            while last < end and last < place + MOST_VOWELS and latin[last] in VOWELS:
                last += 1
            ways += _of_vowels(place, last, end, letter)
        else:
            dear = SILENT_H if letter == "h" else DOUBLED if letter == before else STRAY_CONSONANT
            way = ((2 * place + 2, dear),)
            ways += (way, way)
        before = letter
    return tuple(ways)


def _with_unwritten(ways: Ways, live: dict[int, float], limit: float) -> dict[int, float]:
    """The states, and those that are reached by letters of the Latin word which the other does not write."""
    found = dict(live)
    for state in range(min(live), len(ways)):
        here = found.get(state)
        if here is not None:
            for following, more in ways[state]:
                dear = here + more
                if dear < found.get(following, limit):
                    found[following] = dear
    return found


_FREE = (FREE_VOWEL, FREE_VOWEL + SECOND_VOWEL, FREE_VOWEL + SECOND_VOWEL * 2)
_STRAY = (STRAY_VOWEL, STRAY_VOWEL + FREE_VOWEL, STRAY_VOWEL + FREE_VOWEL * 2)
"""Cost of one vowel, of two, and of three, behind a consonant and elsewhere."""


def _of_vowels(place: int, last: int, end: int, letter: str) -> Ways:
    """What the vowels up to `last` cost of a word of `end` letters, behind a consonant and elsewhere."""
    reached = range(2 * place + 3, 2 * last + 2, 2)
    free: tuple[float, ...] = _FREE
    if last == end:
        at_end = SILENT_E if letter == "e" and last == place + 1 else END_VOWEL
        free = (*_FREE[: last - place - 1], at_end)
    return tuple(zip(reached, free, strict=False)), tuple(zip(reached, _STRAY, strict=False))


def _written(
    spellings: Sequence[tuple[str, float]], latin: str, live: dict[int, float], limit: float
) -> dict[int, float]:
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
