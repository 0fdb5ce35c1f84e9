"""Text of list files: blanks tidied, damage named."""

import re
from collections.abc import Iterable
from dataclasses import replace

from screening.designations import Kind, Name, NameType, Quality


def tidy(text: str | None) -> str:
    """One line, single spaces, nothing at the ends; None is "" (XML gives it for an empty element)."""
    return " ".join(text.split()) if text else ""


def reading_order(name: str, kind: Kind | None) -> str:
    """ "MKRTYCHEV, Ashot" -> "Ashot MKRTYCHEV" for people; companies have commas of their own."""
    last, comma, first = tidy(name).partition(", ")
    return f"{first} {last}" if kind is Kind.PERSON and comma else tidy(name)


def once_each(names: Iterable[Name]) -> tuple[Name, ...]:
    """Each text once, the first as the primary name. One that stands there both weak and strong is strong:
    what one regime or one row says of it must not keep it from alerting."""
    found: dict[str, Name] = {}
    for name in names:
        held = found.get(name.text)
        if held is None:
            found[name.text] = name if found else replace(name, type=NameType.PRIMARY)
        elif name.quality is Quality.STRONG:
            found[name.text] = replace(held, quality=Quality.STRONG)
    return tuple(found.values())


_NOBODY = frozenset(
    ("n/a", "n.a.", "none", "null", "unknown", "not known", "tbd", "not available", "not applicable")
)
_DASHES = re.compile(r"[-\u2010-\u2015._/\\*\s]+")


def is_nobody(text: str) -> bool:
    """What people and programs write into a cell that holds no name: "N/A", "unknown", "-".

    >>> is_nobody("N/A"), is_nobody("--"), is_nobody("????"), is_nobody("Na")
    (True, True, False, False)
    """
    return text.casefold() in _NOBODY or _DASHES.fullmatch(text) is not None


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


def has_lost_letters(text: str) -> bool:
    """Letters in whose place an alphabet without them put question marks, or a reader the sign for bytes that
    are none: "Müller" -> "M?ller", "M\ufffdller"."""
    return "\ufffd" in text or ("?" in text and _LOST_LETTER.search(text) is not None)


_LOST_LETTER = re.compile(r"[^\W\d_]\?|\?[^\W\d_]|\?{2,}")


_UTF_8_LETTER = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_WINDOWS_1252 = {
    ord(char): byte for byte in range(0x80, 0xA0) if (char := bytes([byte]).decode("cp1252", "ignore"))
}
