"""Words of a text that are several words of a list name, without what is written between them."""

from itertools import pairwise
from typing import Final

from screening.matching.index import Index
from screening.matching.plain_words import is_known
from screening.matching.texts.text_words import TextWord
from screening.names.compounds import split_word
from screening.names.tokens import Token

SHORTEST_GLUED: Final = 8
"""Letters of a word that may be a whole name without its blanks."""
MOST_GLUED: Final = 4
"""So many names are looked through for the two words that one is."""


def is_glued(token: Token, index: Index) -> bool:
    """May a word be a whole name without its blanks? Words of the dictionary are themselves."""
    if len(token.native) < SHORTEST_GLUED or is_known(token.text):
        return False
    return bool(index.glued(token) or index.run_together(token.text) or index.parts_of(token.text))


def parts_of_names(token: Token, index: Index) -> tuple[Token, ...]:
    """Two words of a list name of three or more that a word is, written without the blank."""
    if parts := index.parts_of(token.text):
        return parts
    for number in index.glued(token)[:MOST_GLUED]:
        tokens = index.names.tokens[number]
        for left, right in pairwise(tokens):
            if len(tokens) > 2 and left.native + right.native == token.native:
                return left, right
    return ()


def may_be_one(left: TextWord, right: TextWord, index: Index) -> bool:
    """Can the last word of a line and the first of the next be one of the list? Plain letters are not even
    read as a word for that."""
    whole = left.native + right.native
    plain = whole.isascii() and whole.isalpha() and split_word(whole) == (whole,)
    return not plain or index.is_word(whole)
