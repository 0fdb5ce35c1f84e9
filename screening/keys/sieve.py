"""Which keys with letters gone no word of the list has, told in a few nanoseconds each.

A word that nobody has seen seeks some thirty keys, nearly all of them itself without a letter or two, and the
list has five of them. To make each key and to look it up in a table larger than the processor's caches was
half of what such a word costs. So keys have numbers that follow from one another: of a word without its
third letter from that without its second. Two bits say that some word of the list has a key of that number, a
Bloom filter (CACM 13/7, 1970); of the others nothing is made. That holds for compiled code; interpreted, such
a number costs what a key costs.
"""

from itertools import combinations
from types import FunctionType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64  # what `make native` computes with; Python takes any number

SMALLEST, LARGEST = 23, 26
"""A megabyte, which a processor has near; and eight, for a million names with three million keys."""
FULL: Final = 8
"""A sieve of which one bit in so many is set lets too much pass."""
_CODE: Final = (1 << 31) - 1
"""Numbers are taken modulo 2^31, so that no product passes 2^63."""
_BASE: Final = 1_000_003
_SPREAD: Final = 1_640_531_527
_SPREAD_BITS: Final = 26
"""Multiplied so, the bits from here on depend on all bits of a number (Knuth's multiplicative hash)."""
_NUMBER_BITS: Final = 36
"""Of a number so spread."""
_NUMBER: Final = (1 << _NUMBER_BITS) - 1
_ALL_PASS: Final = b"\xff"


Gaps = tuple[str, str, int]
"""Keys that are a word with letters gone, wherever they stood: one sign that tells them from other keys, or
none; the word; and how many letters are gone, two at most."""


def keys_of(gaps: Gaps) -> list[str]:
    """All of them, in any order."""
    tag, text, gone = gaps
    if not gone:
        return [tag + text]
    return [tag + "".join(left) for left in combinations(text, len(text) - gone)]


def key_of(gaps: Gaps, place: int) -> str:
    """The one whose number stands at this place in `spread`."""
    tag, text, gone = gaps
    if not gone:
        return tag + text
    if gone == 1:
        return f"{tag}{text[:place]}{text[place + 1 :]}"
    first, second = _TWO_OF[len(text)][place]
    return f"{tag}{text[:first]}{text[first + 1 : second]}{text[second + 1 :]}"


LONGEST_WITHOUT_TWO: Final = 12
"""Letters of the longest word of which two may be gone; no longer word than of seven is looked for so."""
_TWO_OF: Final = [tuple(combinations(range(letters), 2)) for letters in range(LONGEST_WITHOUT_TWO + 1)]


class Sieve:
    """The keys of all words that were noted, as bits. They outlive their words; a bit that two keys share
    costs a search that finds nothing."""

    def __init__(self, bits: int = SMALLEST) -> None:
        self.bits = bits
        self._bits = bytearray(1 << bits - 3)
        self._set = 0
        self._looked_into = b""
        """A copy of the bits, until the next is set: compiled code makes an object of each byte of an array
        that can be changed."""

    @property
    def is_full(self) -> bool:
        """Is it time for a larger one?"""
        return self._set * FULL > 1 << self.bits and self.bits < LARGEST

    def note(self, gaps: Gaps) -> None:
        """A word of the list is found by these keys."""
        bits, size = self._bits, 1 << self.bits
        for each in spread(gaps):
            for slot in (each & (size - 1), each * size >> _NUMBER_BITS):
                held, bit = bits[slot >> 3], 1 << (slot & 7)
                if not held & bit:
                    bits[slot >> 3] = held | bit
                    self._set += 1
                    self._looked_into = b""

    def passed(self, gaps: Gaps) -> list[str]:
        """Those of the keys that a word of the list may have: all that one has, and of the others few."""
        bits = self._looked_into
        if not bits:
            bits = self._looked_into = bytes(self._bits)
        return [key_of(gaps, each >> _NUMBER_BITS) for each in _placed(gaps, bits)]


def spread(gaps: Gaps) -> list[int]:
    """The numbers of the keys of a word, those with the first letters gone first. The number of a key is the
    sum of its letters, each times the base to the power of its place."""
    return [each & _NUMBER for each in _placed(gaps, _ALL_PASS)]


def _placed(gaps: Gaps, bits: bytes) -> list[int]:
    """The numbers whose bit is set, and above each its place among all of them: one object for both, and
    none for those that do not pass."""
    tag, word, gone = gaps
    text = word.encode()
    start = (ord(tag) if tag else 0) << 20
    if gone == 2:
        return _without_two(text, start, bits)
    if gone == 1:
        return _without_one(text, start, bits)
    number = _spread(_number(text, start))
    return [int(number)] if _is_set(bits, number) else []


def _is_set(bits: bytes, number: "i64") -> bool:
    """Both bits of a number: its lowest ones say where the one is, its highest where the other."""
    size: i64 = len(bits) << 3  # a power of two up to 2^26, so that no product passes 2^63
    slot: i64 = number & (size - 1)
    byte: i64 = bits[slot >> 3]
    if byte >> (slot & 7) & 1 == 0:
        return False
    slot = number * size >> _NUMBER_BITS
    byte = bits[slot >> 3]
    return byte >> (slot & 7) & 1 == 1


def _number(text: bytes, start: "i64") -> "i64":
    code: i64 = start
    power: i64 = 1
    for place in range(len(text)):
        letter: i64 = text[place]
        code = (code + letter * power) & _CODE
        power = power * _BASE & _CODE
    return code


COMPILED: Final = not isinstance(spread, FunctionType)


def _spread(code: "i64") -> "i64":
    return code * _SPREAD >> _SPREAD_BITS


def _without_one(text: bytes, start: "i64", bits: bytes) -> list[int]:
    """Where a letter more stands before the gap, one less stands behind: so one number leads to the next."""
    found = []
    code = _number(text[1:], start)
    number = _spread(code)
    if _is_set(bits, number):
        found.append(int(number))
    power: i64 = 1
    before: i64 = text[0]
    for place in range(1, len(text)):
        letter: i64 = text[place]
        code = (code + (before - letter) * power) & _CODE
        power = power * _BASE & _CODE
        before = letter
        number = _spread(code)
        if _is_set(bits, number):
            found.append(place << _NUMBER_BITS | int(number))
    return found


def _without_two(text: bytes, start: "i64", bits: bytes) -> list[int]:
    """The same for each place of the first gap, and within that for the second."""
    first_code = _number(text[2:], start)
    first_power: i64 = 1
    found = []
    place: i64 = 0
    last = len(text) - 1
    for first in range(last):
        code, power = first_code, first_power
        before: i64 = text[first]
        for second in range(first + 1, last + 1):
            letter: i64 = text[second]
            if second > first + 1:
                code = (code + (before - letter) * power) & _CODE
                power = power * _BASE & _CODE
            before = letter
            number = _spread(code)
            if _is_set(bits, number):
                found.append(int(place << _NUMBER_BITS | number))
            place += 1
        if first + 2 <= last:
            moved: i64 = text[first] - text[first + 2]
            first_code = (first_code + moved * first_power) & _CODE
            first_power = first_power * _BASE & _CODE
    return found
