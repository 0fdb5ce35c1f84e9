"""Titles that are written on to a name: MRSHANE is MR SHANE or MRS HANE."""

from typing import Final

TITLES: Final = ("mrs", "mr", "ms", "dr", "miss", "mme", "sheikh", "haji", "sayyid", "mv")
"""Of people, and of ships."""
SHORTEST_TITLED, LONGEST_TITLED = 3, 40
"""Letters of what they are written on to."""


def may_be_titled(word: str) -> bool:
    """May a word in small letters be a name behind its title?

    >>> may_be_titled("mrshane"), may_be_titled("drew")
    (True, False)
    """
    return any(word.startswith(title) and len(word) - len(title) >= SHORTEST_TITLED for title in TITLES)
