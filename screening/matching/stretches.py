"""Where in a text a list name stands, if anywhere: its stretches that answer most of the name.

Texts of payments say the same words again and again, and most words are answered alike (an invoice's numbers
by every number of the list). So words are grouped by what answers them, and a place whose surroundings stood
before is not looked at twice: what is left grows with what a text says, not with its length.
"""

from collections.abc import Iterable, Iterator, Sequence

from pyroaring import BitMap

from screening.matching.bounds import ROUNDING
from screening.matching.index import COUNTED_WORDS, Index
from screening.matching.similarity import Likeness
from screening.matching.text_words import TextWord
from screening.names.tokens import Token

APART = 3
"""Places at most between two words that lead to a name: as many as its own words and one that is not."""
SHARE = 0.7
"""Of a name's weight that a stretch must answer before it is scored."""
EXTRA = 1
"""Words of a stretch that the name does not have."""
MOST_STRETCHES = 8
"""Of one name that are scored; the fullest first."""
REACH_BEFORE, REACH_BEHIND = 8, COUNTED_WORDS + EXTRA + 8
"""Words before and behind the place where a stretch begins that have a say in what becomes of it: the words
of the longest name, and what may stand beside them (`telling`)."""
ANSWERS_A_STEP = 10
"""List words that answer a word of a text and are noted in a step of `Effort`."""
PAIRS_A_STEP = 2
"""Pairs of words whose names are compared in a step."""


def answered_twice(answers: Sequence[BitMap], index: Index) -> BitMap:
    """Numbers of the names that answer two words close to each other."""
    found = BitMap()
    done: set[tuple[int, int]] = set()
    for place, names in enumerate(answers):
        if names:
            for other in answers[place + 1 : place + 2 + APART]:
                if other and (id(names), id(other)) not in done:
                    done.add((id(names), id(other)))
                    if not names.isdisjoint(other):
                        found |= names & other
    index.effort.spend(len(done) // PAIRS_A_STEP)
    return found


class Places:
    """The words of a text by the list words that they answer."""

    def __init__(self, words: Sequence[TextWord], index: Index) -> None:
        self._index = index
        self._beginnings = _beginnings(words)
        self._of: dict[Token, list[list[int]]] = {}
        """List word -> the places of each group of words that it answers."""
        groups: dict[int, tuple[dict[Token, Likeness], list[int]]] = {}
        for place in _within_reach(self._beginnings, len(words)):
            near = index.near(words[place].token)
            if not near:
                continue
            known = groups.get(id(near))
            if known is not None:
                known[1].append(place)
                continue
            group = [place]
            groups[id(near)] = (near, group)
            index.effort.spend(len(near) // ANSWERS_A_STEP)
            for listed in near:
                self._of.setdefault(listed, []).append(group)

    def stretches(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Where most of a name is answered in little more room than it needs: fullest, then shortest."""
        answered = self._answered(tokens)
        if not answered:
            return
        weights = [token.weight for token in tokens]
        enough = SHARE * sum(weights) - ROUNDING
        room = len(tokens) + EXTRA
        found = []
        for first in sorted(answered.keys() & self._beginnings if self._beginnings else answered):
            have = 0
            weight = 0.0
            for last in range(first, first + room):
                fresh = answered.get(last, 0) & ~have
                if fresh:
                    have |= fresh
                    weight += sum([weights[j] for j in range(len(weights)) if fresh >> j & 1])
                    if weight >= enough:
                        found.append((-round(weight, 6), last - first, first, last))
        found.sort()
        for _, _, first, last in found[:MOST_STRETCHES]:
            yield first, last

    def _answered(self, tokens: Sequence[Token]) -> dict[int, int]:
        """Place -> the words of the name that answer it, as bits; nothing where they weigh too little."""
        have = total = 0.0
        held = []
        for j, token in enumerate(tokens):
            weight = token.weight
            total += weight
            groups = self._of.get(token)
            if groups is not None:
                have += weight
                held.append((1 << j, groups))
        answered: dict[int, int] = {}
        if have < SHARE * total - ROUNDING:
            return answered
        for bit, groups in held:
            for group in groups:
                for place in group:
                    answered[place] = answered.get(place, 0) | bit
        return answered


def _within_reach(beginnings: set[int], count: int) -> Iterable[int]:
    """The places of a text of so many words that a stretch can hold."""
    if not beginnings:
        return range(count)
    room = COUNTED_WORDS + EXTRA
    return sorted({place for first in beginnings for place in range(first, min(count, first + room))})


def _beginnings(words: Sequence[TextWord]) -> set[int]:
    """Places where a stretch may begin that did not stand before, with all around it; empty: anywhere."""
    if len(words) <= REACH_BEHIND:
        return set()
    numbers: dict[tuple[object, ...], int] = {}
    said = []
    for place, word in enumerate(words):
        goes_on = place > 0 and words[place - 1].written == word.written
        key = (word.token.entry, word.gap, word.particles, word.hyphen, goes_on)
        said.append(numbers.setdefault(key, len(numbers)))
    seen = set()
    found = set()
    for place in range(len(words)):
        around = tuple(said[max(0, place - REACH_BEFORE) : place + REACH_BEHIND])
        if around not in seen:
            seen.add(around)
            found.add(place)
    return found
