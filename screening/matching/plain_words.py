"""What a word is outside the lists: of the dictionary, of a town or country, borne by people, or none of
these.

A name is told from the text around it by such words: "account" is nobody's name and ends one, "Mahmoud" goes
on with it. The tables are in `screening/data`, each with its source and licence.
"""

import re
from collections.abc import Mapping
from functools import cache

from screening.names.scripts import romanise
from screening.names.tokens import Class, Token
from screening.names.vocabulary import HEAVIEST, lines, rarity

DICTIONARY, PLACE, BORNE = 1, 2, 4
_TABLES = (("english_words.txt", DICTIONARY), ("foreign_words.txt", DICTIONARY), ("places.txt", PLACE))
_ENDINGS = {
    "m": " а у ом е ы ов ам ами ах и",
    "f": "а ы и е у ой  ам ами ах і",
    "i": "я и ю ей й ям ями ях",
    "e": "е я ю ем и й ям ями ях",
    "o": "о а у ом е  ам ами ах",
    "j": "ый ий ая ое ые ого ой ому ым им ую ых ыми ом е а",
    "-": "",
}
"""How the words of `russian_words.txt` are inflected."""


@cache
def _words() -> Mapping[str, int]:
    table: dict[str, int] = {}
    for name, what in _TABLES:
        for line in lines(name):
            for word in line.split():
                text = word.rstrip("*")
                table[text] = table.get(text, 0) | what | (BORNE if word != text else 0)
    for word in _of_payments():
        table[word] = DICTIONARY | table.get(word, 0) & PLACE
    return table


@cache
def _of_payments() -> frozenset[str]:
    """Words of payment lines in letters a-z, as those of a text are compared."""
    words = {word for line in lines("payment_words.txt") for word in line.split()}
    for line in lines("russian_words.txt"):
        inflected, _, stems = line.partition(":")
        endings = _ENDINGS[inflected].split(" ")
        words.update(stem + ending for stem in stems.split() for ending in endings)
    return frozenset(word if word.isascii() else romanise(word) for word in words)


_COMPOUND = re.compile(
    r".{3,}(?:rechnung(?:en|snummer)?|nummer|zahlung(?:en)?|kosten|gebuehr(?:en)?|gebuhr(?:en)?|miete|beitrag|auftrag|"
    r"vertrag|lieferung(?:en)?|betrag|datum|faktura|factuur|betaling|vergoeding|bijdrage|avgift|regning|lasku|maksu|szamla)"
)
"""Words that languages put together from others, at whose end one of payments stands: "Handyrechnung"."""


@cache
def _connectives() -> frozenset[str]:
    return _of_payments().union(word for line in lines("field_words.txt") for word in line.split())


def load() -> None:
    """Read the tables now, so that no payment waits for them."""
    _words()
    _connectives()


def is_connective(token: Token) -> bool:
    """Is it a word of payments and their fields, which leads to a name rather than being part of one?"""
    if token.cls is Class.BUSINESS:
        return False
    return token.text in _connectives() or _COMPOUND.fullmatch(token.text) is not None


def is_of_payments(word: str) -> bool:
    """Does a word in letters a-z stand in payments and their fields, whatever else it may be a part of?"""
    return word in _connectives()


def is_known(word: str) -> bool:
    """Does a word in letters a-z stand in one of the tables?"""
    return word in _words()


def is_plain(token: Token) -> bool:
    """Is it a word of the dictionary, of business or a place, whoever else bears it?"""
    return token.cls is Class.BUSINESS or token.text in _words()


def is_place(token: Token) -> bool:
    """Is it a town or country, and nothing else that the tables know?"""
    return _words().get(token.text) == PLACE


def is_on_the_map(word: str) -> bool:
    """Does a word in letters a-z stand on the map, whoever else bears it?"""
    return _words().get(word, 0) & PLACE != 0


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


def is_borne_so(word: str) -> bool:
    """The same of a word in letters a-z, by its letters alone: many are asked in the time of one token."""
    known = _words().get(word, 0)
    return known & BORNE != 0 or (not known & DICTIONARY and rarity(word, "") < HEAVIEST)
