"""What bytes in an unsupported format look like, and what to do: one sentence for the dead letter."""

import base64
import binascii
import re
import zlib
from collections.abc import Sequence

from screening.payments.model import Payment, PaymentError, PaymentProblem, Refusal

_BINARY = (
    (b"Obj\x01", "an Avro object container", "send its records one by one, framed by a schema registry"),
    (b"8=FIX", "a FIX message", "send the payment it leads to"),
    (b"PAR1", "a Parquet file", "send its rows as events"),
    (b"\x1f\x8b", "gzip", "send it plain and let the producer compress (compression.type)"),
    (b"\x28\xb5\x2f\xfd", "zstandard", "send it plain and let the producer compress (compression.type)"),
    (b"\x82SNAPPY", "snappy", "send it plain and let the producer compress (compression.type)"),
    (b"\x04\x22\x4d\x18", "lz4", "send it plain and let the producer compress (compression.type)"),
    (b"BZh", "bzip2", "send it plain and let the producer compress (compression.type)"),
    (b"PK\x03\x04", "a ZIP archive", "send the files in it as records"),
    (b"%PDF", "a PDF document", "send the payment's data"),
    (b"\x80\x04\x95", "a Python pickle", "send JSON"),
    (b"\xac\xed\x00\x05", "a serialized Java object", "send JSON"),
)
_TEXT = (
    (re.compile(rb"UN[AB][+:]"), "EDIFACT", "convert it to ISO 20022"),
    (re.compile(rb"01,[0-9]{1,12},[0-9]{1,12},[0-9]{6},"), "a BAI2 file", "convert it to camt.053"),
    (re.compile(rb"VOL1|HDR1A|UHL1"), "a BACS file (Standard 18)", "send its payments as pain.001 or events"),
    (re.compile(rb"00000[0-9]{6}[0-9]{3}05"), "a CODA statement", "convert it to camt.053"),
    (
        re.compile(rb"1(?:11|12|21|71|72|91)[01][0-9]{10}"),
        "a Zengin file",
        "send its payments as pain.001 or events",
    ),
    (
        re.compile(rb"0 {17}[0-9]{2}[A-Z]{3}"),
        "an Australian file of direct entries (ABA)",
        "send its payments as pain.001 or events",
    ),
    (
        re.compile(rb"A0{8}1[0-9A-Z ]{10}[0-9]{4}"),
        "a Canadian file of CPA Standard 005",
        "send its payments as pain.001 or events",
    ),
    (re.compile(rb"0128A[GL]"), "a DTAUS file", "convert it to pain.001"),
    (re.compile(rb"OFXHEADER:|<OFX>"), "an OFX statement", "convert it to camt.053"),
    (re.compile(rb"ISA[*|~^]"), "ANSI X12", "convert it to ISO 20022"),
    (re.compile(rb"0[128][0-9]{2}[0-9A-Fa-f]{16}"), "ISO 8583", "send the payment it leads to"),
    (re.compile(rb'"'), "JSON inside a JSON string", "send the object itself"),
    (re.compile(rb"---\s"), "YAML", "send JSON"),
    (re.compile(rb"[^<>{}]+<(?:\?xml|[A-Za-z][\w:.-]*[\s>])"), "XML behind other text", "send the XML alone"),
    (
        re.compile(rb"(?i)(?:MIME-Version|Content-Type|From|Subject):"),
        "an e-mail",
        "send the message inside it",
    ),
    (
        re.compile(rb"[\w.%\[\]-]{1,64}=[^&\s]*(?:&[\w.%\[\]-]{1,64}=[^&\s]*)+\s*\Z"),
        "a form (application/x-www-form-urlencoded)",
        "send JSON",
    ),
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n]{24,}+={0,2}\s*\Z")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_NO_LETTER = frozenset(bytes((byte,)) for byte in range(0x80, 0xC0))
"""First bytes that begin no character of UTF-8, and no text in an older code page."""
_EBCDIC = "cp500"
_BEGINNINGS = ("{1:", ":20:", "<", "{", "[")
LOOKED_AT = 4_096
"""Bytes that are looked at; a format shows itself in fewer."""


def looks_like(raw: bytes) -> str | None:
    """What bytes look like and the remedy, `EDIFACT; convert it to ISO 20022`; None if unknown."""
    start = raw[:LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, what, remedy in _BINARY:
        if start.startswith(magic):
            return f"{what}; {remedy}"
    if start.decode(_EBCDIC, "replace").lstrip().startswith(_BEGINNINGS) and not start.isascii():
        return "text in EBCDIC; convert it to UTF-8"
    if start[:1] in _NO_LETTER:
        return "binary data, as of MessagePack or CBOR; send JSON"
    if _CONTROL.search(start):
        return (
            "binary data without a schema registry's framing, as of Avro or Protobuf alone; "
            "use the registry's serializer, or send JSON"
        )
    for pattern, what, remedy in _TEXT:
        if pattern.match(start):
            return f"{what}; {remedy}"
    if _is_table(start):
        return "a table with separators (CSV); send each row as a JSON event, with a mapping"
    if _BASE64.match(start) and _is_base64(start):
        return "base64; decode it, or send it as data_base64 of a CloudEvent"
    return None


def _is_table(start: bytes) -> bool:
    """Whether a separator stands twice in the first line and again in the second."""
    lines = start.split(b"\n", 2)
    if len(lines) == 1:
        return False
    first, second = lines[0].removesuffix(b"\r"), lines[1].partition(b"\r")[0]
    return b"\r" not in first and any(
        first.count(sign) > 1 and sign in second for sign in (b",", b";", b"\t", b"|")
    )


def _is_base64(start: bytes) -> bool:
    whole = b"".join(start.split())
    try:
        inside = base64.b64decode(whole[: len(whole) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return False
    return inside.lstrip()[:1] in (b"{", b"<", b"[", b":") or inside.startswith(b"\x00")


SHORTEST_PACKED = 40
"""Characters; gzip and zlib have 18 and 6 bytes around their content, and no name is worth packing."""
_PACKED = ("H4sI", *(f"eJ{letter}" for letter in "wxyz"), *(f"eN{letter}" for letter in "opqr"))
"""How gzip and zlib begin in Base64."""
_PEEKED_BYTES = 384
_EITHER = zlib.MAX_WBITS | 32
"""gzip or zlib, by its first bytes."""


def refuse_packed(value: str, path: str) -> None:
    """Raises PaymentError for text that is compressed and in Base64: whoever it names would go unscreened.

    A document or a picture that is sent with a payment is not text, and is let through.
    """
    if len(value) < SHORTEST_PACKED or not value.startswith(_PACKED):
        return
    start = "".join(value[: 2 * _PEEKED_BYTES].split()).translate(_STANDARD)
    try:
        packed = base64.b64decode(start[: len(start) // 4 * 4])
    except ValueError:
        return
    if _holds_text(packed):
        detail = f"{path}: text that is compressed and in Base64; send it plain"
        raise PaymentError(PaymentProblem.UNKNOWN_FORMAT, detail)


def refuse_packed_bytes(value: bytes) -> None:
    """The same for the bytes of a record, which need no Base64."""
    if value[:2] in _PACKED_BYTES and _holds_text(value[:_PEEKED_BYTES]):
        detail = "a value of the record is text that is compressed; send it plain"
        raise PaymentError(PaymentProblem.UNKNOWN_FORMAT, detail)


_PACKED_BYTES = (b"\x1f\x8b", b"x\x01", b"x^", b"x\x9c", b"x\xda")


def _holds_text(packed: bytes) -> bool:
    """Whether compressed bytes, or the beginning of them, are text."""
    try:
        text = zlib.decompressobj(_EITHER).decompress(packed, _PEEKED_BYTES)
    except zlib.error:
        return False
    return bool(text) and not _CONTROL.search(text)


_STANDARD = str.maketrans("-_", "+/")
_DOCUMENTS = (
    (b"JVBERi0", "a PDF"),
    (b"iVBORw0KGgo", "a picture"),
    (b"/9j/4", "a picture"),
    (b"R0lGOD", "a picture"),
    (b"UEsDB", "an archive or office document"),
    (b"0M8R4KGx", "an office document"),
)
"""How documents begin in Base64."""
_IN_BASE64 = rb"(?<![A-Za-z0-9+/=])%s[A-Za-z0-9+/\s\\]{100}"
"""Behind no other letter of it, and longer than any name."""
SHORTEST_WITH_DOCUMENT = 4_096
"""Bytes of a message that is searched for one in any case: most payments have less,"""
SHORTEST_DOCUMENT = 100
"""and are searched where a text of theirs is as long as the shortest."""


_BEGINS = "|".join(begin.decode() for begin, _ in _DOCUMENTS)
_DOCUMENT = re.compile(rf"\s*(?:data:[^,\s]{{1,200}},)?((?:{_BEGINS})[A-Za-z0-9+/\r\n=]{{100,}})\s*")
SHORTEST_LINE = 60
"""Letters of a line of Base64 where it has several: 64 in PEM (RFC 7468), 76 in MIME (RFC 2045)."""


def without_documents(payment: Payment, what: str) -> Payment:
    """The payment without its texts that are documents in Base64, which are no words, and a note of that.

    One that is nothing else is refused.
    """
    parties = []
    for party in payment.parties:
        if any(_is_document(text.value) for text in party.texts):
            party = party._replace(texts=tuple(text for text in party.texts if not _is_document(text.value)))
        if any((party.names, party.identifiers, party.addresses, party.countries, party.texts)):
            parties.append(party)
    note = f"{what} in Base64 is not looked into: whoever it names is not screened"
    if payment.parties and not parties:
        detail = f"nothing but {what} in Base64; send the payment's data"
        payment = payment._replace(refused=Refusal(PaymentProblem.NO_PARTIES, detail))
    return payment._replace(parties=tuple(parties), notes=(*payment.notes, note))


def _is_document(text: str) -> bool:
    """Whether a text is a document in Base64: in one line, or in lines of one length, as words are not."""
    found = _DOCUMENT.fullmatch(text)
    if found is None:
        return False
    *lines, last = found[1].split()
    return not lines or (
        len(lines[0]) >= max(SHORTEST_LINE, len(last)) and all(len(line) == len(lines[0]) for line in lines)
    )


def document_in(raw: bytes, payments: Sequence[Payment]) -> str | None:
    """What a message holds in Base64 that is not text, and so is not searched: "a PDF"."""
    if len(raw) < SHORTEST_WITH_DOCUMENT and not any(map(_has_long_text, payments)):
        return None
    for begin, what in _DOCUMENTS:
        if begin in raw and re.search(_IN_BASE64 % begin, raw):
            return what
    return None


def _has_long_text(payment: Payment) -> bool:
    for party in payment.parties:
        for value, _ in party.texts:
            if len(value) >= SHORTEST_DOCUMENT:
                return True
    return False


def refuse_sealed(path: str) -> None:
    """Raises PaymentError for content that only its receiver can read."""
    detail = f"{path}: it is encrypted or compressed; send the message that is inside"
    raise PaymentError(PaymentProblem.UNKNOWN_FORMAT, detail)
