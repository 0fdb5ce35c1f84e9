"""The words of the list, and which of them can answer a word of a query.

An `Expansion` is computed once for a query word and then kept: the list words like it and the names they
stand in. Updates do not clear it. Every change of the list is noted in a log; an expansion reads, on its
next use, what was changed since, and is computed anew only if that shares a key with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from screening.names import Class, Token
from screening.names.scripts import Script
from screening.similarity import LONGEST_RUN, SHORTEST_CUT, Likeness, joined, likeness

LOG_LENGTH = 128
"""Changes an expansion checks one by one (0.5 us each); after more it is cheaper to compute it anew."""
CACHED_WORDS = 200_000
"""Expansions kept, about 1 kB each; payment traffic repeats its words, so the oldest may go first."""


@dataclass(slots=True, eq=False)
class Word:
    """A word of the list and the numbers of the names it stands in."""

    token: Token
    names: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Expansion:
    """What the list has for one query word."""

    stamp: int
    near: dict[str, Likeness]
    """List word (its native form) -> how alike; everything else is not alike."""
    names: set[int]
    """Names with such a word, or with neighbours that written together are such a word."""
    begun: set[int]
    """Names with a longer word of which this word is the beginning."""


class Lexicon:
    """Fuzzy lookup from word to word by shared keys; exact, because likeness needs a shared key."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._by_key: dict[str, Word | tuple[Word, ...]] = {}
        self._expansions: dict[str, Expansion] = {}
        self._log: list[set[str]] = []
        self._log_start = 0

    def __len__(self) -> int:
        return len(self._words)

    def add(self, number: int, tokens: Sequence[Token]) -> None:
        """Note the words of a name."""
        for token in tokens:
            word = self._words.get(token.native)
            if word is None:
                word = self._words[token.native] = Word(token)
                for key in token.keys:
                    self._put(key, word)
            word.names.add(number)
        self._note(tokens)

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
        now = self._log_start + len(self._log)
        if found is not None:
            if found.stamp == now:
                return found
            missed = found.stamp - self._log_start
            if missed >= 0 and all(token.keys.isdisjoint(keys) for keys in self._log[missed:]):
                found.stamp = now
                return found
        elif len(self._expansions) >= CACHED_WORDS:
            for native in list(self._expansions)[: CACHED_WORDS // 4]:
                del self._expansions[native]
        found = self._expansions[token.native] = self._expand(token, now)
        return found

    def written_together(self, parts: Sequence[Token]) -> set[int]:
        """Names that have these query words as one word."""
        names: set[int] = set()
        keys = ["".join([part.text for part in parts]), "~" + "".join([part.skeleton for part in parts])]
        if any(part.script is Script.ABJAD for part in parts):
            keys.append("|" + "".join([part.bones for part in parts]))
        for key in keys:
            for word in self._having(key):
                if joined(parts, word.token).score:
                    names |= word.names
        return names

    def _expand(self, token: Token, now: int) -> Expansion:
        near: dict[str, Likeness] = {}
        names: set[int] = set()
        for word in {word for key in token.keys for word in self._having(key)}:
            found = likeness(token, word.token)
            if found.score:
                near[word.token.native] = found
                names |= word.names
        if token.cls is Class.WORD:
            names |= self._written_apart(token)
        return Expansion(now, near, names, self._begun_by(token))

    def _written_apart(self, token: Token) -> set[int]:
        """Names whose neighbouring words are, together, this query word."""
        names = self._parts(token.text, "", LONGEST_RUN) | self._parts(token.skeleton, "~", LONGEST_RUN)
        if token.script is Script.ABJAD:
            names |= self._parts(token.bones, "|", LONGEST_RUN)
        return names

    def _parts(self, rest: str, tag: str, most: int, within: set[int] | None = None) -> set[int]:
        """Names with list words that written together are `rest` (as text, skeleton or bones)."""
        found: set[int] = set()
        for end in range(2, len(rest) - 1):
            names = self._spelt(rest[:end], tag, within)
            if names:
                found |= self._spelt(rest[end:], tag, names)
                if most > 2:
                    found |= self._parts(rest[end:], tag, most - 1, names)
        return found

    def _spelt(self, part: str, tag: str, within: set[int] | None) -> set[int]:
        names: set[int] = set()
        for word in self._having(tag + part):
            token = word.token
            if part == (token.text if not tag else token.skeleton if tag == "~" else token.bones):
                names |= word.names if within is None else word.names & within
        return names

    def _begun_by(self, token: Token) -> set[int]:
        names: set[int] = set()
        if len(token.text) >= SHORTEST_CUT:
            for word in self._having("^" + token.text[:SHORTEST_CUT]):
                if word.token.text.startswith(token.text):
                    names |= word.names
        return names

    def _having(self, key: str) -> Iterator[Word] | tuple[Word, ...]:
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
        """What changed, as the keys by which an expansion is concerned."""
        if len(self._log) >= LOG_LENGTH:
            self._log_start += len(self._log)
            self._log = []
        self._log.append(set().union(*[token.keys for token in tokens]))
