"""Country names, as lists and payments write them, to ISO 3166-1 alpha-2 codes.

The table, `countries.csv`, has a line a country: alpha-2, alpha-3, then names, among them former names of a
country that still stands (Burma, Zaire) and the regions that lists print in a country's place. States that
fell apart (Soviet Union, Yugoslavia, Netherlands Antilles) have no single successor and so no code.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+")
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_STOP_WORDS = frozenset({"the", "of", "and"})


def country_code(text: str) -> str | None:
    """The alpha-2 code of a country name or code; None where the text is none we know.

    In a name word order, case, accents and punctuation do not matter: "Korea, North" and "north korea" are
    both KP. A code is one in capitals: "NA" is Namibia, but "na" is how lists say not available.
    Kosovo is XK, the code that banks and lists use although ISO has not assigned it.
    """
    codes, names = _tables()
    return codes.get(text.strip()) or names.get(_key(text))


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in (files("screening") / "countries.csv").read_text(encoding="utf-8").splitlines():
        alpha_2, alpha_3, *spellings = line.split("|")
        codes |= {alpha_2: alpha_2, alpha_3: alpha_2}
        names |= {_key(spelling): alpha_2 for spelling in spellings}
    return codes, names


def _key(text: str) -> str:
    """ "Iran (Islamic Republic of)" -> "iran islamic republic"; words in order of the alphabet."""
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "").replace("'", ""))
    words = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return " ".join(sorted(word for word in words if word not in _STOP_WORDS))
