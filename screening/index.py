"""The designation table: put, remove, and the candidates of a name, without a scan of the list.

Contract: `candidates` returns every name that a full scan with the scorer would keep at the threshold.
Words are alike only if they share a key, so the list words that can answer a query word are found exactly
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyroaring import BitMap

from screening.designations import Designation, Kind, Name
from screening.gate import Answer, enough, least_omission, strangers, worth_scoring
from screening.lexicon import Expansion, Lexicon
from screening.matching import score
from screening.names import Class, NameForm, Token, readings
from screening.similarity import NOTHING, Likeness, likeness


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A name of a designation that may match."""

    designation: Designation
    name: Name
    form: NameForm


REMEMBERED_NAMES = 200_000
"""Results of whole names kept until the list changes; mostly empty, about 150 bytes each."""


class Index:
    """Names by the words they hold; every change is effective with the next call."""

    def __init__(self, on_scored: Callable[[int], object] | None = None) -> None:
        self._on_scored = on_scored
        self._by_id: dict[str, tuple[Designation, range]] = {}
        self._names: dict[int, Candidate] = {}
        self._lexicon = Lexicon()
        self._solid: dict[str, BitMap] = {}
        self._next = 0
        self._remembered: dict[
            tuple[str, Kind | None, float], tuple[tuple[Candidate, float, NameForm], ...]
        ] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, designation_id: str) -> Designation | None:
        found = self._by_id.get(designation_id)
        return found[0] if found else None

    def put(self, designation: Designation) -> None:
        """Add or replace one designation."""
        self.remove(designation.id)
        self._remembered.clear()
        first = self._next
        for name in designation.names:
            for form in readings(name.text, designation.kind):
                own = self._own(form)
                self._names[self._next] = Candidate(designation, name, own)
                self._solid.setdefault(form.solid, BitMap()).add(self._next)
                self._next += 1
        self._by_id[designation.id] = (designation, range(first, self._next))

    def _own(self, form: NameForm) -> NameForm:
        """The form in the list's own tokens, noted under the next number."""
        count = len(form.tokens)
        tokens = self._lexicon.add(self._next, (*form.tokens, *[token for _, token in form.glued]))
        places = [place for place, _ in form.glued]
        return form._replace(tokens=tokens[:count], glued=tuple(zip(places, tokens[count:], strict=True)))

    def remove(self, designation_id: str) -> None:
        """Take one designation out; unknown ids are no error, a repeated tombstone is normal."""
        _, numbers = self._by_id.pop(designation_id, (None, range(0)))
        if numbers:
            self._remembered.clear()
        for number in numbers:
            form = self._names.pop(number).form
            self._lexicon.discard(number, form.words)
            self._solid[form.solid].discard(number)
            if not self._solid[form.solid]:
                del self._solid[form.solid]

    def search(
        self, text: str, kind: Kind | None, threshold: float
    ) -> tuple[tuple[Candidate, float, NameForm], ...]:
        """The names like a written name that score the threshold, and the reading of it that does.

        Remembered until the list changes: payments repeat their parties.
        """
        key = (text, kind, threshold)
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= REMEMBERED_NAMES:
                self._remembered.clear()
            found = self._remembered[key] = tuple(
                (candidate, points, form)
                for form in readings(text, kind)
                for candidate, points in self.matches(form, threshold)
            )
        return found

    def candidates(self, query: NameForm, threshold: float) -> list[Candidate]:
        """Every name that could score `threshold` against the query."""
        return [candidate for candidate, _ in self._candidates(query, threshold)]

    def matches(self, query: NameForm, threshold: float) -> Iterator[tuple[Candidate, float]]:
        """The candidates that do score it, with their scores."""
        candidates = self._candidates(query, threshold)
        if self._on_scored:
            self._on_scored(len(candidates))
        for candidate, with_runs in candidates:
            points = score(query, candidate.form, self.likeness, with_runs=with_runs)
            if points >= threshold:
                yield candidate, points

    def name(self, number: int) -> Candidate:
        """The name of a number that `answers` or `solo` gave."""
        return self._names[number]

    def answers(self, token: Token) -> BitMap:
        """Numbers of the names that have an answer to a word."""
        return self._lexicon.expand(token).names

    def solo(self, token: Token) -> Iterator[int]:
        """Numbers of the names that are this one word, exactly."""
        for number in self._lexicon.having_exactly(token):
            if len(self._names[number].form.tokens) == 1:
                yield number

    def likeness(self, word: Token, other: Token) -> Likeness:
        """`likeness` of a query word and a word of the list, from the expansions."""
        if word.cls is Class.INITIAL:
            return likeness(word, other)
        return self._lexicon.expand(word).near.get(other, NOTHING)

    def _candidates(self, query: NameForm, threshold: float) -> list[tuple[Candidate, bool]]:
        """Candidates, and whether words must be joined to see the likeness."""
        tokens = query.tokens
        if not tokens:
            return []
        lexicon = self._lexicon
        expansions = [lexicon.expand(token) for token in tokens]
        expansions[-1] = lexicon.expand_last(tokens[-1], query.cut)
        joints = lexicon.joints(tokens)
        same = self._solid.get(query.solid)
        omission = threshold * least_omission(tokens)
        plain = same is None and not joints and not query.glued and not query.ends_in_stub
        if plain and strangers(tokens, expansions, threshold, omission):
            return []
        answers, special = self._answers(query, expansions, joints)
        numbers = enough(answers, threshold, omission)
        if same is not None:
            numbers = numbers | same
            special |= same
        return [
            (candidate, number in special)
            for number in numbers
            if number in special or worth_scoring(answers, self._names[number].form, threshold, query.cut)
            if (candidate := self._names[number])
        ]

    def _answers(
        self, query: NameForm, expansions: list[Expansion], joints: list[tuple[tuple[int, ...], BitMap]]
    ) -> tuple[list[Answer], BitMap]:
        """For each query word what answers it; and the names that are reached only by joining words."""
        names = [found.names for found in expansions]
        strong = [found.strong for found in expansions]
        special = BitMap()
        for places, together in joints:
            special |= together
            for place in places:
                names[place], strong[place] = names[place] | together, strong[place] | together
        for place, whole in query.glued:
            glued = self._lexicon.expand(whole)
            special |= glued.names
            names[place], strong[place] = names[place] | glued.names, strong[place] | glued.strong
        for found in expansions:
            if found.apart:
                special |= found.apart
        answers = [
            Answer(token, every, best, found.near, token.cls is Class.INITIAL)
            for token, every, best, found in zip(query.tokens, names, strong, expansions, strict=True)
        ]
        if query.ends_in_stub:
            answers[-1] = answers[-1]._replace(given=True)
        return answers, special
