"""How dearly a word of another alphabet is bought as a Latin one: what its letters are usually written as.

Arabic and Hebrew leave most vowels out, and every alphabet writes foreign names by ear: Whitfield is ويتفيلد
and Уитфилд. `transcription.txt` says what each letter becomes how often; the cheapest way to write the Latin
word with the letters of the other one is its cost, and a word that is meant costs little.

>>> cost("کلارک", "clark") < 0.3, cost("حسن", "hussein") > cost("حسين", "hussein")
(True, True)
"""

from collections.abc import Sequence
from typing import Final

from screening.cache import by_word, keep
from screening.names.phonetics import has_double
from screening.names.transcription.known_names import is_another_name, is_unvocalised_name
from screening.names.transcription.letters import (
    BITS,
    NEVER,
    ONE,
    VOWELS,
    Letter,
    Spellings,
    bit_of,
    bits_of,
    letters_of,
)

FREE_VOWEL: Final = 4
"""Cost, in tenths, of a vowel behind a consonant that the other alphabet does not write,"""
SECOND_VOWEL: Final = 8
"""of each vowel that follows it,"""
SILENT_E: Final = 9
"""of an e at the end, which may be silent,"""
STRAY_VOWEL: Final = 16
"""of a vowel at the beginning or beside a written one,"""
END_VOWEL: Final = 28
"""and of one behind a consonant at the end, where every alphabet writes one: سعيد is not Saeedi."""
MOST_VOWELS: Final = 3
DOUBLED: Final = 1
SILENT_H: Final = 12
STRAY_CONSONANT: Final = 50
"""Cost of a letter that nothing stands for."""
TOO_DEAR: Final = 1.0
"""A letter, on the average, from which two words are different words."""
BRIEF: Final = 2
"""Added to the letters of a word, of which short ones tell less by their cost."""
_COSTS: Final[dict[tuple[str, str], float]] = {}
_MOST_COSTS: Final = 1 << 15


def cost(native: str, latin: str) -> float:
    """What a letter of `native` costs on the average to be read as `latin`; `TOO_DEAR` or more is none."""
    known = _COSTS.get((native, latin))
    if known is None:
        known = keep(_COSTS, (native, latin), _foreign(native).cost(latin), _MOST_COSTS)
    return known


def read_as(native: str, latin: Sequence[str]) -> set[int]:
    """Places of the Latin words, some of them empty, that cost less than `TOO_DEAR`."""
    foreign = _foreign(native)
    found = set()
    for place, word in enumerate(latin):
        if word and (dear := foreign.cost(word)) < TOO_DEAR:
            keep(_COSTS, (native, word), dear, _MOST_COSTS)
            found.add(place)
    return found


@by_word(1 << 10)
def _foreign(native: str) -> "_Foreign":
    return _Foreign(native)


class _Foreign:
    """A word of another alphabet, to be compared with many Latin ones."""

    def __init__(self, native: str) -> None:
        self._native = native
        self._is_name = is_unvocalised_name(native)
        self._letters = letters_of(native)
        self._known = _VOWELS
        """Latin letters that it may be written with, and vowels, which none need write."""
        self._again = 0
        """Those that it may be written with twice."""
        for letter in self._letters:
            self._again |= letter.again | (self._known & letter.bits)
            self._known |= letter.bits
        self._size = len(self._letters) + BRIEF
        self._limit = ONE * self._size

    def cost(self, latin: str) -> float:
        """`cost`, first what it is at the least: of a hundred words that share a key, seventy end there."""
        word = _latin(latin)
        bits = word.bits
        limit = self._limit
        again = word.again & ~self._again
        strays = 0
        if again or bits & ~self._known:
            strays = _of_strays(bits & ~self._known) + _of_strays(again)
            if strays >= limit:
                return TOO_DEAR
        left = 0
        possible: list[Spellings] = []
        for letter in self._letters:
            shared = bits & letter.bits
            spellings = letter.held.get(shared)
            if spellings is None:
                spellings = letter.spellings_in(shared)
            if not spellings:
                return TOO_DEAR
            left += spellings[0].cost
            if strays + left >= limit:
                return TOO_DEAR
            possible.append(spellings)
        ends = 0
        if possible:
            once = self._known & ~again
            strays += _of_beginning(latin, self._letters[0], possible[0][0].cost, once)
            if len(possible) > 1 and len(latin) > MOST_VOWELS:
                ends = _of_end(latin, self._letters[-1], possible[-1][0].cost, once)
        if strays + left + ends >= limit:
            return TOO_DEAR
        if self._is_name and is_another_name(self._native, latin):
            return TOO_DEAR
        return _cheapest(possible, word, left, ends, limit) / (ONE * self._size)


def _of_strays(bits: int) -> int:
    """What letters of a Latin word cost at the least that none of the other is ever written as."""
    dear = SILENT_H if bits & _H else 0
    bits &= ~_H
    while bits:
        dear += STRAY_CONSONANT
        bits &= bits - 1
    return dear


Ways = tuple[tuple[tuple[int, int], ...], ...]
"""For each state the states that are reached from it, and what each costs."""


def _latin(latin: str) -> "_Latin":
    return _LATIN.get(latin) or keep(_LATIN, latin, _Latin(latin), _MOST_COSTS)


class _Latin:
    """A Latin word, to be compared with many of other alphabets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bits = bits_of(text)
        self.again = _again_in(text)
        """The consonants that it has at several places."""
        self.ways: Ways | None = None
        """What its letters cost where they are not written, once somebody asked."""


_LATIN: Final[dict[str, _Latin]] = {}


def _again_in(latin: str) -> int:
    """The consonants that a word has at several places, a bit each; "ll" is one place."""
    found = seen = before = 0
    for place in range(len(latin)):
        bit = bit_of(latin, place)
        if bit != before and not bit & _VOWELS:
            found |= bit & seen
            seen |= bit
        before = bit
    return found


_H: Final[int] = bits_of("h")
_VOWELS: Final[int] = bits_of(VOWELS)


def _of_beginning(latin: str, letter: Letter, counted: int, once: int) -> int:
    """What the first letter of a Latin word costs on top of `counted`, that of the other word's: either is
    not written, or the one is written as the other. `once`: letters whose cost is not counted yet."""
    begins = latin[0]
    if not bit_of(latin, 0) & once:
        return 0
    alone = STRAY_VOWEL if begins in VOWELS else SILENT_H if begins == "h" else STRAY_CONSONANT
    return max(0, min(alone, min(letter.unwritten, letter.first.get(begins, NEVER)) - counted))


def _of_end(latin: str, letter: Letter, counted: int, once: int) -> int:
    """The same of the last letters, of a word so long that no way of leaving vowels out reaches the first."""
    ends, before = latin[-1], latin[-2]
    if not bit_of(latin, len(latin) - 1) & once:
        return 0
    if ends in VOWELS:
        alone = SILENT_E if ends == "e" else STRAY_VOWEL if before in VOWELS else END_VOWEL
    else:
        alone = SILENT_H if ends == "h" else DOUBLED if ends == before else STRAY_CONSONANT
    return max(0, min(alone, min(letter.unwritten, letter.last.get(ends, NEVER)) - counted))


BEHIND_VOWEL: Final = 1
"""Twice the letters of the Latin word that are written, and one if the last of them is a vowel, or nothing is
written: each such state has what it costs to come there."""
ONE_LETTER: Final = 3
"""States that one letter goes on by at the most."""


def _cheapest(possible: list[Spellings], latin: _Latin, left: int, ends: int, limit: int) -> int:
    """The cheapest way to write letters as a Latin word, or `limit`.

    `left`: what they cost at the least, and `ends` on top, whatever the last is written as. A table in place
    of a dict takes half the time where it is compiled.
    """
    ways = latin.ways
    if ways is None:
        ways = latin.ways = _unwritten(_shape(latin.text))
    end = 2 * len(latin.text)
    written_on = latin.text + " "
    live, found = [NEVER] * (end + 2), [NEVER] * (end + 2)
    live[BEHIND_VOWEL] = 0
    lowest = BEHIND_VOWEL
    highest = _leave_out(ways, live, lowest, lowest, limit - left - ends)
    last = len(possible) - 1
    for number, spellings in enumerate(possible):
        left -= spellings[0].cost
        if number == last:
            ends = 0
        within = limit - left - ends
        bottom, top = _write(spellings, written_on, live, found, lowest, highest, within)
        if top < 0:
            return limit
        for state in range(lowest, highest + 1):
            live[state] = NEVER
        live, found, lowest = found, live, bottom
        highest = _leave_out(ways, live, bottom, top, within)
    return min(live[end], live[end + BEHIND_VOWEL], limit)


def _write(
    spellings: Spellings,
    written_on: str,
    live: list[int],
    found: list[int],
    lowest: int,
    highest: int,
    limit: int,
) -> tuple[int, int]:
    """Reaches the states behind one more letter of the other word, in each of its spellings; returns the
    first and the last, which is less than nothing where none is reached."""
    bottom, top = len(found), -1
    for state in range(lowest, highest + 1):
        here = live[state]
        if here >= limit:
            continue
        place = state >> 1
        letter = written_on[place]
        for spelling in spellings:
            dear = here + spelling.cost
            if dear >= limit:
                break
            following = spelling.states
            if not following:
                following = state
            elif following > ONE_LETTER:
                if not written_on.startswith(spelling.latin, place):
                    continue
                following += 2 * place
            elif spelling.latin == letter:
                following += 2 * place
            else:
                continue
            if dear < found[following]:
                found[following] = dear
                if following < bottom:
                    bottom = following
                if following > top:
                    top = following
    return bottom, top


def _leave_out(ways: Ways, live: list[int], lowest: int, highest: int, limit: int) -> int:
    """Reaches the states behind Latin letters which the other word does not write; returns the last."""
    state = lowest
    while state <= highest:
        here = live[state]
        if here < limit:
            for following, more in ways[state]:
                dear = here + more
                if dear < limit and dear < live[following]:
                    live[following] = dear
                    if following > highest:
                        highest = following
        state += 1
    return highest


def _shape(latin: str) -> str:
    """What decides on the cost of unwritten letters: "hussein" -> "habdaab"; an e at the end stays one."""
    shape = latin.translate(_SHAPES)
    if has_double(latin):
        pairs_of = zip(latin, " " + latin, shape, strict=False)
        shape = "".join(["d" if at == before and sort == "b" else sort for at, before, sort in pairs_of])
    return shape[:-1] + "e" if latin.endswith("e") else shape


_SHAPES = {ord(letter): "a" if letter in VOWELS else "h" if letter == "h" else "b" for letter in BITS}
_UNWRITTEN = {"h": SILENT_H, "d": DOUBLED}


@by_word(1 << 12)
def _unwritten(shape: str) -> Ways:
    """What letters of a Latin word cost that the other word does not write, by the state before them."""
    ways: list[tuple[tuple[int, int], ...]] = []
    end = len(shape)
    for place, letter in enumerate(shape):
        if letter in "ae":
            last = place + 1
            while last < end and last < place + MOST_VOWELS and shape[last] in "ae":
                last += 1
            ways += _of_vowels(place, last, end, letter)
        else:
            way = ((2 * place + 2, _UNWRITTEN.get(letter, STRAY_CONSONANT)),)
            ways += (way, way)
    return (*ways, (), ())


_FREE = (FREE_VOWEL, FREE_VOWEL + SECOND_VOWEL, FREE_VOWEL + SECOND_VOWEL * 2)
_STRAY = (STRAY_VOWEL, STRAY_VOWEL + FREE_VOWEL, STRAY_VOWEL + FREE_VOWEL * 2)
"""Cost of one vowel, of two, and of three, behind a consonant and elsewhere."""


def _of_vowels(place: int, last: int, end: int, letter: str) -> Ways:
    """What the vowels up to `last` cost of a word of `end` letters, behind a consonant and elsewhere."""
    reached = range(2 * place + 3, 2 * last + 2, 2)
    free: tuple[int, ...] = _FREE
    if last == end:
        at_end = SILENT_E if letter == "e" and last == place + 1 else END_VOWEL
        free = (*_FREE[: last - place - 1], at_end)
    return tuple(zip(reached, free, strict=False)), tuple(zip(reached, _STRAY, strict=False))
