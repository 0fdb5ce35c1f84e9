"""Which numbers stand under a key, for millions of keys: eight bytes a pair, where a dict takes a hundred.

Keys are told by 47 bits of their hash. Two that share them are told apart by nobody here: whoever looks up
takes what it finds for a candidate and looks closer.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

BUCKET_BITS = 15
"""Ten million pairs are some three hundred a bucket, which takes 20 us to sort."""
_BUCKETS = 1 << BUCKET_BITS
_BUCKET = _BUCKETS - 1
"""The bits of a hash that choose its bucket."""
_NUMBERS = (1 << 32) - 1


class KeyTable:
    """Pairs of a key and a number below 2^32; every change is effective with the next call.

    What is added is put at the end of its bucket, which is sorted when it is next looked into: while a list
    is loaded nobody looks.
    """

    def __init__(self) -> None:
        self._buckets: list[array[int] | None] = [None] * _BUCKETS
        self._unsorted = bytearray(_BUCKETS)

    def add(self, key: str, number: int) -> None:
        """Put a number under a key; a pair that is there stays once for each time it was added."""
        self.add_all((key,), number)

    def add_all(self, keys: Iterable[str], number: int) -> None:
        """Put a number under several keys."""
        buckets, unsorted = self._buckets, self._unsorted
        for key in keys:
            code = hash(key)
            bucket = code & _BUCKET
            pair = (code >> BUCKET_BITS & _NUMBERS) << 32 | number
            pairs = buckets[bucket]
            if pairs is None:
                buckets[bucket] = array("Q", (pair,))
            else:
                pairs.append(pair)
                unsorted[bucket] = 1

    def discard(self, key: str, number: int) -> None:
        """Take one such pair out, where there is one."""
        code = hash(key)
        pairs = self._sorted(code & _BUCKET)
        if pairs is None:
            return
        pair = _pair(code, number)
        at = bisect_left(pairs, pair)
        if at < len(pairs) and pairs[at] == pair:
            del pairs[at]

    def under(self, key: str) -> Iterator[int]:
        """The numbers under a key, and those of keys that share its hash."""
        code = hash(key)
        pairs = self._sorted(code & _BUCKET)
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
        buckets, unsorted = self._buckets, self._unsorted
        found: set[int] = set()
        for key in keys:
            code = hash(key)
            bucket = code & _BUCKET
            pairs = self._sorted(bucket) if unsorted[bucket] else buckets[bucket]
            if pairs is None:
                continue
            first = (code >> BUCKET_BITS & _NUMBERS) << 32
            last = first | _NUMBERS
            at = bisect_left(pairs, first)
            while at < len(pairs) and (pair := pairs[at]) <= last:
                found.add(pair & _NUMBERS)
                at += 1
        return found

    def _sorted(self, bucket: int) -> "array[int] | None":
        """The pairs of a bucket in order; None where it has none."""
        pairs = self._buckets[bucket]
        if pairs is not None and self._unsorted[bucket]:
            pairs = self._buckets[bucket] = array("Q", sorted(pairs))
            self._unsorted[bucket] = 0
        return pairs


def _pair(code: int, number: int) -> int:
    """The hash's bits above those that chose the bucket, then the number."""
    return ((code >> BUCKET_BITS) & _NUMBERS) << 32 | number
