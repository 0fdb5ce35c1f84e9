"""The hash by which everyone who holds a list can say that it is the same list."""

import hashlib

_MODULUS = 1 << 256


class ListDigest:
    """A rolling hash over a list's entries, whatever their order.

    The sum modulo 2^256 of SHA-256(key + NUL + value) over all entries: adding and removing one entry
    costs one SHA-256, and two tables with equal entries have equal digests however they came to them
    (an additive multiset hash; Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing", 1997).
    It proves against loss and mix-ups, not against somebody who may write to the topic.
    """

    __slots__ = ("_sum", "count")

    def __init__(self) -> None:
        self._sum = 0
        self.count = 0

    @property
    def sha256(self) -> str:
        """64 hex digits; all zero for the empty list."""
        return f"{self._sum:064x}"

    def add(self, key: bytes, value: bytes) -> bytes:
        """Count one entry in; returns its own hash, by which `remove_hash` takes it out again."""
        entry = hashlib.sha256(key + b"\0" + value).digest()
        self._sum = (self._sum + int.from_bytes(entry)) % _MODULUS
        self.count += 1
        return entry

    def remove(self, key: bytes, value: bytes) -> None:
        """Count one entry out."""
        self.remove_hash(hashlib.sha256(key + b"\0" + value).digest())

    def remove_hash(self, entry: bytes) -> None:
        """Count one entry out by what `add` returned for it."""
        self._sum = (self._sum - int.from_bytes(entry)) % _MODULUS
        self.count -= 1
