"""The words of the list by the keys that find them: in a dict, or of a long list in a fifth of its memory."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain

from screening.key_table import KeyTable
from screening.matching.spellings import NO_NUMBER, Word, Words, drop

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

    def put(self, word: Word, keys: Iterable[str]) -> None:
        """Have a word found by these keys."""
        if self._table is None and len(self._words) >= MOST_KEYS:
            self._table = self._compact()
        if self._table is None:
            alone = word.alone
            for key in keys:
                held = self._words.setdefault(key, alone)
                if held is not alone:
                    self._words[key] = (*held, word)
            return
        self._table.add_all(keys, self._number(word))

    def drop(self, word: Word, keys: Iterable[str]) -> None:
        """Take back a `put` of the same keys."""
        if self._table is None:
            for key in keys:
                drop(self._words, key, word)
            return
        for key in keys:
            self._table.discard(key, word.number)
        self._free.append(word.number)

    def under(self, wanted: Iterable[str]) -> Collection[Word]:
        """The words under any of these keys, each once."""
        if self._table is None:
            return set(chain.from_iterable(filter(None, map(self._words.get, wanted))))
        return list(map(self._numbered.__getitem__, self._table.under_any(wanted)))

    def spelt_out(self) -> Mapping[str, Words]:
        """Every key with its words; of a long list none, for the compact table does not know its keys."""
        return self._words

    def restore(self, words: dict[str, Words]) -> None:
        """What `spelt_out` gave, into a table without words."""
        self._words = words

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
