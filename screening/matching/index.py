"""The designation table: put, remove, and the candidates of a name, without a scan of the list.

Contract: `candidates` returns every name that a full scan with the scorer would keep at the threshold.
Words are alike only if they share a key, so the list words that can answer a query word are found exactly
(`lexicon`); which names answer enough of the query is told by the scorer's own weights (`gathering`).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from pyroaring import BitMap

from screening.cache import Room
from screening.designations import Designation, Kind, Name
from screening.effort import Effort, Taken
from screening.keys.table import KeyTable
from screening.limits import check_readings
from screening.matching.asked import Asked, Reached, answers_of, join
from screening.matching.begun import BEGUN, is_begun, key_of_begun, keys_of_beginnings
from screening.matching.bounds import fewest_words, most_burden
from screening.matching.gathering import BRANCHED_WORDS, Heavier, enough
from screening.matching.name_sets import COUNTED_WORDS, Candidate, ListNames, NameSets
from screening.matching.parts import LONGEST_RUN
from screening.matching.score import Alike, burden, score
from screening.matching.second_look import second_look
from screening.matching.similarity import NOTHING, Likeness, likeness
from screening.matching.snapshot import Forms, Recalled, Snapshot
from screening.matching.steps import (
    ALIKE_IN_NAME,
    NUMBERS_A_STEP,
    POSTINGS_A_STEP,
    SCORED,
    UNCHECKED,
    first_look,
)
from screening.matching.words.lexicon import Expansion, Lexicon
from screening.matching.words.spellings import both, union
from screening.names.forms import NameForm, without_spare
from screening.names.readings import distinct, listed_readings, readings
from screening.names.rows import RowNames
from screening.names.scripts import Script
from screening.names.tokens import Class, Token
from screening.names.vocabulary import HEAVIEST

Found = tuple[tuple[Candidate, float, NameForm], ...]
_Asked = tuple[str, Kind | None, float]
"""A name, the kind of its bearer, and the threshold."""
_Answer = tuple[int, Taken, Found]
"""The version of the list, what searching it took, and the names found."""

SHORTEST_TOGETHER: Final = 12
"""Letters of a whole name without its blanks, which is no other word by chance."""
REMEMBERED_NAMES, REMEMBERED_BYTES = 50_000, 32 << 20
"""Results of whole names kept, and what they take."""
RESULT_BYTES, CHARACTER_BYTES, LOOK_BYTES, FOUND_BYTES, FORM_BYTES = 550, 4, 100, 100, 1_000
"""Of a result without anything, for each character of its text, each word that was looked up, each name
found, and what is found by a reading of it."""


class Index:
    """Names by the words they hold; every change is effective with the next call."""

    def __init__(self, on_scored: Callable[[int], object] | None = None) -> None:
        self._on_scored = on_scored
        self._by_id: dict[str, Designation] = {}
        self._numbers = KeyTable()
        """Of the names of an entry, by its id."""
        self.names = ListNames()
        self._lexicon = Lexicon()
        self._unspaced = KeyTable()
        """Names by their letters in a row, with and without a word that their bearers leave out, and by what
        they begin with."""
        self.sets = NameSets()
        self.row_names = RowNames()
        self._version = 0
        self._remembered: dict[_Asked, _Answer] = {}
        self._room: Room[_Asked, _Answer] = Room(REMEMBERED_NAMES, _size, REMEMBERED_BYTES)
        self._recalled = Forms()
        """While a list is loaded: what is known of its names already."""
        self._names_read = 0
        self.effort = Effort()
        """Of the payment at hand; whoever searches spends."""

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, designation_id: object) -> bool:
        return designation_id in self._by_id

    def get(self, designation_id: str) -> Designation | None:
        return self._by_id.get(designation_id)

    def put(self, designation: Designation) -> None:
        """Add or replace one designation."""
        self.remove(designation.id)
        self._version += 1
        forms = [(name, *form) for name in designation.names for form in self._forms(name, designation.kind)]
        numbers = self.names.take(len(forms))
        for number, (name, form, own) in zip(numbers, forms, strict=True):
            self._add(number, designation, name, form, own=own)
            self._numbers.add(designation.id, number)
        for name in designation.names:
            self.row_names.put(name.text)
        self._by_id[designation.id] = designation

    def recall(self, recalled: Recalled) -> None:
        """Before the first entry: names that the snapshot knows are not read anew, until `settle`.

        An index that has or had entries takes no notice of it.
        """
        if len(self.names):
            return
        self._lexicon.restore(recalled.tables)
        self._recalled = recalled.forms

    def settle(self) -> int:
        """After the last entry: lets go of what was recalled in vain; how many names were read anew."""
        self._recalled = Forms()
        self._lexicon.forget_unused()
        read, self._names_read = self._names_read, 0
        return read

    def snapshot(self) -> Snapshot:
        """What reading the names of this index came to, as it is; good until the next change."""
        forms = {
            (name.text, designation.kind): self._forms_of(name, numbers)
            for designation in self._by_id.values()
            for numbers in [self._numbers_of(designation.id)]
            for name in designation.names
        }
        return Snapshot(self._lexicon.tables(), forms)

    def _numbers_of(self, designation_id: str) -> list[int]:
        under = self._numbers.under(designation_id)
        return [number for number in under if self.names.of(number, designation_id)]

    def _forms_of(self, name: Name, numbers: list[int]) -> tuple[NameForm, ...]:
        return tuple([self.names.form(number) for number in numbers if self.names.name_of(number) is name])

    def _forms(self, name: Name, kind: Kind | None) -> list[tuple[NameForm, bool]]:
        """The forms of a list name, and whether their tokens are the list's own already."""
        if (recalled := self._recalled.of(name.text, kind)) is not None:
            return [(form, True) for form in recalled]
        self._names_read += 1
        forms = listed_readings(name.text, kind)
        for form in forms:
            self._lexicon.neighbours.note(form.tokens)
        return [(form, False) for form in forms]

    def _add(self, number: int, designation: Designation, name: Name, form: NameForm, *, own: bool) -> None:
        """One form of a name; `own`: its tokens are the list's own already."""
        if own:
            self._lexicon.add(number, form.words)
        else:
            form = self._own(number, form)
        weight = burden(form)
        self.names.put(number, designation, name, form, weight)
        self.sets.add(number, form, weight)
        self._unspaced.add_all(_letters_of(form), number)

    def _own(self, number: int, form: NameForm) -> NameForm:
        """The form in the list's own tokens, noted under its number."""
        if not form.glued:
            own = self._lexicon.add(number, form.tokens)
            return form if own == form.tokens else replace(form, tokens=own)
        count = len(form.tokens)
        tokens = self._lexicon.add(number, form.words)
        places = [place for place, _ in form.glued]
        return replace(form, tokens=tokens[:count], glued=tuple(zip(places, tokens[count:], strict=True)))

    def remove(self, designation_id: str) -> None:
        """Take one designation out; unknown ids are no error, a repeated tombstone is normal."""
        gone = self._by_id.pop(designation_id, None)
        if gone is None:
            return
        for name in gone.names:
            self.row_names.remove(name.text)
        for number in self._numbers_of(designation_id):
            self._version += 1
            self._numbers.discard(designation_id, number)
            form = self.names.form(number)
            self._lexicon.discard(number, form.words)
            self.sets.discard(number, form, self.names.burdens[number])
            for letters in _letters_of(form):
                self._unspaced.discard(letters, number)
            self.names.discard(number)

    def search(self, text: str, kind: Kind | None, threshold: float) -> Found:
        """The names like a written name that score the threshold, and the reading of it that does.

        Remembered until the list changes: payments repeat their parties. What it took counts each time, so
        that a payment meets its limits or does not, whatever came before it. Raises LimitError.
        """
        key = (text, kind, threshold)
        known = self._remembered.get(key)
        if known is not None and known[0] == self._version:
            self.effort.add(known[1])
            return known[2]
        before = self.effort.so_far()
        forms = distinct(readings(text, kind))
        check_readings(len(forms))
        self.look_first([token for form in forms for token in form.words])
        found = tuple(
            [
                (candidate, points, form)
                for form in forms
                for candidate, points in (*self.matches(form, threshold), *self._begun(form, threshold))
            ]
        )
        self._room.keep(self._remembered, key, (self._version, self.effort.since(before), found))
        return found

    def begin_payment(self) -> None:
        """What is searched from here on is one payment's, up to its limits (`screening.limits`)."""
        self.effort.begin(len(self.names))

    def candidates(self, query: NameForm, threshold: float) -> list[Candidate]:
        """Every name that could score `threshold` against the query."""
        return [candidate for candidate, _ in self._candidates(query, threshold)]

    def matches(self, query: NameForm, threshold: float) -> list[tuple[Candidate, float]]:
        """The candidates that do score it, with their scores."""
        candidates = self._candidates(query, threshold)
        if self._on_scored:
            self._on_scored(len(candidates))
        found = []
        words = len(query.tokens)
        alike = self.alike() if candidates else likeness
        for candidate, with_runs in candidates:
            pairs = words * len(candidate.form.tokens)
            self.effort.spend(SCORED + (3 * pairs if with_runs else pairs))
            points = score(query, candidate.form, alike, with_runs=with_runs)
            if points >= threshold:
                kind = candidate.designation.kind
                points = min(points, second_look(query, candidate.form, kind, alike, with_runs=with_runs))
                if points >= threshold:
                    found.append((candidate, points))
        return found

    def _begun(self, query: NameForm, threshold: float) -> list[tuple[Candidate, float]]:
        """The names that a whole field is the beginning of."""
        key = key_of_begun(query) if threshold <= BEGUN else ""
        if not key:
            return []
        numbers = self._unspaced.under(key)
        self.effort.spend(len(numbers))
        held = map(self.names.at, numbers)
        return [(candidate, BEGUN) for candidate in held if is_begun(query, candidate.form)]

    def name(self, number: int) -> Candidate:
        """The name of a number that `answers` or `solo` gave."""
        return self.names.at(number)

    def answers(self, token: Token) -> BitMap:
        """Numbers of the names that have an answer to a word."""
        return self._lexicon.expand(token).names

    def near(self, token: Token) -> dict[Token, Likeness]:
        """Words of the list that are like a word, and how much; initials by their letter."""
        return self._lexicon.expand(token).near

    def look_first(self, words: Iterable[Token]) -> None:
        """Spends what looking these words up takes the first time. Raises LimitError."""
        steps: dict[str, int] = {}
        taken = 0
        for token in words:
            own = steps[token.entry] = first_look(token, self._lexicon)
            taken += own
            if taken > UNCHECKED:
                self.effort.first_looks(steps, taken)
                steps, taken = {}, 0
        self.effort.first_looks(steps, taken)

    def having_exactly(self, token: Token) -> BitMap:
        """Numbers of the names with exactly this word."""
        return self._lexicon.having_exactly(token)

    def is_word(self, native: str) -> bool:
        """Is a case-folded word in Latin letters a word of a name of the list?"""
        return self._lexicon.has(native)

    def glued(self, token: Token) -> BitMap:
        """Numbers of the names whose neighbouring words are this one word: `IVANZUVAVOV`."""
        return self._lexicon.expand(token).apart

    def run_together(self, word: str) -> list[int]:
        """Numbers of the names of several words that a word in letters a-z is, all of them without blanks and
        with their particles: `bilalbinzuvali`."""
        if len(word) < SHORTEST_TOGETHER:
            return []
        names = self.names
        return [
            number
            for number in self._unspaced.under(word)
            if len(names.tokens[number]) > 1 and names.unspaced(number) == word
        ]

    def parts_of(self, word: str) -> tuple[Token, ...]:
        """The given name and the surname that a word in letters a-z is without a blank, of a name that has
        one more between or behind them: `ivanzuvavov`."""
        for number in self._unspaced.under(word):
            form = self.names.form(number)
            if word in without_spare(form):
                parts = [token for place, token in enumerate(form.tokens) if place != form.spare]
                return tuple(parts if word.startswith(parts[0].text + parts[1].text) else reversed(parts))
        return ()

    def solo(self, token: Token) -> tuple[int, ...]:
        """Numbers of the names that are this one word, exactly; a rare one in Cyrillic letters as
        well, and in each of its spellings (Hezbollah, Hizballah)."""
        alone = self.sets.alone(token.native)
        if token.weight < HEAVIEST:
            return alone
        if token.script is Script.ALPHABET or (token.script is Script.LATIN and token.native != token.text):
            alone += self.sets.alone(token.text)
        if token.groups:
            for word in self.near(token):
                if word.native != token.native and not token.groups.isdisjoint(word.groups):
                    alone += self.sets.alone(word.native)
        return alone

    def is_alone(self, word: str) -> bool:
        """Is a case-folded word a whole name of the list?"""
        return bool(self.sets.alone(word))

    def alike(self) -> Alike:
        """`likeness` of a query and list words, from the expansions; good until the list changes."""
        rows: dict[Token, dict[Token, Likeness]] = {}
        expand = self._lexicon.expand

        def looked_up(word: Token, other: Token) -> Likeness:
            row = rows.get(word)
            if row is None:
                if word.cls is Class.INITIAL:
                    return likeness(word, other)
                row = rows[word] = expand(word).near
            return row.get(other, NOTHING)

        return looked_up

    def _candidates(self, query: NameForm, threshold: float) -> list[tuple[Candidate, bool]]:
        """Candidates, and whether words must be joined to see the likeness."""
        tokens = query.tokens
        if not tokens:
            return []
        self.effort.look_up(len(tokens))
        long = len(tokens) > BRANCHED_WORDS
        if long and not self._of_words(query, threshold, joined=True):
            return self._with_same(query, [])
        answers = answers_of(query, self._lexicon)
        self.effort.spend(ALIKE_IN_NAME * sum([len(answer.near) for answer in answers]))
        reached = join(query, answers, self._lexicon)
        special = union([names for _, names in reached])
        within = None
        if long:
            special = both(special, self._of_words(query, threshold, joined=True))
            within = self._of_words(query, threshold, joined=False) | special
        self.effort.spend(sum([answer.count for answer in answers]) // POSTINGS_A_STEP)
        if query.syllabic:
            numbers = BitMap.intersection(self.sets.in_syllables, *[answer.names for answer in answers])
        else:
            numbers = enough(answers, threshold, Heavier(self.sets.burdens, query.cut, special), within)
            if numbers:
                same = [*map(self._lexicon.having_exactly, tokens if query.languages else ())]
                numbers = self.sets.not_told_otherwise(query.languages, numbers, same)
        self.effort.spend(len(numbers) // NUMBERS_A_STEP)
        found = self._promising(numbers, special, reached, query, answers, threshold) if numbers else []
        return self._with_same(query, found)

    def _of_words(self, query: NameForm, threshold: float, joined: bool) -> BitMap:
        """Of a query of many words only names of many words are candidates; `joined`: two may be one."""
        together = 1 if not joined else LONGEST_RUN if len(query.tokens) <= LONGEST_RUN else 2
        return self.sets.by_words[fewest_words(query.tokens, threshold, together, COUNTED_WORDS)]

    def _with_same(self, query: NameForm, found: list[tuple[int, bool]]) -> list[tuple[Candidate, bool]]:
        """With the names that are the query's letters in a row, however many words either makes of them."""
        at, under = self.names.at, self._unspaced.under(query.unspaced)
        same = {number: held for number in under if (held := at(number)).form.unspaced == query.unspaced}
        return [
            *[(at(number), joins) for number, joins in found if number not in same],
            *[(candidate, True) for candidate in same.values()],
        ]

    def _promising(
        self,
        numbers: BitMap,
        special: BitMap,
        reached: list[Reached],
        query: NameForm,
        answers: list[Expansion],
        threshold: float,
    ) -> list[tuple[int, bool]]:
        """Numbers of the names that could score so much, and whether words must be joined to see it."""
        asked = Asked(query, answers, reached, special, self.names)
        weighed = 1 + len(answers) * 3 // 4
        found = []
        for number in asked.light_enough(numbers, most_burden(answers, threshold, query.cut)):
            self.effort.spend(weighed)
            if asked.could_score(number, threshold):
                found.append((number, asked.is_joined(number)))
        return found

    def ask(self, query: NameForm) -> Asked:
        """A query with what the list has for its words, to be told which names it could be."""
        answers = answers_of(query, self._lexicon)
        reached = join(query, answers, self._lexicon)
        return Asked(query, answers, reached, union([names for _, names in reached]), self.names)


def _letters_of(form: NameForm) -> tuple[str, ...]:
    """What a name is found by as a whole, and by its beginning."""
    return (form.unspaced, *without_spare(form), *keys_of_beginnings(form))


def _size(asked: _Asked, answer: _Answer) -> int:
    _, taken, found = answer
    size = RESULT_BYTES + CHARACTER_BYTES * len(asked[0])
    for looks in taken.looks:
        size += LOOK_BYTES * len(looks)
    if not found:
        return size
    return size + FOUND_BYTES * len(found) + FORM_BYTES * len({id(form) for _, _, form in found})
