"""Names inside longer texts: name fields that hold more than a name, remittance lines, addresses.

Names of the list that answer two words close to each other are candidates; each is scored on the stretch of
the text that covers it, by the same scorer as whole names. Whether such a stretch is enough is for `telling`
to say.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from screening.matching.index import SCORED, Candidate, Index
from screening.matching.plain_words import is_known
from screening.matching.score import score
from screening.matching.second_look import assess
from screening.matching.telling import Stretch, beside, tells
from screening.matching.text_words import TextWord, merged, text_words
from screening.names.forms import NameForm
from screening.names.readings import listed_readings, readings
from screening.names.tokens import Class, Token

APART = 3
"""Places at most between two words that lead to a name: as many as its own words and one that is not."""
SHARE = 0.7
"""Of a name's weight that a stretch must answer before it is scored."""
EXTRA = 1
"""Words of a stretch that the name does not have."""
MOST_STRETCHES = 8
"""Of one name that are scored; the fullest first."""
STEPS_A_PLACE = 4
"""Steps for each word of a text that a name answers: a stretch may begin there."""
ANSWERS_A_STEP = 10
"""List words that answer a word of a text and are noted in a step of `Effort`."""
NOT_WHOLE = 0.99
"""Most that a name inside a text scores: 1.0 is for equal names."""


class TextMatch(NamedTuple):
    """A list name in a text, the stretch that is like it, and the number of the line it begins in."""

    candidate: Candidate
    points: float
    stretch: NameForm
    text: str
    first_line: int
    last_line: int


def names_in(lines: Sequence[str], index: Index, threshold: float, *, whole: bool = False) -> list[TextMatch]:
    """The list names in neighbouring lines that score the threshold, best first, each name once.

    `whole`: the one line is a name field, which was compared as a whole before.
    """
    if whole and not _may_hold(lines[0], index):
        return []
    words = text_words(lines)
    index.effort.look_up(len(words))
    best: dict[int, TextMatch] = {}
    _search(words, index, threshold, best, whole)
    for place in range(len(words) - 1):
        if words[place].line != words[place + 1].line:
            joined = merged(words, place)
            if joined and index.having_exactly(joined[place].token):
                _search(joined, index, threshold, best, whole)
    return sorted(best.values(), key=lambda found: -found.points)


def _may_hold(name: str, index: Index) -> bool:
    """Could a name field hold a list name and more? Told from words that are looked up already."""
    words = name.split()
    if len(words) < 3 and name.isascii() and all(map(str.isalpha, words)):
        if len(words) < 2:
            return False
        left, right = words
        return _is_one_beside_a_plain_word(left.casefold(), right.casefold(), index)
    form = readings(name)[0]
    if form.languages:
        return False  # one name of China, Korea or Vietnam: a part of it is another
    tokens = form.tokens
    if any(index.solo(token) for token in tokens):
        return len(tokens) > 1 or len(name.split()) > 1
    return len(tokens) > 2 and bool(_answered_twice([index.answers(token) for token in tokens]))


def _is_one_beside_a_plain_word(left: str, right: str, index: Index) -> bool:
    return (index.is_alone(left) and is_known(right)) or (index.is_alone(right) and is_known(left))


def _answered_twice(answers: list[BitMap]) -> set[int]:
    """Names that answer two words close to each other."""
    found: set[int] = set()
    for place, names in enumerate(answers):
        if names:
            for other in answers[place + 1 : place + 2 + APART]:
                if other and not names.isdisjoint(other):
                    found.update(names & other)
    return found


def _search(
    words: list[TextWord], index: Index, threshold: float, best: dict[int, TextMatch], in_name: bool
) -> None:
    numbers = _answered_twice([index.answers(word.token) for word in words])
    for place, word in enumerate(words):
        if (
            word.token.cls is Class.WORD
            and (alone := index.solo(word.token))
            and not beside(words, place, place)
        ):
            numbers.update(alone)
    if not numbers:
        return
    places: dict[Token, list[int]] = {}
    for place, word in enumerate(words):
        near = index.near(word.token)
        index.effort.spend(len(near) // ANSWERS_A_STEP)
        for listed in near:
            places.setdefault(listed, []).append(place)
    for number in numbers:
        found = _best_stretch(words, places, index.name(number), index, threshold, in_name)
        if found is not None and (number not in best or found.points > best[number].points):
            best[number] = found


def _best_stretch(
    words: list[TextWord],
    places: dict[Token, list[int]],
    candidate: Candidate,
    index: Index,
    threshold: float,
    in_name: bool,
) -> TextMatch | None:
    tokens = candidate.form.tokens
    answered: dict[int, list[int]] = {}
    for j, token in enumerate(tokens):
        for place in places.get(token, ()):
            answered.setdefault(place, []).append(j)
    index.effort.spend(STEPS_A_PLACE * len(answered) + 1)
    found: TextMatch | None = None
    for first, last in _stretches(answered, tokens):
        index.effort.spend(SCORED)
        text = " ".join([word.particles + word.native for word in words[first : last + 1]])
        form, points = _assessed(text, candidate, index, threshold)
        points = min(points, NOT_WHOLE)
        if points < threshold or (found is not None and points <= found.points):
            continue
        if tells(Stretch(words, first, last, form, candidate, points, in_name), index.likeness):
            found = TextMatch(candidate, points, form, text, words[first].line, words[last].line)
    return found


def _assessed(text: str, candidate: Candidate, index: Index, threshold: float) -> tuple[NameForm, float]:
    """The reading of a stretch and its score; names of China, Korea, Vietnam are told by their syllables."""
    kind = candidate.designation.kind
    form, *spoken = readings(text, kind)
    points = score(form, candidate.form, index.likeness)
    if points >= threshold:
        return form, min(points, index.second_look(form, candidate))
    if spoken and candidate.form.languages & form.languages:
        listed = listed_readings(candidate.name.text, kind)
        scores = [assess(one, other, kind) for one in spoken for other in listed if other.syllabic]
        points = max(scores, default=0.0)
    return form, points


def _stretches(answered: dict[int, list[int]], tokens: tuple[Token, ...]) -> Iterator[tuple[int, int]]:
    """Where most of a name is answered in little more room than it needs: fullest, then shortest first."""
    weights = [token.weight for token in tokens]
    enough = SHARE * sum(weights)
    room = len(tokens) + EXTRA
    found = []
    for first in sorted(answered):
        have: set[int] = set()
        for last in range(first, first + room):
            fresh = set(answered.get(last, ())) - have
            if not fresh:
                continue
            have |= fresh
            weight = sum([weights[j] for j in have])
            if weight >= enough:
                found.append((-round(weight, 6), last - first, first, last))
    found.sort()
    for _, _, first, last in found[:MOST_STRETCHES]:
        yield first, last
