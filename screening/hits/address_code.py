"""The country's code at the end, or the beginning, of an address that is written in lines: SHIRAZ IR."""

import re

from screening.hits.streets import US_STATES

_BEHIND = re.compile(r"(?<![^\s,;/(-])([A-Z]{2})[.)]?\s*\Z")
"""SHIRAZ IR, SHIRAZ/IR, a line of its own."""
_BEFORE = re.compile(r"([A-Z]{2})(?:/|-(?=[0-9]))")
"""IR/SHIRAZ, IR-71345 SHIRAZ."""
_DUTCH = re.compile(r"(?<![0-9])[1-9][0-9]{3}\s*\Z")
"""What is before the letters of a postal code of the Netherlands: 1077 KP."""
CUT_LINE = 35
"""Characters of a line that may end in the midst of a word."""


def code_in_address(line: str) -> str | None:
    """The two letters that are a country's by their place in the last line of an address. Those of a state of
    the US are none.

    >>> code_in_address("SHIRAZ IR"), code_in_address("1077 KP"), code_in_address("CHICAGO IL")
    ('IR', None, None)
    """
    if found := _BEFORE.match(line):
        return found[1]
    found = _BEHIND.search(line)
    if not found or len(line) == CUT_LINE or found[1].lower() in US_STATES:
        return None
    return None if _DUTCH.search(line, 0, found.start()) else found[1]
