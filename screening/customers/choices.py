"""Which customers' names can be like a list name, told from the words they answer and the weights of score.

Everything here bounds a score from above, as `matching.bounds` does for payments: what is not known is taken
at its best, so that nothing the scorer would keep is lost. First sets of places are cut down word by word;
what is left is weighed one by one.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from pyroaring import BitMap

from screening.customers.words import Answers, Words
from screening.matching.parts import LONGEST_RUN
from screening.matching.score import IDENTIFYING, RELIEF, left_over, penalty
from screening.matching.similarity import AS_INITIAL
from screening.matching.texts.stretches import EXTRA, WITHOUT_SPARE
from screening.names.tokens import WEIGHT_INITIAL, Class, Token
from screening.names.vocabulary import HEAVIEST, LIGHTEST

ROUNDING = 1e-3
MOST_FOLLOWED = 6
"""Words of a list name of which every choice is followed; of longer names only the heaviest are."""
STEP, CLASSES = 0.25, 40
"""Names are told apart by what their words weigh, in steps of a quarter of a heavy word, up to ten words."""
MOST_INITIALS = 3
"""And by how many initials they have, each of which may stand for a word."""
GIVEN = (Class.INITIAL, Class.NUMBER)
"""Words that are not looked up: any that begins so is like an initial, and any number like a number. They are
taken as answered until the words of a name are looked at."""
MOST_WORDS_A_FIELD = 8
"""Texts are told apart by how many neighbouring words fill a field: up to so many."""

Near = Callable[[int], float | None]
"""How like a word of a list name the word of this number is; nothing where it is not."""


class Place(NamedTuple):
    """A word of a list name: what it weighs, what it costs unanswered, and where it is answered."""

    token: Token
    weight: float
    left: float
    given: bool
    places: BitMap
    best: float
    near: Mapping[int, float]
    twice: BitMap
    apart: BitMap
    stubs: BitMap
    """Where two letters stand that may be left of it."""

    @classmethod
    def of(cls, token: Token, answers: Answers, stubs: BitMap) -> "Place":
        return cls(token, token.weight, left_over(token), token.cls in GIVEN, *answers, stubs)

    def also(self, more: Answers) -> "Place":
        return self._replace(
            places=self.places | more.places,
            best=max(self.best, more.best),
            near={
                **self.near,
                **{word: max(points, self.near.get(word, 0.0)) for word, points in more.near.items()},
            },
            twice=self.twice | more.twice | (self.places & more.places),
            apart=self.apart | more.apart,
        )

    def gain(self, threshold: float, likeness: float | None = None) -> float:
        """The most it adds when it is answered; as `matching.bounds` has it."""
        over = (self.best if likeness is None else likeness) - threshold
        return over * (self.weight if over > 0 else LIGHTEST)


class Names:
    """Names of customers by what their words weigh, and by their initials."""

    def __init__(self) -> None:
        self.every = BitMap()
        self._lighter = [BitMap() for _ in range(CLASSES)]
        self.with_initials = [BitMap() for _ in range(MOST_INITIALS)]
        """Names with at least one, two, ... initials; texts with any are among the first, too."""
        self.cut = BitMap()
        """Names that fill a field: their last word may be a beginning, and further words may be missing."""
        self.whole = BitMap()
        """Names inside which no other is looked for."""
        self.repeating = BitMap()
        """Names and texts that say a word twice,"""
        self._filling = [BitMap() for _ in range(MOST_WORDS_A_FIELD)]
        """and of which so many neighbouring words, or fewer, may fill a field."""
        self._words: dict[int, bytes] = {}

    def add(self, place: int, burden: float, initials: int, words: bytes) -> None:
        """`words`: the numbers of its words; none where they do not tell all that it could be like."""
        self.every.add(place)
        for lighter in self._lighter[int(burden / STEP) :]:
            lighter.add(place)
        for more in self.with_initials[:initials]:
            more.add(place)
        if words and not initials:
            self._words[place] = words

    def discard(self, place: int) -> None:
        for names in self._sets():
            names.discard(place)
        self._words.pop(place, None)

    def _sets(self) -> Iterator[BitMap]:
        yield from (self.every, *self._lighter, *self.with_initials)
        yield from (self.cut, self.whole, self.repeating, *self._filling)

    def up_to(self, burden: float) -> BitMap:
        """Names whose words weigh no more, and some that weigh little more."""
        at = int(burden / STEP + ROUNDING)
        return self._lighter[at] if at < CLASSES else self.every

    def fills(self, place: int, words: int) -> None:
        """So many neighbouring words of a text, and no fewer, may fill a field."""
        for filling in self._filling[words - 1 :]:
            filling.add(place)

    def filled_by(self, words: int) -> BitMap:
        """Names and texts of which so many neighbouring words may fill a field, and some of which more."""
        return self._filling[min(words, MOST_WORDS_A_FIELD) - 1]

    def words_of(self, place: int) -> bytes:
        """The numbers of a name's words, four bytes each; empty where they do not tell."""
        return self._words.get(place, b"")


class Choices:
    """Which words of a list name a customer's name may leave unanswered, and still be like it.

    `follow` finds the names that may be like it as wholes, `like`, and those that may have it `inside`, as
    texts may. `could_score` looks at the words of each of the former.
    """

    def __init__(
        self,
        answered: Sequence[Place],
        threshold: float,
        text_threshold: float,
        names: Names,
        share: float,
        sure: BitMap | None,
    ) -> None:
        """`text_threshold` is for names inside texts. `sure`: the places that may answer its numbers and
        initials exactly; None: any may."""
        self.like = BitMap()
        self.inside = BitMap()
        self._answered = answered
        self._threshold = threshold
        self._text_threshold = min(text_threshold, WITHOUT_SPARE)
        self._names = names
        given = [each for each in answered if each.given]
        sought = [each for each in answered if not each.given]
        if len(sought) > MOST_FOLLOWED:  # of very long names the lightest words are taken as answered
            sought.sort(key=lambda each: -each.weight)
            sought, given = sought[:MOST_FOLLOWED], given + sought[MOST_FOLLOWED:]
        self._sought = sorted(sought, key=lambda each: len(each.places))
        self._gained = sum([max(0.0, each.gain(threshold)) for each in given], 0.0)
        self._doubtful = sum([max(0.0, each.gain(self._text_threshold, AS_INITIAL)) for each in given], 0.0)
        self._weight = sum([each.weight for each in given], 0.0)
        self._given = len(given)
        self._share = share
        self._apart = BitMap.union(*[each.apart for each in answered])
        self._sure = None if len(given) > sum(each.given for each in answered) else sure

    def follow(self) -> None:
        """Find them: word by word, the rarest first."""
        self._follow(0, None, (), ())

    def _follow(
        self, at: int, within: BitMap | None, chosen: tuple[Place, ...], left: tuple[Place, ...]
    ) -> None:
        """`within` answers every word chosen so far and is narrowed word by word."""
        if at == len(self._sought):
            if within is not None:
                self._decide_within(within, chosen, left)
            return
        here, rest = self._sought[at], tuple(self._sought[at + 1 :])
        narrowed = here.places if within is None else here.places & within
        if narrowed:
            self._follow(at + 1, narrowed, (*chosen, here), left)
        if (within is not None or rest) and self._reaches((*chosen, *rest), (*left, here)):
            self._follow(at + 1, within, chosen, (*left, here))

    def _reaches(self, chosen: tuple[Place, ...], left: tuple[Place, ...]) -> bool:
        """Could any name still do, if it answered all of these?"""
        if self._is_most(chosen):
            return True
        most = MOST_INITIALS if self._names.with_initials[0] else 0
        return self._room(chosen, left, min(most, len(left)), bool(self._names.cut)) >= 0

    def _is_most(self, chosen: tuple[Place, ...]) -> bool:
        """Is enough of the list name answered to find it inside a longer text?"""
        return self._weight + sum([each.weight for each in chosen]) + ROUNDING >= self._share

    def _decide_within(self, within: BitMap, chosen: tuple[Place, ...], left: tuple[Place, ...]) -> None:
        if self._is_most(chosen):
            self.inside |= self._in_texts(self._by_two_words(within, chosen), chosen, left)
        for initials in range(min(MOST_INITIALS, len(left)) + 1):
            among = within & self._names.with_initials[initials - 1] if initials else within
            if not among:
                return
            self._add_lighter(among, chosen, self._room(chosen, left, initials, cut=False))
            if cut := among & self._names.cut:
                self._add_lighter(cut, chosen, self._room(chosen, left, initials, cut=True))

    def _by_two_words(self, within: BitMap, chosen: tuple[Place, ...]) -> BitMap:
        """A text leads to a name by two of its words (`stretches.answered_twice`), or by one that is two."""
        if len(chosen) + self._given > 1:
            return within
        (only,) = chosen
        return within & (only.twice | self._names.repeating)

    def _in_texts(self, within: BitMap, chosen: tuple[Place, ...], left: tuple[Place, ...]) -> BitMap:
        """Those in which a stretch may score the threshold, with nothing in it that the name does not have.

        Numbers and initials that are not the same are like none more than `AS_INITIAL` (`stretches`).
        """
        if self._sure is None:
            return within
        threshold = self._text_threshold
        gained = self._doubtful + sum([max(0.0, each.gain(threshold)) for each in chosen]) + ROUNDING
        shared = self._weight + sum([each.weight for each in chosen])
        missing = sum([each.left for each in left])
        per_unit = threshold * _relief(shared)
        if gained >= per_unit * penalty(0.0, missing):
            return within
        kept = self._sure | self._names.with_initials[0]
        filled = self._names.filled_by(len(self._answered) + EXTRA)
        if gained >= per_unit * penalty(0.0, missing, cut=True):
            kept |= filled
        for each in left:  # it may be answered by the two letters that are left of it
            if gained >= per_unit * penalty(0.0, missing - each.left):
                kept |= each.stubs
            elif gained >= per_unit * penalty(0.0, missing - each.left, cut=True):
                kept |= each.stubs & filled
        return within & kept

    def _add_lighter(self, among: BitMap, chosen: tuple[Place, ...], room: float) -> None:
        if room < 0:
            return
        most = room + (len(chosen) + self._given) * HEAVIEST
        self.like |= among & self._names.up_to(most)
        if self._apart:  # a word of the list answers several that are written apart
            self.like |= among & self._apart & self._names.up_to(most + (LONGEST_RUN - 1) * HEAVIEST)

    def _room(self, chosen: tuple[Place, ...], left: tuple[Place, ...], initials: int, cut: bool) -> float:
        """What words of the customer may cost that the list name does not have; negative: it cannot be."""
        gained = self._gained + sum([max(0.0, each.gain(self._threshold)) for each in chosen])
        shared = self._weight + sum([each.weight for each in chosen]) + initials * WEIGHT_INITIAL
        costs = sorted([each.left for each in left])
        missing = sum(costs[: len(costs) - initials])
        return _most_left(round(gained, 3), round(missing, 3), self._threshold * _relief(shared), cut)

    def could_score(self, known: Words) -> BitMap:
        """Those of `like` whose own words may be enough."""
        tellable = self.like - self._apart
        near = [_given_near(each.token, known) if each.given else each.near.get for each in self._answered]
        lefts = known.left(alone=len(near) == 1)
        unlike = [
            place for place in tellable if not self._could_score(self._names.words_of(place), near, lefts)
        ]
        return self.like - BitMap(unlike)

    def _could_score(self, packed: bytes, near: Sequence[Near], lefts: Sequence[float]) -> bool:
        """As `bounds.worth_scoring`, with the customer's words by number."""
        if not packed:
            return True
        words = array("I", packed)
        threshold = self._threshold
        surplus = shared = missing = 0.0
        met: set[int] = set()
        for each, likeness_of in zip(self._answered, near, strict=True):
            best = 0.0
            for word in words:
                if points := likeness_of(word):
                    met.add(word)
                    best = max(best, points)
            if best:
                surplus += each.gain(threshold, best)
                shared += each.weight
            else:
                missing += each.left
        costs = penalty(sum([lefts[word] for word in words if word not in met]), missing)
        return surplus + ROUNDING >= threshold * _relief(shared) * costs


def _given_near(token: Token, known: Words) -> Near:
    """How like a number or an initial of a list name each word is, looked at once."""
    return cache(lambda word: known.likeness(word, token))


def _relief(shared: float) -> float:
    return RELIEF if shared + ROUNDING >= IDENTIFYING else 1.0


@lru_cache(maxsize=1 << 14)
def _most_left(gained: float, missing: float, per_unit: float, cut: bool) -> float:
    """How much more the customer's name may hold where the list name misses so much; negative: none."""
    allowed = gained / per_unit + 2 * ROUNDING if per_unit else float("inf")
    if penalty(0.0, missing, cut) > allowed:
        return -1.0
    low, high = 0.0, STEP * CLASSES
    while high - low > STEP / 8:
        middle = (low + high) / 2
        low, high = (middle, high) if penalty(middle, missing, cut) <= allowed else (low, middle)
    return high
