"""Texts in an older code page as UTF-8.

>>> as_utf8("Müller".encode("latin-1"), "ISO-8859-1").decode()
'Müller'
"""

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


def _from(raw: bytes, codec: str) -> bytes | None:
    try:
        return raw.decode(codec).encode()
    except UnicodeError:
        return None
