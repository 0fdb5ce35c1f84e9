"""Keys of JSON objects: which of them name a field, and which could be somebody's name."""

import re
from functools import lru_cache

from screening.names.vocabulary import lines

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
"""A word of a key in any style: `creditor_name`, `creditorName`, `Creditor Name`."""
_FIELD_WORDS = frozenset(word for line in lines("field_words.txt") for word in line.split())
"""Words that field names are made of, and nobody's name is."""
_OF_SHIPS = ("imo", "mmsi")
LONGEST_CACHED = 80
"""Characters; field names are shorter, and what a sender makes up must not fill the memory."""


def may_be_a_name(key: str) -> bool:
    """Whether a key is data and to be screened: several words, not all of them a field's.

    >>> may_be_a_name("slobodan_milosevic"), may_be_a_name("creditorName"), may_be_a_name("id")
    (True, False, False)
    """
    return _judged(key) if len(key) <= LONGEST_CACHED else True


@lru_cache(maxsize=4096)
def _ship(key: str) -> str:
    return next((word.upper() + " " for word in _WORD.findall(key) if word.lower() in _OF_SHIPS), "")


def ship_number(key: str) -> str:
    """The word by which a number under a key is a ship's, `IMO ` or `MMSI `; empty where the key says none.

    >>> ship_number("vesselImoNumber"), ship_number("amount")
    ('IMO ', '')
    """
    return _ship(key) if len(key) <= LONGEST_CACHED else ""


@lru_cache(maxsize=4096)
def _judged(key: str) -> bool:
    words = _WORD.findall(key)
    return len(words) > 1 and not all(word.lower() in _FIELD_WORDS for word in words)
