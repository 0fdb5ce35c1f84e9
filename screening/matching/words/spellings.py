"""Words of the list, and tables that find them: by how they are spelt or sound, and by key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from pyroaring import BitMap

from screening.cache import keep
from screening.keys.sieve import COMPILED, Gaps, Sieve, keys_of
from screening.keys.table import KeyTable
from screening.names.scripts import Script
from screening.names.tokens import SPELT, Token, gaps_listed, keys

NO_NUMBER: Final = -1
"""Of a word that stands under its keys itself."""


@dataclass(slots=True, eq=False)
class Word:
    """A word of the list and the numbers of the names it stands in."""

    token: Token
    names: BitMap = field(default_factory=BitMap)
    alone: "Words" = ()
    """The word by itself, once for all the keys that find no other: of a million names two million."""
    number: int = NO_NUMBER
    """In a `KeyTable`; none where words stand under their keys themselves."""
    text: str = ""
    sound: str = ""
    """How a word in Latin letters is spelt and sounds; nothing of others, which are like words for more
    reasons."""

    def __post_init__(self) -> None:
        self.alone = (self,)
        if self.token.script is Script.LATIN and self.token.cls in SPELT:
            self.text, self.sound = self.token.text, self.token.skeleton


Words = tuple[Word, ...] | dict[Word, None]
"""In the order in which they came."""
MANY_WORDS: Final = 64
"""Words under one key: of more each comes and goes without the others being copied. The public lists have a
few such keys; an entry of 100,000 names that are alike made nothing else, and took minutes."""
NO_NAMES: Final = BitMap()
"""Shared by all that found none; nobody adds to it."""
FEW_SETS: Final = 12
"""More are joined the smallest first: of a million names in 84 us, where all at once takes 98."""
MOST_NAMES: Final = 256
"""Unions of names kept: one consonant is a whole word of hundreds, and every unvocalised word begins so."""
SIEVED = COMPILED
"""Are only those keys of a query word looked up that pass the sieve?"""
BEGINNING: Final = 3
"""Letters by which longer words are looked for: few list words begin alike, so few lengths are tried."""


def union(sets: Iterable[BitMap]) -> BitMap:
    """What is in any of them; of one set, that set itself."""
    sets = list(sets)
    if len(sets) > FEW_SETS:
        sets.sort(key=len)
    elif len(sets) < 2:
        return sets[0] if sets else NO_NAMES
    found = sets[0] | sets[1]
    for further in sets[2:]:
        found |= further
    return found


def both(some: BitMap, others: BitMap) -> BitMap:
    """What is in the one and the other: nearly always nothing, which is told at a third of the cost."""
    return NO_NAMES if some.isdisjoint(others) else some & others


def put(table: dict[str, Words], key: str, word: Word) -> None:
    """Have a word found by one more key."""
    held = table.get(key)
    if held is None:
        table[key] = word.alone
    elif isinstance(held, dict):
        held[word] = None
    else:
        table[key] = (*held, word) if len(held) < MANY_WORDS else dict.fromkeys((*held, word))


def drop(table: dict[str, Words], key: str, word: Word) -> None:
    """Take back a `put`."""
    held = table[key]
    if isinstance(held, dict):
        del held[word]
        if len(held) <= MANY_WORDS // 2:
            table[key] = tuple(held)
        return
    place = held.index(word)  # an entry's words go as they came: the next is the first
    rest = held[:place] + held[place + 1 :]
    if rest:
        table[key] = rest[0].alone if len(rest) == 1 else rest
    else:
        del table[key]


class Spellings:
    """List words by one way of writing them down: their letters, their sound, or their consonants.

    `shortest`: letters of the shortest word that is looked for inside another.
    """

    def __init__(self, shortest: int = 2) -> None:
        self._shortest = shortest
        self.words: dict[str, Words] = {}
        """Spelling -> words; to look into, `put` and `drop` change it."""
        self._lengths: dict[str, int] = {}
        """A word's beginning -> bit n is set if a word of n letters begins so. Bits outlive their words."""
        self._names: dict[str, BitMap] = {}
        """Spelling -> the names of its words, where several have it; good until the list changes."""

    def put(self, spelling: str, word: Word) -> None:
        put(self.words, spelling, word)
        beginning = spelling[:BEGINNING]
        self._lengths[beginning] = self._lengths.get(beginning, 0) | 1 << len(spelling)

    def drop(self, spelling: str, word: Word) -> None:
        drop(self.words, spelling, word)

    def forget_names(self) -> None:
        """A word came, went or stands in other names."""
        self._names.clear()

    def in_parts(self, whole: str, most: int, within: BitMap | None = None) -> BitMap:
        """Names with words that written together are `whole`, at most so many of them.

        Of "abubakr" in two parts: the names with both "abu" and "bakr".
        """
        found = NO_NAMES
        end = self._shortest
        longest = len(whole) - end
        if longest < end:
            return found
        lengths = 0
        for letters in range(end, BEGINNING + 1):
            lengths |= self._lengths.get(whole[:letters], 0)
        lengths >>= end
        while lengths and end <= longest:
            if lengths & 1:
                names = self._names_of(whole[:end], within)
                if names:
                    rest = whole[end:]
                    last = self._names_of(rest, names)
                    if last:
                        found = found | last
                    if most > 2:
                        further = self.in_parts(rest, most - 1, names)
                        if further:
                            found = found | further
            lengths >>= 1
            end += 1
        return found

    def _names_of(self, spelling: str, within: BitMap | None) -> BitMap:
        words = self.words.get(spelling)
        if words is None:
            return NO_NAMES
        if len(words) == 1:
            names = next(iter(words)).names
        else:
            known = self._names.get(spelling)
            names = known or keep(self._names, spelling, union([word.names for word in words]), MOST_NAMES)
        return names if within is None else both(names, within)


MOST_KEYS = 1 << 20
"""Keys up to which a dict holds them, of some 150,000 names: it answers in half the time (32 and 62 us for
the 31 keys of a word), and takes 110 bytes a key, where the compact table takes 20."""


class WordKeys:
    """Key -> words. The compact table knows words by number; words that go leave theirs to the next."""

    def __init__(self) -> None:
        self._words: dict[str, Words] = {}
        self._table: KeyTable | None = None
        """In place of the dict, once the list is long."""
        self._numbered: list[Word] = []
        self._free: list[int] = []
        """Numbers of words that are gone, which no key has any more."""
        self._sieve = Sieve()

    def put(self, word: Word) -> None:
        """Have a word found by its keys."""
        sought = keys(word.token)
        if self._table is None and len(self._words) >= MOST_KEYS:
            self._table = self._compact()
        if self._table is None:
            alone, words = word.alone, self._words
            for key in sought:
                if words.setdefault(key, alone) is not alone:
                    put(words, key, word)
        else:
            self._table.add_all(sought, self._number(word))
        self._note(word)

    def _note(self, word: Word) -> None:
        """A word that is found by its keys from now on."""
        if SIEVED:
            for gaps in gaps_listed(word.token):
                self._sieve.note(gaps)
            if self._sieve.is_full:
                self._sieve = Sieve(self._sieve.bits + 1)
                for held in self._numbered or set(chain.from_iterable(self._words.values())):
                    self._note(held)

    def drop(self, word: Word) -> None:
        """Take back a `put`."""
        sought = keys(word.token)
        if self._table is None:
            for key in sought:
                drop(self._words, key, word)
            return
        for key in sought:
            self._table.discard(key, word.number)
        self._free.append(word.number)

    def under(self, whole: Iterable[str], gaps: Iterable[Gaps] = ()) -> Collection[Word]:
        """The words under any of these keys, each once."""
        wanted, sieved = [*whole], SIEVED
        for each in gaps:
            wanted += self._sieve.passed(each) if sieved else keys_of(each)
        if not wanted:
            return ()
        if self._table is None:
            words = self._words
            if len(wanted) == 1:
                return words.get(wanted[0], ())
            if sieved:
                return set(chain.from_iterable([words.get(key, ()) for key in wanted]))
            # one key in six is known; which, is told without a call for each
            return set(chain.from_iterable(map(words.__getitem__, words.keys() & wanted)))
        return list(map(self._numbered.__getitem__, self._table.under_any(wanted)))

    def spelt_out(self) -> Mapping[str, Words]:
        """Every key with its words; of a long list none, for the compact table does not know its keys."""
        return self._words

    def restore(self, by_key: dict[str, Words], words: Iterable[Word]) -> None:
        """What `spelt_out` gave, into a table without words; `words`: all that are in it."""
        self._words = by_key
        for word in words:
            self._note(word)

    def packed(self) -> tuple[Sequence[Word], Iterable[bytes]]:
        """Of a long list the words by number, some of which may be gone, and the table of their keys."""
        return (self._numbered, self._table.packed()) if self._table is not None else ((), ())

    def unpack(self, words: Sequence[Word], gone: Sequence[int], packed: Iterable[bytes]) -> None:
        """What `packed` gave, into a table without words; `gone`: numbers that are no word's any more.

        Raises ValueError for what it did not give.
        """
        self._table = KeyTable()
        self._table.unpack(packed)
        self._numbered = list(words)
        self._free = list(gone)
        for number, word in enumerate(words):
            word.number = number
            self._note(word)

    def _compact(self) -> KeyTable:
        table = KeyTable()
        for key, words in self._words.items():
            for word in words:
                table.add(key, self._number(word))
        self._words = {}
        return table

    def _number(self, word: Word) -> int:
        if word.number == NO_NUMBER:
            if self._free:
                word.number = self._free.pop()
                self._numbered[word.number] = word
            else:
                word.number = len(self._numbered)
                self._numbered.append(word)
        return word.number
