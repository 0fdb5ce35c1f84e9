"""The words of the list, and which of them can answer a word of a query.

An `Expansion` is computed once for a query word and then kept: the list words like it and the names they
stand in. Updates do not clear it. The words that changed last are remembered; an expansion reads, on its
next use, which were changed since, and is computed anew if one of them concerns it.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pyroaring import BitMap

from screening.cache import Room
from screening.matching.parts import are_names_apart, joined, names_in, truncated
from screening.matching.score import left_over
from screening.matching.similarity import (
    ALPHABETS,
    AS_INITIAL,
    INITIAL,
    NOTHING,
    Likeness,
    likeness,
    likeness_of_kin,
    near_in_letters,
    near_in_sound,
    share_a_key,
)
from screening.matching.snapshot import Places, Tables
from screening.matching.words.neighbours import Neighbours
from screening.matching.words.spellings import NO_NAMES, Word, WordKeys, both, union
from screening.names.forms import SHORTEST_CUT
from screening.names.scripts import Script
from screening.names.tokens import (
    SPELT,
    Class,
    Token,
    gaps_of_sound,
    gaps_sought,
    key_of_longer,
    keys_by_class,
    make_token,
    seeks_whole,
)
from screening.names.transcription import is_transcribed, read_as

CHANGES: Final = 64
"""Changes of words remembered, of some eight designations: to look at so many costs as much as to expand."""
CACHED_WORDS: Final = 1 << 18
CACHED_BYTES: Final = 128 << 20
"""Expansions kept, and what they take: 0.5 kB that of a word like few of the list, 20 kB that of one like a
hundred."""
WORD_BYTES, CHARACTER_BYTES, NEAR_BYTES, NAMES_BYTES = 300, 4, 150, 300
"""Of an expansion by itself, of each character of its word, of each list word that it is like, and of its
sets of names, beside two bytes a name."""
FEW: Final = 4
"""So few words are compared one by one."""
NO_LETTER: Final[tuple[dict[Token, Likeness], BitMap]] = ({}, NO_NAMES)
STRONG: Final = 0.8
"""Splits a word's answers in two, each with a bound of its own: the gate looks at the weak ones seldom."""


@dataclass(slots=True, eq=False, init=False)
class Expansion:
    """What the list has for one query word. Nothing but its stamp is changed: `replace` makes another."""

    stamp: int
    weight: float
    left: float
    """What the word costs where nothing answers it."""
    assumed_answered: bool
    """Too short to look for (an initial, a stub of a cut word), so taken as answered."""
    near: dict[Token, Likeness]
    """List word -> how alike; everything else is not alike."""
    names: BitMap
    """Names with such a word, or with neighbours that written together are such a word."""
    strong: BitMap
    """Those of them whose word is `STRONG`ly alike."""
    weak: float
    """How alike the words of the others are at the most."""
    apart: BitMap
    """Those of `names` that write this word as several."""
    beside: int
    """List words that a word of another alphabet was laid beside, letter by letter; of all others none."""
    as_last: "Expansion | None"
    """The same where the word ends a query, so that it may be the beginning of a longer word."""
    size: int
    """Bytes of what no other expansion has, `as_last` included."""
    count: int = field(init=False)
    """How many `names` there are, which a bitmap would count each time."""

    def __init__(
        self,
        stamp: int,
        weight: float,
        left: float,
        assumed_answered: bool,
        near: dict[Token, Likeness],
        names: BitMap,
        strong: BitMap,
        weak: float,
        apart: BitMap,
        beside: int = 0,
        as_last: "Expansion | None" = None,
        size: int = WORD_BYTES,
    ) -> None:
        """Written out to be compiled, as that of `Token`."""
        self.stamp = stamp
        self.weight = weight
        self.left = left
        self.assumed_answered = assumed_answered
        self.near = near
        self.names = names
        self.strong = strong
        self.weak = weak
        self.apart = apart
        self.beside = beside
        self.as_last = as_last
        self.size = size
        self.count = len(names)


class Lexicon:
    """Fuzzy lookup from word to word by shared keys; exact, because likeness needs a shared key."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._keys = WordKeys()
        self.neighbours = Neighbours()
        self._expansions: dict[str, Expansion] = {}
        self._room: Room[str, Expansion] = Room(CACHED_WORDS, _size, CACHED_BYTES)
        self._numbers: Expansion | None = None
        """What any number is answered by that is not on the list; None after a change of those that are."""
        self._letters: dict[str, tuple[dict[Token, Likeness], BitMap]] = {}
        """By how words begin what initials answer them; empty after a change of those that are listed."""
        self._changes: deque[tuple[int, Token]] = deque(maxlen=CHANGES)
        self._clock = 0
        """Changes so far."""
        self._horizon = 0

    def __len__(self) -> int:
        return len(self._words)

    def add(self, number: int, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Note the words of a name; returns them as the list's own tokens, one object for one word."""
        own = []
        self._clock += 1
        words = self._words
        for token in tokens:
            word = words.get(token.entry)
            if word is None:
                word = words[token.entry] = Word(token)
                self._keys.put(word)
                self.neighbours.put(word)
            word.names.add(number)
            own.append(word.token)
            self._note(word)
        return tuple(own)

    def tables(self) -> Tables:
        """All that was worked out about the words alone."""
        numbered, packed = self._keys.packed()
        words = numbered or [*self._words.values()]
        places = {word: place for place, word in enumerate(words)}
        by_key: dict[str, Places] = {
            key: places[next(iter(held))] if len(held) == 1 else [places[word] for word in held]
            for key, held in self._keys.spelt_out().items()
        }
        gone = [place for place, word in enumerate(numbered) if self._words.get(word.token.entry) is not word]
        return Tables([word.token for word in words], gone, by_key, packed, self.neighbours.together)

    def restore(self, tables: Tables) -> None:
        """What `tables` gave, into a lexicon without words; they stand in no name before `add` says so."""
        words = [Word(token) for token in tables.tokens]
        alone = [word.alone for word in words]
        if tables.by_key:
            self._keys.restore(
                {
                    key: alone[places]
                    if isinstance(places, int)
                    else tuple([words[place] for place in places])
                    for key, places in tables.by_key.items()
                },
                words,
            )
        elif words:
            self._keys.unpack(words, tables.gone, tables.packed)
        gone = frozenset(tables.gone)
        for place, word in enumerate(words):
            if place not in gone:
                self._words[word.token.entry] = word
                self.neighbours.put(word)
        self.neighbours.together = tables.together

    def forget_unused(self) -> None:
        """Let go of every word that stands in no name, as `restore` may have brought some."""
        for word in [word for word in self._words.values() if not word.names]:
            self._forget(word)

    def discard(self, number: int, tokens: Sequence[Token]) -> None:
        """Forget a name; a word that no name has left goes too."""
        self._clock += 1
        for token in tokens:
            word = self._words.get(token.entry)
            if word is None:
                continue
            word.names.discard(number)
            if not word.names:
                self._forget(word)
            self._note(word)

    def _forget(self, word: Word) -> None:
        del self._words[word.token.entry]
        self._keys.drop(word)
        self.neighbours.drop(word)
        word.alone = ()  # a cycle, which only a full garbage collection would find

    def expand(self, token: Token) -> Expansion:
        """The list's answers to a query word, current to the last change."""
        found = self._expansions.get(token.entry)
        now = self._clock
        if found is not None and (found.stamp == now or self._untouched(token, found, now)):
            return found
        made = self._expand_number(token, now) if token.cls is Class.NUMBER else self._expand(token, now)
        return self._room.keep(self._expansions, token.entry, made)

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
            if found.as_last is not found:
                self._grow(found, found.as_last.size)
        return found.as_last

    def _grow(self, found: Expansion, size: int) -> None:
        found.size += size
        self._room.grow(size)

    def having_exactly(self, token: Token) -> BitMap:
        """Names with exactly this word."""
        word = self._words.get(token.entry)
        return word.names if word else NO_NAMES

    def has(self, entry: str) -> bool:
        """Is it what a word of a name is filed under?"""
        return entry in self._words

    def joints(self, tokens: tuple[Token, ...]) -> list[tuple[tuple[int, ...], BitMap]]:
        """Neighbours of a query that the list has as one word: their places, and its names."""
        found = self.neighbours.joints(tokens)
        for place in range(len(tokens) - 1):
            parts = tokens[place : place + 2]
            if are_names_apart(parts) and (whole := make_token(parts[0].native + parts[1].native)):
                near = [word for word in self.expand(whole).near if joined(parts, word) is not NOTHING]
                if near:
                    found.append(
                        ((place, place + 1), union([self._words[word.entry].names for word in near]))
                    )
        return found

    def _untouched(self, token: Token, found: Expansion, now: int) -> bool:
        if found.stamp < self._horizon:
            return False
        begins = token.text[:SHORTEST_CUT]
        for changed, word in reversed(self._changes):
            if changed <= found.stamp:
                break
            if self._concerns(word, token):
                return False
            if word.text.startswith(begins) and found.as_last is not None:
                if found.as_last is not found:
                    self._grow(found, -found.as_last.size)
                found.as_last = None
        found.stamp = now
        return True

    def _concerns(self, word: Token, token: Token) -> bool:
        """Can a list word be the answer to a query word, or the first of several that are?"""
        if self.neighbours.could_begin(word, token):
            return True
        if _is_laid_beside(token):
            return any(share_a_key(each, word) for each in (token, *names_in(token)))
        kin = word.cls in SPELT and token.cls in SPELT
        return (likeness_of_kin(token, word) if kin else likeness(token, word)) is not NOTHING

    def _expand(self, token: Token, now: int) -> Expansion:
        spelt = token.cls in SPELT
        near, by_letter = self._by_letter(token) if spelt and len(token.text) > 1 else NO_LETTER
        every = [by_letter] if near else []
        weak = AS_INITIAL if near else 0.0
        strong: list[BitMap] = []
        alike: dict[Token, Likeness] = {}
        worth, beside = self._worth_comparing(token)
        for word in worth:
            other = word.token
            kin = spelt and other.cls in SPELT
            found = likeness_of_kin(token, other) if kin else likeness(token, other)
            if found is not NOTHING:
                alike[other] = found
                if found[0] >= STRONG:
                    strong.append(word.names)
                else:
                    every.append(word.names)
                    weak = max(weak, found[0])
        apart = self.neighbours.written_apart(token, now) if spelt else NO_NAMES
        if two := names_in(token):
            first, second = map(self.expand, two)
            apart = apart | both(first.names, second.names)
            beside += first.beside + second.beside
        if apart:
            strong.append(apart)
        best = union(strong)
        names = union([*every, best]) if best else union(every)
        if alike:
            near = {**near, **alike} if near else alike
        initial = token.cls is Class.INITIAL
        left = left_over(token)
        size = WORD_BYTES + (_size_of(near, names, best) if alike or apart else 0)
        return Expansion(now, token.weight, left, initial, near, names, best, weak, apart, beside, None, size)

    def _by_letter(self, token: Token) -> tuple[dict[Token, Likeness], BitMap]:
        """The initials on the list that may stand for a word, and their names: one table for all words that
        the same ones answer, since most words of payments are answered by nothing else."""
        begins = token.text[:2]
        known = self._letters.get(begins)
        if known is None:
            words = [
                word for word in self._keys.under(["." + begins[0]]) if likeness(token, word.token) is INITIAL
            ]
            near = {word.token: INITIAL for word in words}
            every = [*self._letters.values()]
            known = next((one for one in every if one[0] == near), None)
            known = self._letters[begins] = known or (near, union([word.names for word in words]))
        return known

    def _worth_comparing(self, token: Token) -> tuple[Iterable[Word], int]:
        """Every word that shares a key; of Latin ones only those so spelt or sounding, or of one class. And
        how many one of another alphabet is laid beside."""
        listed, by_class = self._keys, seeks_whole(token)
        gaps = gaps_sought(token, self.neighbours.unvocalised > 0)
        whole = by_class
        if token.cls in SPELT and len(token.text) == 1:
            whole = [*by_class, "." + token.text]
        if token.script is not Script.LATIN or token.cls not in SPELT:
            words = list(listed.under(whole, gaps + gaps_of_sound(token)))
            if not _is_laid_beside(token):
                return words, 0
            return self._worth_transcribing(token, words) if len(words) > FEW else words, len(words)
        heard, spelt = listed.under((), gaps_of_sound(token)), listed.under(whole, gaps)
        if len(heard) > FEW:
            heard = _near(token, heard)
        if len(spelt) <= FEW:
            return {*spelt, *heard}, 0
        words = list(spelt)
        texts = [word.text for word in words]
        found = {words[place] for place in near_in_letters(token.text, texts)}
        found.update(heard)
        if "" in texts:
            found.update([word for word in words if not word.text])
        if by_class:
            found.update(listed.under(by_class))
        return found, 0

    def _worth_transcribing(self, token: Token, words: list[Word]) -> Iterable[Word]:
        """Of words that share a key with one of another alphabet, Latin ones only if their letters may be its
        spelling, or as above."""
        texts = [word.text for word in words]
        near = read_as(token.native, texts) | near_in_letters(token.text, texts)
        near |= near_in_sound(token.skeleton, [word.sound for word in words])
        found = {word for place, word in enumerate(words) if place in near or not word.text}
        if kin := keys_by_class(token):
            found.update(self._keys.under(kin))
        return found

    def _expand_number(self, token: Token, now: int) -> Expansion:
        """A number that is not on the list is unlike all that are, in one way; invoices are full of them."""
        if self.neighbours.is_spelling(token.text):
            return self._expand(token, now)
        known = self._numbers
        if known is None:
            known = self._numbers = self._expand(token, now)
        left, near, names, strong = known.left, known.near, known.names, known.strong
        return Expansion(now, known.weight, left, False, near, names, strong, known.weak, known.apart)

    def _as_last(self, token: Token, found: Expansion, at_field: bool) -> Expansion:
        text = token.text
        if token.cls is Class.SYLLABLE:
            return found
        longer = {}
        begun = []
        if len(text) >= SHORTEST_CUT:
            for word in self._keys.under([key_of_longer(text)]):
                whole = word.token
                if whole.text.startswith(text):
                    cut = truncated(token, whole, at_field)
                    if cut[0] > found.near.get(whole, NOTHING)[0]:
                        longer[whole] = cut
                        begun.append(word.names)
        if not begun:
            return found
        names, strong = union([found.names, *begun]), union([found.strong, *begun])
        near = found.near | longer
        size = WORD_BYTES + _size_of(near, names, strong)
        return replace(found, near=near, names=names, strong=strong, as_last=None, size=size)

    def _note(self, word: Word) -> None:
        """What changed and when; while a list is loaded there is nothing that it could concern."""
        if word.token.cls is Class.NUMBER:
            self._numbers = None
        elif word.token.cls is Class.INITIAL:
            self._letters.clear()
        if self._expansions:
            if len(self._changes) == CHANGES:
                self._horizon = self._changes[0][0]
            self._changes.append((self._clock, word.token))


def _size(entry: str, found: Expansion) -> int:
    return CHARACTER_BYTES * len(entry) + found.size


def _size_of(near: dict[Token, Likeness], names: BitMap, strong: BitMap) -> int:
    """Bytes of what a word has that is like words of the list."""
    return NEAR_BYTES * len(near) + NAMES_BYTES + 2 * (len(names) + len(strong))


def _is_laid_beside(token: Token) -> bool:
    """Is it a word of another alphabet, whose letters may be the spelling of a Latin one?"""
    return token.script in ALPHABETS and token.cls in SPELT and is_transcribed(token.native)


def _near(token: Token, heard: Collection[Word]) -> list[Word]:
    """Of words that share a key of sound those that are near, and all that are not in Latin letters."""
    near = near_in_sound(token.skeleton, [word.sound for word in heard])
    near |= near_in_letters(token.text, [word.text for word in heard])
    return [word for place, word in enumerate(heard) if place in near or not word.text]
