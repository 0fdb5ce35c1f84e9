"""Rows of signs: scripts that put no blanks between words, or endings straight behind a name.

付款给佐瓦贸易公司货款 ("paid to ... for goods") is one word to whoever looks for blanks, and
김영철에게 is "to Kim Yong Chol". Han, kana, Hangul, Thai, Lao, Burmese and Khmer are such scripts
(Unicode 16, chapters 16 and 18).
"""

import re
import unicodedata

from screening.names.vocabulary import simplified_han

FEWEST, FEWEST_LETTERS = 3, 6
"""Signs of a name that is looked for in a row, and of one that is written with letters, as Thai is."""
LONG = 5
"""Signs of a name that no other name continues; to a shorter one a row adds `AROUND` at the least, for one
sign more is another person's name: 金永哲华 is not 金永哲."""
AROUND = 2

_HAN_HANGUL = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f\uac00-\ud7a3"
_LETTERS = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
_ROW = re.compile(f"[{_HAN_HANGUL}{_LETTERS}]{{{FEWEST + 1},}}")
_OF_SYLLABLES = re.compile(f"[{_HAN_HANGUL}]{{{FEWEST},}}")
_MIXED = re.compile(f"[{_HAN_HANGUL}{_LETTERS}]{{{FEWEST_LETTERS},}}")
_DOTS = re.compile("[\u00b7\u2022\u2027\u30fb\uff65]")
_BLANKS = re.compile(r"[\s\u00b7\u2022\u2027\u30fb\uff65()]+")
_BRACKETS = str.maketrans("", "", "()")
"""Around the place of a company, in the midst of its name: 佐瓦(香港)有限公司."""


def rows_of(text: str) -> list[str]:
    """The rows of a text that may hold a name and more; dots between a name's parts are left out, and of one
    with brackets those without them are read as well.

    >>> rows_of("Rechnung 付款给佐瓦贸易公司 2023")
    ['付款给佐瓦贸易公司']
    """
    if text.isascii():
        return []
    text = _DOTS.sub("", _in_plain_signs(text))
    rows = _ROW.findall(text)
    return rows + _ROW.findall(text.translate(_BRACKETS)) if "(" in text else rows


def _in_plain_signs(text: str) -> str:
    """Of one width, and Han as China writes it today: a list may have 華信 where a payment has 华信."""
    return unicodedata.normalize("NFKC", text).translate(simplified_han())


def windows(row: str) -> list[str]:
    """As many signs as the shortest name has, wherever in a row one may begin."""
    return [row[place : place + FEWEST] for place in range(len(row) - FEWEST + 1)]


def as_row(name: str) -> str:
    """A name as it stands in a row; empty for one in another script, or too short to be told there.

    >>> as_row("キム・ヨンチョル"), as_row("李明"), as_row("Kim")
    ('キムヨンチョル', '', '')
    """
    if name.isascii():
        return ""
    row = _BLANKS.sub("", _in_plain_signs(name))
    return row if _OF_SYLLABLES.fullmatch(row) or _MIXED.fullmatch(row) else ""


class RowNames:
    """The names of a list by how they begin, each with how many entries bear it."""

    def __init__(self) -> None:
        self._by_start: dict[str, dict[str, tuple[str, int]]] = {}

    def put(self, name: str) -> None:
        """A list name, as listed."""
        if row := as_row(name):
            held = self._by_start.setdefault(row[:FEWEST], {})
            _, entries = held.get(name, (row, 0))
            held[name] = row, entries + 1

    def remove(self, name: str) -> None:
        """What `put` added."""
        if row := as_row(name):
            held = self._by_start[row[:FEWEST]]
            _, entries = held.pop(name)
            if entries > 1:
                held[name] = row, entries - 1
            if not held:
                del self._by_start[row[:FEWEST]]

    def within(self, text: str) -> tuple[str, ...]:
        """The names that rows of a text hold besides other signs, each once, as listed.

        >>> names = RowNames()
        >>> names.put("佐瓦贸易公司")
        >>> names.within("付款给佐瓦贸易公司货款")
        ('佐瓦贸易公司',)
        """
        if text.isascii() or not self._by_start:
            return ()
        found: dict[str, None] = {}
        for row in rows_of(text):
            for place, begun in enumerate(windows(row)):
                for name, (signs, _) in self._by_start.get(begun, {}).items():
                    if _has_room(row, signs) and row.startswith(signs, place):
                        found[name] = None
        return tuple(found)


def _has_room(row: str, name: str) -> bool:
    return len(row) - len(name) >= (1 if len(name) >= LONG else AROUND)
