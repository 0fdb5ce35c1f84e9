"""A pacs.002.001.10, FIToFIPaymentStatusReport, about one transaction.

The version that CBPR+, SCT Inst and FedNow use. It has what the base message asks for and what names the
transaction; what a rail's own usage guideline asks for besides (a business application header, clearing
member numbers) is the adapter's, which knows the rail.
"""

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from screening.answers.originals import Original
from screening.policy.answers import Reply

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10"
_UETR = re.compile(r"[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_UNSEEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""
LONGEST = 35


def status_report(
    message_id: str, made_at: datetime, payment_id: str, original: Original, reply: Reply
) -> str:
    """The message as XML. `message_id` is its own, at most 35 characters; where the original says nothing of
    itself, `payment_id` stands as the end-to-end id, cut to what fits."""
    document = Element("Document", {"xmlns": NAMESPACE})
    report = SubElement(document, "FIToFIPmtStsRpt")
    header = SubElement(report, "GrpHdr")
    _put(header, "MsgId", message_id)
    _put(header, "CreDtTm", made_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    # the answer goes the other way: whom the payment instructed is who says so
    _agent(header, "InstgAgt", original.instructed_bic)
    _agent(header, "InstdAgt", original.instructing_bic)
    transaction = SubElement(report, "TxInfAndSts")
    if _seen(original.message_id) and _seen(original.message_name):
        group = SubElement(transaction, "OrgnlGrpInf")
        _put(group, "OrgnlMsgId", original.message_id)
        _put(group, "OrgnlMsgNmId", original.message_name)
    _put(transaction, "OrgnlInstrId", original.instruction_id)
    named = _seen(original.end_to_end_id + original.transaction_id + original.instruction_id)
    _put(transaction, "OrgnlEndToEndId", original.end_to_end_id if named else payment_id)
    _put(transaction, "OrgnlTxId", original.transaction_id)
    _put(transaction, "OrgnlUETR", original.uetr if _UETR.fullmatch(original.uetr) else "")
    _put(transaction, "TxSts", reply.status)
    if reply.reason:
        reason = SubElement(SubElement(transaction, "StsRsnInf"), "Rsn")
        _put(reason, "Cd", reply.reason)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(document, encoding="unicode")


def _agent(header: Element, name: str, bic: str) -> None:
    if _BIC.fullmatch(bic):
        _put(SubElement(SubElement(header, name), "FinInstnId"), "BICFI", bic)


def _put(parent: Element, name: str, text: str) -> None:
    """An element with a text, and none where there is no text."""
    if seen := _seen(text, 36 if name == "OrgnlUETR" else LONGEST):
        SubElement(parent, name).text = seen


def _seen(text: str, longest: int = LONGEST) -> str:
    return _UNSEEN.sub("", text).strip()[:longest].rstrip()
