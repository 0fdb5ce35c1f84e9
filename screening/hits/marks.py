"""Registration marks of aircraft ("EP-MHF", "YV2557"), which are their names on lists."""

import re
from collections.abc import Iterator

from screening.designations import Designation, Identifier, Kind

SCHEME = "aircraft_tail"
SHORTEST, LONGEST = 4, 7
"""Letters and figures of a mark (ICAO Annex 7): the P-533 of Korea, the UR-82029 of Ukraine."""
_SHAPE = re.compile(r"[A-Z0-9]{1,2}-?[A-Z0-9]{3,5}")
_HYPHENED = re.compile(
    r"(?<![^\W_])(?<!-)(?:[A-Z]{2}-[A-Z]{3}|[A-Z]-[A-Z]{4}|[A-Z]{2}-\d{5}|\d[A-Z]-[A-Z]{3})(?![^\W_]|-)"
)
"""What little else looks like; with fewer letters it is a part's number as often."""
_ANY = re.compile(r"(?<![^\W_])(?<!-)[A-Z0-9]{1,2}-?[A-Z0-9]{3,5}(?![^\W_]|-)")
_OF_AIRCRAFT = re.compile(
    r"(?<![^\W_])(?:aircraft|acft|airplane|tail|landing|handling|registration|a/c reg|flight|helicopter|"
    r"uplift|overflight|hangar|jet fuel|jet a-?1|charter|avion|aeronave|flugzeug|самол[её]т|борт)"
)
"""Words that say that a text speaks of an aircraft: any mark in it counts."""
_FIGURES_BESIDE_LETTERS = re.compile(r"[A-Za-z]-?\d|\d[A-Za-z]")


def identifiers_of(designation: Designation) -> Iterator[Identifier]:
    """The identifiers of a designation; an aircraft's names count among them."""
    yield from designation.identifiers
    if designation.kind is Kind.AIRCRAFT:
        for name in designation.names:
            if mark_of(name.text):
                yield Identifier(SCHEME, name.text)


def mark_of(value: str) -> str:
    """A mark without its hyphen; empty for a text that cannot be one.

    >>> mark_of("ep-mhf"), mark_of("MSN 550"), mark_of("12345")
    ('EPMHF', '', '')
    """
    code = value.strip().upper()
    bare = code.replace("-", "")
    return bare if _SHAPE.fullmatch(code) and SHORTEST <= len(bare) <= LONGEST and not bare.isdigit() else ""


def marks_in(text: str) -> Iterator[tuple[str, str]]:
    """Every possible mark in a text, as it is written and without its hyphen."""
    if "-" in text:
        for written in _HYPHENED.findall(text):
            yield written, written.replace("-", "")
    elif not _FIGURES_BESIDE_LETTERS.search(text):
        return
    if _OF_AIRCRAFT.search(text.casefold()):
        for written in _ANY.findall(text.upper()):
            if mark := mark_of(written):
                yield written, mark
