"""The designation table: put, remove, and the candidates of a name, without a scan of the list.

Contract: `candidates` returns every name that a full scan with the scorer would keep at the threshold.
Words are alike only if they share a key, so the list words that can answer a query word are found exactly;
and how much of a query must be answered follows from the scorer's own weights (`needed`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening.designations import Designation, Name
from screening.lexicon import Expansion, Lexicon
from screening.matching import LEFT_IN_QUERY, runs, score
from screening.names import Class, NameForm, Token, parse
from screening.similarity import NOTHING, Likeness


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A name of a designation that may match."""

    designation: Designation
    name: Name
    form: NameForm


class Index:
    """Names by the words they hold; every change is effective with the next call."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[Designation, range]] = {}
        self._names: dict[int, Candidate] = {}
        self._initialled: dict[int, frozenset[str]] = {}
        self._lexicon = Lexicon()
        self._next = 0

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, designation_id: str) -> Designation | None:
        found = self._by_id.get(designation_id)
        return found[0] if found else None

    def put(self, designation: Designation) -> None:
        """Add or replace one designation."""
        self.remove(designation.id)
        first = self._next
        for name in designation.names:
            form = parse(name.text, designation.kind)
            self._names[self._next] = Candidate(designation, name, form)
            self._lexicon.add(self._next, form.tokens)
            letters = frozenset(token.text for token in form.tokens if token.cls is Class.INITIAL)
            if letters:
                self._initialled[self._next] = letters
            self._next += 1
        self._by_id[designation.id] = (designation, range(first, self._next))

    def remove(self, designation_id: str) -> None:
        """Take one designation out; unknown ids are no error, a repeated tombstone is normal."""
        _, numbers = self._by_id.pop(designation_id, (None, range(0)))
        for number in numbers:
            self._lexicon.discard(number, self._names.pop(number).form.tokens)
            self._initialled.pop(number, None)

    def candidates(self, query: NameForm, threshold: float) -> list[Candidate]:
        """Every name that could score `threshold` against the query."""
        tokens = query.tokens
        if not tokens:
            return []
        answers = self._answers(tokens)
        needed = _needed(tokens, threshold)
        numbers = _enough(tokens, answers, needed)
        numbers |= self._by_initials(tokens, answers, needed)
        return [self._names[number] for number in numbers]

    def matches(self, query: NameForm, threshold: float) -> Iterator[tuple[Candidate, float]]:
        """The candidates that do score it, with their scores."""
        for candidate in self.candidates(query, threshold):
            points = score(query, candidate.form, self._likeness)
            if points >= threshold:
                yield candidate, points

    def _likeness(self, word: Token, other: Token) -> Likeness:
        return self._lexicon.expand(word).near.get(other.native, NOTHING)

    def _answers(self, tokens: Sequence[Token]) -> list[set[int]]:
        """For each query word the names that have an answer to it."""
        expansions: list[Expansion] = [self._lexicon.expand(token) for token in tokens]
        answers = [expansion.names for expansion in expansions]
        begun = expansions[-1].begun
        if begun:
            answers[-1] = answers[-1] | begun
        for places in runs(len(tokens)):
            names = self._lexicon.written_together([tokens[i] for i in places])
            if names:
                for place in places:
                    answers[place] = answers[place] | names
        return answers

    def _by_initials(self, tokens: Sequence[Token], answers: list[set[int]], needed: float) -> set[int]:
        """Names that are written with initials, where those may stand for words of the query."""
        found: set[int] = set()
        for number in set().union(*[names & self._initialled.keys() for names in answers]):
            letters = self._initialled[number]
            weight = sum(
                token.weight
                for token, names in zip(tokens, answers, strict=True)
                if number in names or token.text[0] in letters
            )
            if weight >= needed:
                found.add(number)
        return found


def _needed(tokens: Sequence[Token], threshold: float) -> float:
    """The least weight of the query that a name must answer to score the threshold.

    A score is at most M / (M + u * (W - M)): M answered of W, u the penalty for what is left over.
    """
    total = sum([token.weight for token in tokens])
    pressure = threshold * LEFT_IN_QUERY
    return total * pressure / (1 - threshold + pressure) - 1e-9


def _enough(tokens: Sequence[Token], answers: list[set[int]], needed: float) -> set[int]:
    """The names whose answered words weigh what is needed; initials of the query are taken as answered."""
    weighted = []
    given = 0.0
    for token, names in zip(tokens, answers, strict=True):
        if token.cls is Class.INITIAL:
            given += token.weight
        elif names:
            weighted.append((len(names), token.weight, names))
    open_weight = given + sum([weight for _, weight, _ in weighted])
    if open_weight < needed or not weighted:
        return set()
    weighted.sort(key=lambda item: item[0])
    return _gather(weighted, 0, None, given, open_weight, needed)


def _gather(
    weighted: list[tuple[int, float, set[int]]],
    place: int,
    within: set[int] | None,
    have: float,
    possible: float,
    needed: float,
) -> set[int]:
    """Names in enough of the sets, smallest sets first; `possible` is the weight still within reach."""
    if within is not None and have >= needed:
        return within
    if place == len(weighted) or possible < needed:
        return set()
    _, weight, names = weighted[place]
    taken = names if within is None else within & names
    found = set()
    if taken:
        found |= _gather(weighted, place + 1, taken, have + weight, possible, needed)
    rest = _gather(weighted, place + 1, within, have, possible - weight, needed)
    return found | rest if found else rest
