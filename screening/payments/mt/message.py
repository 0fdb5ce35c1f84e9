"""SWIFT MT messages (FIN) to payments: every line of every field is screened or is a code.

Sequence B of the cover payments (202 COV, 205 COV) needs no rule of its own: its 50a and 59a are the
customers, whichever sequence they stand in. The payment's id is `sender/field 20/UETR` of what is there:
field 20 is unique for its sender only, who is named by its BIC, else as `screening.payments.sender` says. A
transaction of a batch has its own reference in it, and `#n` where there are several.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from string import ascii_uppercase

from screening.payments.model import (
    MAX_PARTIES,
    Field,
    Party,
    Payment,
    PaymentError,
    PaymentProblem,
    Refusal,
    Role,
    refused_payment,
)
from screening.payments.mt.batches import Pairs, StatementLine, statement_currency, transactions
from screening.payments.mt.blocks import Envelope, open_envelope
from screening.payments.mt.fields import Fields
from screening.payments.mt.split import Part, split
from screening.payments.sender import sender_of
from screening.payments.shown import shown

MOST_NAMED = 5
"""Doubled fields that a note names."""
LONGEST_FRAME = 64
"""Bytes of framing before a message that are no text: a serializer's magic byte and the schema's id."""
MOST_MESSAGES = 10_000
"""In one record: a real message has 200 bytes and more, so no record of 1 MiB holds so many."""

_TAG = re.compile(r"\n:([0-9]{2}[A-Z]?):")
"""With the end of the line before it: a text to look for is found in a quarter of the time."""
_MONEY = re.compile(r"(?:[0-9]{6})?([A-Z]{3})([0-9]{1,15}),([0-9]{0,6})\s*")
_MONEY_TAGS = ("32A", "32B", "33B")

FORMATS = {
    "101": "mt101",
    "102": "mt102",
    "103": "mt103",
    "202": "mt202",
    "203": "mt203",
    "205": "mt205",
}
"""Message types of the coverage list; every other one is read by the same rules and marked."""
_ONCE: Mapping[str, Mapping[str, str]] = {
    kind: {tag: tag for tag in whole}
    | {f"{number}{option}": number for number in numbers for option in ("", *ascii_uppercase)}
    for kind, whole, numbers in (
        ("103", ("20", "23B", "32A", "70"), ("50", "57", "59")),
        ("202", ("20", "21", "32A"), ("58",)),
    )
}
"""Fields that stand once in a message of a type, by their tags: with any option it is the same field."""


def decode_mt(raw: bytes) -> list[Payment]:
    """The payments of one record, in order. Raises PaymentError for bytes that are not an MT message.

    If one of several messages cannot be read, it is a payment that is refused; the others are screened.
    """
    try:
        text = _without_frame(raw).decode()
    except UnicodeDecodeError as bad:
        detail = f"byte {bad.start} is not UTF-8 ({bad.reason}); MT messages are ASCII"
        raise PaymentError(PaymentProblem.NOT_UTF8, detail) from None
    parts = split(text)
    if not parts:
        detail = "an acknowledgement (F21) and no message with it; send the messages only"
        raise PaymentError(PaymentProblem.NOT_MT, detail)
    if len(parts) > MOST_MESSAGES:
        detail = f"{len(parts)} messages in one record; at most {MOST_MESSAGES} are read: send fewer at once"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    if len(parts) == 1:
        return _payments(parts[0])
    payments: list[Payment] = []
    for part in parts:
        try:
            payments += _payments(part)
        except PaymentError as error:
            payments.append(refused_payment(error, part.text.encode(), "mt"))
    return payments


def _without_frame(raw: bytes) -> bytes:
    """The message without the bytes of some framing in front of it; text there stays, and is screened."""
    if raw.startswith(b"{1:"):
        return raw
    start = raw.find(b"{1:", 0, LONGEST_FRAME)
    if start > 0 and not raw[:start].isascii():
        try:
            raw[:start].decode()
        except UnicodeDecodeError:
            return raw[start:]
    return raw


def _payments(part: Part) -> list[Payment]:
    """The payments of one message: one, or those of a batch."""
    envelope = open_envelope(part)
    body = envelope.body
    pieces = _TAG.split(body if body.startswith("\n") else f"\n{body}")
    if len(pieces) == 1:
        raise PaymentError(PaymentProblem.NOT_MT, "block 4 has no field such as :20:")
    in_turn = iter(pieces[1:])
    pairs = list(zip(in_turn, in_turn, strict=True))
    if pieces[0] and not pieces[0].isspace():
        envelope.parties.append(Party(Role.OTHER, texts=(Field(pieces[0].strip(), "block 4"),)))
    places = transactions(envelope.kind, pairs)
    if any(places):
        return _batch(envelope, pairs, places)
    read, parties = Fields(envelope.kind).read, envelope.parties
    for tag, value in pairs:
        read(tag, value, parties)
    payment = _payment(envelope, dict(reversed(pairs)), (), tuple(envelope.parties))
    if twice := _twice(envelope.kind, pieces[1::2]):
        note = f"field {', '.join(twice)} stands more than once: the first is read, all are screened"
        return [payment._replace(notes=(*payment.notes, note))]
    return [payment]


def _batch(envelope: Envelope, pairs: Pairs, places: list[int]) -> list[Payment]:
    """One payment per transaction, each with the fields that belong to all."""
    count = max(places)
    parties: list[list[Party]] = [envelope.parties, *([] for _ in range(count))]
    values: list[dict[str, str]] = [{} for _ in range(count + 1)]
    fields = Fields(envelope.kind)
    for (tag, value), place in zip(pairs, places, strict=True):
        fields.read(tag, value, parties[place])
        values[place].setdefault(tag, value)
    general = tuple(envelope.parties)
    if len(general) * count + sum(map(len, parties)) > MAX_PARTIES:
        detail = f"more than {MAX_PARTIES} parties; send fewer transactions in one message"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    common = values[0].get("20", "")
    payments = []
    for number in range(1, count + 1):
        own = values[number]
        line = StatementLine.read(own["61"]) if "61" in own else None
        reference = _reference_of(line) if line else own.get("21", "").strip()
        references = (common.strip(), reference if "20" not in own else "")
        payment = _payment(envelope, own, references, general + tuple(parties[number]))
        if line:
            payment = payment._replace(amount=line.amount, currency=statement_currency(values[0]))
        payments.append(payment._replace(id=f"{payment.id}#{number}") if count > 1 else payment)
    return payments


def _reference_of(line: StatementLine) -> str:
    """The owner's reference, else the bank's."""
    own = line.reference.strip()
    return line.bank_reference.strip() if own in ("", "NONREF") else own


def _payment(
    envelope: Envelope, values: dict[str, str], references: tuple[str, ...], parties: tuple[Party, ...]
) -> Payment:
    """One payment from its fields; `references` precede its own field 20 in the id."""
    names = [part for part in (*references, values.get("20", "").strip()) if part]
    sender = envelope.sender or sender_of(parties)
    payment_id = "/".join([part for part in (sender, *names, envelope.uetr) if part])
    if not names and not envelope.uetr:
        detail = "field 20 and the UETR (block 3, 121) are missing; send one of them, to name the payment"
        raise PaymentError(PaymentProblem.MISSING_ID, detail)
    if not parties:
        detail = "no party, agent or text in any field"
        raise PaymentError(PaymentProblem.NO_PARTIES, detail, payment_id)
    amount = currency = refused = None
    try:
        amount, currency = _amount(values)
    except PaymentError as error:
        refused = Refusal(error.problem, error.detail)
    kind = envelope.kind
    notes = envelope.notes
    if kind not in FORMATS:
        notes = (f"MT{kind or '?'}: not of the coverage list; read by the catch-all", *notes)
    return Payment(
        payment_id,
        parties,
        FORMATS.get(kind, "mt"),
        None,
        amount,
        currency,
        "swift",
        envelope.uetr,
        notes,
        None,
        refused,
    )


def _twice(kind: str, tags: Iterable[str]) -> list[str]:
    """Fields that occur more than once although their message type has them once."""
    once = _ONCE.get(kind)
    if not once:
        return []
    fields = list(filter(None, map(once.get, tags)))
    if len(fields) == len(set(fields)):
        return []
    return [field for field, times in Counter(fields).items() if times > 1][:MOST_NAMED]


def _amount(values: dict[str, str]) -> tuple[str | None, str | None]:
    """Amount and currency of 32A, else 32B, else 33B: `221020EUR65784,32` -> `65784.32`, `EUR`."""
    for tag in _MONEY_TAGS:
        if tag in values:
            money = _MONEY.fullmatch(values[tag])
            if not money:
                detail = f"{tag}: {shown(values[tag])}; [date,] currency and amount with a comma are expected"
                raise PaymentError(PaymentProblem.BAD_AMOUNT, detail)
            currency, whole, decimals = money.groups()
            return (f"{whole}.{decimals}" if decimals else whole), currency
    return None, None
