"""SWIFT MT messages (FIN) to payments: every line of every field is screened or is a code.

Sequence B of the cover payments (202 COV, 205 COV) needs no rule of its own: its 50a and 59a are the
customers, whichever sequence they stand in. The payment's id is `sender/field 20/UETR` of what is there:
field 20 is unique for its sender only.
"""

import re

from screening.payments.model import (
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Role,
    make,
)
from screening.payments.mt.parties import PARTY_ROLES, party_of
from screening.payments.mt.text import NARRATIVES, narrative
from screening.payments.shapes import is_reference

_BLOCK = re.compile(r"\{([A-Z0-9]{1,3}):([^{}]*)\}")
_FRAME = re.compile(r"\{[1-9S]:|[{}\s$\x01\x03]")
"""What is left of a message's frame when its blocks are taken out."""
_TAG = re.compile(r"^:([0-9]{2}[A-Z]?):", re.MULTILINE)
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}[A-Z0-9]{0,4}")
_MONEY = re.compile(r"(?:[0-9]{6})?([A-Z]{3})([0-9]{1,15}),([0-9]{0,6})\s*")
_MONEY_TAGS = ("32A", "32B", "33B")

FORMATS = {"103": "mt103", "202": "mt202", "205": "mt205"}
"""Message types of the coverage list; every other one is read by the same rules and marked."""


def decode_mt(raw: bytes) -> Payment:
    """One message. Raises PaymentError for what is no MT message."""
    try:
        message = raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as bad:
        detail = f"byte {bad.start} is not UTF-8 ({bad.reason}); MT messages are ASCII"
        raise PaymentError(PaymentProblem.NOT_UTF8, detail) from None
    body, outside = _text_block(message)
    around = _BLOCK.split(outside)
    blocks = dict(zip(around[1::3], around[2::3], strict=True))
    pieces = _TAG.split(body)
    if len(pieces) == 1:
        raise PaymentError(PaymentProblem.NOT_MT, "block 4 has no field such as :20:")
    parties: list[Party] = []
    sender = _headers(blocks, parties)
    if left := _FRAME.sub("", "".join(around[::3])):
        parties.append(Party(Role.OTHER, texts=(Field(left, "outside the blocks"),)))
    _fields(pieces, parties)
    values = dict(zip(pieces[-2::-2], pieces[:0:-2], strict=True))
    kind = blocks.get("2", "")[1:4]
    notes = () if kind in FORMATS else (f"MT{kind or '?'}: not of the coverage list; read by the catch-all",)
    amount, currency = _amount(values)
    uetr = blocks.get("121") or None
    reference = values.get("20", "").strip()
    payment_id = "/".join(part for part in (sender, reference, uetr) if part)
    if not reference and not uetr:
        raise PaymentError(PaymentProblem.MISSING_ID, "field 20 and the UETR (block 3, 121) are missing")
    if not parties:
        detail = "no party, agent or text in any field"
        raise PaymentError(PaymentProblem.NO_PARTIES, detail, payment_id)
    return Payment(
        payment_id,
        tuple(parties),
        FORMATS.get(kind, "mt"),
        None,
        amount,
        currency,
        "swift",
        uetr,
        notes,
    )


def _text_block(message: str) -> tuple[str, str]:
    """Block 4 and everything around it. A text block alone, without headers, is a message too."""
    start = message.find("{4:")
    if start < 0:
        alone = message.strip()
        if not alone.startswith(":20:"):
            raise PaymentError(PaymentProblem.NOT_MT, "block 4 ({4: ... -}) is missing")
        return alone.removesuffix("-}"), ""
    end = message.find("\n-}", start)
    if end < 0:
        end = message.find("-}", start)
    if end < 0:
        raise PaymentError(PaymentProblem.NOT_MT, "block 4 has no end (-}); the message is cut off")
    return message[start + 3 : end], message[:start] + message[end:].lstrip("\n-")


def _headers(blocks: dict[str, str], parties: list[Party]) -> str | None:
    """Sender and receiver, then whatever else the blocks hold as text. Returns the sender's BIC."""
    first, second = blocks.get("1", ""), blocks.get("2", "")
    own = _bic(first[3:15] if first[1:3].isdigit() else first[:12])
    if second.startswith("I"):
        sender, receiver, from_, to = own, _bic(second[4:16]), "block 1", "block 2"
    else:
        sender, receiver, from_, to = _bic(second[14:26]), own, "block 2", "block 1"
    if sender:
        parties.append(_terminal(Role.INSTRUCTING_AGENT, sender, from_))
    if receiver:
        parties.append(_terminal(Role.INSTRUCTED_AGENT, receiver, to))
    for name, value in blocks.items():
        if not is_reference(value):
            parties.append(Party(Role.OTHER, texts=(Field(value, f"block {name}"),)))
    return sender


def _terminal(role: Role, bic: str, path: str) -> Party:
    agent = make(PartyIdentifier, ("bic", bic, path))
    return make(Party, (role, (), (agent,), (), (), (), None, None, None))


def _bic(address: str) -> str | None:
    """A logical terminal's address to its BIC: `RBOSGBCHXXXX` -> `RBOSGBCH`, without the terminal."""
    bic = address[:8] + address[9:12].removesuffix("XXX")
    return bic if _BIC.fullmatch(bic) else None


def _fields(pieces: list[str], parties: list[Party]) -> None:
    """Every field by its tag; what stands before the first one is text."""
    if pieces[0] and not pieces[0].isspace():
        parties.append(Party(Role.OTHER, texts=(Field(pieces[0].strip(), "block 4"),)))
    seen: dict[str, int] = {}
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        path = tag
        if tag in seen:
            seen[tag] += 1
            path = f"{tag}[{seen[tag]}]"
        else:
            seen[tag] = 1
        if tag in _CODED_FIELDS and is_reference(value):
            continue
        lines = value.rstrip("\n").split("\n")
        if tag in NARRATIVES:
            narrative(NARRATIVES[tag], lines, path, parties)
        elif tag[:2] in PARTY_ROLES:
            parties.append(party_of(tag, lines, path))
        elif tag == "25":
            account = PartyIdentifier("account", lines[0].lstrip("/"), f"{path}/1")
            parties.append(Party(Role.OTHER, (), (account,)))
            _unknown(lines, path, parties)
        else:
            _unknown(lines, path, parties)


_CODED_FIELDS = frozenset(("20", "21", "23B", "30", "32A", "32B", "33B", "71A"))
"""Fields of one line that are nearly always a code or reference: not taken apart then."""


def _unknown(lines: list[str], path: str, parties: list[Party]) -> None:
    """The catch-all for fields of no table: every line that could hold a name."""
    texts = [Field(line, f"{path}/{at}") for at, line in enumerate(lines, 1) if not is_reference(line)]
    if texts:
        parties.append(Party(Role.OTHER, texts=tuple(texts)))


def _amount(values: dict[str, str]) -> tuple[str | None, str | None]:
    """Amount and currency of 32A, else 32B, else 33B: `221020EUR65784,32` -> `65784.32`, `EUR`."""
    for tag in _MONEY_TAGS:
        if tag in values:
            money = _MONEY.fullmatch(values[tag])
            if not money:
                detail = f"{tag}: {values[tag][:40]!r}; [date,] currency and amount with a comma are expected"
                raise PaymentError(PaymentProblem.BAD_AMOUNT, detail)
            currency, whole, decimals = money.groups()
            return (f"{whole}.{decimals}" if decimals else whole), currency
    return None, None
