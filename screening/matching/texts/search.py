"""The list names that one text is searched for.

Names of the list that answer two words close to each other are candidates; each is scored on the stretch of
the text that covers it, by the same scorer as whole names. Whether such a stretch is enough is for `telling`
to say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from pyroaring import BitMap

from screening.designations import Kind, Name
from screening.matching.asked import Asked
from screening.matching.index import Index
from screening.matching.name_sets import Candidate
from screening.matching.plain_words import is_connective, is_plain
from screening.matching.score import align, are_told_otherwise, lacks_spare_alone, rate, score
from screening.matching.second_look import assess, second_look
from screening.matching.texts.glued import is_glued
from screening.matching.texts.houses import is_with_its_legal_form
from screening.matching.texts.segments import (
    INITIALS_TELL,
    Segment,
    at_the_cut,
    initials_tell,
    of_syllables,
    with_initials,
)
from screening.matching.texts.stretches import WITHOUT_SPARE, Places, Stretch, answered_twice
from screening.matching.texts.surroundings import is_reference, name_goes_on
from screening.matching.texts.telling import EXACT, could_tell, is_titled, tells
from screening.matching.texts.text_words import Gap, TextWord
from screening.names.forms import NOT_TOLD, NameForm
from screening.names.readings import readings
from screening.names.slavic import is_patronymic
from screening.names.tokens import Class

NOT_WHOLE: Final = 0.99
"""Most that a name inside a text scores: 1.0 is for equal names."""
CANDIDATE, STRETCH = 4, 50
"""Steps of `Effort`: for a name that may stand in a text, and for each stretch that is compared with it,"""
PAIR: Final = 3
"""and for each word of the stretch beside each of the name, where that is more."""
FEW_NAMES: Final = 4
"""So many names a stretch is aligned with at once; to look its words up for a bound costs as much."""
FEWEST_TOGETHER: Final = 3
"""Words of the dictionary that make no other word when their blanks are left out."""


class TextMatch(NamedTuple):
    """A list name in a text, the stretch that is like it, and the number of the line it begins in."""

    candidate: Candidate
    points: float
    stretch: NameForm
    text: str
    first_line: int
    last_line: int


class Search:
    """The list names that one text is searched for, and where each is found best."""

    def __init__(self, index: Index, threshold: float, in_name: bool, from_line: int) -> None:
        self._best: dict[int, TextMatch] = {}
        self._index = index
        self._threshold = threshold
        self._in_name = in_name
        self._from_line = from_line
        self._alike = index.alike()
        self._read: dict[tuple[str, Kind | None], tuple[NameForm, ...]] = {}
        """Stretches read so far: one is compared with every name that it may be."""
        self._often: dict[tuple[str, Kind | None], int] = {}
        """How many names each of them was compared with."""
        self._asked: dict[tuple[str, Kind | None], Asked] = {}
        self._syllabic: dict[NameForm, dict[int, list[NameForm]]] = {}

    def found(self) -> Iterable[TextMatch]:
        """What was found so far, each name of the list once."""
        return self._best.values()

    def within(self, words: list[TextWord]) -> None:
        """Looks for names in so many neighbouring words. Raises LimitError."""
        index = self._index
        numbers = answered_twice([word.token for word in words], index, self._threshold)
        for place, word in enumerate(words):
            if (
                word.token.cls is Class.WORD
                and (alone := index.solo(word.token))
                and not name_goes_on(words, place, place)
            ):
                numbers.update(alone)
            elif is_glued(word.token, index):
                self._as_one_word(words, place)
        for segment in of_syllables(words):
            self._as_a_name(words, segment)
        if not numbers:
            return
        places = Places(words, index, self._threshold)
        index.effort.spend(CANDIDATE * len(numbers))
        for number in places.hopeful(numbers):
            found = self._best_stretch(words, places, number)
            if found is not None:
                self._keep(found)

    def _as_one_word(self, words: list[TextWord], place: int) -> None:
        """Names that one word of a text is, written without blanks."""
        word = words[place]
        if word.line < self._from_line:
            return
        glued, whole = self._index.glued(word.token), self._index.run_together(word.token.text)
        self._index.effort.spend(STRETCH * (len(glued) + len(whole)))
        if not name_goes_on(words, place, place):
            for _, candidate in self._of_no_things(whole):
                form = readings(word.native, candidate.designation.kind)[0]
                self._keep(TextMatch(candidate, NOT_WHOLE, form, word.native, word.line, word.line))
        for number, candidate in self._of_no_things(glued):
            form, points = self._assessed(word.native, number, candidate)
            stretch = Stretch(words, place, place, form, candidate, min(points, NOT_WHOLE), self._in_name)
            if stretch.points >= self._threshold and tells(stretch, self._alike):
                self._keep(TextMatch(candidate, stretch.points, form, word.native, word.line, word.line))

    def _of_no_things(self, numbers: Iterable[int]) -> Iterator[tuple[int, Candidate]]:
        for number in numbers:
            candidate = self._index.name(number)
            if not _is_a_thing_s_word(candidate):
                yield number, candidate

    def _as_a_name(self, words: list[TextWord], segment: Segment) -> None:
        """Names that a part of a text is as a whole. Raises LimitError."""
        form, first, last = segment.form, segment.first, segment.last
        line = _last_line(words[last])
        if line < self._from_line:
            return
        for candidate, points in self._index.matches(form, self._threshold):
            stretch = Stretch(words, first, last, form, candidate, min(points, NOT_WHOLE), self._in_name)
            if form.syllabic or tells(stretch, self._alike):
                self._keep(TextMatch(candidate, stretch.points, form, segment.text, words[first].line, line))

    def at_the_cut(self, words: list[TextWord], line: str) -> None:
        """Looks for a name of which the end of the last line has the beginning. Raises LimitError."""
        for segment in at_the_cut(words, line):
            self._as_a_name(words, segment)

    def with_initials(self, lines: Sequence[str]) -> None:
        """Looks for surnames with initials. Raises LimitError."""
        for number, line in enumerate(lines):
            if number < self._from_line:
                continue
            for text, form in with_initials(line):
                for candidate, points in self._index.matches(form, INITIALS_TELL):
                    name = candidate.form
                    if candidate.designation.kind is Kind.PERSON and initials_tell(
                        form, name, align(form, name, self._alike)
                    ):
                        points = min(max(points, self._threshold), NOT_WHOLE)
                        self._keep(TextMatch(candidate, points, form, text, number, number))

    def _keep(self, found: TextMatch) -> None:
        known = self._best.get(id(found.candidate.name))
        if known is None or found.points > known.points:
            self._best[id(found.candidate.name)] = found

    def _best_stretch(self, words: list[TextWord], places: Places, number: int) -> TextMatch | None:
        candidate = self._index.name(number)
        found: TextMatch | None = None
        for first, last in places.stretches(candidate.form):
            line = _last_line(words[last])
            if line < self._from_line:
                continue
            if not could_tell(words, first, last, candidate):
                continue
            self._index.effort.spend(STRETCH)
            if first == last and _is_led_to(words, first, candidate):
                text = _with_own_particles(words[first], candidate)
            else:
                text = " ".join([word.particles + word.native for word in words[first : last + 1]])
            if first == last and is_titled(candidate.form):
                text = words[first].titles + text
            form, points = self._assessed(text, number, candidate)
            if points < self._threshold and is_with_its_legal_form(words, first, last, candidate):
                form, points = self._with_legal_form(form, candidate)
            if WITHOUT_SPARE <= points < self._threshold and _differs_in_soft_name(form, candidate.form):
                points = self._threshold
            points = min(points, NOT_WHOLE)
            if points < self._threshold or (found is not None and points <= found.points):
                continue
            stretch = Stretch(words, first, last, form, candidate, points, self._in_name)
            self._index.effort.spend(STRETCH)
            if tells(stretch, self._alike):
                found = TextMatch(candidate, points, form, text, words[first].line, line)
        return found

    def _assessed(self, text: str, number: int, candidate: Candidate) -> tuple[NameForm, float]:
        """The reading of a stretch and its score, 0 for one that cannot be enough; names of China, Korea,
        Vietnam tell by syllables."""
        kind = candidate.designation.kind
        read = self._read.get((text, kind))
        if read is None:
            read = self._read[text, kind] = readings(text, kind)
        form, *spoken = read
        often = self._often[text, kind] = self._often.get((text, kind), 0) + 1
        may_score = often <= FEW_NAMES or self._may_score(text, form, number, candidate)
        if may_score:
            pairs = len(form.tokens) * len(candidate.form.tokens)
            self._index.effort.spend(max(0, PAIR * pairs - STRETCH))
        points = score(form, candidate.form, self._alike) if may_score else 0.0
        if points >= self._threshold or (points >= WITHOUT_SPARE and candidate.form.spare != NOT_TOLD):
            points = min(points, second_look(form, candidate.form, kind, self._alike))
            return form, points if self._in_name else min(points, self._with_spare(form, candidate.form))
        if spoken and candidate.form.languages & form.languages:
            listed = [(one, form) for one in spoken for form in self._in_syllables(one, candidate.name)]
            points = max([assess(one, form, kind) for one, form in listed], default=0.0)
        return form, points

    def _with_spare(self, form: NameForm, name: NameForm) -> float:
        """The most that a stretch of a text scores, where words that are no name stand beside names: what it
        leaves out counts, whatever it is."""
        alignment = align(form, name, self._alike) if name.spare != NOT_TOLD else None
        if alignment is None or not lacks_spare_alone(form, name, alignment):
            return 1.0
        return rate(form, name, alignment, spares=False)

    def _with_legal_form(self, form: NameForm, candidate: Candidate) -> tuple[NameForm, float]:
        """A stretch and its score together with the legal form beside it."""
        whole = replace(form, legal=candidate.form.legal)
        return whole, assess(whole, candidate.form, candidate.designation.kind, self._alike)

    def _may_score(self, text: str, form: NameForm, number: int, candidate: Candidate) -> bool:
        """Could a stretch score enough, told from its words? Never no where the scorer says yes."""
        if are_told_otherwise(form, candidate.form):
            return False
        if form.unspaced == candidate.form.unspaced or not form.tokens:
            return True
        key = text, candidate.designation.kind
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = self._index.ask(form)
        enough = self._threshold
        if candidate.form.spare != NOT_TOLD or any(is_patronymic(token.text) for token in form.tokens):
            enough = min(enough, WITHOUT_SPARE)
        return asked.could_score(number, enough)

    def _in_syllables(self, query: NameForm, name: Name) -> Sequence[NameForm]:
        """The forms in syllables of a list name of which each syllable of a query answers one."""
        if not query.syllabic:
            return ()
        forms = self._syllabic.get(query)
        if forms is None:
            forms = self._syllabic[query] = {}
            numbers = [self._index.answers(token) for token in query.tokens]
            for number in BitMap.intersection(*numbers):
                candidate = self._index.name(number)
                if candidate.form.syllabic:
                    forms.setdefault(id(candidate.name), []).append(candidate.form)
        return forms.get(id(name), ())


def _is_led_to(words: Sequence[TextWord], place: int, candidate: Candidate) -> bool:
    """Does a word of payments or a number lead to a company of one word ("a favor de TECHNOLAB")?

    The particle is none of its own; of "calle de los Oceanos" it is.
    """
    if candidate.designation.kind is Kind.PERSON:
        return False
    if place == 0 or words[place].gap is Gap.BREAK:
        return True
    before = words[place - 1]
    return is_connective(before.token) or before.token.cls is Class.NUMBER or is_reference(before)


def _with_own_particles(word: TextWord, candidate: Candidate) -> str:
    """A word with those of the particles before it that the list name has as well."""
    own = [particle for particle in word.particles.split() if particle in candidate.form.soft]
    return " ".join((*own, word.native))


def _is_a_thing_s_word(candidate: Candidate) -> bool:
    """May a word be something else than a company whose words it has, as petrochemicals may?"""
    tokens = candidate.form.tokens
    if candidate.designation.kind is Kind.PERSON or len(tokens) >= FEWEST_TOGETHER:
        return False
    return all(map(is_plain, tokens))


def _last_line(word: TextWord) -> int:
    return word.line if word.ends_in is None else word.ends_in


def _differs_in_soft_name(form: NameForm, name: NameForm) -> bool:
    """Is a stretch a list name without its spare word, or with a father's name more, and otherwise the same?

    Russians have the father's name in one paper and leave it out in the next.
    """
    alignment = align(form, name)
    if not all(pair.likeness.score >= EXACT for pair in alignment.pairs):
        return False
    if alignment.left_name:
        return not alignment.left_query and alignment.left_name == (name.spare,)
    return all(is_patronymic(form.tokens[place].text) for place in alignment.left_query)
