"""Bytes of any supported format to payments: tell the format, then call its decoder."""

import re

from screening.payments.canonical import decode_json
from screening.payments.iso20022 import decode_iso20022
from screening.payments.model import Payment, PaymentError, PaymentProblem
from screening.payments.mt import decode_mt
from screening.payments.safe_xml import read_xml

MAX_BYTES = 1 << 20
"""What one message may hold: Kafka's own default limit, and some 1,000 transactions of a pain.001."""

_MT_START = re.compile(rb"\s*(\{[1-4]:|:20:)")
_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff", b"\x00<")


def decode_payment(
    raw: bytes | None, content_type: str | None = None, *, max_bytes: int = MAX_BYTES
) -> list[Payment]:
    """The payments in one message: one for JSON and MT, one per transaction for ISO 20022.

    The format is told by `content_type`, else by the first bytes.
    Raises PaymentError, and nothing else, for bytes that are no payment.
    """
    if raw is None or not raw or raw.isspace():
        what = "a null value" if raw is None else "no content"
        raise PaymentError(PaymentProblem.EMPTY, f"the message has {what}; send a payment event")
    if len(raw) > max_bytes:
        raise PaymentError(PaymentProblem.TOO_LARGE, f"{len(raw)} bytes; at most {max_bytes} are read")
    del content_type
    if raw.startswith(_XML_STARTS) or raw.lstrip().startswith(_XML_STARTS):
        return decode_iso20022(read_xml(raw), raw)
    if _MT_START.match(raw):
        return [decode_mt(raw)]
    return [decode_json(raw)]
