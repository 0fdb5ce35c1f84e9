"""The references of an ISO 20022 message by which its sender knows its transactions again."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from screening.payments.model import PaymentError
from screening.payments.safe_xml import read_xml

_NAMESPACE = re.compile(r"\{[^}]*:((?:pacs|pain|camt)\.\d{3}\.\d{3}\.\d{2})\}")
_TRANSACTIONS = frozenset(("CdtTrfTxInf", "TxInf", "DrctDbtTxInf"))
_HEADER = frozenset(("GrpHdr",))
_LONGEST = 35
"""Max35Text of ISO 20022; a UETR has 36."""


class Original(NamedTuple):
    """What a status report says of the transaction that it is about; empty where it is not known."""

    message_id: str = ""
    message_name: str = ""
    """Like `pacs.008.001.08`."""
    instruction_id: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    uetr: str = ""
    instructing_bic: str = ""
    instructed_bic: str = ""


def originals(raw: bytes | None) -> list[Original]:
    """Those of an ISO 20022 message in XML, in their order; none for any other bytes.

    A reference longer than ISO 20022 allows is left out: no status report could carry it.
    """
    if not raw or b"<" not in raw[:64]:
        return []
    try:
        root = read_xml(raw)
    except PaymentError:
        return []
    return [
        _original(transaction, header, name)
        for message, name in _messages(root)
        for header in (next(iter(_children(message, _HEADER)), None),)
        for transaction in _children(message, _TRANSACTIONS)
    ]


def _messages(root: Element) -> Iterator[tuple[Element, str]]:
    """Each message inside, without what wraps it, and its name."""
    for element in root.iter():
        if _local(element) == "Document":
            named = _NAMESPACE.match(element.tag)
            for message in element:
                yield message, named[1] if named else ""


def _original(transaction: Element, header: Element | None, name: str) -> Original:
    ids = next(iter(_children(transaction, {"PmtId"})), transaction)
    return Original(
        _text(header, "MsgId"),
        name,
        _text(ids, "InstrId") or _text(ids, "OrgnlInstrId"),
        _text(ids, "EndToEndId") or _text(ids, "OrgnlEndToEndId"),
        _text(ids, "TxId") or _text(ids, "OrgnlTxId"),
        _text(ids, "UETR", 36) or _text(ids, "OrgnlUETR", 36),
        _bic(transaction, "InstgAgt") or _bic(header, "InstgAgt"),
        _bic(transaction, "InstdAgt") or _bic(header, "InstdAgt"),
    )


def _bic(parent: Element | None, agent: str) -> str:
    for one in _children(parent, {agent}):
        for institution in _children(one, {"FinInstnId"}):
            return _text(institution, "BICFI", 11)
    return ""


def _text(parent: Element | None, name: str, longest: int = _LONGEST) -> str:
    found = next((child.text for child in _children(parent, {name})), "") or ""
    text = found.strip()
    return text if len(text) <= longest else ""


def _children(parent: Element | None, names: set[str] | frozenset[str]) -> list[Element]:
    return [child for child in parent if _local(child) in names] if parent is not None else []


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
