"""Text that a word holds as its bytes, in Base64 or in hexadecimal figures.

So JSON has a column of bytes, the ledgers of crypto-assets their memos, and gateways whole messages.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Final

SHORTEST_PACKED_WORD: Final = 16
"""Signs, of twelve bytes in Base64 and of eight in hexadecimal figures."""
_PACKED: Final = re.compile(rf"(?<![\w+/=-])[A-Za-z0-9+/_-]{{{SHORTEST_PACKED_WORD},}}(?![\w+/-])")
"""In either alphabet of Base64; padding is left out by some."""
_HEXADECIMAL: Final = re.compile(r"(?:0?x)?((?:[0-9A-Fa-f]{2}){8,})")
"""As it is, as programs write it, and as PostgreSQL does behind its backslash."""
_URL_SAFE: Final = str.maketrans("+/", "-_")
_LAST_OF_FEW_SIGNS: Final = "\u06ff"
"""Of the alphabets of Europe and the Near East: bytes of no text make signs of all others as well."""


def held_in(text: str) -> list[str]:
    """The texts that words of a text hold as bytes; of any other word none.

    >>> held_in("payload UXVvcnZleCBNYXJpdGltZQ== ref AB12CD34EF56GH78 memo 4956414E205A555641564F56")
    ['Quorvex Maritime', 'IVAN ZUVAVOV']
    """
    if not _may_have_long_word(text):
        return []
    words = _one_of_lines(text) or _PACKED.findall(text)
    return [held for word in words for packed in _bytes_of(word) if (held := _text_of(packed))]


def _may_have_long_word(text: str) -> bool:
    """Do so many signs stand in it somewhere without a blank? Told by a few looks for the last blank."""
    place, last = 0, len(text) - SHORTEST_PACKED_WORD
    while place <= last:
        blank = text.rfind(" ", place, place + SHORTEST_PACKED_WORD)
        if blank < 0:
            return True
        place = blank + 1
    return False


def _bytes_of(word: str) -> Iterator[bytes]:
    if figures := _HEXADECIMAL.fullmatch(word):
        yield bytes.fromhex(figures[1])
    try:
        yield urlsafe_b64decode(word.translate(_URL_SAFE) + "=" * (-len(word) % 4))
    except ValueError:
        return


def _text_of(packed: bytes) -> str:
    """The text in UTF-8, or in UTF-16 as Windows has it; empty for bytes that are none."""
    for encoding, last in (("utf-8", ""), ("utf-16", _LAST_OF_FEW_SIGNS), ("utf-16-be", _LAST_OF_FEW_SIGNS)):
        try:
            text = packed.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all((sign.isprintable() or sign.isspace()) and sign <= (last or sign) for sign in text):
            return text
    return ""


def _one_of_lines(text: str) -> list[str]:
    """The one word whose lines of equal length a text is, as mail and PEM break Base64; none of any other."""
    first, *lines = text.split()
    if not lines or len(first) < SHORTEST_PACKED_WORD or any(len(line) != len(first) for line in lines[:-1]):
        return []
    whole = "".join((first, *lines)).rstrip("=")
    return [whole] if len(lines[-1]) <= len(first) and _PACKED.fullmatch(whole) else []
