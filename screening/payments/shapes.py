"""What a value looks like, if its place does not say what it is."""

import re
from collections.abc import Sequence
from functools import cache

from screening.countries import country_code
from screening.names.cleaning import clean
from screening.names.encodings.packed import SHORTEST_PACKED_WORD, held_in

_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{5,}(?![^\W_])")
_SHORT_WORDS = re.compile(r"[^\W\d_]{2,4}(?:[\W_][^\W\d_]{2,4}){1,7}")
"""Short words of letters and nothing else: KIM_JONG_UN."""
_CODE = re.compile(r"(?=[^0-9]*+[0-9])(?:[A-Za-z]{0,4}+[0-9,./:+_-]++)+[A-Za-z]{0,4}+").fullmatch
"""Letters in fours at the most and digits among them: what nearly every reference is, and no word."""
_ESCAPES = frozenset("%=&\\")
"""What letters begin with that are written as figures: `%D0%9A`, `=D0=9A`, `&#1050;`, `\\u041a`."""
_PLACEHOLDERS = frozenset(("NOTPROVIDED", "/NOTPROVIDED", "NONREF"))


_LETTERS = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?![^\W_])")
_OTHER_LETTERS = re.compile(r"[^\W\d_\x00-\x7f]{2}").search
LONGEST_CODE = 1_000
"""Characters; the longest in use is a structured reference of 140."""
LONG_WORD = 5
"""Letters of a word that may be a name by itself; shorter ones are codes as often. In ASCII only: 金正恩 is a
whole name, and no code has letters of another script."""


def holds_words(text: str) -> bool:
    """Whether a value that should be a code could be a name: two words of letters, or a long one.

    Whatever stands between the words: a blank of any kind, an underscore, a dash. Letters that are hidden,
    encoded or set apart count as they are read. What is longer than any code could be whatever it likes.

    >>> holds_words("KIM_JONG_UN"), holds_words("GB29 NWBK 6016 1331"), holds_words("3f0c1a52-7d5e-4a0b-9d61")
    (True, False, False)
    """
    if len(text) < LONG_WORD:
        return not text.isascii() and _OTHER_LETTERS(text) is not None
    if len(text) > LONGEST_CODE:
        return True
    if text.isalnum() and text.isascii():  # one word; with a digit inside it is a code
        return text.isalpha() or _is_packed(text)
    words = _LETTERS.findall(clean(text))
    if len(words) > 1 or (words and (len(words[0]) >= LONG_WORD or not words[0].isascii())):
        return True
    return _is_packed(text)


_TEXT_IN_FIGURES = re.compile(
    r"(?:0?x)?(?:[2-7][0-9A-Fa-f]|[CDcd][0-9A-Fa-f][89ABab][0-9A-Fa-f]|[Ee][0-9A-Fa-f](?:[89ABab][0-9A-Fa-f]){2})+"
).fullmatch
"""A text in UTF-8 in hexadecimal figures."""


def _is_packed(text: str) -> bool:
    """Whether a code is a text in Base64, which has both cases as few codes have, or in hexadecimal."""
    if len(text) < SHORTEST_PACKED_WORD or len(text) % 4 == 1:
        return False
    if text.isupper() or text.islower() or text.isdigit():
        return _TEXT_IN_FIGURES(text) is not None
    return bool(held_in(text))


def is_reference(text: str) -> bool:
    """Whether a value is a code, a number or a reference and holds no name: one word of letters with digits,
    or a short one.

    >>> is_reference("pacs008EndToEnd-001"), is_reference("OUR"), is_reference("VERSOR-2023")
    (True, True, False)
    """
    if text.isalnum() and text.isascii():  # most of them, and nothing to look for
        if text.isalpha():
            return len(text) < LONG_WORD or text in _PLACEHOLDERS
        return not _is_packed(text)
    if _CODE(text):
        return True
    words = text.split()
    if len(words) > 1:
        return False
    if not text.isascii() or not _ESCAPES.isdisjoint(text):
        return not holds_words(text)
    if len(text) < LONG_WORD:
        return True
    if _WORD.search(text) or _SHORT_WORDS.fullmatch(text):
        return words[0] in _PLACEHOLDERS
    return not _is_packed(text)


def said_in(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines of a value that may hold a name, each with its number. A short word by itself is a code;
    beside other lines it may be a part of a name.

    >>> said_in(["IVAN", "ZUVAVOV", "INV7"]), said_in(["103", "240101"]), said_in(["CRED"])
    ([(1, 'IVAN'), (2, 'ZUVAVOV')], [], [])
    """
    alone = len(lines) < 2
    return [
        (number, line)
        for number, line in enumerate(lines, 1)
        if not is_reference(line) or not (alone or _NO_WORD(line))
    ]


_NO_WORD = re.compile(r"[\W_]*|.*[0-9].*").fullmatch


BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
"""The shape of a BIC, which a name of eight or eleven capitals has as well."""
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
"""The shape of an IBAN (ISO 13616)."""


def is_bic(text: str) -> bool:
    """Whether a value in a field for a BIC is one: it names a country.

    >>> is_bic("DEUTDEFF"), is_bic("BRIMOTEK")
    (True, False)
    """
    found = BIC.fullmatch(text)
    return found is not None and _is_country(found[1])


@cache
def _is_country(code: str) -> bool:
    """Cached for each two letters, which are few and occur in every payment."""
    return country_code(code) is not None
