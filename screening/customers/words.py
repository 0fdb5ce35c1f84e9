"""The words of the customers' names and texts, and where each stands: found by the words of a list.

`matching.words.lexicon` finds the list words that answer a query word; here the query words are what is kept,
in a hundredth of the memory a word, for there are a hundred times as many. A word of a customer can be like a
list word only if it seeks one of its keys, so it is filed under all that it seeks.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pyroaring import BitMap

from screening.cache import keep
from screening.keys.table import KeyTable
from screening.matching.parts import LONGEST_RUN, joined, runs, truncated
from screening.matching.score import left_in_query
from screening.matching.similarity import likeness, likeness_of_kin
from screening.matching.words.spellings import NO_NAMES
from screening.names.forms import SHORTEST_CUT
from screening.names.scripts import Script
from screening.names.tokens import SPELT, Class, Token, keys, make_token, seeks

SHORTEST_PART = 1
"""Letters of a word that is looked for as part of another."""


NO_WORDS: Mapping[int, float] = {}
REMEMBERED = 1 << 12
"""Words of lists whose answers are kept until the book changes: lists say the same ones again and again."""
SHORTEST_JOINED, SHORTEST_SOUND, SHORTEST_FRAME = 4, 6, 5
"""Letters, of sound or of consonants, from which a word may be written as several (`parts.joined`)."""


class Answers(NamedTuple):
    """Where a list word is answered."""

    places: BitMap
    best: float
    """How well at the best."""
    near: Mapping[int, float] = NO_WORDS
    """By which words, each with how well; in places that are cut or `apart` there are others."""
    twice: BitMap = NO_NAMES
    """Places with two such words, or more."""
    apart: BitMap = NO_NAMES
    """Places that write it as several words."""


class Words:
    """Words, and the numbers of the places (names, texts) they stand in."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._tokens: list[str | Token] = []
        """Of most words the text alone, from which the token is made again."""
        self._places: list[int | BitMap] = []
        """Most words stand in one place: its number, or -1 where the word is gone."""
        self._free: list[int] = []
        self._by_key = KeyTable()
        self._by_spelling = KeyTable()
        """By letters, sound and consonants in full: parts of a word that is written as several."""
        self._left = array("f")
        """What each costs, at the least, where a list name has no answer to it,"""
        self._left_alone = array("f")
        """and where that name is a single word."""
        self._remembered: dict[str, Answers] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, tokens: Iterable[Token], place: int) -> None:
        """Note the words of a place."""
        self._remembered.clear()
        for entry, token in {token.entry: token for token in tokens}.items():
            word = self._ids.get(entry)
            if word is None:
                self._add_word(token, place)
                continue
            held = self._places[word]
            if isinstance(held, BitMap):
                held.add(place)
            elif held != place:
                self._places[word] = BitMap((held, place))

    def discard(self, tokens: Iterable[Token], place: int) -> None:
        """Forget the words of a place; a word that stands nowhere goes too."""
        self._remembered.clear()
        for entry, token in {token.entry: token for token in tokens}.items():
            word = self._ids.get(entry)
            if word is None:
                continue
            held = self._places[word]
            if isinstance(held, BitMap):
                held.discard(place)
                if held:
                    continue
            elif held != place:
                continue
            self._forget(token, word)

    def _add_word(self, token: Token, place: int) -> None:
        held: str | Token = token
        if token.entry == token.native and token.cls is not Class.SYLLABLE:
            held = token.native
        if self._free:
            word = self._free.pop()
            self._tokens[word], self._places[word] = held, place
        else:
            word = len(self._tokens)
            self._tokens.append(held)
            self._places.append(place)
            self._left.append(0.0)
            self._left_alone.append(0.0)
        self._left[word] = left_in_query(token, alone=False)
        self._left_alone[word] = left_in_query(token, alone=True)
        self._ids[token.entry] = word
        for key in _sought(token):
            self._by_key.add(key, word)
        for key in _spellings(token):
            self._by_spelling.add(key, word)

    def _forget(self, token: Token, word: int) -> None:
        del self._ids[token.entry]
        for key in _sought(token):
            self._by_key.discard(key, word)
        for key in _spellings(token):
            self._by_spelling.discard(key, word)
        self._tokens[word], self._places[word] = "", -1
        self._free.append(word)

    def exactly(self, token: Token) -> BitMap:
        """The places with exactly this word."""
        word = self._ids.get(token.entry)
        return NO_NAMES if word is None else self._bitmap(word)

    def spelt(self, letters: str) -> BitMap:
        """The places with words of exactly these letters, in whatever script."""
        return self._written(letters, None)

    def stubs(self, listed: Token) -> BitMap:
        """The places with two letters that may be left of a list word (`parts.stub`)."""
        return self.spelt(listed.text[: SHORTEST_CUT - 1]) if len(listed.text) > SHORTEST_CUT else NO_NAMES

    def numbers_of(self, tokens: Iterable[Token]) -> bytes:
        """The numbers of words that are in it, packed, four bytes each."""
        return array("I", [self._ids[token.entry] for token in tokens]).tobytes()

    def left(self, alone: bool) -> Sequence[float]:
        """What each word costs where a list name does not answer it; `alone`: a name of a single word."""
        return self._left_alone if alone else self._left

    def likeness(self, word: int, listed: Token) -> float:
        """How like a list word, or the beginning of it, the word of this number is."""
        token = self._token(word)
        if token is None:
            return 0.0
        return max(likeness(token, listed).score, truncated(token, listed, False).score)

    def answers(self, listed: Token, cut: BitMap) -> Answers:
        """Where a list word is answered: by a word like it, by its beginning, or by several written apart.

        `cut`: places whose last word may be the beginning of any other.
        """
        known = self._remembered.get(listed.entry)
        return known or keep(self._remembered, listed.entry, self._answers(listed, cut), REMEMBERED)

    def _answers(self, listed: Token, cut: BitMap) -> Answers:
        near = self._words_like(listed)
        places, twice = BitMap(), BitMap()
        for word in near:
            here = self._bitmap(word)
            twice |= places & here
            places |= here
        if listed.cls is not Class.SYLLABLE and cut:
            for length in range(SHORTEST_CUT, len(listed.text)):
                for word in self._by_spelling.under(listed.text[:length]):
                    places |= self._bitmap(word) & cut
        apart = self._written_apart(listed)
        best = 1.0 if apart or cut else max(near.values(), default=0.0)
        return Answers(places | apart if apart else places, best, near, twice, apart)

    def _words_like(self, listed: Token) -> dict[int, float]:
        """Words that are like it, or the beginning of it, and how much."""
        near = {}
        spelt = listed.cls in SPELT
        for word, token in self._words_under(keys(listed)):  # so they share one, as `likeness_of_kin` asks
            kin = spelt and token.cls in SPELT
            points = (likeness_of_kin(token, listed) if kin else likeness(token, listed)).score
            if points:
                near[word] = points
        if listed.cls is Class.SYLLABLE:
            return near
        for length in range(SHORTEST_CUT, len(listed.text)):
            beginning = listed.text[:length]
            for word in self._by_spelling.under(beginning):
                begun = self._token(word)
                points = truncated(begun, listed, False).score if begun is not None else 0.0
                if points > near.get(word, 0.0):
                    near[word] = points
        return near

    def together(self, tokens: tuple[Token, ...]) -> list[tuple[tuple[int, ...], BitMap]]:
        """Neighbours in a list name that a customer writes as one word: their places in it, and where."""
        found = []
        for run in runs(len(tokens)):
            parts = [tokens[at] for at in run]
            sought = (
                "".join([part.text for part in parts]),
                "~" + "".join([part.skeleton for part in parts]),
                "&" + "".join([part.consonants for part in parts]),
            )
            where = BitMap()
            for word in {word for key in sought for word in self._by_spelling.under(key)}:
                token = self._token(word)
                if token is not None and joined(parts, token).score:
                    where |= self._bitmap(word)
            if where:
                found.append((run, where))
        return found

    def _written_apart(self, listed: Token) -> BitMap:
        """Where neighbouring words are, together, this list word; as `parts.joined` has it."""
        if listed.cls not in SPELT or len(listed.text) < SHORTEST_JOINED:
            return NO_NAMES
        found = self._in_parts("", listed.text, 2, LONGEST_RUN, None)
        if len(listed.skeleton) >= SHORTEST_SOUND:
            found = found | self._in_parts("~", listed.skeleton, 2, LONGEST_RUN, None)
        if len(listed.consonants) >= SHORTEST_FRAME:
            tag = "&" if listed.script is Script.ABJAD else "|"
            found = found | self._in_parts(tag, listed.consonants, SHORTEST_PART, LONGEST_RUN, None)
        return found

    def _in_parts(self, tag: str, whole: str, shortest: int, most: int, within: BitMap | None) -> BitMap:
        """Places with words that written together are `whole`, at most so many of them."""
        found = BitMap()
        for end in range(shortest, len(whole) - shortest + 1):
            places = self._written(tag + whole[:end], within)
            if not places:
                continue
            found |= self._written(tag + whole[end:], places)
            if most > 2:
                found |= self._in_parts(tag, whole[end:], shortest, most - 1, places)
        return found

    def _written(self, spelling: str, within: BitMap | None) -> BitMap:
        found = BitMap()
        for word in self._by_spelling.under(spelling):
            found |= self._bitmap(word)
        return found if within is None else found & within

    def _words_under(self, sought: Iterable[str]) -> Iterator[tuple[int, Token]]:
        """The words filed under any of these keys, each once."""
        under = self._by_key.under
        for word in {word for key in sought for word in under(key)}:
            token = self._token(word)
            if token is not None:
                yield word, token

    def _token(self, word: int) -> Token | None:
        held = self._tokens[word]
        return _token_of(held) if isinstance(held, str) else held

    def _bitmap(self, word: int) -> BitMap:
        held = self._places[word]
        return held if isinstance(held, BitMap) else BitMap((held,))


def _sought(token: Token) -> set[str]:
    """What a word is filed under. Initials and numbers are not looked for, but taken as answered."""
    if token.cls in (Class.INITIAL, Class.NUMBER):
        return {token.text}
    return {key for key in seeks(token) if not key.startswith(".")}


def _spellings(token: Token) -> list[str]:
    """By what a word is found that is written as several, or as one where a list has several."""
    if token.cls is Class.SYLLABLE:
        return []
    found = [token.text]
    if token.cls in SPELT:
        found += ["~" + token.skeleton, "&" + token.consonants]
        if token.script is Script.ABJAD:
            found.append("|" + token.consonants)
    return found


@lru_cache(maxsize=1 << 18)
def _token_of(native: str) -> Token | None:
    return make_token(native) if native else None
