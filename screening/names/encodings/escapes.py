"""Letters as web pages, addresses, mail, programs and documents write them where ASCII is all they may write.

A system that takes such text for plain text passes it on, and what comes out looks like no name.

>>> decoded("Zuv&aacute;vov"), decoded("=?UTF-8?B?0JjQstCw0L0=?="), decoded("M%C3%BCller"), decoded("Mu=F1oz")
('Zuvávov', 'Иван', 'Müller', 'Muñoz')
"""

import html
import re
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final

MOST_DECODINGS: Final = 3
"""An entity may be encoded again ("&amp;#65;"), by so many systems at the most."""
_ENTITY: Final = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z]{2,8}\d{0,2};)")
_BYTES: Final = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-F]{2})+|(?:\\[x'][0-9A-Fa-f]{2})+|(?:\\[0-3][0-7]{2}){2,}"
)
"""Bytes as web addresses, mail (quoted-printable), programs and RTF write them; by eights, as Protobuf and
PostgreSQL print those of letters that are not ASCII's."""
_NO_FIGURES: Final = re.compile(r"\\[x']|[%=]")
_CUT_LINE: Final = re.compile(r"=(?:\r\n|\n)")
"""Where mail breaks a line that goes on."""
FEWEST_BYTES: Final = 2
"""Of letters that are none of ASCII's. One alone behind % or = is a letter only within a word: what stands
there may be a name that begins with figures of the same look ("to=FADEL")."""
_CODED: Final = re.compile(r"(?:(?<!\\)\\++|%)u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]{1,5})\})")
"""A letter as JSON and programs escape it, escaped once more on its way, or more often; with a percent sign
by browsers."""
_CODED_BLANK: Final = re.compile(r"\\[nrt](?![a-z])|(?<=[A-Z\d.,])\\[nrt]")
"""The same of the end of a line or a tab."""
_NUMBERED: Final = re.compile(r"\\u(-?[1-9]\d{2,4}) ?(?:\?|\\'[0-9A-Fa-f]{2})")
"""A letter by its number as RTF has it, with what is shown of it where it cannot be."""
_BEYOND_ARABIC: Final = 0x800
"""A number of four figures from here on is JSON's, in which all letters before begin with a 0."""
_MAIL_WORD: Final = (
    r"=\?(?:utf|iso|windows|koi8|cp|gb|big5|euc|shift|us|mac|tis)[\w-]{0,20}(?:\*[\w-]{1,20})?"
    r"\?[bq]\?[^?\n]*(?:\?=|\??$)"
)
_MAIL_WORDS: Final = re.compile(rf"{_MAIL_WORD}(?:\s*{_MAIL_WORD}){{0,63}}", re.IGNORECASE)
"""Text in the head of a mail (RFC 2047), of which the end may be cut off. Several side by side say it
together, and may part the bytes of a letter: so many at the most, for which the library takes no time."""
_LABEL: Final = re.compile(r"(?<![\w-])xn--([a-z0-9-]{1,59})", re.IGNORECASE)
"""A label of a web address (RFC 3492)."""
_OF_A_SHEET: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A sign that XML may not hold or may not keep, as sheets have it."""
_INLINE_TAG: Final = re.compile(
    r"</?(?:b|i|u|s|q|em|strong|span|font|small|big|sub|sup|tt|code|kbd|var|cite|abbr|bd[io]|del|ins|strike"
    r"|nobr|wbr|mark|label|a)\b[^<>]{0,200}>|<!--[^<>]{0,200}-->",
    re.I,
)
"""Tags that stand within a word and part none, and comments."""
_BLOCK_TAG: Final = re.compile(
    r"</?(?:br|p|div|table|t[dhr]|ul|ol|li|dl|d[dt]|hr|h[1-6]|pre|center|blockquote)\b[^<>]{0,200}>", re.I
)


def may_be_encoded(text: str) -> bool:
    """Is there a sign in a text without which `decoded` changes nothing?"""
    return (
        "&" in text
        or "%" in text
        or "=" in text
        or "\\" in text
        or "<" in text
        or "--" in text
        or "_x" in text
    )


def decoded(text: str) -> str:
    """Without these encodings, and without the tags of web pages."""
    for _ in range(MOST_DECODINGS):
        before = text
        if "&" in text:
            text = _ENTITY.sub(_entity, text)
        if "=?" in text:
            text = _MAIL_WORDS.sub(_of_mail, text)
        if "\\" in text:
            text = _CODED_BLANK.sub(" ", _NUMBERED.sub(_of_number, text))
        if "\\" in text or "%" in text or "=" in text:
            text = _CODED.sub(_of_code, _BYTES.sub(_of_bytes, _CUT_LINE.sub("", text)))
        if "_x" in text:
            text = _OF_A_SHEET.sub(_of_code, text)
        if "--" in text:
            text = _LABEL.sub(_of_label, text)
        if text == before:
            break
    if "<" in text:
        text = _BLOCK_TAG.sub(" ", _INLINE_TAG.sub("", text))
    return text


def _entity(found: "re.Match[str]") -> str:
    return html.unescape(found.group())


def _of_code(found: "re.Match[str]") -> str:
    """The letter; half of a surrogate pair is none."""
    code = int(found[found.lastindex or 0], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _of_number(found: "re.Match[str]") -> str:
    """The letter; numbers that do not fit 15 bits are written as negative ones."""
    code = int(found[1]) % 0x10000
    is_json_s = len(found[1]) == len("0000") and code >= _BEYOND_ARABIC
    return found[0] if is_json_s or 0xD800 <= code <= 0xDFFF else chr(code)


def _of_bytes(found: "re.Match[str]") -> str:
    """The letters of bytes: UTF-8, or else as Windows has them, which `misread` reads as what they are."""
    written = found[0]
    if written[1].isdigit() and written[0] == "\\":
        held = bytes([int(eights, 8) for eights in written.split("\\")[1:]])
    else:
        held = bytes.fromhex(_NO_FIGURES.sub("", written))
    try:
        text = held.decode("utf-8")
    except UnicodeDecodeError:
        text = held.decode("cp1252", "ignore")
        fewest = 1 if written[0] == "\\" or _is_within_a_word(found) else FEWEST_BYTES
        return text if sum(byte > 0x7F for byte in held) >= fewest else written
    if written[0] == "=" and len(held) == 1 and (text.isalnum() or not _is_between_words(found)):
        return written
    return text


def _is_within_a_word(found: "re.Match[str]") -> bool:
    before, behind = _beside(found)
    return before.isalpha() and behind.islower()


def _is_between_words(found: "re.Match[str]") -> bool:
    """A blank or a sign behind one word and before another or the end of a line: "IVAN=20IVANOV"."""
    before, behind = _beside(found)
    return before.isalpha() and (behind.isalpha() or behind in ("\r", "\n"))


def _beside(found: "re.Match[str]") -> tuple[str, str]:
    text, start, end = found.string, found.start(), found.end()
    return text[max(0, start - 1) : start], text[end : end + 1]


def _of_mail(found: "re.Match[str]") -> str:
    words = found[0] if found[0].endswith("?=") else found[0].rstrip("?") + "?="
    try:
        return "".join([_as_text(held, charset) for held, charset in decode_header(words)])
    except (HeaderParseError, LookupError, ValueError):
        return found[0]


def _as_text(held: bytes | str, charset: str | None) -> str:
    return held if isinstance(held, str) else held.decode(charset or "ascii", "ignore")


def _of_label(found: "re.Match[str]") -> str:
    try:
        return found[1].lower().encode().decode("punycode")
    except UnicodeError:
        return found[0]
