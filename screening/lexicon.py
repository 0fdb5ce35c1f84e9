"""The words of the list, and which of them can answer a word of a query.

An `Expansion` is computed once for a query word and then kept: the list words like it and the names they
stand in. Updates do not clear it. Every change of the list is noted in a log; an expansion reads, on its
next use, what was changed since, and is computed anew only if that shares a key with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pyroaring import BitMap

from screening.names import SHORTEST_CUT, Class, Token
from screening.names.scripts import Script
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
    names: BitMap = field(default_factory=BitMap)


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
        self._by_key: dict[str, Word | tuple[Word, ...]] = {}
        self._expansions: dict[str, Expansion] = {}
        self._changed: dict[str, int] = {}
        self._clock = 0
        self._horizon = 0

    def __len__(self) -> int:
        return len(self._words)

    def add(self, number: int, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Note the words of a name; returns them as the list's own tokens, one object for one word."""
        own = []
        for token in tokens:
            word = self._words.get(token.native)
            if word is None:
                word = self._words[token.native] = Word(token)
                for key in token.keys:
                    self._put(key, word)
            word.names.add(number)
            own.append(word.token)
        self._note(tokens)
        return tuple(own)

    def discard(self, number: int, tokens: Sequence[Token]) -> None:
        """Forget a name; a word that no name has left goes too."""
        for token in tokens:
            word = self._words.get(token.native)
            if word is None:
                continue
            word.names.discard(number)
            if not word.names:
                del self._words[token.native]
                for key in token.keys:
                    self._drop(key, word)
        self._note(tokens)

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
        by_key = self._by_key
        found = []
        texts = [token.text for token in tokens]
        folds = [token.skeleton for token in tokens]
        for places in runs(len(tokens)):
            if len(places) == 2:
                left, right = places
                text, fold = texts[left] + texts[right], "~" + folds[left] + folds[right]
            else:
                text = "".join([texts[place] for place in places])
                fold = "~" + "".join([folds[place] for place in places])
            if text in by_key or fold in by_key or tokens[places[0]].script is Script.ABJAD:
                names = self._written_together(text, fold, [tokens[place] for place in places])
                if names is not None:
                    found.append((places, names))
        return found

    def _written_together(self, text: str, fold: str, parts: list[Token]) -> BitMap | None:
        frame = "|" + "".join([part.bones for part in parts])
        words = {word for key in (text, fold, frame) for word in self._having(key)}
        sets = [word.names for word in words if joined(parts, word.token) is not NOTHING]
        return _union(sets) if sets else None

    def _untouched(self, token: Token, found: Expansion, now: int) -> bool:
        if found.stamp < self._horizon:
            return False
        changed = self._changed
        for key in token.seeks:
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
        for word in {word for key in token.seeks for word in self._having(key)}:
            other = word.token
            kin = token.cls in _SPELT and other.cls in _SPELT
            found = likeness_of_kin(token, other) if kin else likeness(token, other)
            if found is not NOTHING:
                near[other] = found
                (strong if found.score >= STRONG else every).append(word.names)
        apart = self._written_apart(token) if token.cls in _SPELT else BitMap()
        if apart:
            strong.append(apart)
        best = _union(strong)
        names = _union([*every, best]) if every else best
        return Expansion(now, near, names, best, apart)

    def _written_apart(self, token: Token) -> BitMap:
        """Names whose neighbouring words are, together, this query word."""
        return self._parts(token.text, "", LONGEST_RUN) | self._parts(token.skeleton, "~", LONGEST_RUN)

    def _parts(self, rest: str, tag: str, most: int, within: BitMap | None = None) -> BitMap:
        """Names with list words that written together are `rest`, as text or as skeleton."""
        found = BitMap()
        for end in range(2, len(rest) - 1):
            if tag + rest[:end] not in self._by_key:
                continue
            names = self._spelt(rest[:end], tag, within)
            if names:
                found |= self._spelt(rest[end:], tag, names)
                if most > 2:
                    found |= self._parts(rest[end:], tag, most - 1, names)
        return found

    def _spelt(self, part: str, tag: str, within: BitMap | None) -> BitMap:
        names = BitMap()
        key = tag + part
        if key in self._by_key:
            for word in self._having(key):
                token = word.token
                if part == (token.skeleton if tag else token.text):
                    names |= word.names if within is None else word.names & within
        return names

    def _as_last(self, token: Token, found: Expansion, at_field: bool) -> Expansion:
        near = dict(found.near)
        begun = []
        if len(token.text) >= SHORTEST_CUT:
            for word in self._having("^" + token.text[:SHORTEST_CUT]):
                whole = word.token
                cut = truncated(token, whole, at_field)
                if cut.score > near.get(whole, NOTHING).score:
                    near[whole] = cut
                    begun.append(word.names)
        if not begun:
            return found
        names = _union([found.names, *begun])
        return Expansion(found.stamp, near, names, _union([found.strong, *begun]), found.apart)

    def _having(self, key: str) -> tuple[Word, ...]:
        found = self._by_key.get(key, ())
        return (found,) if isinstance(found, Word) else found

    def _put(self, key: str, word: Word) -> None:
        held = self._by_key.get(key)
        if held is None:
            self._by_key[key] = word
        else:
            self._by_key[key] = (held, word) if isinstance(held, Word) else (*held, word)

    def _drop(self, key: str, word: Word) -> None:
        held = self._by_key[key]
        rest = () if isinstance(held, Word) else tuple(other for other in held if other is not word)
        if not rest:
            del self._by_key[key]
        else:
            self._by_key[key] = rest[0] if len(rest) == 1 else rest

    def _note(self, tokens: Sequence[Token]) -> None:
        """What changed and when, by the keys through which an expansion is concerned."""
        self._clock += 1
        if len(self._changed) > CHANGED_KEYS:
            self._changed.clear()
            self._horizon = self._clock
        for token in tokens:
            self._changed.update(dict.fromkeys(token.keys, self._clock))


def _starts(token: Token) -> Iterator[str]:
    """Keys of the first of several words that together are this word."""
    for end in range(2, len(token.text) - 1):
        yield token.text[:end]
    for end in range(2, len(token.skeleton) - 1):
        yield "~" + token.skeleton[:end]


def _union(sets: Iterable[BitMap]) -> BitMap:
    sets = list(sets)
    return sets[0] if len(sets) == 1 else BitMap.union(*sets) if sets else BitMap()
