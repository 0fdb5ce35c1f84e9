"""Which names can reach a threshold, told from the words they answer and the scorer's own weights.

A score reaches the threshold t if sum(w * (s - t)) over the answered words of weight w and likeness s is at
least t * penalty. Everything here bounds that sum from above, so nothing the scorer would keep is lost.
"""

from typing import NamedTuple

from pyroaring import BitMap

from screening.lexicon import STRONG, Expansion
from screening.matching import IDENTIFYING, LEFT_IN_QUERY, RELIEF, penalty
from screening.names import Class, NameForm, Token
from screening.names.vocabulary import LIGHTEST
from screening.similarity import Likeness


class Answer(NamedTuple):
    """What the list has for one word of a query."""

    token: Token
    names: BitMap
    strong: BitMap
    near: dict[Token, Likeness]
    given: bool
    """Too short to look for (an initial, a stub of a cut word), so taken as answered."""


ROUNDING = 1e-9
"""Sums of weights are compared with so much tolerance."""


def least_omission(tokens: tuple[Token, ...]) -> float:
    """The least that a unit of weight costs which a name leaves unanswered."""
    total, lightest = 0.0, 2.0
    for token in tokens:
        weight = token.weight
        total += weight
        if weight < lightest:
            lightest = weight
    return LEFT_IN_QUERY * (RELIEF if total - lightest >= IDENTIFYING else 1.0)


def strangers(
    tokens: tuple[Token, ...], expansions: list[Expansion], threshold: float, omission: float
) -> bool:
    """True where no name has answers to two words of the query, and one alone cannot be enough."""
    if len(tokens) > LONGEST_CHECKED:
        return False
    least = 0.0
    for token in tokens:
        least += token.weight * ((1 - threshold) if token.cls is Class.INITIAL else -omission)
    most = 1 - threshold + omission
    for token, found in zip(tokens, expansions, strict=True):
        if found.names and least + token.weight * most >= -ROUNDING:
            return False
    for place, found in enumerate(expansions):
        names = found.names
        for other in expansions[place + 1 :]:
            if names.intersect(other.names):
                return False
    return True


LONGEST_CHECKED = 4
"""Words of a query up to which looking at every two of them is cheaper than the gate."""


def worth_scoring(answers: list[Answer], name: NameForm, threshold: float, cut: bool) -> bool:
    """Could this name score the threshold? Never no where the scorer says yes.

    A score reaches the threshold t if sum(w * (s - t)) over the answered words is at least t * penalty. What
    is not known without the alignment is taken at its best: the best answers, the lightest word left over.
    """
    surplus = only_query = 0.0
    answered = 0
    words = name.words if name.glued else name.tokens
    for token, _, _, near, given in answers:
        best = 0.0
        for other in words:
            if other in near:
                found = near[other][0]
                if found > best:
                    best = found
        if best:
            answered += 1
            gain = best - threshold
            surplus += gain * (token.weight if gain > 0 else LIGHTEST)
        elif given:
            answered += 1
            surplus += token.weight * (1 - threshold)
        else:
            only_query += token.weight
    only_name = LIGHTEST * max(0, len(name.tokens) - answered)
    return surplus - threshold * RELIEF * penalty(only_query, only_name, cut) >= -ROUNDING


def enough(answers: list[Answer], threshold: float, omission: float) -> BitMap:
    """The names that answer enough of the query's weight; its initials are taken as answered."""
    given = 0.0
    waiting = []
    for answer in answers:
        weight = answer.token.weight
        if answer.given:
            given += weight * (1 - threshold)
        elif answer.names:
            waiting.append(answer)
        else:
            given -= omission * weight
    if len(waiting) > 1:
        waiting.sort(key=_size)
    hope = [0.0]
    for answer in reversed(waiting):
        hope.append(hope[-1] + answer.token.weight * (1 - threshold))
    hope.reverse()
    if not waiting or given + hope[0] < -ROUNDING:
        return _NONE
    return _gather(waiting, hope, 0, None, given, threshold, omission)


_NONE = BitMap()


def _size(answer: Answer) -> int:
    return len(answer.names)


def _gather(
    answers: list[Answer],
    hope: list[float],
    place: int,
    within: BitMap | None,
    have: float,
    threshold: float,
    omission: float,
) -> BitMap:
    """Names whose surplus can still become positive; `hope[place]` is the most that is yet to come."""
    token, names, strong, _, _ = answers[place]
    weight = token.weight
    left = have - omission * weight
    weak = have + (STRONG - threshold) * (weight if threshold < STRONG else LIGHTEST)
    best = have + (1 - threshold) * weight
    if place + 1 == len(answers):
        if within is not None and left >= -ROUNDING:
            return within
        among = names if weak >= -ROUNDING else strong if best >= -ROUNDING else _NONE
        return among if within is None else among & within
    more = hope[place + 1]
    found = _NONE
    for reach, among in ((best, strong), (weak, names)):
        if reach + more >= -ROUNDING:
            narrowed = among if within is None else within & among
            if narrowed:
                found = found | _gather(answers, hope, place + 1, narrowed, reach, threshold, omission)
    if left + more >= -ROUNDING:
        found = found | _gather(answers, hope, place + 1, within, left, threshold, omission)
    return found
