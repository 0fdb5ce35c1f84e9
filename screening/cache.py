"""Bounded tables that keep computed values."""

from collections import OrderedDict
from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from itertools import islice
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

GONE_AT_ONCE: Final = 256
"""The part of a full table that goes to make room: of 262,144 words a thousand, in 0.3 ms."""
AGES: Final = 8
"""An entry that is used moves to the end once an eighth of the table was added since it last moved. Moving it
each time would touch four more entries, which lie anywhere in memory."""
MOST_CHARACTERS: Final = 1 << 19
"""Of words that are read until what is kept of single ones is forgotten: it takes up to half a kilobyte a
character, and 16,384 words of a hundred letters would fill the memory."""

_BY_WORD: Final[list[Callable[[], object]]] = []


def by_word(most: int) -> Callable[[Callable[..., Value]], "_lru_cache_wrapper[Value]"]:
    """`functools.lru_cache` for a function of words, which `forget_words` empties."""

    def wrapped(function: Callable[..., Value]) -> "_lru_cache_wrapper[Value]":
        cached = lru_cache(maxsize=most)(function)
        _BY_WORD.append(cached.cache_clear)
        return cached

    return wrapped


def forget_words() -> None:
    """Empty every table of `by_word`: whoever reads words says when they have been too many characters."""
    for clear in _BY_WORD:
        clear()


class Characters:
    """Counts the characters of the words that are read, for tables that are emptied together."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._count = 0

    def are_too_many(self, text: str) -> bool:
        """Whether with this text they are too many for the tables; the count starts anew then, as they must.

        >>> characters = Characters(most=5)
        >>> [characters.are_too_many(text) for text in ("abc", "de", "f", "ghijk")]
        [False, False, True, True]
        """
        self._count += len(text)
        if self._count <= self._most:
            return False
        self._count = len(text)
        return True


def keep(memory: dict[Key, Value], key: Key, value: Value, most: int) -> Value:
    """Add an entry to a table of at most `most` entries, dropping the oldest ones; returns the value.

    Read it with the dict's own `get`. That does not record use, as `functools.lru_cache` does, and takes half
    the time.
    """
    if len(memory) >= most and key not in memory:
        for oldest in _oldest(memory):
            del memory[oldest]
    memory[key] = value
    return value


def _oldest(full: dict[Key, Value]) -> list[Key]:
    """What goes first to make room in a full table."""
    return list(islice(full, max(1, len(full) // GONE_AT_ONCE)))


class Room(Generic[Key, Value]):
    """Keeps a table, as `keep` does, within so many entries and so much of what these take: characters or
    bytes, by `size`.

    The oldest entries go, a few at a time: to empty a table of 250,000 words at once would hold a worker up,
    and make it slow until it has met them again. An exception from outside may leave too much counted; the
    table then empties itself, and it is counted anew.

    >>> room, table = Room[str, int](9, lambda word, _: len(word), at_most=5), dict[str, int]()
    >>> for word in ("abc", "de", "f"):
    ...     _ = room.keep(table, word, len(word))
    >>> table
    {'de': 2, 'f': 1}
    """

    def __init__(self, most: int, size: Callable[[Key, Value], int], at_most: int) -> None:
        self._most = most
        self._size = size
        self._at_most = at_most
        self._taken = 0

    def keep(self, table: dict[Key, Value], key: Key, value: Value) -> Value:
        """Add an entry, or put another in its place; returns the value."""
        if key in table:
            self._taken -= self._size(key, table.pop(key))
        size = self._size(key, value)
        self._taken += size
        while table and (len(table) >= self._most or self._taken > self._at_most):
            self._drop_oldest(table)
        if not table:
            self._taken = size
        table[key] = value
        return value

    def grow(self, size: int) -> None:
        """An entry of the table takes so much more than when it came; `size` says so, too, from now on."""
        self._taken += size

    def _drop_oldest(self, table: dict[Key, Value]) -> None:
        for oldest in _oldest(table):
            self._taken -= self._size(oldest, table.pop(oldest))


class Memory(Generic[Key, Value]):
    """A table bounded by entries and bytes, which drops the least recently used entry first; a large table
    tells recent use to within an eighth of its entries.

    It counts lookups and hits. An exception from outside (`streams.worker.budget`) may interrupt any call;
    the table then holds less than it may, never more.

    >>> known: Memory[str, int] = Memory(most=2, most_bytes=1_000)
    >>> for name in ("a", "b", "a", "c"):
    ...     if known.get(name) is None:
    ...         known.put(name, 1, size=100)
    >>> known.get("a"), known.get("b")
    (1, None)
    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self.bytes = 0
        self.asked = 0
        self.known = 0
        self._puts = 0
        self._entries: OrderedDict[Key, tuple[Value, int, int]] = OrderedDict()
        """Value, size, and the number of entries added so far when it last moved to the end."""

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Value | None:
        """The value under a key, which counts as used now; None if there is none."""
        self.asked += 1
        found = self._entries.get(key)
        if found is None:
            return None
        self.known += 1
        value, size, used = found
        if (1 + self._puts - used) * AGES > len(self._entries):
            self._entries.move_to_end(key)
            self._entries[key] = (value, size, self._puts)
        return value

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of `size` bytes, its key included. A value larger than the table is not kept."""
        self._forget(key)
        if size > self.most_bytes or self.most <= 0:
            return
        while self._entries and (len(self._entries) >= self.most or self.bytes + size > self.most_bytes):
            self._forget(next(iter(self._entries)))
        self.bytes += size
        self._puts += 1
        self._entries[key] = (value, size, self._puts)

    def clear(self) -> None:
        """Drop everything except the counts."""
        self._entries.clear()
        self.bytes = 0

    def _forget(self, key: Key) -> None:
        gone = self._entries.pop(key, None)
        if gone is not None:
            self.bytes -= gone[1]
