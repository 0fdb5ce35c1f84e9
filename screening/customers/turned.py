"""The index turned round: customers are the table, and a designation asks which of them it may concern.

Contract: `candidates` returns every customer for whom the screener finds a hit on the designation; it may
return more, never fewer. What is a hit is ruled by the screener alone (`rules`); here the scorer's own
weights tell only who cannot be one, as `matching.bounds` does for payments. That the contract holds is seen
by `tests/screening/customers/test_turned.py`.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from pyroaring import BitMap

from screening.customers.customer import Customer
from screening.customers.key_table import KeyTable
from screening.customers.words import Answers, Words
from screening.designations import Designation, Kind
from screening.hits.by_identifier import codes_of, codes_sought
from screening.hits.by_name import joined_parts
from screening.hits.evidence import MOST_RAISED
from screening.matching.bounds import most_of
from screening.matching.score import IDENTIFYING, RELIEF, left_over, penalty
from screening.matching.similarity import LONGEST_RUN
from screening.matching.text_words import merged, text_words
from screening.names.forms import NameForm
from screening.names.readings import listed_readings, readings
from screening.names.tokens import WEIGHT_INITIAL, Class, Token
from screening.names.vocabulary import HEAVIEST, LIGHTEST
from screening.payments.model import Party
from screening.policy.rules import Policy

ROUNDING = 1e-3
MOST_FOLLOWED = 6
"""Words of a list name of which every choice is followed; of longer names only the heaviest are."""
STEP, CLASSES = 0.25, 40
"""Names are told apart by what their words weigh, in steps of a quarter of a heavy word, up to ten words."""
MOST_INITIALS = 3
"""And by how many initials they have, each of which may stand for a word."""
END = (1 << 32) - 1
_GIVEN = (Class.INITIAL, Class.NUMBER)
"""Words that are taken as answered: any that begins so is like an initial, and any number like a number."""


class Written(NamedTuple):
    """One name or text of a customer: its words, and what they weigh; None for a text, of any length."""

    words: tuple[Token, ...]
    burden: float | None
    initials: int = 0
    unspaced: str = ""


class TurnedIndex:
    """Customers by the words and codes they are written with; changes are effective with the next call."""

    def __init__(self, policy: Policy) -> None:
        self._threshold = max(0.0, policy.lowest_threshold - MOST_RAISED)
        self._words = Words()
        self._codes = KeyTable()
        """Identifiers that screening a customer looks up, and names without their spaces."""
        self._customer = array("I")
        """Whose a place is,"""
        self._next = array("I")
        """and that one's next place, or END."""
        self._free: list[int] = []
        self._names = _Names()

    def put(self, number: int, customer: Customer) -> int:
        """Add a customer that is not in it; returns its first place, for `remove`."""
        for key in _codes(customer):
            self._codes.add(key, number)
        first = END
        for written in reversed([*_written(customer)]):
            first = self._add(number, written, first)
        return first

    def remove(self, number: int, customer: Customer, first: int) -> None:
        """Take out what `put` added."""
        for key in _codes(customer):
            self._codes.discard(key, number)
        place = first
        for written in _written(customer):
            self._words.discard(written.words, place)
            if written.unspaced:
                self._codes.discard(_unspaced(written.unspaced), number)
            self._names.discard(place)
            self._free.append(place)
            place = self._next[place]

    def _add(self, number: int, written: Written, following: int) -> int:
        if self._free:
            place = self._free.pop()
            self._customer[place], self._next[place] = number, following
        else:
            place = len(self._customer)
            self._customer.append(number)
            self._next.append(following)
        self._words.add(written.words, place)
        if written.unspaced:
            self._codes.add(_unspaced(written.unspaced), number)
        if written.burden is not None:
            self._names.add(place, written.burden, written.initials)
        return place

    def candidates(self, designation: Designation) -> BitMap:
        """Numbers of the customers who may hit it."""
        found = BitMap()
        for identifier in designation.identifiers:
            for key in codes_of(identifier):
                found.update(self._codes.under(key))
        places = BitMap()
        for name in designation.names:
            for form in listed_readings(name.text, designation.kind):
                found.update(self._codes.under(_unspaced(form.unspaced)))
                places |= self._like(form)
        whose = self._customer
        found.update([whose[place] for place in places])
        return found

    def _like(self, form: NameForm) -> BitMap:
        """Places that may score the threshold against one reading of a list name."""
        if not form.tokens:
            return BitMap()
        answered = self._answered(form)
        if form.syllabic:
            return BitMap.intersection(*[each.places for each in answered])
        found = Choices(answered, self._threshold, self._names, most_of(form)).places()
        if len(form.tokens) == 1:
            return found | self._words.exactly(form.tokens[0])
        return found

    def _answered(self, form: NameForm) -> list["Place"]:
        found = [
            Place.of(token, Answers(BitMap(), 1.0) if token.cls in _GIVEN else self._words.answers(token))
            for token in form.tokens
        ]
        if form.syllabic:
            return found
        for at, token in form.glued:
            found[at] = found[at].also(self._words.answers(token))
        for run, places in self._words.together(form.tokens):
            for at in run:
                found[at] = found[at].also(Answers(places, 1.0))
        return found


class Place(NamedTuple):
    """A word of a list name: what it weighs, what it costs unanswered, and where it is answered."""

    weight: float
    left: float
    given: bool
    places: BitMap
    best: float
    apart: BitMap

    @classmethod
    def of(cls, token: Token, answers: Answers) -> "Place":
        return cls(token.weight, left_over(token), token.cls in _GIVEN, *answers)

    def also(self, more: Answers) -> "Place":
        best = max(self.best, more.best)
        return self._replace(places=self.places | more.places, best=best, apart=self.apart | more.apart)

    def gain(self, threshold: float) -> float:
        """The most it adds when it is answered; as `matching.bounds` has it."""
        over = self.best - threshold
        return over * (self.weight if over > 0 else LIGHTEST)


class _Names:
    """Names of customers by what their words weigh, and by their initials."""

    def __init__(self) -> None:
        self._every = BitMap()
        self._lighter = [BitMap() for _ in range(CLASSES)]
        self.with_initials = [BitMap() for _ in range(MOST_INITIALS)]
        """Names with at least one, two, ... initials."""

    def add(self, place: int, burden: float, initials: int) -> None:
        self._every.add(place)
        for lighter in self._lighter[int(burden / STEP) :]:
            lighter.add(place)
        for more in self.with_initials[:initials]:
            more.add(place)

    def discard(self, place: int) -> None:
        for names in (self._every, *self._lighter, *self.with_initials):
            names.discard(place)

    def up_to(self, burden: float) -> BitMap:
        """Names whose words weigh no more, and some that weigh little more."""
        at = int(burden / STEP + ROUNDING)
        return self._lighter[at] if at < CLASSES else self._every


class Choices:
    """Which words of a list name a customer's name may leave unanswered, and still be like it."""

    def __init__(self, answered: Sequence[Place], threshold: float, names: _Names, share: float) -> None:
        self._threshold = threshold
        self._names = names
        given = [each for each in answered if each.given]
        sought = [each for each in answered if not each.given]
        if len(sought) > MOST_FOLLOWED:  # of very long names the lightest words are taken as answered
            sought.sort(key=lambda each: -each.weight)
            sought, given = sought[:MOST_FOLLOWED], given + sought[MOST_FOLLOWED:]
        self._sought = sorted(sought, key=lambda each: len(each.places))
        self._gained = sum(max(0.0, each.gain(threshold)) for each in given)
        self._weight = sum(each.weight for each in given)
        self._given = len(given)
        self._share = share if len(answered) > 1 else float("inf")
        self._apart = BitMap.union(*[each.apart for each in sought]) if sought else BitMap()
        self._found = BitMap()

    def places(self) -> BitMap:
        self._follow(0, None, (), ())
        return self._found

    def _follow(
        self, at: int, within: BitMap | None, chosen: tuple[Place, ...], left: tuple[Place, ...]
    ) -> None:
        """`within` answers every word chosen so far and is narrowed word by word, the rarest first."""
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
        return self._room(chosen, left, min(most, len(left))) >= 0

    def _is_most(self, chosen: tuple[Place, ...]) -> bool:
        """Is enough of the list name answered to find it inside a longer text?"""
        return self._weight + sum(each.weight for each in chosen) + ROUNDING >= self._share

    def _decide_within(self, within: BitMap, chosen: tuple[Place, ...], left: tuple[Place, ...]) -> None:
        if self._is_most(chosen):
            self._found |= within
            return
        answered = (len(chosen) + self._given) * HEAVIEST
        for initials in range(min(MOST_INITIALS, len(left)) + 1):
            among = within & self._names.with_initials[initials - 1] if initials else within
            if not among:
                return
            room = self._room(chosen, left, initials)
            if room >= 0:
                self._found |= among & self._names.up_to(room + answered)
                if self._apart:  # a word of the list answers several that are written apart
                    more = room + answered + (LONGEST_RUN - 1) * HEAVIEST
                    self._found |= among & self._apart & self._names.up_to(more)

    def _room(self, chosen: tuple[Place, ...], left: tuple[Place, ...], initials: int) -> float:
        """What words of the customer may cost that the list name does not have; negative: it cannot be."""
        gained = self._gained + sum(max(0.0, each.gain(self._threshold)) for each in chosen)
        shared = self._weight + sum(each.weight for each in chosen) + initials * WEIGHT_INITIAL
        costs = sorted([each.left for each in left])
        missing = sum(costs[: len(costs) - initials])
        relief = RELIEF if shared + ROUNDING >= IDENTIFYING else 1.0
        return _most_left(round(gained, 3), round(missing, 3), self._threshold * relief)


@lru_cache(maxsize=1 << 14)
def _most_left(gained: float, missing: float, per_unit: float) -> float:
    """How much more the customer's name may hold where the list name misses so much; negative: none."""
    allowed = gained / per_unit + 2 * ROUNDING if per_unit else float("inf")

    def costs(more: float) -> float:
        return min(penalty(more, missing), penalty(more, missing, True))

    if costs(0.0) > allowed:
        return -1.0
    low, high = 0.0, STEP * CLASSES
    while high - low > STEP / 8:
        middle = (low + high) / 2
        low, high = (middle, high) if costs(middle) <= allowed else (low, middle)
    return high


def _codes(customer: Customer) -> set[str]:
    return {code for party in customer.parties for code in codes_sought(party)}


def _unspaced(unspaced: str) -> str:
    return "unspaced:" + unspaced


def _written(customer: Customer) -> Iterator[Written]:
    """Every name and text that screening the customer compares, in one order."""
    for party in customer.parties:
        yield from _names(party)
        for fields in (party.texts, party.addresses):
            if fields:
                yield Written((*_text([field.value for field in fields]),), None)


_PLAIN = re.compile("[A-Za-z]{3,}(?: [A-Za-z]{3,})*")
"""A person's name of which a text has no other words than the name."""


def _names(party: Party) -> Iterator[Written]:
    for value, _ in chain(party.names, joined_parts(party.names)):
        inside = () if party.kind is Kind.PERSON and _PLAIN.fullmatch(value) else tuple(_text([value]))
        for form in readings(value, party.kind):
            words = form.words if form.syllabic else (*form.words, *inside)
            yield Written(words, *_weighed(form), form.unspaced)


def _weighed(form: NameForm) -> tuple[float, int]:
    """What the words of a name weigh, and how many of them may stand for words of other letters."""
    tokens = form.tokens[:-1] if form.ends_in_stub else form.tokens
    initials = sum([token.cls is Class.INITIAL for token in tokens]) + form.ends_in_stub
    return sum([left_over(token) for token in tokens if token.cls not in _GIVEN]), initials


def _text(lines: Sequence[str]) -> Iterable[Token]:
    words = text_words(lines)
    for place, word in enumerate(words):
        yield word.token
        if place + 1 < len(words) and word.line != words[place + 1].line:
            yield from (other.token for other in merged(words, place)[place : place + 1])
