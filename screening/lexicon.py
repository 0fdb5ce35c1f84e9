"""The words of the list, and which of them can answer a word of a query.

An `Expansion` is computed once for a query word and then kept: the list words like it and the names they
stand in. Updates do not clear it. Every change of the list is noted in a log; an expansion reads, on its
next use, what was changed since, and looks again at the words that share a key with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from screening.names import SHORTEST_CUT, Class, Token
from screening.names.scripts import Script
from screening.names.tokens import keys, seeks
from screening.similarity import (
    LONGEST_RUN,
    NOTHING,
    Likeness,
    joined,
    likeness,
    likeness_of_kin,
    runs,
    truncated,
)

CHANGED_KEYS = 20_000
"""Keys of changed words remembered, of about 500 designations; beyond, expansions are computed anew."""
CACHED_WORDS = 100_000
"""Expansions kept, about 2 kB each; payment traffic repeats its words, so the oldest may go first."""
_SPELT = (Class.WORD, Class.BUSINESS)
STRONG = 0.8
"""Splits a word's answers in two: two weak ones do not make a hit, so the gate need not look at them."""


@dataclass(slots=True, eq=False)
class Word:
    """A word of the list and the numbers of the names it stands in."""

    token: Token
    keys: tuple[str, ...]
    names: BitMap


Words = tuple[Word, ...]


@dataclass(slots=True, eq=False)
class Expansion:
    """What the list has for one query word."""

    stamp: int
    near: dict[Token, Likeness]
    """List word -> how alike; everything else is not alike."""
    names: BitMap
    """Names with such a word, or with neighbours that written together are such a word."""
    strong: BitMap
    """Those of them whose word is `STRONG`ly alike."""
    apart: BitMap
    """Those of them that write this word as several."""
    as_last: "Expansion | None" = None
    """The same where the word ends a query, so that it may be the beginning of a longer word."""


class Lexicon:
    """Fuzzy lookup from word to word by shared keys; exact, because likeness needs a shared key."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._by_key: dict[str, Words] = {}
        self._by_text: dict[str, Words] = {}
        self._by_sound: dict[str, Words] = {}
        self._expansions: dict[str, Expansion] = {}
        self._changed: dict[str, int] = {}
        self._clock = 0
        self._horizon = 0

    def __len__(self) -> int:
        return len(self._words)

    def add(self, number: int, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Note the words of a name; returns them as the list's own tokens, one object for one word."""
        own = []
        self._clock += 1
        for token in tokens:
            word = self._words.get(token.native)
            if word is None:
                word = self._words[token.native] = Word(token, tuple(keys(token)), BitMap())
                for key in word.keys:
                    _put(self._by_key, key, word)
                _put(self._by_text, token.text, word)
                _put(self._by_sound, token.skeleton, word)
            word.names.add(number)
            own.append(word.token)
            self._note(word)
        return tuple(own)

    def discard(self, number: int, tokens: Sequence[Token]) -> None:
        """Forget a name; a word that no name has left goes too."""
        self._clock += 1
        for token in tokens:
            word = self._words.get(token.native)
            if word is None:
                continue
            word.names.discard(number)
            if not word.names:
                del self._words[token.native]
                for key in word.keys:
                    _drop(self._by_key, key, word)
                _drop(self._by_text, token.text, word)
                _drop(self._by_sound, token.skeleton, word)
            self._note(word)

    def expand(self, token: Token) -> Expansion:
        """The list's answers to a query word, current to the last change."""
        found = self._expansions.get(token.native)
        now = self._clock
        if found is not None and (found.stamp == now or self._untouched(token, found, now)):
            return found
        if found is None and len(self._expansions) >= CACHED_WORDS:
            for native in list(self._expansions)[: CACHED_WORDS // 4]:
                del self._expansions[native]
        found = self._expansions[token.native] = self._expand(token, now)
        return found

    def expand_all(self, tokens: tuple[Token, ...], cut: bool) -> list[Expansion]:
        """The answers to the words of a query, whose last may be the beginning of one."""
        found = [self.expand(token) for token in tokens]
        found[-1] = self.expand_last(tokens[-1], cut)
        return found

    def expand_last(self, token: Token, at_field: bool) -> Expansion:
        """The answers to the last word of a query, which may be cut short (`at_field`: surely is)."""
        found = self.expand(token)
        if at_field:
            return self._as_last(token, found, at_field)
        if found.as_last is None:
            found.as_last = self._as_last(token, found, at_field)
        return found.as_last

    def having_exactly(self, token: Token) -> BitMap:
        """Names with exactly this word."""
        word = self._words.get(token.native)
        return word.names if word else BitMap()

    def joints(self, tokens: tuple[Token, ...]) -> list[tuple[tuple[int, ...], BitMap]]:
        """Neighbours of a query that the list has as one word: their places, and its names."""
        found: list[tuple[tuple[int, ...], BitMap]] = []
        texts = [token.text for token in tokens]
        sounds = [token.skeleton for token in tokens]
        for places in runs(len(tokens)):
            if len(places) == 2:
                left, right = places
                text, sound = texts[left] + texts[right], sounds[left] + sounds[right]
            else:
                text = "".join([texts[place] for place in places])
                sound = "".join([sounds[place] for place in places])
            if text in self._by_text or sound in self._by_sound or tokens[places[0]].script is Script.ABJAD:
                names = self._written_together(text, sound, [tokens[place] for place in places])
                if names:
                    found.append((places, names))
        return found

    def _written_together(self, text: str, sound: str, parts: list[Token]) -> BitMap:
        frame = "|" + "".join([part.bones for part in parts])
        words = {
            *self._by_text.get(text, ()),
            *self._by_sound.get(sound, ()),
            *self._by_key.get(frame, ()),
        }
        return _union([word.names for word in words if joined(parts, word.token) is not NOTHING])

    def _untouched(self, token: Token, found: Expansion, now: int) -> bool:
        if found.stamp < self._horizon:
            return False
        changed = self._changed
        for key in seeks(token):
            if changed.get(key, 0) > found.stamp:
                return False
        if any(changed.get(start, 0) > found.stamp for start in _starts(token)):
            return False
        if changed.get("^" + token.text[:SHORTEST_CUT], 0) > found.stamp:
            found.as_last = None
        found.stamp = now
        return True

    def _expand(self, token: Token, now: int) -> Expansion:
        near: dict[Token, Likeness] = {}
        every: list[BitMap] = []
        strong: list[BitMap] = []
        spelt = token.cls in _SPELT
        for word in self._sought(token):
            other = word.token
            kin = spelt and other.cls in _SPELT
            found = likeness_of_kin(token, other) if kin else likeness(token, other)
            if found is not NOTHING:
                near[other] = found
                (strong if found.score >= STRONG else every).append(word.names)
        apart = self._written_apart(token) if spelt else BitMap()
        if apart:
            strong.append(apart)
        best = _union(strong)
        names = _union([*every, best]) if every else best
        return Expansion(now, near, names, best, apart)

    def _sought(self, token: Token) -> set[Word]:
        by_key = self._by_key
        found: set[Word] = set()
        for key in seeks(token):
            held = by_key.get(key)
            if held is not None:
                found.update(held)
        return found

    def _written_apart(self, token: Token) -> BitMap:
        """Names whose neighbouring words are, together, this query word."""
        by_text = _parts(token.text, self._by_text, LONGEST_RUN)
        return by_text | _parts(token.skeleton, self._by_sound, LONGEST_RUN)

    def _as_last(self, token: Token, found: Expansion, at_field: bool) -> Expansion:
        near = dict(found.near)
        begun = []
        if len(token.text) >= SHORTEST_CUT:
            for word in self._by_key.get("^" + token.text[:SHORTEST_CUT], ()):
                whole = word.token
                cut = truncated(token, whole, at_field)
                if cut.score > near.get(whole, NOTHING).score:
                    near[whole] = cut
                    begun.append(word.names)
        if not begun:
            return found
        names = _union([found.names, *begun])
        return Expansion(found.stamp, near, names, _union([found.strong, *begun]), found.apart)

    def _note(self, word: Word) -> None:
        """What changed and when, by the keys through which an expansion is concerned."""
        if len(self._changed) > CHANGED_KEYS:
            self._changed.clear()
            self._horizon = self._clock
        self._changed.update(dict.fromkeys(word.keys, self._clock))


def _parts(rest: str, spelt: dict[str, Words], most: int, within: BitMap | None = None) -> BitMap:
    """Names with list words that written together are `rest`, as text or by sound."""
    found = BitMap()
    for end in range(2, len(rest) - 1):
        first = spelt.get(rest[:end])
        if first is None:
            continue
        names = _union([word.names for word in first])
        if within is not None:
            names = names & within
        if names:
            last = spelt.get(rest[end:])
            if last is not None:
                found |= names & _union([word.names for word in last])
            if most > 2:
                found |= _parts(rest[end:], spelt, most - 1, names)
    return found


def _starts(token: Token) -> Iterator[str]:
    """Keys of the first of several words that together are this word."""
    for end in range(2, len(token.text) - 1):
        yield token.text[:end]
    for end in range(2, len(token.skeleton) - 1):
        yield "~" + token.skeleton[:end]


def _put(table: dict[str, Words], key: str, word: Word) -> None:
    table[key] = (*table.get(key, ()), word)


def _drop(table: dict[str, Words], key: str, word: Word) -> None:
    rest = tuple([other for other in table[key] if other is not word])
    if rest:
        table[key] = rest
    else:
        del table[key]


def _union(sets: Iterable[BitMap]) -> BitMap:
    sets = list(sets)
    return sets[0] if len(sets) == 1 else BitMap.union(*sets) if sets else BitMap()
