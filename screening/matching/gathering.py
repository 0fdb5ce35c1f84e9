"""The names that answer enough of a query, found from the sets in which its words stand.

No name is read for it. What a word adds or costs is taken at its best, as in `bounds`, so nothing the scorer
would keep is lost.
"""

from math import ceil
from typing import Final, NamedTuple

from pyroaring import BitMap

from screening.matching.bounds import ROUNDING, gain_of
from screening.matching.score import CONTRADICTION, IDENTIFYING, LEFT_IN_QUERY, RELIEF, penalty
from screening.matching.words.lexicon import Expansion
from screening.matching.words.spellings import NO_NAMES, both, union
from screening.names.vocabulary import HEAVIEST

FEW_NAMES: Final = 16
"""So few are looked at one by one."""
GRADE, GRADES = 0.25, 24
"""Weight by which names are told apart, and how often."""

BRANCHED_WORDS: Final = 4
"""Up to so many words each way to answer them is followed, which doubles with a word; from there on every
name gets a sum, in time linear in the words and their names. Measured on OFAC's own names: 27 and 29 us at
four words, 110 and 41 us at seven, 97,000 and 300 us at twelve."""


class Burdens:
    """Names by what they cost if all their words are left over, up to `GRADES` steps."""

    def __init__(self) -> None:
        self._heavier = [BitMap() for _ in range(GRADES)]
        """Names that cost more than so many steps."""

    def add(self, number: int, burden: float) -> None:
        """Note a name and what it costs."""
        for names in self._heavier[: ceil(burden / GRADE)]:
            names.add(number)

    def discard(self, number: int, burden: float) -> None:
        """Take back an `add`."""
        for names in self._heavier[: ceil(burden / GRADE)]:
            names.discard(number)

    def over(self, burden: float) -> BitMap:
        """Names that cost more, but not all that do."""
        grade = ceil(burden / GRADE)
        return self._heavier[grade] if grade < GRADES else NO_NAMES


class Heavier(NamedTuple):
    """What tells names of which too much is left."""

    burdens: Burdens
    cut: bool
    """May words of a name have had no room in the query?"""
    joining: BitMap
    """Names in which several words may be one of the query, which tells nothing of what is left of them."""


def enough(
    answers: list[Expansion], threshold: float, heavier: Heavier, within: BitMap | None = None
) -> BitMap:
    """The names that answer enough of the query's weight; its initials are taken as answered.

    Where they are enough by themselves ("B R C"), the names count that have one of them exactly. `heavier`
    tells names of which too much is left. `within`: where it is given, other names need not be looked at.
    """
    omission = threshold * _least_omission(answers)
    have = hope = 0.0
    waiting = []
    assumed = []
    for answer in answers:
        if answer.assumed_answered:
            assumed.append(answer.names)
            have += answer.weight * (1 - threshold)
        elif answer.names:
            waiting.append(answer)
            hope += _most_added(answer, threshold, omission)
        else:
            have -= omission * answer.left
    if have + hope < -ROUNDING:
        return NO_NAMES
    if not waiting:
        return union(assumed)
    if len(waiting) > BRANCHED_WORDS:
        return _count(waiting, union(assumed), have, threshold, omission, within)
    if len(waiting) > 1:
        waiting.sort(key=_size)
    gathering = _Gathering(waiting, union(assumed), threshold, omission, heavier)
    left = sum([answer.left for answer in answers if not answer.names and not answer.assumed_answered])
    return gathering.follow(0, None, _So(have, left, len(assumed)), hope)


def _least_omission(answers: list[Expansion]) -> float:
    """The least that a unit of weight costs which nothing answers."""
    total, lightest = 0.0, 2.0
    for answer in answers:
        total += answer.weight
        if answer.weight < lightest:
            lightest = answer.weight
    return LEFT_IN_QUERY * (RELIEF if total - lightest >= IDENTIFYING else 1.0)


def _most_added(answer: Expansion, threshold: float, omission: float) -> float:
    """The most that a word of the query adds, answered or not."""
    if answer.strong:
        return (1 - threshold) * answer.weight
    return max(gain_of(answer.weak, answer.weight, threshold), -omission * answer.left)


def _size(answer: Expansion) -> int:
    return answer.count


class _So:
    """What has become of the words of a query that were looked at so far."""

    __slots__ = ("answered", "left", "surplus")

    def __init__(self, surplus: float, left: float, answered: int) -> None:
        self.surplus = surplus
        self.left = left
        """Weight of those that are left over."""
        self.answered = answered


class _Gathering:
    """The ways in which the words of a query can be answered or left, each followed to its names."""

    __slots__ = ("answers", "assumed", "heavier", "omission", "threshold")

    def __init__(
        self, answers: list[Expansion], assumed: BitMap, threshold: float, omission: float, heavier: Heavier
    ) -> None:
        self.answers = answers
        self.assumed = assumed
        """Names that have one of the words that are taken as answered: one that answers no other must."""
        self.threshold = threshold
        self.omission = omission
        self.heavier = heavier

    def follow(self, place: int, within: BitMap | None, so: _So, hope: float) -> BitMap:
        """Names whose surplus can still become positive; `hope` is the most that is yet to come.

        `within` is what answers the words so far, None where none is answered.
        """
        answer = self.answers[place]
        left = _So(so.surplus - self.omission * answer.left, so.left + answer.left, so.answered)
        weak = so.surplus + gain_of(answer.weak, answer.weight, self.threshold)
        best = so.surplus + (1 - self.threshold) * answer.weight
        last = place + 1 == len(self.answers)
        more = 0.0 if last else hope - _most_added(answer, self.threshold, self.omission)
        ways = [(best, answer.strong)] if best + more >= -ROUNDING and best > weak else []
        if weak + more >= -ROUNDING:
            ways.append((weak, answer.names))
        found = NO_NAMES
        for surplus, among in ways:
            narrowed = among if within is None else both(among, within)
            if narrowed:
                then = _So(surplus, so.left, so.answered + 1)
                further = (
                    self._fitting(narrowed, then) if last else self.follow(place + 1, narrowed, then, more)
                )
                found = found | further if found else further
        if left.surplus + more >= -ROUNDING:
            if not last:
                further = self.follow(place + 1, within, left, more)
            else:
                further = self._fitting(self.assumed if within is None else within, left)
            found = found | further if found else further
        return found

    def _fitting(self, names: BitMap, so: _So) -> BitMap:
        """Those of which not too much is left: a word of the query answers no more than one of theirs."""
        if len(names) < FEW_NAMES:
            return names
        spare = (so.surplus + ROUNDING) / (self.threshold * RELIEF)
        against = CONTRADICTION - LEFT_IN_QUERY
        if spare > against * so.left:
            spare = so.left + (spare - against * so.left) / penalty(0.0, 1.0, self.heavier.cut)
        else:
            spare /= against
        too_much = self.heavier.burdens.over(so.answered * HEAVIEST + spare + ROUNDING)
        if too_much.isdisjoint(names):
            return names
        return names - too_much | names & self.heavier.joining


def _count(
    waiting: list[Expansion],
    assumed: BitMap,
    have: float,
    threshold: float,
    omission: float,
    within: BitMap | None,
) -> BitMap:
    """As `_Gathering`, but a sum for each name: the best that it can make of each word, answered or left.

    Long lists of names that together cannot lift a name above zero only add to names that others brought
    (MaxScore: Turtle and Flood 1995).
    """
    left_out, lists = _lists(waiting, threshold, omission, within)
    need = left_out - have - ROUNDING
    if need <= 0:
        return union([assumed, *[names for names, _ in lists]])
    lists.sort(key=_length)
    to_come = sum([most for _, most in lists])
    sums: dict[int, float] = {}
    for names, more in lists:
        if to_come >= need:
            for number in names:
                sums[number] = sums.get(number, 0.0) + more
        else:
            sums = {number: have for number, have in sums.items() if have + to_come >= need}
            for number in names & BitMap(sums):
                sums[number] += more
        to_come -= more
    return BitMap([number for number, have in sums.items() if have >= need])


def _lists(
    waiting: list[Expansion], threshold: float, omission: float, within: BitMap | None
) -> tuple[float, list[tuple[BitMap, float]]]:
    """What it costs to leave every word, and names with what each saves; a word said thrice saves thrice."""
    often: dict[int, int] = {}
    for answer in waiting:
        often[id(answer)] = often.get(id(answer), 0) + 1
    cost = 0.0
    lists = []
    for answer in {id(answer): answer for answer in waiting}.values():
        times = often[id(answer)]
        left = omission * answer.left
        cost += times * left
        best = times * ((1 - threshold) * answer.weight + left)
        weak = (
            times * max(gain_of(answer.weak, answer.weight, threshold) + left, 0.0) if answer.weak else best
        )
        lists.append((_within(answer.names, within), weak))
        if answer.strong and best > weak:
            lists.append((_within(answer.strong, within), best - weak))
    return cost, [found for found in lists if found[0]]


def _within(names: BitMap, within: BitMap | None) -> BitMap:
    return names if within is None else both(names, within)


def _length(found: tuple[BitMap, float]) -> int:
    return len(found[0])
