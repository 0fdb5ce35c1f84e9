"""Text of list files: blanks tidied, damage named."""

import re

from screening.designations import Kind


def tidy(text: str | None) -> str:
    """One line, single spaces, nothing at the ends; None is "" (XML gives it for an empty element)."""
    return " ".join(text.split()) if text else ""


def reading_order(name: str, kind: Kind | None) -> str:
    """ "MKRTYCHEV, Ashot" -> "Ashot MKRTYCHEV" for people; companies have commas of their own."""
    last, comma, first = tidy(name).partition(", ")
    return f"{first} {last}" if kind is Kind.PERSON and comma else tidy(name)


def has_control_characters(text: str) -> bool:
    """Line ends and tabs aside, no list has them; a damaged or binary file does."""
    return not text.isprintable() and any(
        (char < " " and char not in "\t\r\n") or char == "\x7f" for char in text
    )


def is_mojibake(text: str) -> bool:
    """UTF-8 that somebody read as Latin-1 or Windows-1252: "Müller" -> "MÃ¼ller".

    Each of its letters became two or three: an accented capital before a sign that no name has there.
    """
    return _UTF_8_LETTER.search(text.translate(_WINDOWS_1252)) is not None


_UTF_8_LETTER = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_WINDOWS_1252 = {
    ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))
}
