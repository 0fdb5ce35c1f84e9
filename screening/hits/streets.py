"""A country's name that is a street's or a town's elsewhere: Cuba Street in Wellington, Cuba City WI."""

import re
from collections.abc import Sequence
from functools import lru_cache

from screening.names.scripts import romanise
from screening.names.vocabulary import particles, street_words
from screening.names.words import words_of

LONGEST_CACHED = 140
"""Characters; towns and address lines come again, and the cache stays below 20 MB whatever is sent."""
_PARTS = re.compile("[,;/|\n]")
_CALLE = re.compile(r"(?<![^\W_])c/(?!o\b)", re.IGNORECASE)
"""A street of Spain."""
US_STATES = frozenset(
    "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny "  # noqa: SIM905
    "nc nd oh ok or pa pr ri sc sd tn tx ut vt va wa wv wi wy".split()
)
LONGEST_HOUSE_NUMBER = 4
"""Figures; postal codes have more."""


def names_only_streets(
    text: str, phrase: tuple[str, ...], elsewhere: frozenset[str] = frozenset(), *, numbered: bool = False
) -> bool:
    """Does a phrase stand in the names of streets, or of towns of the US, and nowhere else in a text?

    `elsewhere` has the countries that the address is in, as ISO codes; `numbered` takes a street's name only
    with the number of a house beside it. A comma ends such a name.
    """
    parts = [words_in(part) for part in _PARTS.split(_CALLE.sub("calle ", text))]
    found = False
    for place, words in enumerate(parts):
        for at in _places_of(phrase, words):
            found, end = True, at + len(phrase)
            if numbered:
                named_after = _is_numbered_street(words, at, end)
            else:
                named_after = _is_street(words, at, end) or (
                    "US" in elsewhere and _is_in_a_state(words[end:], parts[place + 1 :])
                )
            if not named_after:
                return False
    return found


def _places_of(phrase: tuple[str, ...], words: tuple[str, ...]) -> list[int]:
    return [at for at in range(len(words)) if words[at : at + len(phrase)] == phrase]


def _is_in_a_state(behind: tuple[str, ...], parts: Sequence[tuple[str, ...]]) -> bool:
    """Does a state of the US come next: Havana, FL 32333; Cuba City WI?"""
    following = behind[1:] if behind[:1] == ("city",) else behind
    if not following and parts:
        following = parts[0]
    return bool(following) and following[0] in US_STATES


def _is_street(words: tuple[str, ...], start: int, end: int) -> bool:
    """Is a street called after the place: Teheran-ro, Cuba Street, rue de Damas, or "Cuba 2100" alone?"""
    behind, before = street_words()
    if end < len(words) and words[end] in behind:
        return True
    if start == 0 and end + 1 == len(words) and _is_house_number(words[end]):
        return True
    start = _before_particles(words, start)
    return start > 0 and words[start - 1] in before


def _is_numbered_street(words: tuple[str, ...], start: int, end: int) -> bool:
    """The same with a house number: 45 Cuba Street, calle Cuba 15. "via Iran" is a route, not a street."""
    behind, before = street_words()
    if end < len(words) and words[end] in behind:
        beside = (*words[max(0, start - 1) : start], *words[end + 1 : end + 2])
        return any(map(_is_house_number, beside))
    start = _before_particles(words, start)
    named = start > 0 and words[start - 1] in before and words[start - 1] != "via"
    return named and end < len(words) and _is_house_number(words[end])


def _before_particles(words: tuple[str, ...], start: int) -> int:
    while start and words[start - 1] in particles():
        start -= 1
    return start


def _is_house_number(word: str) -> bool:
    return word.isdigit() and len(word) <= LONGEST_HOUSE_NUMBER


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text in Latin letters, as places are compared."""
    return _known_words(text) if len(text) <= LONGEST_CACHED else _known_words.__wrapped__(text)


@lru_cache(maxsize=20_000)
def _known_words(text: str) -> tuple[str, ...]:
    return tuple(word if word.isascii() else romanise(word) for word in words_of(text))
