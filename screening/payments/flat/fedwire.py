"""Fedwire messages of the legacy format: `{4200}D123*IVAN IVANOV*12 MAIN STREET*`, tags and elements.

The Fedwire Funds Service moved to ISO 20022 on 14 July 2025; archives and internal systems still use these.
Elements end with `*`. A tag that is in no table is still screened, as text.

The payment's id is the sender's routing number and the IMAD, which is unique, or else the sender's reference.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping

from screening.payments.iso.parts import Block
from screening.payments.model import (
    MAX_PARTIES,
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Refusal,
    Role,
    refused_payment,
)
from screening.payments.sender import sender_of
from screening.payments.shapes import BIC, holds_words, said_in
from screening.payments.shown import shown

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{(?:11[0-9]{2}|1500)\}")
_TAG = re.compile(r"\{([0-9]{4})\}")
_FIRST = ("1100", "1110", "1120", "1130", "1500")
"""Tags that begin a message."""
_CENTS = re.compile(r"[0-9]{12}")
_BIC_OR_NAME = re.compile(r"B?([A-Z]{8}|[A-Z]{11})")
"""A BIC of letters alone, with the letter before it or without; or a name: BENJAMINS, GAZPROMBANK."""
_ROUTING = re.compile(r"([0-9]{9})(.*)", re.DOTALL)

_BANKS: Mapping[str, Role] = {"3100": Role.INSTRUCTING_AGENT, "3400": Role.INSTRUCTED_AGENT}
"""Routing number and short name."""
_PARTIES: Mapping[str, Role] = {
    "4000": Role.INTERMEDIARY_AGENT,
    "4100": Role.CREDITOR_AGENT,
    "4200": Role.CREDITOR,
    "4400": Role.DEBTOR,
    "5000": Role.DEBTOR,
    "5010": Role.DEBTOR,
    "5100": Role.DEBTOR_AGENT,
    "5200": Role.INSTRUCTING_AGENT,
    "5400": Role.CREDITOR,
    "7050": Role.DEBTOR,
    "7052": Role.DEBTOR_AGENT,
    "7056": Role.INTERMEDIARY_AGENT,
    "7057": Role.CREDITOR_AGENT,
    "7059": Role.CREDITOR,
    "8300": Role.OTHER,
    "8350": Role.OTHER,
}
"""Identifier, name and address; those of the cover (70..) begin with the tag of the SWIFT field."""
_ID_CODES: Mapping[str, str] = {
    "1": "passport",
    "2": "tax",
    "3": "national_id",
    "4": "national_id",
    "B": "bic",
    "C": "clearing",
    "D": "account",
    "F": "clearing",
    "T": "account",
    "U": "clearing",
}
"""The letter before an identifier says what it is."""
_REMITTANCE = ("6000", "6400", "7070", "8200", "8250", "8700", "8750")
_CODED = re.compile(r"(?:HLD|LTR|PHN|TLX|WRE|CHECK)(?=\S)")
"""How advice and the method of payment begin, with no blank behind: `LTRPAY VERSOR S.R.O.`"""
_CODED_TAGS = ("6110", "6210", "6310", "6410", "6420")
_SWIFT_TAG = re.compile(r"[0-9]{2}[A-Z]?")


def is_fedwire(raw: bytes) -> bool:
    """Whether bytes begin with a tag that begins a Fedwire message."""
    return _START.match(raw) is not None


def decode_fedwire(raw: bytes) -> list[Payment]:
    """The payments of one record, one per message. Raises PaymentError for bytes that are not text."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as bad:
        detail = f"byte {bad.start} is not UTF-8 ({bad.reason}); Fedwire messages are ASCII"
        raise PaymentError(PaymentProblem.NOT_UTF8, detail) from None
    payments: list[Payment] = []
    parties = 0
    for tags in _messages(text):
        try:
            payments.append(_payment(tags))
        except PaymentError as error:
            payments.append(refused_payment(error, repr(tags).encode(), "fedwire"))
        parties += len(payments[-1].parties) + 1
        if parties > MAX_PARTIES:
            raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_PARTIES} parties; send fewer")
    return payments


def _messages(text: str) -> Iterator[list[tuple[str, str]]]:
    """Tags with their values, message by message."""
    pieces = _TAG.split(text)
    tags: list[tuple[str, str]] = []
    begun = False
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        if tag in _FIRST:
            if begun:
                yield tags
                tags, begun = [], False
        else:
            begun = True
        tags.append((tag, value))
    if tags:
        yield tags


def _payment(tags: list[tuple[str, str]]) -> Payment:
    parties: list[Party] = []
    first: dict[str, str] = {}
    for tag, value in tags:
        first.setdefault(tag, value)
        path = f"{{{tag}}}"
        elements = [element.strip() for element in value.replace("\r", "").replace("\n", "*").split("*")]
        if tag in _CODED_TAGS and (code := _CODED.match(elements[0])):
            elements = [elements[0][code.end() :], *elements[1:], elements[0]]
        if tag in _BANKS:
            parties.append(_bank(_BANKS[tag], value.replace("\n", " "), path))
        elif tag in _PARTIES:
            parties += _party(tag, [element for element in elements if element], path)
        elif words := _words(elements, path):
            parties.append(Party(Role.REMITTANCE if tag in _REMITTANCE else Role.OTHER, texts=words))
    payment_id = _id(first, tags, tuple(parties))
    parties = [party for party in parties if party.names or party.identifiers or party.texts]
    if not parties:
        raise PaymentError(PaymentProblem.NO_PARTIES, "no party and no text in any tag", payment_id)
    amount, refused = None, None
    cents = first.get("2000", "").strip()
    if _CENTS.fullmatch(cents):
        amount = f"{int(cents[:-2])}.{cents[-2:]}"
    elif cents:
        detail = f"{{2000}}: {shown(cents)}; 12 digits are expected, the last two of them cents"
        refused = Refusal(PaymentProblem.BAD_AMOUNT, detail)
    return Payment(
        payment_id,
        tuple(parties),
        "fedwire",
        amount=amount,
        currency="USD",
        rail="fedwire",
        refused=refused,
    )


def _id(first: Mapping[str, str], tags: list[tuple[str, str]], parties: tuple[Party, ...]) -> str:
    own = first.get("1520", "").strip() or first.get("3320", "").strip(" *\r\n")
    if not own:
        return f"sha256-{hashlib.sha256(repr(tags).encode()).hexdigest()[:32]}"
    sender = sender_of(parties)
    return f"{sender}/{own}" if sender else own


def _bank(role: Role, value: str, path: str) -> Party:
    """`121042882QWX BANK NA*`: routing number and short name."""
    found = _ROUTING.match(value.strip())
    block = Block(role)
    if found:
        block.identifiers.append(PartyIdentifier("clearing", found[1], path))
    if name := (found[2] if found else value).strip(" *\t\r"):
        block.names.append(Field(name, path))
    return block.party() or Party(role)


def _party(tag: str, elements: list[str], path: str) -> list[Party]:
    """Identifier, name and address lines; each is screened as anything that it may be, whatever the order."""
    if not elements:
        return []
    block = Block(_PARTIES[tag])
    texts = [Field(" ".join(elements), path)]
    if tag.startswith("70") and _SWIFT_TAG.fullmatch(elements[0]):
        del elements[0]
    if elements and (identifier := _identifier(tag, elements[0], path)):
        block.identifiers.append(identifier)
        del elements[0]
    elif elements and (found := _BIC_OR_NAME.fullmatch(elements[0])):
        block.identifiers.append(PartyIdentifier("bic", found[1], path))
        if len(elements) > 1:
            block.names.append(Field(elements.pop(0), path))
    lines = [
        (line[0] if line[1:2] == "/" else "", line[2:] if line[1:2] == "/" else line) for line in elements
    ]
    numbered = any(number.isdigit() for number, _ in lines)
    name = " ".join(line for number, line in lines if number == "1") if numbered else ""
    if name:
        block.names.append(Field(name, path))
    for at, (number, line) in enumerate(lines):
        if number == "1":
            if line != name:
                block.texts.append(Field(line, path))
        elif not numbered and at == 0:
            block.names.append(Field(line, path))
        elif number == "3" and line[2:3] in ("/", ""):
            block.countries.append(Field(line[:2], path))
            block.addresses.append(Field(line, path))
        else:
            block.addresses.append(Field(line, path))
    block.texts += texts
    party = block.party()
    return [party] if party else []


def _identifier(tag: str, element: str, path: str) -> PartyIdentifier | None:
    """`D123456789`, in the cover `/123456789`, or a bank's BIC; None if the element is not a code."""
    if BIC.fullmatch(element) and not element.isalpha():
        return PartyIdentifier("bic", element, path)
    if element.startswith("/"):
        return PartyIdentifier("account", element.lstrip("/"), path)
    scheme = _ID_CODES.get(element[0]) or ("other" if element[0].isdigit() else None)
    if (
        tag.startswith(("70", "83"))
        or scheme is None
        or holds_words(element)
        or not any(map(str.isdigit, element))
    ):
        return None
    value = element[1:]
    return PartyIdentifier("bic" if BIC.fullmatch(value) else scheme, value, path)


def _words(elements: list[str], path: str) -> tuple[Field, ...]:
    """Elements that could hold a name, and all of them as one text, because a name may run on into the
    next."""
    said = [element for element in elements if element]
    names = [Field(element, path) for _, element in said_in(said)]
    if names and len(elements) > 1:
        names.append(Field(" ".join(said), path))
    return tuple(names)
