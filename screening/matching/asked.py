"""A query with what the list has for its words, and which names it could be.

Each word is looked up once, and again where several words are one of the list, or one is several.
"""

from collections.abc import Iterator
from dataclasses import replace

from pyroaring import BitMap

from screening.matching.bounds import ROUNDING, Answered, answered_by, can_score, worth_scoring
from screening.matching.name_sets import ListNames
from screening.matching.score import RELIEF, are_told_otherwise, legal_factor, penalty
from screening.matching.words.lexicon import Expansion, Lexicon
from screening.names.forms import NameForm
from screening.names.legal_forms import LegalForm
from screening.names.tokens import Token

Reached = tuple[tuple[int, ...], BitMap]
"""Places of query words that are alike only when words are joined or parted, and the names where they are."""


class Asked:
    """A query with the list's answers to its words: which names it could be."""

    def __init__(
        self,
        query: NameForm,
        answers: list[Expansion],
        reached: list[Reached],
        joined: BitMap,
        names: ListNames,
    ) -> None:
        self._query = query
        self._answers = answers
        self._reached = reached
        self._joined = joined
        """Names where words must be joined or parted, if they are alike at all."""
        self._names = names
        self._one_by_one = not (query.syllabic or query.glued)
        self._factors: dict[tuple[LegalForm, ...], float] = {}
        self._answered: dict[Token, Answered] = {}
        self._hopes: dict[tuple[int, float], tuple[float, float]] = {}

    def light_enough(self, numbers: BitMap, most: float) -> Iterator[int]:
        """Those of the names of which not more than so much is left, and that are not told otherwise."""
        query, names, joined = self._query, self._names, self._joined
        traits, burdens = names.traits, names.burdens
        for number in numbers:
            if burdens[number] > most and number not in joined:
                continue
            held = traits[number]
            tells = query.syllabic or held.syllabic or query.languages & held.languages
            if not (tells and are_told_otherwise(query, names.at(number).form)):
                yield number

    def is_joined(self, number: int) -> bool:
        """Must words be joined to see that this name is alike?"""
        return number in self._joined

    def could_score(self, number: int, threshold: float) -> bool:
        """Could a name score so much? Never no where the scorer says yes, but for the query's own letters."""
        query, names, burden = self._query, self._names, self._names.burdens[number]
        tokens = names.tokens[number]
        joins = bool(self._joined) and number in self._joined
        if joins or not self._one_by_one or names.is_glued(number):
            places = {place for places, among in self._reached if number in among for place in places}
            every = names.words(number)
            return worth_scoring(query, self._answers, every, len(tokens), burden, threshold, places)
        legal = names.traits[number].legal
        factor = self._factors.get(legal)
        if factor is None:
            factor = self._factors[legal] = legal_factor(query.legal, legal)
        known, answered = self._answered, []
        met, left = 0, burden
        for word in tokens:
            found = known.get(word)
            if found is None:
                found = known[word] = answered_by(word, query.tokens, self._answers)
            answered.append(found)
            if found.places:
                met |= found.places
                left -= found.left
        needed = threshold / factor
        most, only_query = self._hope(met, needed)
        if most - needed * RELIEF * penalty(only_query, max(0.0, left), query.cut) < -ROUNDING:
            return False
        return can_score(query, self._answers, answered, burden, threshold, factor)

    def _hope(self, places: int, needed: float) -> tuple[float, float]:
        """The most that words of the query in these places, given as bits, add, and what all others cost."""
        found = self._hopes.get((places, needed))
        if found is None:
            most = left = 0.0
            for place, answer in enumerate(self._answers):
                if places >> place & 1:
                    most += answer.weight * max(0.0, 1.0 - needed)
                else:
                    left += answer.left
            found = self._hopes[places, needed] = most, left
        return found


def answers_of(query: NameForm, lexicon: Lexicon) -> list[Expansion]:
    """What the list has for each word of a query by itself."""
    answers = lexicon.expand_all(query.tokens, query.cut)
    if query.ends_in_stub:
        answers[-1] = replace(answers[-1], assumed_answered=True)
    return answers


def join(query: NameForm, answers: list[Expansion], lexicon: Lexicon) -> list[Reached]:
    """Adds to the answers what joining or parting words answers; returns the names so reached."""
    reached: list[Reached] = [((place,), found.apart) for place, found in enumerate(answers) if found.apart]
    for places, together in lexicon.joints(query.tokens):
        reached.append((places, together))
        for place in places:
            answers[place] = _answered_too(answers[place], together, together)
    for place, whole in query.glued:
        glued = lexicon.expand(whole)
        if glued.names:
            reached.append(((place,), glued.names))
            answers[place] = _answered_too(answers[place], glued.names, glued.strong, glued.weak)
    return reached


def _answered_too(found: Expansion, names: BitMap, strong: BitMap, weak: float = 0.0) -> Expansion:
    return replace(found, names=found.names | names, strong=found.strong | strong, weak=max(found.weak, weak))
