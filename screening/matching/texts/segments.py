"""Parts of a text that are looked up as a whole name, because no two of their words lead to it one by one.

A surname and initials ("transfer for ZUVAVOV I.P."): a letter leads to every name. The syllables of a name of
China or Korea in another spelling ("Kuang Fu-cheng" for GUANGFU ZHENG): none is a word of the list. The words
at the end of a line that was cut: the last is the beginning of one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from screening.designations import Kind
from screening.matching.another_party import is_in_order
from screening.matching.plain_words import is_connective, is_plain
from screening.matching.score import Alignment, Pair
from screening.matching.similarity import TRANSCRIPTION
from screening.matching.texts.surroundings import is_syllable, name_goes_on
from screening.matching.texts.telling import EXACT
from screening.matching.texts.text_words import Gap, TextWord
from screening.names import readings
from screening.names.cleaning import clean
from screening.names.forms import NameForm, fills_a_field, form_of, parse
from screening.names.initials import OF_TWO_LETTERS, initial
from screening.names.legal_forms import is_hint
from screening.names.scripts import Script
from screening.names.slavic import in_first_case
from screening.names.syllables import syllabic
from screening.names.tokens import Class, Token
from screening.names.vocabulary import street_words
from screening.names.words import words_of

MOST_SYLLABLIC, LEAST_SYLLABLES = 3, 3
"""Words of a name in syllables, and its syllables: two are too often one another's."""
LONGEST_END, SHORTEST_END = 5, 2
"""Words at the end of a cut line that may be a name."""
SHORTEST_BEGUN = 5
"""Letters of a beginning that is all there is of a name but its legal form."""
SURNAME = r"[^\W\d_]{4,}(?:-[^\W\d_]{3,})?"
_LETTER = rf"(?:[^\W\d_]|{OF_TWO_LETTERS})(?![^\W_])"
_LONE_LETTER = re.compile(r"(?<![^\W_])[^\W\d_](?:\.| [^\W\d_](?![^\W_]))")
_INITIALS = rf"{_LETTER}(?:\. ?{_LETTER}\.?|\.| {_LETTER})"
_BEHIND = re.compile(rf"(?<![^\W_])(?P<surname>{SURNAME}),? (?P<letters>{_INITIALS})")
_BEFORE = re.compile(rf"(?<![^\W_])(?P<letters>{_LETTER}\. ?(?:{_LETTER}\.? ?)?)(?P<surname>{SURNAME})")
"""A surname with one initial and its dot, or with two."""
_NAME = r"[^\W\d_]{2,}(?:[-'][^\W\d_]{2,})*"
_AMIDST = re.compile(
    rf"(?<![^\W_])(?P<before>(?:{_NAME} ){{0,2}})(?P<letter>{_LETTER}\.) ?(?P<behind>{_NAME}(?: {_NAME})?)"
)
"""An initial among names that are written out: "Jean-Marie L. Runiga"."""
SURNAME_AND_INITIAL, MOST_AMIDST = 2, 4
"""Words of what the patterns before find, and initials of a line that are looked at so."""
RARE_TOGETHER = 1.2
"""Weight of the names that are written out, all of which are the same."""
RARE_SURNAME, RARE_WITH_TWO = 1.0, 0.85
"""Weight of a surname that tells with one initial of the given name, and with two initials."""
AS_TRANSCRIBED = 0.93
"""So alike is the same surname in another alphabet."""
INITIALS_TELL = 0.75
"""So alike is a name with its initials, at the least."""


class Segment(NamedTuple):
    """Words `first` to `last` of a text as a name."""

    first: int
    last: int
    form: NameForm
    text: str


def of_syllables(words: Sequence[TextWord]) -> Iterator[Segment]:
    """Neighbouring words that are syllables, as many as stand side by side: one more makes another name. In
    Chinese and Korean signs one word is a whole name."""
    for first, word in enumerate(words):
        if word.token.script is Script.HANGUL and len(word.native) == LEAST_SYLLABLES:
            yield from _in_syllables(words, first, first)
        elif word.token.script is Script.HAN and _is_written_alone(words, first, first + LEAST_SYLLABLES):
            yield from _in_syllables(words, first, first + LEAST_SYLLABLES - 1)
    place = 1  # of two neighbours one stands at an odd place: the others are not even looked at
    while place < len(words):
        last = place
        if is_syllable(words[place]):
            first = place
            while first and words[first].gap is Gap.NONE and is_syllable(words[first - 1]):
                first -= 1
            while last + 1 < len(words) and words[last + 1].gap is Gap.NONE and is_syllable(words[last + 1]):
                last += 1
            if 0 < last - first < MOST_SYLLABLIC and not name_goes_on(words, first, last):
                yield from _in_syllables(words, first, last)
        place = last + 2 - (last - place) % 2


def _is_written_alone(words: Sequence[TextWord], first: int, end: int) -> bool:
    """Are the words from `first` up to `end` one that is written without a blank, and all of it?"""
    written = words[first].written
    if end > len(words) or any(word.written != written for word in words[first + 1 : end]):
        return False
    begins = first == 0 or words[first - 1].written != written
    return begins and (end == len(words) or words[end].written != written)


def _in_syllables(words: Sequence[TextWord], first: int, last: int) -> Iterator[Segment]:
    written = [word.native for word in words[first : last + 1]]
    hyphened = any(word.hyphen for word in words[first + 1 : last + 1])
    for way in syllabic(written, hyphened):
        if len(way.syllables) >= LEAST_SYLLABLES:
            yield Segment(first, last, readings.of_syllables(way), " ".join(written))


def _is_whole(token: Token) -> bool:
    """Is it a word of payments or a number, and so the beginning of no name?"""
    return token.cls is Class.NUMBER or is_connective(token)


def at_the_cut(words: Sequence[TextWord], line: str) -> Iterator[Segment]:
    """The last words of a line that fills its field, so that its last word may be a beginning."""
    if not fills_a_field(line) or not words or _is_whole(words[-1].token):
        return
    last = len(words) - 1
    for first in range(last - SHORTEST_END + 1, max(-1, last - LONGEST_END), -1):
        if words[first + 1].gap >= Gap.AND:
            return
        text = " ".join([word.particles + word.native for word in words[first:]])
        form = form_of(words_of(text), True, None)
        if not form.tokens or not form.unspaced.endswith(form.tokens[-1].native):
            continue  # a legal form was cut
        if len(form.tokens) > 1 or _begins_a_name(form.tokens[0]):
            yield Segment(first, last, form, text)


def _begins_a_name(token: Token) -> bool:
    """May one word beside a legal form be the beginning of a name? "Ltd. EUR" is no EUROBET LTD."""
    return len(token.text) >= SHORTEST_BEGUN and not is_plain(token)


def with_initials(line: str) -> Iterator[tuple[str, NameForm]]:
    """A line's surnames with initials, as text and name."""
    if not _LONE_LETTER.search(line):
        return
    line = clean(line)
    for pattern in (_BEHIND, _BEFORE):
        for found in pattern.finditer(line):
            letters = [initial(word) for word in words_of(found["letters"].replace(".", " "))]
            surname = words_of(found["surname"])
            if pattern is _BEFORE and _is_company_s(letters, surname):
                continue
            surname = in_first_case([*surname, *letters])[: len(surname)]
            form = form_of([*letters, *surname], False, Kind.PERSON)
            yield found[0].strip(), form
    for number, found in enumerate(_AMIDST.finditer(line)):
        if number == MOST_AMIDST:
            return
        before, behind = found["before"].split(), found["behind"].split()
        for first in range(len(before) + 1):
            for last in range(1, len(behind) + 1):
                words = [*before[first:], found["letter"], *behind[:last]]
                if len(words) > SURNAME_AND_INITIAL:
                    name = " ".join(words)
                    yield name, parse(name, Kind.PERSON)


def _is_company_s(letters: list[str], surname: list[str]) -> bool:
    """Are letters the legal form of a company and the word behind them its street: Bilbao S.L. Calle Goya?"""
    _, before = street_words()
    return len(letters) > 1 and is_hint("".join(letters)) and not before.isdisjoint(surname)


def _is_same(pair: Pair) -> bool:
    """Is it one word, or the same in another alphabet: Шойгу and Shoigu?"""
    return pair.likeness.score >= (AS_TRANSCRIBED if pair.likeness.how == TRANSCRIPTION else EXACT)


def initials_tell(query: NameForm, name: NameForm, alignment: Alignment) -> bool:
    """Is a surname the same and rare, and every initial that of another word?

    One initial is not enough where the list's name goes on but for a father's name, unless several names are
    the same.
    """
    whole = [pair for pair in alignment.pairs if query.tokens[pair.query[0]].cls is Class.WORD]
    if alignment.left_query or not all(_is_same(pair) for pair in whole):
        return False
    initials = len(alignment.pairs) - len(whole)
    if not initials or not whole:
        return False
    if initials == 1 and alignment.left_name not in ((), (name.spare,)):
        return False
    if len(whole) > 1:
        weight = sum([name.tokens[pair.name[0]].weight for pair in whole])
        return weight >= RARE_TOGETHER and is_in_order(alignment.pairs)
    (pair,) = whole
    surname = name.tokens[pair.name[0]]
    if is_plain(surname) or any(group > 0 for group in surname.groups):
        return False
    return surname.weight >= (RARE_SURNAME if initials == 1 else RARE_WITH_TWO)
