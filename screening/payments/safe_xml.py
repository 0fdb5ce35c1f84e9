"""XML from strangers to a tree: bounded, UTF-8 or UTF-16 only, and no DOCTYPE, so no entity of their own."""

import re
from xml.etree.ElementTree import Element, ParseError, XMLParser

from screening.payments.model import PaymentError, PaymentProblem

MAX_ELEMENTS = 100_000
"""A pain.001 of a thousand transactions has about 60,000."""

_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UTF8 = (b"utf-8", b"us-ascii", b"ascii")
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\x00<": "utf-16-be", b"<\x00": "utf-16-le"}


def read_xml(raw: bytes) -> Element:
    """The root element. Raises PaymentError for what is not XML, or not safe to read.

    Without a DOCTYPE there are no entities but the five of XML itself: nothing expands, nothing is
    fetched, and no parser reads a name where another reads a hole.
    """
    text = _utf8(raw)
    if b"<!DOCTYPE" in text:
        raise PaymentError(PaymentProblem.FORBIDDEN_XML, "a DOCTYPE is not accepted; send plain elements")
    if len(text) > 2 * MAX_ELEMENTS and text.count(b"<") > 2 * MAX_ELEMENTS:
        raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_ELEMENTS} elements; send fewer at once")
    try:
        parser = XMLParser(encoding="utf-8")  # noqa: S314 - see above
        parser.feed(text)
        root: Element = parser.close()
    except ParseError as error:
        try:
            text.decode()
        except UnicodeDecodeError as bad:
            detail = f"byte {bad.start} is not UTF-8 ({bad.reason}); send UTF-8"
            raise PaymentError(PaymentProblem.NOT_UTF8, detail) from None
        raise PaymentError(PaymentProblem.NOT_XML, f"{error}; send one well-formed document") from None
    return root


def _utf8(raw: bytes) -> bytes:
    if encoding := _UTF16.get(raw[:2]):
        try:
            return raw.decode(encoding).encode()
        except UnicodeError as error:
            raise PaymentError(PaymentProblem.NOT_UTF8, f"{error}; send UTF-8 or UTF-16") from None
    text = raw.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(text[:200])
    if declared and declared.group(1).lower() not in _UTF8:
        name = declared.group(1).decode()
        raise PaymentError(PaymentProblem.NOT_UTF8, f"encoding {name!r} is not accepted; send UTF-8")
    return text if text.startswith(b"<") else text.lstrip()
