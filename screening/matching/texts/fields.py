"""Which name fields are worth searching for a list name beside something else.

A name field was compared as a whole before. Nearly all hold one name and no more, and that is told from words
that are looked up already.
"""

import re
from typing import Final

from screening.matching.index import Index
from screening.matching.plain_words import is_known
from screening.matching.texts.glued import SHORTEST_GLUED, is_glued
from screening.matching.texts.line_readings import parted, untitled
from screening.matching.texts.segments import with_initials
from screening.matching.texts.ships import SHIPS
from screening.matching.texts.stretches import answered_twice
from screening.matching.texts.text_words import has_parted
from screening.names.cleaning import has_letters_alone, in_one_case
from screening.names.encodings.packed import held_in
from screening.names.forms import NameForm, read_word
from screening.names.readings import is_of_plain_words, readings
from screening.names.tokens import Token
from screening.names.words import words_of

TWO_NAMES: Final = 2
"""Words of a field in another reading that may be a name and more: as it stands it was compared whole."""
FEWEST_WITH_PARTED: Final = 4
"""Words of a field that holds a parted word and more: one of fewer was compared without its blanks."""
_PARTED: Final = re.compile(r"[()\[\]/;:]")
"""Signs in a name field between one name and something else."""
_NAME_IN_SIGNS: Final = re.compile(r"(?<!\S)(?:[\u3400-\u9fff]{3,5}|[\uac00-\ud7a3]{3,4})(?=\s+\S)")
"""A word of three Chinese or Korean signs, or with "Mr" written on to it, and something behind it."""


def may_hold_more(name: str, index: Index, threshold: float) -> bool:
    """Could a name field hold a list name and more, however it is read? In plain words, and mostly
    in letters and blanks, nothing is glued or lost."""
    if _may_hold(name, index, threshold):
        return True
    if is_of_plain_words(name):
        return _has_parted(name, index)
    if untitled(name, index.is_word) != name or _has_parted(name, index):
        return True
    if has_letters_alone(name) and in_one_case(name) and not held_in(name):
        return False
    if any(True for _ in with_initials(name)) or (not name.isascii() and _NAME_IN_SIGNS.search(name)):
        return True
    if any(_may_hold(reading, index, threshold, TWO_NAMES) for reading in parted(name)):
        return True
    return bool(index.row_names.within(name))


def _has_parted(name: str, index: Index) -> bool:
    """Does something part a word of a name field of several?"""
    if name.count(" ") < FEWEST_WITH_PARTED - 1 and has_letters_alone(name):
        return False
    words = words_of(name)
    return len(words) >= FEWEST_WITH_PARTED and has_parted(words, index.is_word)


def _may_hold(name: str, index: Index, threshold: float, fewest: int = 3) -> bool:
    """Could a name field hold a list name and more? Told from words that are looked up already. `fewest`
    words: of two the field was compared as a whole, but for another reading of it."""
    words = name.split()
    if len(words) < fewest and has_letters_alone(name):
        small = [word.casefold() for word in words]
        if any(len(word) >= SHORTEST_GLUED and index.parts_of(word) for word in small):
            return True
        return len(small) == TWO_NAMES and _is_one_beside_a_plain_word(small[0], small[1], index)
    form = readings(name, None)[0]
    if form.languages and not _PARTED.search(name):
        return False  # one name of China, Korea or Vietnam: a part of it is another
    tokens = form.tokens
    if any(index.solo(token) or is_glued(token, index) for token in tokens):
        return len(tokens) > 1 or len(name.split()) > 1
    if len(tokens) < fewest:
        return False
    if form.legal:
        legal = _legal_words_of_names(name, form, index)
        tokens = (*legal, *tokens, *legal)
    return bool(answered_twice(tokens, index, threshold))


def _legal_words_of_names(name: str, form: NameForm, index: Index) -> list[Token]:
    """The words of its legal form that are words of listed names, as of a person's that is read without one:
    SA of Kim SA."""
    own = {token.native for token in form.tokens}
    legal = [word for word in words_of(name) if word not in own and index.is_word(word)]
    return [token for word in legal for token in read_word(word).tokens]


def _is_one_beside_a_plain_word(left: str, right: str, index: Index) -> bool:
    if left in SHIPS and index.is_alone(right):
        return True
    return (index.is_alone(left) and is_known(right)) or (index.is_alone(right) and is_known(left))
