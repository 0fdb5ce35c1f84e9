"""A word of another alphabet against its Latin spellings: how likely one is, and by what it is found."""

from screening.names.transcription import known_names, letters
from screening.names.transcription.costs import TOO_DEAR, cost, read_as
from screening.names.transcription.frames import frames_in, frames_of
from screening.names.transcription.known_names import (
    are_both_names,
    are_two_names,
    is_another_name,
    two_names_in,
)
from screening.names.transcription.letters import is_transcribed

__all__ = [
    "TOO_DEAR",
    "are_both_names",
    "are_two_names",
    "cost",
    "frames_in",
    "frames_of",
    "is_another_name",
    "is_transcribed",
    "load",
    "read_as",
    "two_names_in",
]


def load() -> None:
    """Read the tables now, so that no payment waits for them."""
    letters.load()
    known_names.load()
