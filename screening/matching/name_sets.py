"""The names of a list in sets by what they are, so that most are passed over before any is looked at.

Names that stand, sign for sign, in a row without blanks (`screening.names.rows`) are read apart from what is
around them, as words between blanks are, and scored like these.
"""

from pyroaring import BitMap

from screening.matching.bounds import Burdens, is_of_numbers
from screening.matching.spellings import union
from screening.names.forms import NameForm
from screening.names.rows import FEWEST, as_row, rows_of, windows

COUNTED_WORDS = 40
"""Names are told apart by their number of words up to so many; on the public lists none has more."""
LONG = 5
"""Signs of a name that no other name continues; to a shorter one a row adds `AROUND` at the least, for one
sign more is another person's name: 金永哲华 is not 金永哲."""
AROUND = 2


class RowNames:
    """The names of a list by how they begin, each with how many entries bear it."""

    def __init__(self) -> None:
        self._by_start: dict[str, dict[str, tuple[str, int]]] = {}

    def put(self, name: str) -> None:
        """A list name, as listed."""
        if row := as_row(name):
            held = self._by_start.setdefault(row[:FEWEST], {})
            _, entries = held.get(name, (row, 0))
            held[name] = row, entries + 1

    def remove(self, name: str) -> None:
        """What `put` added."""
        if row := as_row(name):
            held = self._by_start[row[:FEWEST]]
            _, entries = held.pop(name)
            if entries > 1:
                held[name] = row, entries - 1
            if not held:
                del self._by_start[row[:FEWEST]]

    def within(self, text: str) -> tuple[str, ...]:
        """The names that rows of a text hold besides other signs, each once, as listed.

        >>> names = RowNames()
        >>> names.put("佐瓦贸易公司")
        >>> names.within("付款给佐瓦贸易公司货款")
        ('佐瓦贸易公司',)
        """
        if text.isascii() or not self._by_start:
            return ()
        found: dict[str, None] = {}
        for row in rows_of(text):
            for place, begun in enumerate(windows(row)):
                for name, (signs, _) in self._by_start.get(begun, {}).items():
                    if _has_room(row, signs) and row.startswith(signs, place):
                        found[name] = None
        return tuple(found)


def _has_room(row: str, name: str) -> bool:
    return len(row) - len(name) >= (1 if len(name) >= LONG else AROUND)


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
        self._alone: dict[str, tuple[int, ...]] = {}
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
            self._alone[word] = (*self._alone.get(word, ()), number)

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
            rest = tuple([other for other in self._alone.pop(word) if other != number])
            if rest:
                self._alone[word] = rest

    @property
    def of_several(self) -> BitMap:
        """Names of several words."""
        return self.by_words[2]

    def alone(self, word: str) -> tuple[int, ...]:
        """Names that are this one case-folded word."""
        return self._alone.get(word, ())

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
