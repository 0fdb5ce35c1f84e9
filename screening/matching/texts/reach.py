"""Which list names a text can say, told from its words before any stretch of it is read.

Reading a stretch and aligning it with a name costs ten times what its words tell: of a list of a million
names, thirty are read in vain for each that is found. The bounds are the scorer's own, taken at their best
for the name: a word of it that the text answers counts as much as it can.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from screening.designations import Kind
from screening.matching.bounds import ROUNDING
from screening.matching.parts import SHORTEST_HEARD, SHORTEST_JOINED
from screening.matching.score import (
    DISTINCTIVE,
    DISTINCTIVE_TOGETHER,
    IDENTIFYING,
    INDISTINCT_CAP,
    LEFT_AFTER_CUT,
    LEFT_IN_NAME,
    RELIEF,
    left_over,
    penalty,
)
from screening.matching.similarity import Likeness
from screening.matching.texts.text_words import TextWord
from screening.names.forms import FIELD_WIDTHS, NOT_TOLD, TWO_INITIALS, NameForm, read_word
from screening.names.legal_forms import keeps_words
from screening.names.readings import readings
from screening.names.scripts import Script, romanise
from screening.names.syllables import systems_of
from screening.names.tokens import SPELT, Class, Token
from screening.names.words import words_of

SHARE: Final = 0.7
"""Of a name's weight that a stretch of a text must answer before it is scored."""

Near = Mapping[Token, Likeness]
"""List words, and how like they are to a word of a text."""
Groups = Mapping[Token, Sequence[Sequence[int]]]
"""List words, and the places of the words like them, in one group those that have the same list words."""


class Reach:
    """The most that names can score on stretches of a text."""

    def __init__(self, words: Sequence[TextWord], near: Sequence[Near], threshold: float) -> None:
        """`near`: for each word the list words like it."""
        self._words = words
        self._near = near
        self._threshold = threshold
        self._plain = _is_plain(words)
        self._answered: dict[Token, float] = {}
        self._lacking: dict[Token, tuple[float, float]] = {}
        if not self._plain:
            return
        tokens = [word.token for word in words]
        self._lightest = min([token.weight for token in tokens])
        self._texts = tuple([token.text for token in tokens])
        self._pairs = _pairs([token.skeleton for token in tokens])
        self._wholes = (
            " ".join([token.text for token in tokens if len(token.text) >= SHORTEST_JOINED]),
            " ".join([token.skeleton for token in tokens if len(token.skeleton) >= SHORTEST_HEARD]),
        )
        self._unspaced = romanise("".join([word.native for word in words]))
        self._systems = [systems_of(word.native) for word in words]
        self._in_syllables = any(self._systems)
        self._read_in: dict[tuple[int, int], int] = {}
        self._cut = len(self._unspaced) + len(words) > min(FIELD_WIDTHS)
        self._a_unit_left = threshold * (LEFT_AFTER_CUT if self._cut else LEFT_IN_NAME)

    def at(self, threshold: float) -> "Reach":
        """The same text at another threshold."""
        return Reach(self._words, self._near, threshold)

    def may_hold(self, tokens: Sequence[Token], languages: int, groups: Groups) -> bool:
        """Could any stretch score so much with a name of these words, none of which is read with its particle
        as well? Never no where the scorer says yes, but for a name that the text `has` whole."""
        if not self._plain or (languages and self._in_syllables):
            return True
        surplus = left = shared = heaviest = 0.0
        for token in tokens:
            if token in groups:
                surplus += self._gain(token, groups[token])
            else:
                gain, lacking = self._lack(token)
                surplus += gain
                if lacking:
                    left += lacking
                    continue
            shared += token.weight
            heaviest = max(heaviest, token.weight)
        relief = RELIEF if shared >= IDENTIFYING else 1.0
        enough = surplus - self._a_unit_left * relief * left >= -ROUNDING
        return enough and self._tells(left, shared, heaviest)

    def has(self, unspaced: str) -> bool:
        """Does the text hold a name, written without its spaces, letter by letter?"""
        return unspaced in self._unspaced

    def may_score(self, name: NameForm, groups: Groups, first: int, answers: Sequence[int]) -> bool:
        """The same of a stretch from a place on; `answers`: what each of its words answers, as bits."""
        if not self._plain or name.glued:
            return True
        if name.languages and name.languages & self._languages(first, first + len(answers)):
            return True  # it tells by its syllables
        answered = 0
        for bits in answers:
            answered |= bits
        surplus = left = shared = heaviest = 0.0
        for place, token in enumerate(name.tokens):
            if answered >> place & 1:
                surplus += self._gain(token, groups[token])
            else:
                gain, lacking = self._lack(token)
                surplus += gain
                left += lacking
                if lacking:
                    continue
            shared += token.weight
            heaviest = max(heaviest, token.weight)
        if self.has(name.unspaced):
            return True
        if not self._tells(left, shared, heaviest):
            return False
        more = self._left_in_text(first, answers, name) if 0 in answers else 0.0
        relief = RELIEF if shared >= IDENTIFYING else 1.0
        return surplus - self._threshold * relief * penalty(more, left, self._cut) >= -ROUNDING

    def _tells(self, left: float, shared: float, heaviest: float) -> bool:
        """Is more shared than common words, or nothing left of the name? Such names score so much at most."""
        return (
            not left
            or self._threshold <= INDISTINCT_CAP
            or shared >= DISTINCTIVE_TOGETHER
            or heaviest >= DISTINCTIVE
        )

    def _languages(self, first: int, end: int) -> int:
        """The languages in which a stretch is read in syllables."""
        if not self._systems[first] & self._systems[end - 1]:
            return 0
        found = self._read_in.get((first, end))
        if found is None:
            text = " ".join([word.native for word in self._words[first:end]])
            found = self._read_in[first, end] = readings(text, Kind.PERSON)[0].languages
        return found

    def _gain(self, token: Token, groups: Sequence[Sequence[int]]) -> float:
        """The most that a word of a name adds which words of the text are like."""
        found = self._answered.get(token)
        if found is None:
            likeness = max([self._near[group[0]][token].score for group in groups])
            if likeness < 1.0 and self._may_be_more_like(token):
                likeness = 1.0
            gain, weight = likeness - self._threshold, token.weight
            if gain < 0.0:
                found = max(
                    gain * min(self._lightest, weight), -self._a_unit_left * RELIEF * left_over(token)
                )
            else:
                found = gain * weight
            self._answered[token] = found
        return found

    def _lack(self, token: Token) -> tuple[float, float]:
        """The most that a word adds which no word of the text is like, and the least that it costs."""
        found = self._lacking.get(token)
        if found is None:
            if self._may_be_more_like(token):
                found = (1.0 - self._threshold) * token.weight, 0.0
            else:
                found = 0.0, left_over(token)
            self._lacking[token] = found
        return found

    def _may_be_more_like(self, token: Token) -> bool:
        """May a word be several of the text in one, one of several that are a word of the text, or begin with
        the last word of a stretch?"""
        written, heard = self._wholes
        text, sound = token.text, token.skeleton
        if token.script is not Script.LATIN or text in written or sound in heard:
            return True
        if len(text) < SHORTEST_JOINED:
            return False
        return text.startswith(self._texts) or (
            len(sound) >= SHORTEST_HEARD and sound.startswith(self._pairs)
        )

    def _left_in_text(self, first: int, answers: Sequence[int], name: NameForm) -> float:
        """The least that words of a stretch cost which answer none of a name; what may be a legal form, or
        the part of a word, costs nothing, and what is said twice counts once."""
        if self._cut:
            return 0.0
        left = {}
        for word, bits in zip(self._words[first : first + len(answers)], answers, strict=True):
            token = word.token
            if not bits and not read_word(token.native).hint and not _may_be_part(token, name.tokens):
                left[token.text] = left_over(token)
        return sum(left.values())


def _may_be_part(token: Token, others: Sequence[Token]) -> bool:
    """May a word be a part of another one, or another of it?"""
    text, sound = token.text, token.skeleton
    return any(
        text in other.text or other.text in text or sound in other.skeleton or other.skeleton in sound
        for other in others
    )


def _pairs(spelt: Sequence[str]) -> tuple[str, ...]:
    """Two words next to each other as one, in either order: longer runs begin so."""
    return tuple(
        [one + other for left, right in pairwise(spelt) for one, other in ((left, right), (right, left))]
    )


def _is_plain(words: Sequence[TextWord]) -> bool:
    """Is every stretch of a text read as these very words? Of another nothing is known before it is read."""
    if not all(map(_is_read_alone, words)):
        return False
    if any(read_word(word.native).hint for word in words):
        return keeps_words([word.native for word in words])
    return True


def _is_read_alone(word: TextWord) -> bool:
    """Is a word the same one wherever a stretch has it: a Latin one, no initials and no particle?"""
    native, token = word.native, word.token
    if word.particles or token.cls not in SPELT or token.script is not Script.LATIN:
        return False
    if len(native) < 2 or token.text in TWO_INITIALS:
        return False
    if not (native.isascii() and native.isalpha()) and words_of(native) != [native]:
        return False
    read = read_word(native)
    return not read.soft and len(read.tokens) == 1 and read.tokens[0].entry == token.entry


def most_of(name: NameForm) -> float:
    """Weight of a name that a stretch of a text must answer; its bearer may leave the spare word out."""
    spare = name.tokens[name.spare].weight if name.spare != NOT_TOLD else 0.0
    return SHARE * (sum([token.weight for token in name.tokens]) - spare)


def dispensable(name: NameForm) -> float:
    """Weight of a name that a stretch of a text may leave unanswered."""
    return sum([token.weight for token in name.tokens]) - most_of(name)


def is_of_numbers(tokens: Sequence[Token]) -> bool:
    """Can the numbers of a name be enough for a text to hold it?"""
    numbers = sum([token.weight for token in tokens if token.cls is Class.NUMBER])
    return numbers > 0.0 and numbers >= SHARE * sum([token.weight for token in tokens]) - ROUNDING
