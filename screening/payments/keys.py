"""Keys of JSON objects: which of them name a field, and which could be somebody's name."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from screening.names.vocabulary import lines

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
"""A word of a key in any style: `creditor_name`, `creditorName`, `Creditor Name`."""
_FIELD_WORDS = frozenset(word for line in lines("field_words.txt") for word in line.split())
"""Words that field names are made of, and nobody's name is."""
_OF_SHIPS = ("imo", "mmsi")
_PIECE = re.compile(rf"{_WORD.pattern}|[0-9]+")
"""The same, and numbers."""
_PARTS = frozenset(
    "first firstname firstnames firstnm frstnm fstnm fname given givenname givennames gvnnm "  # noqa: SIM905
    "forename forenames christianname prenom prenoms prénom prénoms vorname vornamen nombre "
    "nombres primernombre segundonombre voornaam voornamen imie imię imiona имя imya ad "
    "fornavn förnamn etunimi jmeno jméno prenume keresztnev keresztnév 名 middle middlename "
    "middlenames mname mddlnm secondname patronymic отчество otchestvo last lastname "
    "lastnames lastnm lstnm lname family familyname familynames familynm surname surnames "
    "secondsurname nom nachname familienname apellido apellidos apellido1 apellido2 "
    "primerapellido segundoapellido cognome sobrenome achternaam nazwisko фамилия familiya "
    "primaryidentifier secondaryidentifier "
    "soyad etternavn efternavn efternamn sukunimi prijmeni příjmení vezeteknev vezetéknév 姓".split()
)
"""What keys call the parts of a name."""
_LINES = frozenset(f"name{line}{number}" for line in ("", "line") for number in (1, 2, 3, 4))
"""What they call its lines."""
_NAME = "name"
_MOST_WORDS = 3
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
    return len(words) > 1 and not all(map(_is_of_fields, words))


def _is_of_fields(word: str) -> bool:
    return word.lower() in _FIELD_WORDS or (len(word) == 1 and word.isascii())


def name_part(key: str) -> str | None:
    """Whose name a key's value is a part of, in the key's own words; None for a key of anything else.

    >>> name_part("creditorFirstName"), name_part("last_name"), name_part("amount")
    ('creditor', '', None)
    """
    return _part(key) if len(key) <= LONGEST_CACHED else None


@lru_cache(maxsize=4096)
def _part(key: str) -> str | None:
    words = [word.lower() for word in _PIECE.findall(key)]
    for known, behind in ((_PARTS, 0), (_PARTS, 1), (_LINES, 0)):  # "first_name_1" is no line of a name
        front = words[: len(words) - behind]
        for count in range(min(_MOST_WORDS, len(front)), 0, -1):
            if "".join(front[-count:]) in known:
                return " ".join(front[:-count] + words[len(front) :])
    return None


class Keys(NamedTuple):
    """What the keys of an object say beside the names of its fields."""

    data: tuple[str, ...]
    """Those that may be names themselves."""
    ships: tuple[tuple[str, str], ...]
    """Those of ships' numbers, each with the word for one."""
    names: tuple[tuple[str, ...], ...]
    """The keys of each name that is one only if they are read together: its parts, where other keys stand
    between, as in `first_name, birth_date, last_name`; or a `name` and one part, wherever they stand, for the
    `name` may be taken for the whole."""


MOST_CACHED = 40
"""Keys of one object; more are read each time."""


def keys_of(value: Mapping[str, object]) -> Keys | None:
    """What an object's keys say; None where they say nothing, as nearly always.

    >>> keys_of({"firstName": "", "born": "", "lastName": ""}).names
    (('firstName', 'lastName'),)
    """
    keys = tuple(value)
    if len(keys) > MOST_CACHED or sum(map(len, keys)) > MOST_CACHED * LONGEST_CACHED:
        return _said.__wrapped__(keys)
    return _said(keys)


@lru_cache(maxsize=1024)
def _said(keys: tuple[str, ...]) -> Keys | None:
    said = Keys(
        tuple(key for key in keys if may_be_a_name(key)),
        tuple((key, word) for key in keys if (word := ship_number(key))),
        _names_in_parts(keys),
    )
    return said if any(said) else None


def _names_in_parts(keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    parts: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for place, key in enumerate(keys):
        if (whose := name_part(key)) is not None:
            parts.setdefault(whose, []).append(place)
        elif (whose := _whose_name(key)) is not None:
            names.setdefault(whose, key)
    found: list[tuple[str, ...]] = []
    for whose, places in parts.items():
        if len(places) == 1:
            found += [(names[whose], keys[places[0]])] if whose in names else []
        elif places[-1] - places[0] >= len(places):
            found.append(tuple(keys[place] for place in places))
    return tuple(found)


def _whose_name(key: str) -> str | None:
    """Whose name stands under `creditorName`, in the key's words; None for a key of anything else."""
    words = [word.lower() for word in _PIECE.findall(key[:LONGEST_CACHED])]
    return " ".join(words[:-1]) if words and words[-1] == _NAME else None
