"""The names of a list by number: what each is, and sets of them by which most are passed over unread.

Of a million names an object each, with all that a comparison asks, takes 280 MB more than the columns here,
of which the last names that were asked for are made.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyroaring import BitMap

from screening.cache import keep
from screening.designations import Designation, Name
from screening.matching.gathering import Burdens
from screening.matching.snapshot import NO_TRAITS, Traits, form_of_traits, in_a_row, traits_of
from screening.matching.texts.reach import dispensable, is_of_numbers
from screening.matching.words.spellings import union
from screening.names.forms import NameForm
from screening.names.tokens import Token

COUNTED_WORDS: Final = 40
"""Names are told apart by their number of words up to so many; on the public lists none has more."""
MADE: Final = 1 << 16
"""Names kept as they are compared, about 300 bytes each: all of OFAC's list, and the common ones of any."""
KNOWN_TRAITS: Final = 1 << 16
"""What many names have in common is held once for so many different ones."""

MANY_ALONE: Final = 16
"""Names that are one and the same word: of more each comes and goes without the others being copied."""


@dataclass(slots=True, eq=False)
class Candidate:
    """A name of a designation that may match. Nothing changes it; frozen it would take longer to make."""

    designation: Designation
    name: Name
    form: NameForm
    burden: float
    dispensable: float
    """Weight of its words that a text may leave unanswered."""


class ListNames:
    """The names of a list by number. A number is given again once its name is gone."""

    def __init__(self) -> None:
        self._designations: list[Designation | None] = []
        self._names: list[Name | None] = []
        self.tokens: list[tuple[Token, ...]] = []
        """Of each name, to look into; of a number without a name none."""
        self.traits: list[Traits] = []
        self._unspaced: list[str | None] = []
        """None where it is the tokens in a row."""
        self._glued: dict[int, tuple[tuple[int, Token], ...]] = {}
        self.burdens = array("d")
        """What a name costs of which nothing is answered."""
        self.dispensable = array("d")
        """As `Candidate.dispensable`."""
        self._free: list[int] = []
        self._made: dict[int, Candidate] = {}
        self._traits: dict[Traits, Traits] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[int]:
        for number, name in enumerate(self._names):
            if name is not None:
                yield number

    def take(self, count: int) -> list[int]:
        """Numbers in their order, used ones first: of an entry's names that are alike the query to the same
        degree the first is shown, however often the entry was amended."""
        used = sorted([self._free.pop() for _ in range(min(count, len(self._free)))])
        fresh = count - len(used)
        begin = len(self.tokens)
        for column in (self._designations, self._names, self._unspaced):
            column.extend([None] * fresh)
        self.tokens.extend([()] * fresh)
        self.traits.extend([NO_TRAITS] * fresh)
        for weights in (self.burdens, self.dispensable):
            weights.extend([0.0] * fresh)
        return [*used, *range(begin, begin + fresh)]

    def put(self, number: int, designation: Designation, name: Name, form: NameForm, burden: float) -> None:
        """One form of a name, under a number that `take` gave."""
        self._designations[number], self._names[number] = designation, name
        self.tokens[number] = form.tokens
        traits = traits_of(form)
        self.traits[number] = self._traits.get(traits) or keep(self._traits, traits, traits, KNOWN_TRAITS)
        self._unspaced[number] = None if form.unspaced == in_a_row(form.tokens) else form.unspaced
        if form.glued:
            self._glued[number] = form.glued
        self.burdens[number], self.dispensable[number] = burden, dispensable(form)

    def discard(self, number: int) -> None:
        """Takes back a `put`; the number may be given again."""
        self._designations[number] = self._names[number] = self._unspaced[number] = None
        self.tokens[number], self.traits[number] = (), NO_TRAITS
        self._glued.pop(number, None)
        self._made.pop(number, None)
        self._free.append(number)

    def at(self, number: int) -> Candidate:
        """The name of a number. Raises KeyError for one that is none's."""
        found = self._made.get(number)
        return found if found is not None else keep(self._made, number, self._make(number), MADE)

    def words(self, number: int) -> tuple[Token, ...]:
        """Every token by which the name can be found."""
        glued = self._glued.get(number)
        return (*self.tokens[number], *[token for _, token in glued]) if glued else self.tokens[number]

    def is_glued(self, number: int) -> bool:
        """Is a word of it found with its particle as well?"""
        return number in self._glued

    def glued_words(self, number: int) -> tuple[tuple[int, Token], ...]:
        """Its words that are found with their particle as well, by place: "alassad" of AL ASSAD."""
        return self._glued.get(number, ())

    def of(self, number: int, designation_id: str) -> bool:
        """Is it a name of this designation?"""
        designation = self._designations[number]
        return designation is not None and designation.id == designation_id

    def name_of(self, number: int) -> Name | None:
        """The name as it is listed, which may have other forms as well."""
        return self._names[number]

    def form(self, number: int) -> NameForm:
        """The name as it is compared, made anew."""
        glued = self._glued.get(number, ())
        return form_of_traits(self.tokens[number], self.traits[number], self.unspaced(number), glued)

    def unspaced(self, number: int) -> str:
        """The name without its spaces."""
        written = self._unspaced[number]
        return in_a_row(self.tokens[number]) if written is None else written

    def _make(self, number: int) -> Candidate:
        designation, name = self._designations[number], self._names[number]
        if designation is None or name is None:
            raise KeyError(number)
        return Candidate(designation, name, self.form(number), self.burdens[number], self.dispensable[number])


class NameSets:
    """Numbers of names, by what tells them apart."""

    def __init__(self) -> None:
        self.by_words = [BitMap() for _ in range(COUNTED_WORDS + 1)]
        """Names of at least so many words."""
        self.burdens = Burdens()
        self.in_syllables = BitMap()
        """Names that are forms in syllables."""
        self.of_numbers = BitMap()
        """Names that are hardly anything but numbers."""
        self.repeating = BitMap()
        """Names that say a word twice."""
        self._of_language: dict[int, BitMap] = {}
        """Names that tell by their syllables, by the languages that they may be of."""
        self._alone: dict[str, tuple[int, ...] | BitMap] = {}
        """Names of one word by that word."""

    def add(self, number: int, form: NameForm, burden: float) -> None:
        """Note a name, and what it costs if all its words are left over."""
        for names in self.by_words[: len(form.tokens) + 1]:
            names.add(number)
        self.burdens.add(number, burden)
        if form.syllabic:
            self.in_syllables.add(number)
        if form.languages:
            self._of_language.setdefault(form.languages, BitMap()).add(number)
        if is_of_numbers(form.tokens):
            self.of_numbers.add(number)
        if len({token.entry for token in form.tokens}) < len(form.tokens):
            self.repeating.add(number)
        if len(form.tokens) == 1:
            word = form.tokens[0].native
            held = self._alone.get(word, ())
            if isinstance(held, BitMap):
                held.add(number)
            else:
                self._alone[word] = (*held, number) if len(held) < MANY_ALONE else BitMap((*held, number))

    def discard(self, number: int, form: NameForm, burden: float) -> None:
        """Take back an `add`."""
        for names in self.by_words[: len(form.tokens) + 1]:
            names.discard(number)
        self.burdens.discard(number, burden)
        if form.languages:
            self._of_language[form.languages].discard(number)
        for names in (self.in_syllables, self.of_numbers, self.repeating):
            names.discard(number)
        if len(form.tokens) == 1:
            word = form.tokens[0].native
            held = self._alone[word]
            if isinstance(held, BitMap):
                held.discard(number)
            else:
                held = self._alone[word] = tuple([other for other in held if other != number])
            if not held:
                del self._alone[word]

    @property
    def of_several(self) -> BitMap:
        """Names of several words."""
        return self.by_words[2]

    def alone(self, word: str) -> tuple[int, ...]:
        """Names that are this one case-folded word."""
        return tuple(self._alone.get(word, ()))

    def not_told_otherwise(self, languages: int, numbers: BitMap, same: list[BitMap]) -> BitMap:
        """Of the names that a query leads to, which is not in syllables, without most of those that
        `are_told_otherwise`. `languages`: of the query; `same`: for each of its words the names that have it.
        """
        if not numbers.isdisjoint(self.in_syllables):
            numbers = numbers - self.in_syllables
        if languages and numbers:
            told = union([names for spoken, names in self._of_language.items() if spoken & languages])
            numbers = (numbers - told) | BitMap.intersection(numbers, *same)
        return numbers
