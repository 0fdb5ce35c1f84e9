"""Country names, as lists and payments write them, to ISO 3166-1 alpha-2 codes.

The table, `countries.csv`, has a line a country: alpha-2, alpha-3, numeric code, then names, among them
former names of a country that still stands (Burma, Zaire) and the regions that lists print in a country's
place. States that fell apart (Soviet Union, Yugoslavia, Netherlands Antilles) have no single successor and so
no code.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

ALPHA_2, LONGEST_CODE = 2, 3
LONGEST_CACHED = 140
"""Characters; no country has a longer name."""

_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_STOP_WORDS = frozenset({"the", "of", "and"})


def country_code(text: str) -> str | None:
    """The alpha-2 code of a country name or code; None for an unknown text.

    Word order, case, accents and punctuation of a name do not matter: "Korea, North" and "north korea" are
    both KP. A code must be in capitals: "NA" is Namibia, but lists write "na" for "not available". Kosovo is
    XK, the code that banks and lists use although ISO has not assigned it.
    """
    codes, names, _ = _tables()
    return codes.get(text.strip()) or names.get(_key(text))


def stated_country(text: str) -> str | None:
    """The alpha-2 code of what a payment's country field says: a code in any case, a number or a name.

    Any two letters are a code, because an embargo may be on one that ISO has not assigned.

    >>> stated_country("ir"), stated_country("IRN"), stated_country("364"), stated_country("Iran")
    ('IR', 'IR', 'IR', 'IR')
    """
    if len(text) == ALPHA_2 and text.isalpha():
        return text.upper()
    return _stated(text) if len(text) <= LONGEST_CACHED else None


@lru_cache(maxsize=4096)
def _stated(text: str) -> str | None:
    codes, names, numbers = _tables()
    text = text.strip()
    if text.isdecimal():
        return numbers.get(int(text)) if len(text) <= LONGEST_CODE else None
    if len(text) <= LONGEST_CODE:
        return text.upper() if len(text) == ALPHA_2 and text.isalpha() else codes.get(text.upper())
    return names.get(_key(text))


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], dict[int, str]]:
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    numbers: dict[int, str] = {}
    for line in (files("screening") / "countries.csv").read_text(encoding="utf-8").splitlines():
        alpha_2, alpha_3, number, *spellings = line.split("|")
        if number:
            numbers[int(number)] = alpha_2
        codes |= {alpha_2: alpha_2, alpha_3: alpha_2}
        names |= {_key(spelling): alpha_2 for spelling in spellings}
    return codes, names, numbers


def _key(text: str) -> str:
    """The words in alphabetical order: "Iran (Islamic Republic of)" -> "iran islamic republic"."""
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "").replace("'", ""))
    words = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return " ".join(sorted(word for word in words if word not in _STOP_WORDS))
