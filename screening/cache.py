"""What was computed once is kept for the next time, in bounded tables."""

from collections import OrderedDict
from itertools import islice
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

GONE_AT_ONCE: Final = 256
"""The part of a full table that goes to make room: of 262,144 words a thousand, in 0.3 ms."""


def keep(memory: dict[Key, Value], key: Key, value: Value, most: int) -> Value:
    """Add to a table that holds `most` entries, whose oldest go first; returns the value.

    Reading is the dict's own `get`: it notes no use, as `functools.lru_cache` does in twice the time.
    """
    if len(memory) >= most and key not in memory:
        for oldest in list(islice(memory, max(1, most // GONE_AT_ONCE))):
            del memory[oldest]
    memory[key] = value
    return value


class Memory(Generic[Key, Value]):
    """A table of at most so many entries and bytes; what was not asked for longest goes first.

    It counts how often it was asked and how often it knew. A call may be broken off anywhere by an exception
    from outside (`streams.worker.budget`): then it holds less than it may, never more.

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
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Value | None:
        """What is kept under the key, which counts as used now; None for what is not."""
        self.asked += 1
        found = self._entries.get(key)
        if found is None:
            return None
        self.known += 1
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value that takes `size` bytes, its key included; one larger than the table is not kept."""
        self._forget(key)
        if size > self.most_bytes or self.most <= 0:
            return
        while self._entries and (len(self._entries) >= self.most or self.bytes + size > self.most_bytes):
            self._forget(next(iter(self._entries)))
        self.bytes += size
        self._entries[key] = (value, size)

    def clear(self) -> None:
        """Forget everything but the counts."""
        self._entries.clear()
        self.bytes = 0

    def _forget(self, key: Key) -> None:
        gone = self._entries.pop(key, None)
        if gone is not None:
            self.bytes -= gone[1]
