"""Which numbers stand under a key, for millions of keys: eight bytes a pair, where a dict takes a hundred.

Keys are told by 32 bits of their hash, which is the same in every process, so that a table can be kept. Two
keys that share them are told apart by nobody here: whoever looks up takes what it finds for a candidate and
looks closer. Of ten million keys one in 430 others finds something that is not its own.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from sys import byteorder
from typing import Final
from zlib import crc32

BUCKET_BITS: Final = 15
"""Ten million pairs are some three hundred a bucket, which takes 20 us to sort."""
_BUCKETS: Final = 1 << BUCKET_BITS
_BUCKET: Final = _BUCKETS - 1
"""The bits of a hash that choose its bucket."""
_NUMBERS: Final = (1 << 32) - 1
_PACKED: Final = 1 << 10
"""Buckets that are packed together."""
_EMPTY: Final = array("Q")
FEW: Final = 8
"""So many numbers under a key are read one by one, more at once: 30 in half the time, 100 in a quarter."""
_NUMBER_OF_PAIR: Final = 0 if byteorder == "little" else 1
"""The half of a pair that is its number."""


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
            code = _code(key)
            bucket = code & _BUCKET
            pair = code >> BUCKET_BITS << 32 | number
            pairs = buckets[bucket]
            if pairs is None:
                buckets[bucket] = array("Q", (pair,))
            else:
                pairs.append(pair)
                unsorted[bucket] = 1

    def discard(self, key: str, number: int) -> None:
        """Take one such pair out, where there is one."""
        code = _code(key)
        pairs = self._sorted(code & _BUCKET)
        if pairs is None:
            return
        pair = _pair(code, number)
        at = bisect_left(pairs, pair)
        if at < len(pairs) and pairs[at] == pair:
            del pairs[at]

    def under(self, key: str) -> list[int]:
        """The numbers under a key, and those of keys that share its hash."""
        code = _code(key)
        pairs = self._sorted(code & _BUCKET)
        found: list[int] = []
        if pairs is None:
            return found
        first = _pair(code, 0)
        last = first | _NUMBERS
        at = bisect_left(pairs, first)
        while at < len(pairs) and (pair := pairs[at]) <= last:
            found.append(pair & _NUMBERS)
            at += 1
        return found

    def under_any(self, keys: Iterable[str]) -> set[int]:
        """The numbers under any of these keys: as `under` for each, in half the time."""
        buckets, unsorted = self._buckets, self._unsorted
        found: set[int] = set()
        for key in keys:
            code = _code(key)
            bucket = code & _BUCKET
            pairs = self._sorted(bucket) if unsorted[bucket] else buckets[bucket]
            if pairs is None:
                continue
            first = code >> BUCKET_BITS << 32
            last = first | _NUMBERS
            at = bisect_left(pairs, first)
            end = at + FEW
            if end < len(pairs) and pairs[end] <= last:
                end = bisect_right(pairs, last, end)
                found.update(array("I", pairs[at:end].tobytes())[_NUMBER_OF_PAIR::2])
                continue
            while at < len(pairs) and (pair := pairs[at]) <= last:
                found.add(pair & _NUMBERS)
                at += 1
        return found

    def packed(self) -> Iterator[bytes]:
        """The table as bytes, for `unpack`: of so many buckets how many pairs each has, then all of these."""
        for begin in range(0, _BUCKETS, _PACKED):
            pairs = [self._sorted(bucket) or _EMPTY for bucket in range(begin, begin + _PACKED)]
            yield b"".join([array("I", map(len, pairs)).tobytes(), *[each.tobytes() for each in pairs]])

    def unpack(self, packed: Iterable[bytes]) -> None:
        """What `packed` gave, into an empty table. Raises ValueError for anything else."""
        bucket = 0
        for part in packed:
            place = 4 * _PACKED
            for count in array("I", part[:place]):
                if count:
                    pairs = self._buckets[bucket] = array("Q")
                    pairs.frombytes(part[place : place + 8 * count])
                    place += 8 * count
                bucket += 1
            if place != len(part):
                raise ValueError("a packed table is not whole")
        if bucket != _BUCKETS:
            raise ValueError("a packed table is not whole")

    def _sorted(self, bucket: int) -> "array[int] | None":
        """The pairs of a bucket in order; None where it has none."""
        pairs = self._buckets[bucket]
        if pairs is not None and self._unsorted[bucket]:
            pairs = self._buckets[bucket] = array("Q", sorted(pairs))
            self._unsorted[bucket] = 0
        return pairs


def _pair(code: int, number: int) -> int:
    """The hash's bits above those that chose the bucket, then the number."""
    return code >> BUCKET_BITS << 32 | number


def _code(key: str) -> int:
    return crc32(key.encode("utf-8", "surrogatepass"))
