"""ISO 20022 messages as JSON, in the short tags of the XML or in long camelCase names, to the same tree.

Long names are abbreviated word by word with the abbreviations of the ISO 20022 dictionary, so that
`creditTransferTransactionInformation` is `CdtTrfTxInf` here as it is there; the walk of `iso20022` then
reads both. Paths are JSON pointers into the message as it was sent.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from screening.payments.iso.tables import MESSAGES
from screening.payments.iso.walk import POINTER
from screening.payments.keys import keys_of
from screening.payments.model import PaymentError, PaymentProblem
from screening.payments.safe_xml import MAX_ELEMENTS
from screening.payments.strict_json import check_count, check_path, count_values, names_apart, pointer

_ENVELOPES = frozenset(
    ("Document", "AppHdr", "Envelope", "BusMsg", "BizMsg", "BizMsgEnvlp", "RequestPayload")
)
_HEADER = "GrpHdr"
"""What tells a message that has no table of its own and no envelope around it, such as a pacs.002."""
_ROOTS: Mapping[str, str] = {
    "fitoficustomercredittransfer": "FIToFICstmrCdtTrf",
    "financialinstitutioncredittransfer": "FICdtTrf",
    "paymentreturn": "PmtRtr",
    "customercredittransferinitiation": "CstmrCdtTrfInitn",
    "fitofipaymentcancellationrequest": "FIToFIPmtCxlReq",
    "businessapplicationheader": "AppHdr",
    "document": "Document",
    "bicfi": "BICFI",
    "anybic": "AnyBIC",
    "iban": "IBAN",
    "lei": "LEI",
    "uetr": "UETR",
    "interbanksettlementamount": "IntrBkSttlmAmt",
    "creditorpaymentactivationrequest": "CdtrPmtActvtnReq",
    "resolutionofinvestigation": "RsltnOfInvstgtn",
    "banktocustomeraccountreport": "BkToCstmrAcctRpt",
    "banktocustomerstatement": "BkToCstmrStmt",
    "banktocustomerdebitcreditnotification": "BkToCstmrDbtCdtNtfctn",
    "entry": "Ntry",
    "transactiondetails": "TxDtls",
    "credittransfertransaction": "CdtTrfTx",
    "returnedinterbanksettlementamount": "RtrdIntrBkSttlmAmt",
    "originalinterbanksettlementamount": "OrgnlIntrBkSttlmAmt",
}
"""Names that are not the sum of their words."""
_DICTIONARY = """
    Account:Acct Acknowledged:Ackd Additional:Addtl Address:Adr Administrator:Admstr Agent:Agt
    Amount:Amt Application:App Assignee:Assgne Assigner:Assgnr Assignment:Assgnmt Authorisation:Authstn
    Authority:Authrty Bank:Bk Branch:Brnch Building:Bldg Business:Biz Cancellation:Cxl Charges:Chrgs
    Cheque:Chq Clearing:Clr Code:Cd Contact:Ctct Country:Ctry Created:Cretd Creation:Cre Creator:Cretr
    Credit:Cdt Creditor:Cdtr Currency:Ccy Customer:Cstmr Date:Dt Debit:Dbt Debtor:Dbtr Deliver:Dlvr
    Department:Dept Details:Dtls Direct:Drct District:Dstrct Division:Dvsn Document:Doc Financial:Fin
    Forwarding:Fwdg From:Fr Garnishee:Grnshee Garnishment:Grnshmt Group:Grp Header:Hdr Identification:Id
    Identifier:Idr Information:Inf Initiating:Initg Initiation:Initn Institution:Instn Instructed:Instd
    Instructing:Instg Instruction:Instr Intermediary:Intrmy Invoicee:Invcee Invoicer:Invcr Issuer:Issr
    Local:Lcl Location:Lctn Mandate:Mndt Member:Mmb Message:Msg Method:Mtd Mobile:Mob Name:Nm Next:Nxt
    Number:Nb
    Organisation:Org Original:Orgnl Originator:Orgtr Other:Othr Party:Pty Payment:Pmt Phone:Phne
    Place:Plc Post:Pst Postal:Pstl Previous:Prvs Private:Prvt Proprietary:Prtry Proxy:Prxy Purpose:Purp
    Reason:Rsn Record:Rcrd Report:Rpt Reference:Ref Referred:Rfrd Registration:Regn Regulatory:Rgltry
    Reimbursement:Rmbrsmnt Related:Rltd Remittance:Rmt Reporting:Rptg Request:Req Residence:Res
    Return:Rtr Returned:Rtrd Scheme:Schme Service:Svc Settlement:Sttlm Status:Sts Street:Strt
    Structured:Strd Supplementary:Splmtry System:Sys Third:Thrd Time:Tm Town:Twn Transaction:Tx
    Transactions:Txs Transfer:Trf Type:Tp Ultimate:Ultmt Underlying:Undrlyg Unstructured:Ustrd
"""
"""Words and abbreviations of the ISO 20022 dictionary, as element names are made of them."""
_ABBREVIATIONS: Mapping[str, str] = dict(pair.split(":") for pair in _DICTIONARY.split())
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_VERSION = re.compile(r"(?:V|[_-]v)[0-9]{2}$")
_TEXT_KEYS = (
    "#text",
    "$",
    "_",
    "_text",
    "value",
    "amount",
    "Value",
    "Amount",
    "Amt",
    "ActiveCurrencyAndAmount",
    "ActiveOrHistoricCurrencyAndAmount",
)
_TEXT_ALONE = ("#text", "$", "_", "_text", "_cdata")
"""Keys of an element's text where converters write nothing else of it."""
_ATTRIBUTES = ("$", "_attributes")
"""Keys below which converters of XML for Node put attributes."""
_CURRENCY_KEYS = ("@Ccy", "-Ccy", "Ccy", "ccy", "currency", "Currency")


def is_iso_json(event: Mapping[str, Any]) -> bool:
    """Whether an object is an ISO 20022 message, by itself or in one wrapper."""
    inner = [value for value in event.values() if isinstance(value, dict)] if len(event) < 4 else []
    return any(_is_iso_name(key) for level in (event, *inner) for key in list(level)[:20])


def _is_iso_name(key: str) -> bool:
    name = short_name(key)
    return name in MESSAGES or name in _ENVELOPES or name == _HEADER


def iso_tree(event: Mapping[str, Any]) -> Element:
    """The message as the tree that its XML would give, each element with its step of a JSON pointer.

    Raises PaymentError for one with too many elements, or names of elements that are too long.
    """
    if (count := count_values(event)) > MAX_ELEMENTS:
        detail = f"{count} values, of which at most {MAX_ELEMENTS} are read; send fewer at once"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    root = Element("json")
    _fill(root, event)
    return root


LONGEST_CACHED = 80
"""Characters; the names of ISO 20022 are shorter, and what a sender makes up must not fill the memory."""


def short_name(key: str) -> str:
    """`debtorAgent`, `debtor_agent` -> `DbtrAgt`; a short tag stays what it is.

    >>> short_name("creditTransferTransactionInformation"), short_name("CdtTrfTxInf")
    ('CdtTrfTxInf', 'CdtTrfTxInf')
    """
    return _shortened(key) if len(key) <= LONGEST_CACHED else _shortened.__wrapped__(key)


@lru_cache(maxsize=4096)
def _shortened(key: str) -> str:
    key = key.rpartition(":")[2]
    together, words = _words_of(key)
    if known := _ROOTS.get(together):
        return known
    if "".join(words).lower() != together:
        return key
    return "".join(_ABBREVIATIONS.get(word, word) for word in words)


def _words_of(key: str) -> tuple[str, list[str]]:
    """A long name in small letters without what stands between its words, and these, each with a capital."""
    plain = _VERSION.sub("", key)
    words = [word[:1].upper() + word[1:] for word in _WORDS.findall(plain)]
    return plain.replace("_", "").replace("-", "").lower(), words


def _is_long_name(key: str) -> bool:
    """Whether a key is a name of the dictionary, and not a person's."""
    together, words = _words_of(key)
    if together in _ROOTS:
        return True
    return "".join(words).lower() == together and all(
        word in _ABBREVIATIONS or word.isdigit() for word in words
    )


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, dict):
        _fill_object(element, value)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _fill(SubElement(element, "item", {POINTER: f"/{number}"}), item)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(value)


def _fill_object(element: Element, value: Mapping[str, Any]) -> None:
    if (
        len(value) == 1
        and (key := next(iter(value))) in _TEXT_ALONE
        and isinstance(value[key], str | int | float)
    ):
        element.set(POINTER, element.get(POINTER, "") + f"/{pointer(key)}")
        _fill(element, value[key])
        return
    if (amount := _amount(value)) is not None:
        element.text = str(value[amount.key])
        element.set("Ccy", amount.currency)
        beside = {key: item for key, item in value.items() if key not in (amount.key, amount.currency_in)}
        value = {key: item for key, item in beside.items() if not isinstance(item, str)}
        for name, text in beside.items():
            if isinstance(text, str):  # an attribute, beside which the amount is one
                element.set(name.removeprefix("@") or "@", text)
    check_count(len(value), element.get(POINTER, ""))
    for key, item in value.items():
        step = f"/{pointer(key)}"
        check_path(step)
        if key.startswith("@") and isinstance(item, str):
            element.set(key[1:] or "@", item)
            continue
        name = short_name(key) or "item"
        for number, single in enumerate(item) if isinstance(item, list) else ((None, item),):
            where = step if number is None else f"{step}/{number}"
            _fill(SubElement(element, name, {POINTER: where}), single)
    _fill_beside(element, value)


def _fill_beside(element: Element, value: Mapping[str, Any]) -> None:
    """Behind the values, which may go on in one another: keys that are data, and names in parts."""
    said = keys_of(value)
    if said is None:
        return
    for key in said.data:
        if (" " in key or "_" in key) and not _is_long_name(key):
            SubElement(element, "Inf", {POINTER: f"/{pointer(key)}"}).text = key
    for text, step in names_apart(value, "", said):
        SubElement(element, "Inf", {POINTER: step}).text = text


class _Amount(NamedTuple):
    """The keys of an element that its amount and its currency stand under."""

    key: str
    currency_in: str
    currency: str


def _amount(value: Mapping[str, Any]) -> _Amount | None:
    """An amount with its currency, in the ways in which JSON writes an element with an attribute."""
    key = next((key for key in _TEXT_KEYS if _is_number_or_text(value.get(key))), None)
    if key is None:
        return None
    for name in _CURRENCY_KEYS:
        if isinstance(currency := value.get(name), str):
            return _Amount(key, name, currency)
    for holder in _ATTRIBUTES:
        attributes = value.get(holder)
        if isinstance(attributes, dict) and len(attributes) == 1:
            ((name, currency),) = attributes.items()
            if name in _CURRENCY_KEYS and isinstance(currency, str):
                return _Amount(key, holder, currency)
    return None


def _is_number_or_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
