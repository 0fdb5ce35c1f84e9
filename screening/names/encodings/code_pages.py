"""Texts in an older code page as UTF-8: of a page that is stated, or of Western Europe by how they look.

>>> as_utf8("Müller".encode("latin-1"), "ISO-8859-1").decode(), as_western("<Nm>Müller".encode("latin-1"))
('Müller', b'<Nm>M\\xc3\\xbcller')
>>> as_western("<Nm>Мюллер".encode("koi8-r"))
"""

import re
from collections.abc import Mapping
from typing import Final

_BY_ONE: Final[Mapping[str, str]] = {
    "iso-8859-1": "cp1252",  # whose letters Windows' programs write under that name
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
}
"""Pages of a byte a letter, by the names that XML gives them."""
_BY_SEVERAL: Final[Mapping[str, str]] = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
_WESTERN: Final = "cp1252"
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_ASCII: Final = re.compile(rb"[A-Za-z]")
FEW_BEYOND: Final = 2
"""Letters beyond ASCII in a word that has an ASCII letter as well: été."""


def as_utf8(raw: bytes, page: str) -> bytes | None:
    """A text in the page that it says, as UTF-8; None for a page that is not read, and for bytes not in it.

    What is UTF-8 all the same stays so in a page of a byte a letter, as whose letters UTF-8 is no words. In a
    page of several it may be words of either, and so is none.
    """
    page = page.lower()
    codec = _BY_ONE.get(page) or _BY_SEVERAL.get(page)
    if codec is None:
        return None
    try:
        raw.decode()
    except UnicodeDecodeError:
        return _from(raw, codec)
    return raw if page in _BY_ONE or raw.isascii() else None


def as_western(raw: bytes) -> bytes | None:
    """A text that is no UTF-8 and says no page, read as Western Europe's; None where it could be another.

    There most letters of each word are ASCII; a page of Cyrillic, Greek, Arabic or Chinese has words without
    any. The pages of Windows for Central Europe, whose words look the same, are known when names are read.
    """
    if _NO_TEXT.search(raw):
        return None
    for word in set(_WORD.findall(raw)):
        in_ascii = len(_ASCII.findall(word))
        beyond = len(word) - in_ascii
        if beyond > 1 and not (beyond < in_ascii or (in_ascii and beyond <= FEW_BEYOND)):
            return None
    return _from(raw, _WESTERN)


def _from(raw: bytes, codec: str) -> bytes | None:
    try:
        return raw.decode(codec).encode()
    except UnicodeError:
        return None
