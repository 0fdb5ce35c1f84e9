"""Words written as one in one name and apart in the other, and words of which only the beginning is left."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from screening.cache import by_word
from screening.matching.similarity import NOTHING, Likeness, likeness
from screening.names.forms import SHORTEST_CUT
from screening.names.scripts import Script
from screening.names.tokens import SPELT, Class, Token, make_token
from screening.names.transcription import are_both_names, two_names_in

LONGEST_RUN: Final = 5
"""Most words that are looked for as one."""
SHORTEST_JOINED, SHORTEST_HEARD = 4, 6
"""Letters of a word that is several written as one, and of its sound where that alone tells."""
JOINED_NAME: Final = 0.75
"""Likeness of each of two names to the word that it is, where one script writes them as one."""
JOINED: Final = Likeness(0.97, "joined")
_JOINED_BY_SOUND: Final = Likeness(0.88, "joined, phonetic")
JOINED_NAMES: Final = Likeness(0.88, "joined names")


def joined(parts: Sequence[Token], whole: Token) -> Likeness:
    """Several words written as one: "abu bakr" against "abubakr"."""
    if whole.cls not in SPELT or len(whole.text) < SHORTEST_JOINED:
        return NOTHING
    if "".join([part.text for part in parts]) == whole.text:
        return JOINED
    if len(whole.skeleton) >= SHORTEST_HEARD and "".join([part.skeleton for part in parts]) == whole.skeleton:
        return _JOINED_BY_SOUND
    if len(parts) == 2 and _are_two_names(parts, whole):
        return JOINED_NAMES
    if whole.script is Script.ABJAD or all(part.script is Script.ABJAD for part in parts):
        frame = "".join([part.consonants for part in parts])
        if len(frame) > 4 and frame == whole.consonants:
            return _JOINED_BY_SOUND
    return NOTHING


def names_in(whole: Token) -> tuple[Token, ...]:
    """The two given names that an Arabic word is written together of, each a word; none for most words."""
    return _two_names_in(whole.native) if whole.script is Script.ABJAD else ()


@by_word(1 << 12)
def _two_names_in(native: str) -> tuple[Token, ...]:
    return tuple([token for name in two_names_in(native) or () if (token := make_token(name))])


def are_names_apart(parts: Sequence[Token]) -> bool:
    """Are two words given names of Arabic letters that are as well written as one?"""
    return (
        len(parts) == 2
        and all(part.script is Script.ABJAD for part in parts)
        and are_both_names(parts[0].native, parts[1].native)
    )


def _are_two_names(parts: Sequence[Token], whole: Token) -> bool:
    """Are two words the two given names that are one word in another script, whichever is the Arabic?"""
    if names := names_in(whole):
        return all(map(_is_name, names, parts))
    if whole.script is not Script.LATIN or not are_names_apart(parts):
        return False
    first, second, text = parts[0].native, parts[1].native, whole.text
    return any(_is_spelt(first, text[:at]) and _is_spelt(second, text[at:]) for at in range(2, len(text) - 1))


@by_word(1 << 12)
def _is_spelt(arabic: str, latin: str) -> bool:
    """Are some letters a name in Arabic ones? Many words begin and end alike, and a query says its names
    often, so most are asked again."""
    name, word = _token_of(arabic), _token_of(latin)
    return name is not None and word is not None and _is_name(name, word)


@by_word(1 << 12)
def _token_of(native: str) -> Token | None:
    """Each name meets the beginnings and ends of many words, and each of these many names."""
    return make_token(native)


def _is_name(name: Token, word: Token) -> bool:
    return likeness(name, word).score >= JOINED_NAME


LONG_BEGINNING: Final = 5
"""Letters of a word that tell more than their share of the whole."""
_CUT_AT_FIELD: Final = Likeness(0.97, "cut at the field's end")


def truncated(word: Token, whole: Token, at_field: bool) -> Likeness:
    """The last word of a query as the beginning of a list word."""
    if whole.cls is Class.ACRONYM or not (
        SHORTEST_CUT <= len(word.text) < len(whole.text) and whole.text.startswith(word.text)
    ):
        return NOTHING
    if at_field:
        return _CUT_AT_FIELD
    if whole.cls is Class.NUMBER:
        return NOTHING  # Unit 2616 is not Unit 26165
    share = len(word.text) / len(whole.text)
    if len(word.text) >= LONG_BEGINNING:
        return Likeness(0.5 + 0.45 * share, "beginning")
    return Likeness(0.4 + 0.55 * share, "beginning")


STUB: Final = Likeness(0.7, "beginning")


def stub(word: Token, whole: Token) -> Likeness:
    """Two letters left of a word that was cut: worth little more than an initial."""
    if whole.cls is Class.ACRONYM or len(whole.text) <= SHORTEST_CUT:
        return NOTHING
    return STUB if whole.text.startswith(word.text) else NOTHING


@cache
def runs(count: int) -> tuple[tuple[int, ...], ...]:
    """Places of words that may be one word elsewhere: up to five neighbours; two words in either order."""
    found = [
        tuple(range(start, end))
        for start in range(count)
        for end in range(start + 2, min(count, start + LONGEST_RUN) + 1)
        if end == start + 2 or count <= LONGEST_RUN
    ]
    return (*found, (1, 0)) if count == 2 else tuple(found)
