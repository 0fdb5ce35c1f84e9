"""How much a name can score at the most, told from the words it answers and the scorer's own weights.

A score reaches the threshold t if sum(w * (s - t)) over the answered words of weight w and likeness s is at
least t * penalty. Everything here bounds that sum from above, so nothing the scorer would keep is lost.
"""

from collections.abc import Sequence, Set
from functools import cache
from typing import Final, NamedTuple

from screening.matching.parts import LONGEST_RUN, STUB
from screening.matching.score import (
    IDENTIFYING,
    INDISTINCT_CAP,
    LEFT_IN_QUERY,
    RELIEF,
    are_distinctive,
    left_over,
    penalty,
)
from screening.matching.similarity import AS_INITIAL
from screening.matching.words.lexicon import Expansion
from screening.names.forms import SHORTEST_CUT, NameForm
from screening.names.initials import first_letters
from screening.names.tokens import Class, Token
from screening.names.vocabulary import HEAVIEST, LIGHTEST

ROUNDING: Final = 1e-9
"""Sums of weights are compared with so much tolerance."""


def gain_of(likeness: float, weight: float, threshold: float) -> float:
    """The most that an answered word adds to the surplus; below the threshold light words cost the least."""
    return (likeness - threshold) * (weight if likeness > threshold else LIGHTEST)


def fewest_words(query: Sequence[Token], threshold: float, together: int, most: int) -> int:
    """How many words a name needs to reach the threshold with so long a query; `most` where it is more.

    A word of a name answers `together` words of the query at the most; the rest is left over, the lightest
    words best of all. So "ali ali ali ali ..." is no name of two words, however often it says one of them.
    """
    lefts = sorted([left_over(token) for token in query])
    weights = sorted([token.weight for token in query], reverse=True)
    cost = sum(lefts)
    gained = 0.0
    per_unit = threshold * RELIEF * LEFT_IN_QUERY
    count = len(query)
    for words in range(min(count, most) + 1):
        if gained - per_unit * cost >= -ROUNDING:
            return words
        for place in range(words * together, min(count, (words + 1) * together)):
            cost -= lefts[count - 1 - place]
            gained += (1 - threshold) * weights[place]
    return min(count, most)


def most_burden(answers: list[Expansion], threshold: float, cut: bool) -> float:
    """What the words of a name may weigh, answered or not, if the query can still reach the threshold."""
    hope = sum([answer.weight for answer in answers]) * (1 - threshold)
    return len(answers) * HEAVIEST + hope / (threshold * RELIEF * penalty(0.0, 1.0, cut)) + ROUNDING


def worth_scoring(
    query: NameForm,
    answers: list[Expansion],
    words: tuple[Token, ...],
    count: int,
    burden: float,
    threshold: float,
    joined: Set[int],
) -> bool:
    """Could a name score the threshold? Never no where the scorer says yes.

    `words` are all by which the name is found, and `count` how many it has; `burden` is what these cost if
    all are left over; `joined` are places of the query where words are joined or parted. What is not known
    without the alignment is taken at its best: the best answers, the heaviest words answered.
    """
    surplus = only_query = 0.0
    gains = []
    lefts = []
    for place, answer in enumerate(answers):
        near = answer.near
        best = 0.0
        for word in words:
            found = near.get(word)
            if found is not None and found[0] > best:
                best = found[0]
        if best < 1.0:
            if place in joined:
                best = 1.0
            elif answer.assumed_answered:
                is_initial = query.tokens[place].cls is Class.INITIAL
                best = max(best, _as_assumed(query.tokens[place], words)) if is_initial else 1.0
        if best:
            gain = gain_of(best, answer.weight, threshold)
            surplus += gain
            gains.append(gain)
            lefts.append(answer.left)
        else:
            only_query += answer.left
    most = count * (LONGEST_RUN if joined else 1)
    answered = len(gains)
    if answered > most:
        surplus -= sum(sorted(gains)[: answered - most])
        only_query += sum(sorted(lefts)[: answered - most])
        answered = most
    if joined:
        answered += len(joined) * (LONGEST_RUN - 1)
    only_name = max(0.0, burden - answered * HEAVIEST)
    return surplus - threshold * RELIEF * penalty(only_query, only_name, query.cut) >= -ROUNDING


class Answered(NamedTuple):
    """A word of a list name, by what it is to the words of a query."""

    left: float
    """What it costs left over."""
    options: tuple[tuple[int, float, float], ...]
    """The words of the query that it is like: their place, what the two weigh, and how alike they are."""
    places: int
    """Their places as bits."""


def answered_by(word: Token, query: Sequence[Token], answers: Sequence[Expansion]) -> Answered:
    """What a word of a list name is to each word of a query."""
    options = []
    for place, (token, answer) in enumerate(zip(query, answers, strict=True)):
        found = answer.near.get(word)
        like = found[0] if found is not None else 0.0
        if answer.assumed_answered and like < 1.0:
            like = max(like, _as_assumed(token, (word,)), _as_stub(token, word))
        if like:
            options.append((place, min(word.weight, answer.weight), like))
    return Answered(left_over(word), tuple(options), sum([1 << place for place, _, _ in options]))


def can_score(
    query: NameForm,
    answers: Sequence[Expansion],
    name: Sequence[Answered],
    burden: float,
    threshold: float,
    factor: float,
) -> bool:
    """As `worth_scoring` and closer, of a name and a query whose words answer each other one by one: none is
    joined, parted, or read with a particle. `factor`: what their legal forms leave."""
    needed = threshold / factor
    gains: dict[int, float] = {}
    weights: dict[int, float] = {}
    met, only_name = 0, burden
    for left, options, _ in name:
        if options:
            met += 1
            only_name -= left
        for place, weight, like in options:
            gain = weight * (like - needed)
            if place not in gains or gain > gains[place]:
                gains[place] = gain
            if weight > weights.get(place, 0.0):
                weights[place] = weight
    only_query = surplus = 0.0
    lefts = []
    for place, answer in enumerate(answers):
        if place in gains:
            gains[place] = max(gains[place], -needed * RELIEF * LEFT_IN_QUERY * answer.left)
            lefts.append(answer.left)
        else:
            only_query += answer.left
    spare = len(lefts) - met
    best = sorted(gains.values())
    if spare > 0:
        best = best[spare:]
        only_query += sum(sorted(lefts)[:spare])
    surplus = sum(best)
    if threshold > INDISTINCT_CAP and (only_query or met < len(name)):
        words = [weight for place, weight in weights.items() if query.tokens[place].cls is Class.WORD]
        if not are_distinctive(words):
            return False
    relief = RELIEF if sum(weights.values()) >= IDENTIFYING - ROUNDING else 1.0
    return surplus - needed * relief * penalty(only_query, max(0.0, only_name), query.cut) >= -ROUNDING


def _as_assumed(token: Token, words: tuple[Token, ...]) -> float:
    """How alike an initial, which was not looked for, is to one of the words of a name."""
    if token.cls is not Class.INITIAL:
        return 0.0
    letters = _first_letters(token.native, token.text)
    best = 0.0
    for word in words:
        if word.text[0] in letters:
            if word.cls is Class.INITIAL:
                return 1.0
            best = AS_INITIAL
    return best


def _as_stub(token: Token, word: Token) -> float:
    """How alike two letters that are left of a word are to one that begins so."""
    return STUB.score if len(token.text) < SHORTEST_CUT and word.text.startswith(token.text) else 0.0


_first_letters = cache(first_letters)
