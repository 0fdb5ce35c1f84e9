"""Where in a text a list name stands, if anywhere: its stretches that answer most of the name.

Texts of payments say the same words again and again, and most words are answered alike (an invoice's numbers
by every number of the list). So words are grouped by what answers them, and a place whose surroundings stood
before is not looked at twice: what is left grows with what a text says, not with its length.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyroaring import BitMap

from screening.matching.bounds import ROUNDING
from screening.matching.index import Index
from screening.matching.name_sets import COUNTED_WORDS, Candidate
from screening.matching.similarity import AS_INITIAL, OTHER_NUMBER, Likeness
from screening.matching.snapshot import Traits
from screening.matching.texts.reach import Reach, most_of
from screening.matching.texts.text_words import TextWord
from screening.matching.words.spellings import union
from screening.names.forms import NOT_TOLD, SHORTEST_CUT, NameForm
from screening.names.slavic import is_patronymic
from screening.names.tokens import Class, Token
from screening.names.vocabulary import LIGHTEST

APART: Final = 3
"""Places at most between two words that lead to a name: as many as its own words and one that is not."""
EXTRA: Final = 1
"""Words of a stretch that the name does not have."""
LEGAL_INSIDE: Final = 4
"""Words more where its legal form stands between them: Commercial Joint-Stock Bank TARVIK."""
MOST_STRETCHES: Final = 8
"""Of one name that are scored; the fullest first."""
REACH_BEFORE, REACH_BEHIND = 8, COUNTED_WORDS + EXTRA + 8
"""Words before and behind the place where a stretch begins that have a say in what becomes of it: the words
of the longest name, and what may stand beside them (`telling`)."""
WEAK: Final = (Class.NUMBER, Class.INITIAL)
"""Words that are like any other of their class, or like any word that begins so, but not very."""
WITHOUT_SPARE: Final = 0.8
"""Enough in a text, too, where a person's given name and surname are the same and nothing is left over but
the father's name or the mother's surname, which their bearers leave out: "Viktor Bout"."""
MANY: Final = 200
"""Names that answer two words are looked at one by one, unless they are more."""
NOT_BY_ONE: Final = 0.8
"""From here on one word of a name of several is never enough in a text, be it said twice."""
PLACES_A_STEP: Final = 5
"""Words of a text that may belong to a name and are looked at in a step of `Effort`."""


@dataclass(slots=True, eq=False)
class Stretch:
    """Words `first` to `last` of a text that are like a list name, and how much of it they answer."""

    words: Sequence[TextWord]
    first: int
    last: int
    form: NameForm
    candidate: Candidate
    points: float
    in_name: bool = False
    """Is it in a name field rather than in a text?"""

    @property
    def text(self) -> str:
        """The stretch as it was compared."""
        return " ".join([word.particles + word.native for word in self.words[self.first : self.last + 1]])


def answered_twice(words: Sequence[Token], index: Index, threshold: float) -> BitMap:
    """Numbers of the names that answer two words close to each other, and may score the threshold so.

    Any number of a list is like any number, and payments are full of them: two of them lead only to names
    that are hardly anything else, and have one of them exactly.
    """
    found = BitMap()
    beside_another: dict[str, Token] = {}
    done: set[tuple[int, int]] = set()
    answers = [(word, names := index.answers(word), id(names)) for word in words]
    for place, (word, names, said) in enumerate(answers):
        if not names:
            continue
        for further, other, also in answers[place + 1 : place + 2 + APART]:
            if word.cls is Class.NUMBER and further.cls is Class.NUMBER:
                beside_another[word.entry], beside_another[further.entry] = word, further
            elif other and (said, also) not in done:
                done.add((said, also))
                if not names.isdisjoint(other):
                    both = names & other
                    many = len(both) >= MANY and threshold >= NOT_BY_ONE
                    found |= _by_two_of_theirs(word, further, both, index) if many else both
    exact = union([index.having_exactly(number) for number in beside_another.values()])
    found |= exact & index.sets.of_numbers
    index.effort.spend(len(words) + len(done))
    return found


def _by_two_of_theirs(word: Token, further: Token, names: BitMap, index: Index) -> BitMap:
    """Of the names that answer both words those that do so by two words of their own, or have but one.

    Whoever is called Jung answers "jung yung" by one word, which is no name of several; of a million names
    thousands are such.
    """
    near, also = index.near(word).keys(), index.near(further).keys()
    shared = near & also
    by_shared = union([index.having_exactly(listed) for listed in shared])
    found = names - by_shared
    doubtful = names & by_shared
    found |= doubtful & (index.sets.repeating | index.glued(word) | index.glued(further))
    found |= doubtful - index.sets.of_several
    met = BitMap()
    for listed in shared:
        having = doubtful & index.having_exactly(listed)
        found |= met & having
        met |= having
    for listed in near ^ also:
        having = index.having_exactly(listed)
        if not doubtful.isdisjoint(having):
            found |= doubtful & having
    index.effort.spend(len(near | also))
    return found


class Places:
    """The words of a text by the list words that they answer."""

    def __init__(self, words: Sequence[TextWord], index: Index, threshold: float) -> None:
        self._effort = index.effort
        self._names = index.names
        self._threshold = threshold - ROUNDING
        self._beginnings = _beginnings(words)
        self._of: dict[Token, list[list[int]]] = {}
        """List word -> the places of each group of words that it answers."""
        self._of_numbers: list[int] = []
        self._said: set[str] = set()
        """Numbers and initials of the text."""
        every: list[Mapping[Token, Likeness]] = [{}] * len(words)
        groups: dict[int, tuple[dict[Token, Likeness], list[int]]] = {}
        for place in _within_reach(self._beginnings, len(words)):
            word = words[place].token
            if word.cls in WEAK:
                self._said.add(word.text)
                if word.cls is Class.NUMBER:
                    self._of_numbers.append(place)
                    continue
            near = every[place] = index.near(word)
            if not near:
                continue
            known = groups.get(id(near))
            if known is not None:
                known[1].append(place)
                continue
            group = [place]
            groups[id(near)] = (near, group)
            for listed in near:
                self._of.setdefault(listed, []).append(group)
        self._with_father = any(is_patronymic(word.token.text) for word in words)
        self._reach = Reach(words, every, self._threshold)
        self._reach_without_spare: Reach | None = None

    def hopeful(self, numbers: Iterable[int]) -> Iterator[int]:
        """Numbers of the names of whose weight the text can answer enough, wherever: one in thirty."""
        answered, names = self._of, self._names
        for number in numbers:
            left = names.dispensable[number] + 2 * ROUNDING
            for token in names.tokens[number]:
                if token not in answered and token.cls is not Class.NUMBER:
                    left -= token.weight
                    if left < 0.0 and not self._answers_glued(number, left):
                        break
            else:
                held = names.traits[number]
                reach = self._reach_of(held)
                if (
                    names.is_glued(number)
                    or reach.may_hold(names.tokens[number], held.languages, answered)
                    or reach.has(names.unspaced(number))
                ):
                    yield number

    def _answers_glued(self, number: int, left: float) -> bool:
        """Does the text answer so much with words that have their particle written on to them: ALABSI?"""
        tokens = self._names.tokens[number]
        for place, whole in self._names.glued_words(number):
            if whole in self._of and tokens[place] not in self._of:
                left += tokens[place].weight
        return left >= 0.0

    def _reach_of(self, name: NameForm | Traits) -> Reach:
        if name.spare == NOT_TOLD and not self._with_father:
            return self._reach
        if self._reach_without_spare is None:
            self._reach_without_spare = self._reach.at(WITHOUT_SPARE - ROUNDING)
        return self._reach_without_spare

    def stretches(self, name: NameForm) -> list[tuple[int, int]]:
        """Where most of a name is answered in little more room than it needs, and may score enough: the
        fullest, then the shortest."""
        tokens = name.tokens
        enough = most_of(name) - ROUNDING
        answered = self._answered(tokens, enough, name.glued)
        if not answered:
            return []
        room = len(tokens) + EXTRA + (LEGAL_INSIDE if _has_legal_form_inside(name) else 0)
        self._effort.spend(len(answered) * room // PLACES_A_STEP)
        found = _fullest(answered, self._beginnings, tokens, room, enough)
        reach = self._reach_of(name)
        return [
            (first, last)
            for first, last in found
            if reach.may_score(name, self._of, first, [answered.get(at, 0) for at in range(first, last + 1)])
        ]

    def _answered(
        self, tokens: Sequence[Token], enough: float, glued: Sequence[tuple[int, Token]] = ()
    ) -> dict[int, int]:
        """Place -> the words of the name that answer it, as bits.

        No places where the answered words weigh too little, or so little without a number or an initial,
        which is unlike enough to keep the name below the threshold whatever else is the same.
        """
        strong = weak = answered_strong = most = 0.0
        held = []
        with_particle = {tokens[j]: whole for j, whole in glued if whole in self._of}
        for j, token in enumerate(tokens):
            weight = token.weight
            if (whole := with_particle.get(token)) is not None:
                if token not in self._of:
                    answered_strong += weight
                held.append((1 << j, self._of[whole]))
            if token.cls not in WEAK:
                strong += weight
                groups = self._of.get(token)
                if groups:
                    answered_strong += weight
                    held.append((1 << j, groups))
            elif groups := [self._of_numbers] if token.cls is Class.NUMBER else self._of.get(token):
                weak += weight
                most = max(most, self._likest(token))
                held.append((1 << j, groups))
        if answered_strong + weak < enough:
            return {}
        if answered_strong < enough and strong + LIGHTEST * most < self._threshold * (strong + LIGHTEST):
            return {}
        answered: dict[int, int] = {}
        for bit, groups in held:
            for group in groups:
                for place in group:
                    answered[place] = answered.get(place, 0) | bit
        return answered

    def _likest(self, token: Token) -> float:
        """How alike a number or an initial of a name can be to any of the text."""
        text = token.text
        if text in self._said:
            return 1.0
        if token.cls is Class.INITIAL:
            return AS_INITIAL
        begun = any(text[:letters] in self._said for letters in range(SHORTEST_CUT, len(text)))
        return 1.0 if begun else OTHER_NUMBER.score


def _has_legal_form_inside(name: NameForm) -> bool:
    """Stands something between the words of a company's name, as its legal form may?"""
    return bool(name.legal) and "".join([token.native for token in name.tokens]) not in name.unspaced


def _fullest(
    answered: dict[int, int], beginnings: set[int], tokens: Sequence[Token], room: int, enough: float
) -> list[tuple[int, int]]:
    """Up to `MOST_STRETCHES` of so much room; `answered`: place -> the words of the name, as bits.

    A word may answer several of a name whose words are alike (Hussein HOSSEINI), but is one of them: a
    stretch goes on while it has fewer words than it answers. Once so many are found that are as full and as
    short as any can be, the places behind bring nothing.
    """
    every = 0
    for bits in answered.values():
        every |= bits
    shortest = every.bit_count() - 1
    weights: dict[int, float] = {}
    found = []
    unbeaten = 0
    for first in sorted(answered.keys() & beginnings if beginnings else answered):
        have = words = 0
        for last in range(first, first + room):
            bits = answered.get(last, 0)
            if not bits or (not bits & ~have and words >= have.bit_count()):
                continue
            have |= bits
            words += 1
            weight = weights.get(have)
            if weight is None:
                weight = weights[have] = _weight(tokens, have, enough)
            if weight:
                found.append((-weight, max(0, have.bit_count() - words), last - first, first, last))
            if have == every and words >= have.bit_count():
                unbeaten += last - first == shortest
                break
        if unbeaten >= MOST_STRETCHES:
            break
    found.sort()
    return [(first, last) for *_, first, last in found[:MOST_STRETCHES]]


def _weight(tokens: Sequence[Token], places: int, enough: float) -> float:
    """What the words of these places, given as bits, weigh together, to be compared; 0 for too little."""
    weight = sum([token.weight for j, token in enumerate(tokens) if places >> j & 1])
    return round(weight, 6) if weight >= enough else 0.0


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
        before = min(place, REACH_BEFORE)  # of a text little longer than its reach each place has all of it
        around = (before, *said[place - before : place + REACH_BEHIND])
        if around not in seen:
            seen.add(around)
            found.add(place)
    return found
