"""The inverted index: customers are the table, and a designation is looked up to find the customers that it
may concern.

Contract: `candidates` returns every customer for whom the screener finds a hit on the designation; it may
return more, never fewer. Only the screener decides what is a hit (`rules`); here the scorer's own weights
only exclude customers who cannot be one, as `matching.bounds` does for payments.
`tests/screening/customers/test_inverted.py` checks the contract.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from pyroaring import BitMap

from screening.customers.choices import GIVEN, Choices, Names, Place
from screening.customers.customer import Customer
from screening.customers.words import Answers, Words
from screening.designations import Designation, Kind
from screening.hits.by_name import address_lines, joined_parts, makes_a_hit
from screening.hits.codes import codes_of
from screening.hits.evidence import MOST_RAISED
from screening.hits.marks import identifiers_of
from screening.hits.sought import codes_sought
from screening.keys.table import KeyTable
from screening.matching.begun import key_of_begun, keys_of_beginnings
from screening.matching.plain_words import is_known
from screening.matching.score import left_over
from screening.matching.texts.line_readings import opened, untitled_ways
from screening.matching.texts.reach import most_of
from screening.matching.texts.segments import at_the_cut, of_syllables, with_initials
from screening.matching.texts.text_words import TextWord, merged, text_words
from screening.names.cleaning import has_letters_alone
from screening.names.forms import FIELD_WIDTHS, SHORTEST_CUT, NameForm, without_spare
from screening.names.readings import listed_readings, readings
from screening.names.rows import FEWEST, as_row, rows_of, windows
from screening.names.tokens import Class, Token
from screening.payments.model import Party
from screening.policy.rules import Policy

END = (1 << 32) - 1
LONG = min(FIELD_WIDTHS) - 5
"""Letters of a text of which a part may fill a field; some fewer, for a letter may be read as two."""


class Written(NamedTuple):
    """One name or text of a customer: its words, and a name's form."""

    words: tuple[Token, ...]
    form: NameForm | None = None
    whole: bool = False
    """It is compared as a whole only: no name is looked for inside it."""
    repeats: bool = False
    """It says a word twice."""
    fill: int = 0
    """So many neighbouring words of it may fill a field; 0: all of them do not."""


class FoundBy(NamedTuple):
    """Numbers of customers, by the part of them that the designation matched."""

    codes: BitMap
    """Identifiers, and names without their blanks."""
    names: BitMap
    """Names as wholes,"""
    in_names: BitMap
    """and names with more in them."""
    texts: BitMap

    @property
    def every(self) -> BitMap:
        return BitMap.union(*self)


class InvertedIndex:
    """Customers by the words and codes that they are written with; changes take effect with the next call."""

    def __init__(self, policy: Policy) -> None:
        self._threshold = max(0.0, policy.lowest_threshold - MOST_RAISED)
        self._text_threshold = policy.lowest_text_threshold
        self._words = Words()
        self._codes = KeyTable()
        """Identifiers that screening a customer looks up, and names without their spaces."""
        self._customer = array("I")
        """Whose a place is,"""
        self._next = array("I")
        """and that one's next place, or END."""
        self._free: list[int] = []
        self._names = Names()

    def put(self, number: int, customer: Customer) -> int:
        """Add a customer that is not in it; returns its first place, for `remove`."""
        for key in _codes(customer):
            self._codes.add(key, number)
        first = END
        for written in reversed([*_written(customer)]):
            first = self._add(number, written, first)
        return first

    def remove(self, number: int, customer: Customer, first: int) -> None:
        """Remove what `put` added."""
        for key in _codes(customer):
            self._codes.discard(key, number)
        place = first
        for written in _written(customer):
            self._words.discard(written.words, place)
            if written.form is not None:
                for key in _spelt(written.form):
                    self._codes.discard(key, number)
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
        if (form := written.form) is not None:
            self._codes.add_all(_spelt(form), number)
            tellable = not (form.syllabic or form.glued or form.cut)
            words = self._words.numbers_of(form.tokens) if tellable else b""
            self._names.add(place, *_weighed(form), words)
            if form.cut:
                self._names.cut.add(place)
            if written.whole:
                self._names.whole.add(place)
        if written.repeats:
            self._names.repeating.add(place)
        if written.fill:
            self._names.fills(place, written.fill)
        if any(word.cls is Class.INITIAL for word in written.words):
            self._names.with_initials[0].add(place)
        return place

    def candidates(self, designation: Designation) -> BitMap:
        """Numbers of the customers who may hit the designation."""
        return self.found_by(designation).every

    def found_by(self, designation: Designation) -> FoundBy:
        """The same, by what they may hit it."""
        found = BitMap()
        for identifier in identifiers_of(designation):
            for key in codes_of(identifier):
                found.update(self._codes.under(key))
        whole, inside = BitMap(), BitMap()
        for name in designation.names:
            if not makes_a_hit(name, designation):
                continue
            if row := as_row(name.text):
                found.update(self._codes.under(_row(row[:FEWEST])))
            for form in listed_readings(name.text, designation.kind):
                for key in (_unspaced(form.unspaced), *map(_key_of_begun, keys_of_beginnings(form))):
                    found.update(self._codes.under(key))
                like, within = self._places_alike(form)
                whole |= like
                inside |= within
        names = self._names.every
        return FoundBy(found, *map(self._customers_at, (whole, inside & names, inside - names)))

    def _customers_at(self, places: BitMap) -> BitMap:
        whose = self._customer
        return BitMap([whose[place] for place in places])

    def _places_alike(self, form: NameForm) -> tuple[BitMap, BitMap]:
        """Places that may reach the threshold against one reading of a listed name: as whole names, and
        inside longer texts."""
        if not form.tokens:
            return BitMap(), BitMap()
        if all(token.cls in GIVEN for token in form.tokens):  # "G-9": one of them must be there exactly
            found = BitMap.union(*[self._words.spelt(token.text) for token in form.tokens])
            return found, found
        answered = self._answered(form)
        if form.syllabic:
            found = BitMap.intersection(*[each.places for each in answered])
            return found, found  # texts read syllables, too
        choices = Choices(
            answered,
            self._threshold,
            self._text_threshold,
            self._names,
            most_of(form),
            self._places_with_numbers(form),
        )
        choices.follow()
        inside = choices.inside
        if len(form.tokens) == 1:
            inside = inside | self._words.exactly(form.tokens[0])
        else:  # one word of a text is the whole name: bilalbinzuvali
            inside = inside | self._words.spelt(form.unspaced)
        in_one = BitMap.union(BitMap(), *map(self._words.spelt, without_spare(form)))
        return choices.could_score(self._words), (inside - self._names.whole) | in_one

    def _places_with_numbers(self, form: NameForm) -> BitMap | None:
        """Places that may have its numbers; None if any may. `Names` knows which have initials."""
        numbers = {token.text for token in form.tokens if token.cls is Class.NUMBER}
        if any(len(number) > SHORTEST_CUT for number in numbers):
            return None  # of which another may be the beginning
        return BitMap.union(*[self._words.spelt(number) for number in numbers]) if numbers else BitMap()

    def _answered(self, form: NameForm) -> list[Place]:
        found = [
            Place.of(
                token,
                Answers(BitMap(), 1.0) if token.cls in GIVEN else self._words.answers(token, self._names.cut),
                self._words.stubs(token),
            )
            for token in form.tokens
        ]
        if form.syllabic:
            return found
        for at, token in form.glued:
            found[at] = found[at].also(self._words.answers(token, self._names.cut))
        for run, places in self._words.together(form.tokens):
            for at in run:
                found[at] = found[at].also(Answers(places, 1.0, twice=places, apart=places))
        return found


def _codes(customer: Customer) -> set[str]:
    found = {code for party in customer.parties for code in codes_sought(party)}
    for party in customer.parties:
        for field in chain(party.names, party.texts, party.addresses):
            for row in rows_of(field.value):
                found.update(map(_row, windows(row)))
    return found


def _row(begun: str) -> str:
    return "row:" + begun


def _unspaced(unspaced: str) -> str:
    return "unspaced:" + unspaced


def _key_of_begun(key: str) -> str:
    return "begun:" + key


def _spelt(form: NameForm) -> Iterator[str]:
    """The keys of a written name: its letters, and the names that it may be the beginning of."""
    yield _unspaced(form.unspaced)
    if key := key_of_begun(form):
        yield _key_of_begun(key)


def _written(customer: Customer) -> Iterator[Written]:
    """Every name and text that screening the customer compares, in one order."""
    for party in customer.parties:
        yield from _names(party)
        for fields in (party.texts, address_lines(party)[0]):
            if fields:
                lines = [field.value for field in fields]
                read = text_words(lines, _other_readings)
                words = (*_tokens(read),)
                yield Written(words, repeats=_repeats(words), fill=_fill(read))
                yield from _segments(lines, read)


def _other_readings(line: str) -> Iterator[str]:
    """The other ways to read a line, whichever words are on a list."""
    yield from opened(line)
    yield from untitled_ways(line)


def _segments(lines: Sequence[str], read: Sequence[TextWord]) -> Iterator[Written]:
    """The parts of a text that are looked up as whole names."""
    for segment in chain(of_syllables(read), at_the_cut(read, lines[-1])):
        yield Written(segment.form.words, segment.form)
    for line in lines:
        for _, form in with_initials(line):
            yield Written(form.words, form)


_PLAIN = re.compile("[A-Za-z]{3,}(?: [A-Za-z]{3,})*")
"""A person's name of which a text has no other words than the name."""


def _names(party: Party) -> Iterator[Written]:
    for value, _ in chain(party.names, joined_parts(party.names)):
        plain = party.kind is Kind.PERSON and _PLAIN.fullmatch(value) and not untitled_ways(value)
        read = [] if plain else text_words([value], _other_readings)
        if value.count(" ") > 1:
            yield from _segments([value], read or text_words([value]))
        inside, fill = (*_tokens(read),), _fill(read) if read or len(value) < LONG else 1
        whole = _is_whole(value)
        for form in readings(value, party.kind):
            words = form.words if form.syllabic else (*form.words, *inside)
            yield Written(words, form, whole, _repeats(inside or form.words), fill)


def _repeats(words: Sequence[Token]) -> bool:
    return len({word.entry for word in words}) < len(words)


def _is_whole(name: str) -> bool:
    """Whether it has one or two words, neither of which could stand beside a listed name in it
    (`texts.fields`)."""
    words = name.split()
    if len(words) > 2 or not has_letters_alone(name):
        return False
    if untitled_ways(name):
        return False
    return len(words) < 2 or not any(is_known(word.casefold()) for word in words)


def _weighed(form: NameForm) -> tuple[float, int]:
    """The weight of a name's words, and how many of them may stand for words of other letters."""
    tokens = form.tokens[:-1] if form.ends_in_stub else form.tokens
    initials = sum([token.cls is Class.INITIAL for token in tokens]) + form.ends_in_stub
    return sum([left_over(token) for token in tokens if token.cls not in GIVEN]), initials


def _tokens(words: Sequence[TextWord]) -> Iterable[Token]:
    for place, word in enumerate(words):
        yield word.token
        if place + 1 < len(words) and word.line != words[place + 1].line:
            yield from (other.token for other in merged(words, place)[place : place + 1])


def _fill(words: Sequence[TextWord]) -> int:
    """The least number of neighbouring words that may fill a field; two that are read as one count once."""
    lengths = [len(word.particles) + len(word.native) + 1 for word in words]
    fewest = letters = first = 0
    for last, length in enumerate(lengths, 1):
        letters += length
        while letters > LONG:
            fewest = min(fewest or last, last - first)
            letters -= lengths[first]
            first += 1
    return max(1, fewest - 1) if fewest else 0
