"""Text that was read in another encoding than it was written in, read again as it was meant.

A system that takes UTF-8, or the Cyrillic of Windows or of KOI8, for a code page of its own shows letters
all the same, only others: what comes out looks like a name and is none.

>>> reread("Ð\\x98Ð²Ð°Ð½"), reread("РџРµС‚СЂРѕРІ"), reread("Âëàäèìèð Ïóòèí")
('Иван', 'Петров', 'Владимир Путин')
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

MOST_TIMES: Final = 3
"""A text may be misread again, by so many systems at the most."""
_LEADS: Final = b"\xc3\xc4\xc5\xd0\xd1"
"""First bytes of letters in UTF-8: of accents and of Cyrillic ones."""
_FOLLOWING: Final = bytes(range(0x80, 0xC0))

_AS_LATIN: Final = re.compile(
    "(?:[\u00c3\u00c4\u00c5\u00ce\u00cf\u00d0\u00d1\u00d7-\u00db][\u0080-\u00bf\u0152-\u2122]|\u00c2[\u0080-\u00bf]"
    "|[\u00e1-\u00ec][\u0080-\u00bf\u0152-\u2122]{2}|(?:\u00e0[\u0080-\u00bf\u0152-\u2122]{2}){2,})+"
)
"""UTF-8 of letters, two or three bytes each, read as Latin-1 or Windows-1252; of those of India and Thailand
two in a row, for in French an à may stand before a blank and a quotation mark."""
_NO_LETTER: Final = "\x98\ufffd"
"""What is seen of the one byte that is nothing in Windows-1251, the second of the letter И."""
MOST_BY_CHANCE: Final = 2
"""So many pairs in a row a language may write: the Рі of a Ukrainian word, a dash before a capital É."""


_BY_LETTER: Final = {"cp1254": "\u011e", "cp1250": "\u0110"}
"""Pages of Turkey and of Central Europe, and what the first byte of most Cyrillic letters is there: Ğ, Đ."""


_LOOK_LATIN: Final = "\u0406\u0456\u0408\u0458\u0405\u0455"
"""Cyrillic letters that a forger may have put behind another one into a word of Latin letters."""


def _pages() -> Iterator[tuple[str, "re.Pattern[str]"]]:
    """Code pages that UTF-8 is read as, and the letters of two bytes each that are seen then."""
    for page in ("cp1251", *_BY_LETTER, "koi8-r", "cp866", "cp437", "mac-roman"):
        following = re.escape(_FOLLOWING.decode(page, "ignore")) + _NO_LETTER
        leads = set(_LEADS.decode(page, "ignore"))
        usual = {lead for lead in leads if lead.isalpha() or lead in "\u2013\u2014"}
        pairs = f"(?:[{''.join(sorted(leads))}][{following}])"
        signs = f"[{''.join(sorted(leads - usual))}][{following}]{pairs}*|" if leads - usual else ""
        if page == "cp1251":
            accented = f"(?:[\u0413\u0414][{following}]|\u0415(?![{_LOOK_LATIN}])[{following}])+"
            signs = f"(?<=[A-Za-z]){accented}|{accented}(?=[A-Za-z])|"
        yield page, re.compile(f"{signs}{pairs}{{{MOST_BY_CHANCE + 1},}}")


_PAGES: Final = tuple(_pages())
_UNUSUAL: Final = re.compile("[\u2500-\u259f\u2013\u2014\u221a\u0192\u2248]")
"""Lines of frames, dashes and signs of mathematics that letters of UTF-8 begin with in these pages but
Windows-1251."""
_TWO: Final = re.compile("[^\\x00-\\x7f]{2}")
_SIGN: Final = re.compile("[\u0080-\u0370\u0402-\u040f\u0452-\u045f\u0490\u0491\u2010-\u259f]")
"""Of these one is in whatever was misread but Cyrillic of one byte a letter as the other."""
_ACCENTED: Final = "\u00c0-\u00ff\u00a8\u00aa\u00af\u00b2\u00b3\u00b8\u00ba\u00bf"
_ACCENTED_WORD: Final = re.compile(f"(?<![^\\W_])[{_ACCENTED}]{{4,}}(?![^\\W_])")
"""A word of accented letters alone, which no language writes."""
_ACCENTED_WORDS: Final = re.compile(f"(?<![A-Za-z])[{_ACCENTED}]{{2,}}(?![A-Za-z])")
_INVERTED: Final = re.compile("(?<![^\\W_])[а-яё][А-ЯЁ]{3,}(?![^\\W_])")
"""A small letter before capitals: in KOI8 these stand where Windows has the others."""
_CYRILLIC_WORDS: Final = re.compile("[А-Яа-яЁё]{2,}")
_COMMON: Final = frozenset("оеаинтсрвл")
"""The ten letters that Russian has most: seven of ten in a text, four where others stand for them."""


def reread(text: str) -> str:
    """The text as it was written, where it can only have been misread; else as it is."""
    if _TWO.search(text) is None:
        return text
    if _SIGN.search(text) is None:
        return _of_the_other_cyrillic(text) if _INVERTED.search(text) else text
    for _ in range(MOST_TIMES):
        before = text
        text = _AS_LATIN.sub(_as_utf8, _of_pages(text))
        if text == before:
            break
    return _ACCENTED_WORDS.sub(_from_latin, text) if _ACCENTED_WORD.search(text) else text


def _as_utf8(found: "re.Match[str]") -> str:
    """The bytes that were read one by one, read as UTF-8; as they are where they are none."""
    try:
        return b"".join(map(_byte, found.group())).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return found.group()


def _byte(char: str) -> bytes:
    return char.encode("latin-1") if ord(char) < 0x100 else char.encode("cp1252")


def _of_pages(text: str) -> str:
    unusual = _UNUSUAL.search(text) is not None
    for page, pairs in _PAGES:
        if page == "cp1251" or (_BY_LETTER[page] in text if page in _BY_LETTER else unusual):
            text = pairs.sub(partial(_from_page, page=page), text)
    return text


def _from_page(found: "re.Match[str]", page: str) -> str:
    try:
        held = [b"\x98" if char in _NO_LETTER else char.encode(page) for char in found.group()]
        return b"".join(held).decode("utf-8")
    except UnicodeError:
        return found.group()


def _from_latin(found: "re.Match[str]") -> str:
    held = found.group().encode("latin-1")
    return max((held.decode(page, "ignore") for page in ("cp1251", "koi8-r")), key=_share)


def _of_the_other_cyrillic(text: str) -> str:
    """KOI8 that was read as Windows-1251, or the other way round; a name typed with the capitals locked is
    neither."""
    return max(text, _swapped(text, "koi8-r", "cp1251"), _swapped(text, "cp1251", "koi8-r"), key=_share)


def _swapped(text: str, written: str, read: str) -> str:
    return _CYRILLIC_WORDS.sub(
        lambda found: found.group().encode(read, "ignore").decode(written, "ignore"), text
    )


def _share(text: str) -> int:
    """How many letters of a text are common ones, more than which reading of it has them."""
    return sum(letter in _COMMON for letter in text.casefold())
