"""Names inside longer texts: name fields that hold more than a name, remittance lines, addresses.

A text is searched as it stands (`search`), and then in each other way that its words may be read: put
together, taken apart, across the end of a line.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final

from screening.matching.index import Index
from screening.matching.steps import ALIKE
from screening.matching.texts.fields import may_hold_more
from screening.matching.texts.glued import is_glued, may_be_one, parts_of_names
from screening.matching.texts.holders import with_shared_surname
from screening.matching.texts.line_readings import opened, parted, untitled
from screening.matching.texts.search import Search, TextMatch
from screening.matching.texts.stretches import REACH_BEFORE, REACH_BEHIND
from screening.matching.texts.text_words import (
    TextWord,
    merged,
    put_together,
    rejoined,
    taken_apart,
    text_words,
    without_breaks,
)
from screening.names.tokens import Class, Token

WRITTEN: Final = 15
"""Steps of `Effort` for a written word."""


def names_in(
    lines: Sequence[str], index: Index, threshold: float, *, whole: bool = False, from_line: int = 0
) -> list[TextMatch]:
    """The list names in neighbouring lines that score the threshold: best first, each name once, and then
    those in the lines without the breaks that cut a word.

    `whole`: the one line is a name field, which was compared as a whole before. `from_line`: names that end
    in a line before are left out. Raises LimitError.
    """
    if whole and not may_hold_more(lines[0], index, threshold):
        return []
    found = _found_in(lines, index, threshold, whole, from_line)
    if not whole and (unbroken := [without_breaks(line, index.is_word) for line in lines]) != lines:
        found += _found_in(unbroken, index, threshold, whole, from_line)
    return found


def _found_in(
    lines: Sequence[str], index: Index, threshold: float, whole: bool, from_line: int
) -> list[TextMatch]:
    """The names in neighbouring lines, best first, also with a surname that several share, with words put
    together or taken apart, and across the end of a line."""
    words = _words_of(lines, index, parted if whole else opened)
    index.effort.look_up(len(words))
    tokens = _spent(words, index)
    search = Search(index, threshold, whole, from_line)
    search.within(words)
    if holders := with_shared_surname(words):
        _spent(holders, index, tokens)
        search.within(holders)
    if joined := put_together(words, index.is_word, index.is_alone):
        _spent(joined, index, tokens)
        search.within(joined)
    for apart in _taken_apart(words, index):
        search.within(apart)
    search.with_initials(lines)
    search.at_the_cut(words, lines[-1])
    for joined in _across_line_ends(words, index):
        search.within(joined)
    if len(lines) > 1 and (mended := rejoined(lines, index.is_word)):
        words = _words_of(mended, index, opened)
        _spent(words, index, tokens)
        search.within(words)
    return sorted(search.found(), key=_strongest_first)


def _taken_apart(words: Sequence[TextWord], index: Index) -> Iterator[list[TextWord]]:
    """What stands around each word that is two of a list name, with the two in its place."""
    for place, word in enumerate(words):
        if is_glued(word.token, index) and (parts := parts_of_names(word.token, index)):
            near = words[max(0, place - REACH_BEFORE) : place + REACH_BEFORE]
            yield taken_apart(near, min(place, REACH_BEFORE), parts)


def _across_line_ends(words: Sequence[TextWord], index: Index) -> Iterator[list[TextWord]]:
    """What stands around each word of the list that the end of a line cuts in two, with the word whole."""
    for place in range(len(words) - 1):
        if words[place].line != words[place + 1].line and may_be_one(words[place], words[place + 1], index):
            near = words[max(0, place - REACH_BEHIND) : place + REACH_BEHIND]
            joined = merged(near, min(place, REACH_BEHIND))
            if joined and index.having_exactly(joined[min(place, REACH_BEHIND)].token):
                yield joined


def _words_of(lines: Sequence[str], index: Index, apart: Callable[[str], Iterable[str]]) -> list[TextWord]:
    def read(line: str) -> Iterator[str]:
        yield from apart(line)
        yield from index.row_names.within(line)
        if (titled_apart := untitled(line, index.is_word)) != line:
            yield titled_apart

    return text_words(lines, read)


def _spent(words: Sequence[TextWord], index: Index, known: Container[str] = ()) -> dict[str, Token]:
    """Spends what it takes to look the words up, but for `known` ones; the others' tokens by what they are
    filed under. Raises LimitError."""
    index.effort.spend(WRITTEN * len(words))
    tokens = {word.token.entry: word.token for word in words if word.token.entry not in known}
    index.look_first(tokens.values())
    for token in tokens.values():
        if token.cls is not Class.NUMBER:
            index.effort.spend(ALIKE * len(index.near(token)))
    return tokens


def _strongest_first(found: TextMatch) -> tuple[float, int]:
    """Of a designation's names that are equally alike, the one its list names first."""
    return -found.points, found.candidate.designation.names.index(found.candidate.name)
