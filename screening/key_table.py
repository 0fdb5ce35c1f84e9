"""Which numbers stand under a key, for millions of keys: eight bytes a pair, where a dict takes a hundred.

Keys are told by 47 bits of their hash. Two that share them are told apart by nobody here: whoever looks up
takes what it finds for a candidate and looks closer.
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

BUCKET_BITS = 15
"""A pair is put into a sorted array of some hundred others: of ten million, a microsecond each."""
_BUCKETS = (1 << BUCKET_BITS) - 1
_NUMBERS = (1 << 32) - 1


class KeyTable:
    """Pairs of a key and a number below 2^32; every change is effective with the next call."""

    def __init__(self) -> None:
        self._buckets: list[array[int] | None] = [None] * (_BUCKETS + 1)

    def add(self, key: str, number: int) -> None:
        """Put a number under a key; a pair that is there stays once for each time it was added."""
        code = hash(key)
        pairs = self._buckets[code & _BUCKETS]
        if pairs is None:
            pairs = self._buckets[code & _BUCKETS] = array("Q")
        insort(pairs, _pair(code, number))

    def add_all(self, keys: Iterable[str], number: int) -> None:
        """Put a number under several keys: as `add` for each, in two thirds of the time."""
        buckets = self._buckets
        for key in keys:
            code = hash(key)
            pairs = buckets[code & _BUCKETS]
            if pairs is None:
                pairs = buckets[code & _BUCKETS] = array("Q")
            insort(pairs, (code >> BUCKET_BITS & _NUMBERS) << 32 | number)

    def discard(self, key: str, number: int) -> None:
        """Take one such pair out, where there is one."""
        code = hash(key)
        pairs = self._buckets[code & _BUCKETS]
        if pairs is None:
            return
        pair = _pair(code, number)
        at = bisect_left(pairs, pair)
        if at < len(pairs) and pairs[at] == pair:
            del pairs[at]

    def under(self, key: str) -> Iterator[int]:
        """The numbers under a key, and those of keys that share its hash."""
        code = hash(key)
        pairs = self._buckets[code & _BUCKETS]
        if pairs is None:
            return
        first = _pair(code, 0)
        last = first | _NUMBERS
        at = bisect_left(pairs, first)
        while at < len(pairs) and pairs[at] <= last:
            yield pairs[at] & _NUMBERS
            at += 1

    def under_any(self, keys: Iterable[str]) -> set[int]:
        """The numbers under any of these keys: as `under` for each, in half the time."""
        buckets = self._buckets
        found: set[int] = set()
        for key in keys:
            code = hash(key)
            pairs = buckets[code & _BUCKETS]
            if pairs is None:
                continue
            first = (code >> BUCKET_BITS & _NUMBERS) << 32
            last = first | _NUMBERS
            at = bisect_left(pairs, first)
            while at < len(pairs) and (pair := pairs[at]) <= last:
                found.add(pair & _NUMBERS)
                at += 1
        return found


def _pair(code: int, number: int) -> int:
    """The hash's bits above those that chose the bucket, then the number."""
    return ((code >> BUCKET_BITS) & _NUMBERS) << 32 | number
