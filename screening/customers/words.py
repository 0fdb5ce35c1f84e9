"""The words of the customers' names and texts, and where each stands: found by the words of a list.

`matching.lexicon` finds the list words that answer a query word; here the query words are what is kept, in a
hundredth of the memory a word, for there are a hundred times as many. A word of a customer can be like a list
word only if it seeks one of its keys, so it is filed under all that it seeks.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pyroaring import BitMap

from screening.customers.key_table import KeyTable
from screening.matching.similarity import LONGEST_RUN, joined, likeness, likeness_of_kin, runs, truncated
from screening.matching.spellings import NO_NAMES
from screening.names.forms import SHORTEST_CUT
from screening.names.scripts import Script
from screening.names.tokens import SPELT, Class, Token, keys, make_token, seeks

SHORTEST_PART = 1
"""Letters of a word that is looked for as part of another."""


class Answers(NamedTuple):
    """Where a list word is answered, how well at the best, and where by several words written apart."""

    places: BitMap
    best: float
    apart: BitMap = NO_NAMES


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
        self._unvocalised = 0

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, tokens: Iterable[Token], place: int) -> None:
        """Note the words of a place."""
        for entry, token in {token.entry: token for token in tokens}.items():
            word = self._ids.get(entry)
            if word is None:
                self._new(token, place)
                continue
            held = self._places[word]
            if isinstance(held, BitMap):
                held.add(place)
            elif held != place:
                self._places[word] = BitMap((held, place))

    def discard(self, tokens: Iterable[Token], place: int) -> None:
        """Forget the words of a place; a word that stands nowhere goes too."""
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

    def _new(self, token: Token, place: int) -> None:
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
        self._ids[token.entry] = word
        self._unvocalised += token.script is Script.ABJAD
        for key in _sought(token):
            self._by_key.add(key, word)

    def _forget(self, token: Token, word: int) -> None:
        del self._ids[token.entry]
        self._unvocalised -= token.script is Script.ABJAD
        for key in _sought(token):
            self._by_key.discard(key, word)
        self._tokens[word], self._places[word] = "", -1
        self._free.append(word)

    def exactly(self, token: Token) -> BitMap:
        """The places with exactly this word."""
        word = self._ids.get(token.entry)
        return NO_NAMES if word is None else self._bitmap(word)

    def answers(self, listed: Token) -> Answers:
        """Where a list word is answered: by a word like it, by its beginning, or by several written apart."""
        places, best = BitMap(), 0.0
        spelt = listed.cls in SPELT
        for word, token in self._under(keys(listed)):  # so they share one, as `likeness_of_kin` asks
            kin = spelt and token.cls in SPELT
            points = (likeness_of_kin(token, listed) if kin else likeness(token, listed)).score
            if points:
                places |= self._bitmap(word)
                best = max(best, points)
        if listed.cls is Class.SYLLABLE:
            return Answers(places, best)
        for length in range(SHORTEST_CUT, len(listed.text)):
            beginning = listed.text[:length]
            for word, token in self._under((beginning,)):
                points = truncated(token, listed, True).score
                if points:
                    places |= self._bitmap(word)
                    best = max(best, points)
        apart = self._written_apart(listed)
        return Answers(places | apart, 1.0, apart) if apart else Answers(places, best)

    def together(self, tokens: tuple[Token, ...]) -> list[tuple[tuple[int, ...], BitMap]]:
        """Neighbours in a list name that a customer writes as one word: their places in it, and where."""
        found = []
        for run in runs(len(tokens)):
            parts = [tokens[at] for at in run]
            sought = {
                "".join([part.text for part in parts]),
                "~" + "".join([part.skeleton for part in parts]),
                "&" + "".join([part.consonants for part in parts]),
            }
            where = BitMap()
            for word, token in self._under(sought):
                if joined(parts, token).score:
                    where |= self._bitmap(word)
            if where:
                found.append((run, where))
        return found

    def _written_apart(self, listed: Token) -> BitMap:
        """Where neighbouring words are, together, this list word."""
        found = self._in_parts("", listed.text, 2, LONGEST_RUN, None)
        found = found | self._in_parts("~", listed.skeleton, 2, LONGEST_RUN, None)
        if self._unvocalised and len(listed.consonants) > 1:
            found = found | self._in_parts("&", listed.consonants, SHORTEST_PART, LONGEST_RUN, None)
        return found

    def _in_parts(self, tag: str, whole: str, shortest: int, most: int, within: BitMap | None) -> BitMap:
        """Places with words that written together are `whole`, at most so many of them."""
        found = BitMap()
        for end in range(shortest, len(whole) - shortest + 1):
            places = self._filed(tag, whole[:end], within)
            if not places:
                continue
            found |= self._filed(tag, whole[end:], places)
            if most > 2:
                found |= self._in_parts(tag, whole[end:], shortest, most - 1, places)
        return found

    def _filed(self, tag: str, spelling: str, within: BitMap | None) -> BitMap:
        found = BitMap()
        for word, token in self._under((tag + spelling,)):
            if spelling == {"": token.text, "~": token.skeleton}.get(tag, token.consonants):
                found |= self._bitmap(word)
        return found if within is None else found & within

    def _under(self, sought: Iterable[str]) -> Iterator[tuple[int, Token]]:
        """The words filed under any of these keys, each once."""
        under = self._by_key.under
        for word in {word for key in sought for word in under(key)}:
            held = self._tokens[word]
            token = _made(held) if isinstance(held, str) else held
            if token is not None:
                yield word, token

    def _bitmap(self, word: int) -> BitMap:
        held = self._places[word]
        return held if isinstance(held, BitMap) else BitMap((held,))


def _sought(token: Token) -> set[str]:
    """What a word is filed under. Initials and numbers are not looked for, but taken as answered."""
    if token.cls in (Class.INITIAL, Class.NUMBER):
        return {token.text}
    return {key for key in seeks(token) if not (len(key) == 2 and key[0] == "i")}


@lru_cache(maxsize=1 << 16)
def _made(native: str) -> Token | None:
    return make_token(native) if native else None
