"""XML from strangers to a tree: bounded, in UTF-8, UTF-16 or the code page that it declares, and no DOCTYPE,
so no entity of their own."""

import re
from codecs import BOM_UTF8
from xml.etree.ElementTree import Element, ParseError, XMLParser

from screening.names.encodings.code_pages import as_utf8
from screening.payments.model import PaymentError, PaymentProblem

MAX_ELEMENTS = 100_000
"""A pain.001 of a thousand transactions has about 60,000."""
LONGEST_NAMESPACE = 500
"""Characters: the parser writes a namespace out in the tag of every element; those of ISO 20022 have 50."""

_LONG_NAMESPACE = re.compile(
    rb"""\sxmlns[^\s"'=<>]{0,100}+\s*+=\s*+(?:"[^"]{%d}|'[^']{%d})""" % ((LONGEST_NAMESPACE + 1,) * 2)
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = 200
"""Bytes within which it stands."""
_INDENT = re.compile(rb">[\r\n][ \t\r\n]*<")
_UTF8 = (b"utf-8", b"us-ascii", b"ascii", b"utf-16")
"""What may be declared: .NET writes UTF-16 in every string, in whatever it is sent, and the bytes show it."""
_IN_TEXT = re.compile(r"""\s*<\?xml[^>]{0,100}?(\sencoding\s*=\s*["'][A-Za-z0-9._-]{1,40}["'])""")
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\x00<": "utf-16-be", b"<\x00": "utf-16-le"}


def read_xml(raw: bytes) -> Element:
    """The root element. Raises PaymentError for what is not XML, or not safe to read.

    What declares a code page is read in it; Western Europe's is the most usual in files of banks there. What
    declares none is UTF-8: nobody can tell the letters of one page from those of another.

    Without a DOCTYPE there are no entities but the five of XML itself: nothing expands, nothing is
    fetched, and no parser reads a name where another reads a hole.
    """
    text = _utf8(raw)
    if b"!" in text and b"<!DOCTYPE" in text:
        raise PaymentError(PaymentProblem.FORBIDDEN_XML, "a DOCTYPE is not accepted; send plain elements")
    if len(text) > 2 * MAX_ELEMENTS and text.count(b"<") > 2 * MAX_ELEMENTS:
        raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_ELEMENTS} elements; send fewer at once")
    if _LONG_NAMESPACE.search(text):
        detail = f"a namespace of more than {LONGEST_NAMESPACE} characters; send it without"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    try:
        return _parsed(_without_indents(text))
    except ParseError:
        return _parsed_as_sent(text)


def encoded(text: str) -> bytes:
    """The bytes of a text that may be XML, which declares no encoding then: that was of other bytes."""
    if declared := _IN_TEXT.match(text):
        text = text[: declared.start(1)] + text[declared.end(1) :]
    return text.encode("utf-8", "replace")


def _parsed(text: bytes) -> Element:
    parser = XMLParser(encoding="utf-8")  # noqa: S314 - see read_xml
    parser.feed(text)
    root: Element = parser.close()
    return root


def _parsed_as_sent(text: bytes) -> Element:
    """The root, or the error that says where in the text as it was sent it is no XML."""
    try:
        return _parsed(text)
    except ParseError as error:
        try:
            text.decode()
        except UnicodeDecodeError as bad:
            detail = f"byte {bad.start} is not UTF-8 ({bad.reason}); send UTF-8"
            raise PaymentError(PaymentProblem.NOT_UTF8, detail) from None
        raise PaymentError(PaymentProblem.NOT_XML, f"{error}; send one well-formed document") from None


def _without_indents(text: bytes) -> bytes:
    """The same document without what only parts its lines, which takes the parser a third of its time.

    One with comments, CDATA or instructions stays as it is: a text goes on behind these, and would lose a
    blank inside.
    """
    declaration = text.find(b"?>") if text.startswith(b"<?xml") else 0
    if b"!" in text or text.find(b"?", declaration + 1) >= 0:
        return text
    return _INDENT.sub(b"><", text)


def _utf8(raw: bytes) -> bytes:
    if encoding := _UTF16.get(raw[:2]):
        try:
            text = raw.decode(encoding).lstrip()
        except UnicodeError as error:
            raise PaymentError(PaymentProblem.NOT_UTF8, f"{error}; send UTF-8 or UTF-16") from None
        if not text.startswith("<"):
            raise PaymentError(PaymentProblem.NOT_UTF8, "UTF-16 or UTF-32, and not XML in UTF-16; send UTF-8")
        return text.encode()
    sent = raw.removeprefix(BOM_UTF8)
    declared = _DECLARED.match(sent[:_DECLARATION])
    if declared and declared.group(1).lower() not in _UTF8:
        name = declared.group(1).decode()
        in_utf8 = as_utf8(sent, name)
        if in_utf8 is None:
            detail = f"encoding {name!r} is not accepted, or the bytes are not in it; send UTF-8"
            raise PaymentError(PaymentProblem.NOT_UTF8, detail)
        sent = in_utf8
    return sent if sent.startswith(b"<") else sent.lstrip()
