"""What a word is outside the lists: of the dictionary, of a town or country, borne by people, or none of
these.

A name is told from the text around it by such words: "account" is nobody's name and ends one, "Mahmoud" goes
on with it. The tables are in `screening/data`, each with its source and licence.
"""

from collections.abc import Mapping
from functools import cache

from screening.names.tokens import Class, Token
from screening.names.vocabulary import HEAVIEST, lines, rarity

DICTIONARY, PLACE, BORNE = 1, 2, 4
_TABLES = (("english_words.txt", DICTIONARY), ("foreign_words.txt", DICTIONARY), ("places.txt", PLACE))
_MORE = ("payment_words.txt",)
_CONNECTIVES = ("payment_words.txt", "field_words.txt")


@cache
def _words() -> Mapping[str, int]:
    table: dict[str, int] = {}
    for name, what in _TABLES:
        for line in lines(name):
            for word in line.split():
                text = word.rstrip("*")
                table[text] = table.get(text, 0) | what | (BORNE if word != text else 0)
    for name in _MORE:
        for line in lines(name):
            for word in line.split():
                table[word] = DICTIONARY | table.get(word, 0) & PLACE
    return table


@cache
def _connectives() -> frozenset[str]:
    return frozenset(word for name in _CONNECTIVES for line in lines(name) for word in line.split())


def load() -> None:
    """Read the tables now, so that no payment waits for them."""
    _words()
    _connectives()


def is_connective(token: Token) -> bool:
    """Is it a word of payments and their fields, which leads to a name rather than being part of one?"""
    return token.cls is not Class.BUSINESS and token.text in _connectives()


def is_known(word: str) -> bool:
    """Does a word in letters a-z stand in one of the tables?"""
    return word in _words()


def is_plain(token: Token) -> bool:
    """Is it a word of the dictionary, of business or a place, whoever else bears it?"""
    return token.cls is Class.BUSINESS or token.text in _words()


def is_no_name(token: Token) -> bool:
    """Is it a number, or a word of the dictionary, of business or a place that hardly anybody bears?"""
    if token.cls is Class.NUMBER:
        return True
    known = _words().get(token.text)
    if known is None:
        return token.cls is Class.BUSINESS
    return not is_borne(token)


def is_borne(token: Token) -> bool:
    """Is it a name that people bear, as far as the tables know? Dictionary words count as common for other
    reasons than their bearers."""
    known = _words().get(token.text, 0)
    if known & BORNE:
        return True
    return not known & DICTIONARY and (bool(token.groups) or rarity(token.text, token.skeleton) < HEAVIEST)
