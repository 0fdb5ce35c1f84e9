"""Names inside remittance lines and addresses, through the same index as party names.

A text is read word by word. A rare word of the list anchors a search around it: a name is a candidate where
most of its weight lies near the anchor, and then only that stretch of the text is scored.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pyroaring import BitMap

from screening.matching.index import Candidate, Index
from screening.matching.score import score
from screening.matching.similarity import NOTHING
from screening.names.forms import NameForm, Token, parse, words_of
from screening.names.tokens import Class
from screening.names.vocabulary import lines

ANCHOR_NAMES = 400
"""A word that stands in more names of the list anchors nothing; its neighbours do."""
SLACK = 3
"""Words that may stand between the words of a name ("VERUS Trading, invoice of, LLC")."""
SHARE = 0.7
"""Of a name's weight that must lie in the stretch before it is scored."""
SHORTEST_SOLO = 6
"""A name of one word counts in a text only if it is so long, rare and written exactly."""


class Finding(NamedTuple):
    """A list name in a text, and the stretch that is like it."""

    candidate: Candidate
    points: float
    stretch: NameForm
    text: str


@cache
def _payment_words() -> frozenset[str]:
    return frozenset(word for line in lines("payment_words.txt") for word in line.split())


def find_names(text: str, index: Index, threshold: float) -> list[Finding]:
    """The list names in a text that score the threshold, best first, each name once."""
    words = [word for word in words_of(text) if word not in _payment_words()]
    tokens = [(token, word) for word in words for token in parse(word, "person").tokens]
    index.effort.look_up(len(tokens))
    best: dict[int, Finding] = {}
    for place, number in _near_anchors([token for token, _ in tokens], index):
        found = _score(tokens, place, number, index)
        if found and found.points >= threshold:
            held = best.get(number)
            if held is None or found.points > held.points:
                best[number] = found
    return sorted(best.values(), key=lambda found: -found.points)


def _near_anchors(tokens: list[Token], index: Index) -> Iterator[tuple[int, int]]:
    """(place, name number): names with a rare word here and another of their words close by."""
    answers = [index.answers(token) for token in tokens]
    for place, names in enumerate(answers):
        if not names or len(names) > ANCHOR_NAMES or tokens[place].cls is not Class.WORD:
            continue
        around = BitMap()
        for other in range(max(0, place - SLACK - 1), min(len(tokens), place + SLACK + 2)):
            if other != place:
                around |= answers[other]
        for number in names & around:
            yield place, number
        if len(tokens[place].text) >= SHORTEST_SOLO and tokens[place].weight == 1.0:
            for number in index.solo(tokens[place]):
                yield place, number


def _score(tokens: list[tuple[Token, str]], place: int, number: int, index: Index) -> Finding | None:
    candidate = index.name(number)
    reach = len(candidate.form.tokens) + SLACK
    near = range(max(0, place - reach), min(len(tokens), place + reach + 1))
    index.effort.spend(len(near) * len(candidate.form.tokens) // 4)
    answered: set[Token] = set()
    places = []
    for at in near:
        for other in candidate.form.tokens:
            if index.likeness(tokens[at][0], other) is not NOTHING:
                answered.add(other)
                places.append(at)
    total = sum([token.weight for token in candidate.form.tokens])
    if not places or sum([token.weight for token in answered]) < SHARE * total:
        return None
    first, last = min(places), max(places)
    if last - first >= reach:
        first, last = (
            max(first, place - len(candidate.form.tokens)),
            min(last, place + len(candidate.form.tokens)),
        )
    stretch = NameForm(tuple([token for token, _ in tokens[first : last + 1]]))
    points = min(score(stretch, candidate.form, index.likeness), 0.99)
    return Finding(candidate, points, stretch, " ".join([word for _, word in tokens[first : last + 1]]))
