"""ISO 20022 messages to payments, one per transaction.

The walk knows parties, agents and values by the tables of `iso_tables`. Every other leaf that could hold a
name is screened as text: in the role of the party around it, else as `other`. Only what has the shape of a
code, a number, a date or a reference is passed over.

A payment's id is `sender/MsgId/PmtInfId/reference` of what the message gives, with `#n` where it holds
several transactions. The sender's BIC is there because a MsgId is unique only for its sender, the number
because EndToEndId may repeat ("NOTPROVIDED"). It depends on the message's bytes alone: a repeated delivery
has the same ids. A message without any reference is named by its hash.
"""

import hashlib
import re
from datetime import datetime
from xml.etree.ElementTree import Element

from screening.payments.iso.parts import Scope
from screening.payments.iso.places import local_name
from screening.payments.iso.tables import AMOUNTS, TRANSACTION_IDS
from screening.payments.iso.walk import walk
from screening.payments.model import Party, Payment, PaymentError, PaymentProblem, Role

MAX_PARTIES = 200_000
"""Parties over all payments of one message; a header's parties count for each of its transactions."""

_VERSIONED = re.compile(r"([a-z]{4}\.[0-9]{3})\.[0-9]{3}\.[0-9]{2}")


def decode_iso20022(root: Element, raw: bytes, at: str | None = None) -> list[Payment]:
    """One payment per transaction; `raw` names a message that has no reference of its own.

    `at` is where a tree that is not made of XML stands in what was sent.

    Raises PaymentError where a value cannot be read or nobody is named.
    """
    message = Scope()
    walk(root, message, at)
    format, notes = _format(root, message.values.get("format"))
    payments: list[Payment] = []
    total = 0
    transactions = list(message.transactions())
    for number, scope in enumerate(transactions, 1):
        parties = scope.parties()
        if not parties:
            place = f"/{local_name(root.tag)}"
            raise PaymentError(PaymentProblem.NO_PARTIES, f"{place}: no party, agent, account or text inside")
        total += len(parties)
        if total > MAX_PARTIES:
            raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_PARTIES} parties; send fewer")
        payments.append(
            Payment(
                _id(scope, parties, number if len(transactions) > 1 else None, raw),
                parties,
                format,
                _time(scope),
                *_amount(scope),
                _rail(scope),
                scope.get("UETR") or scope.get("OrgnlUETR"),
                notes,
                scope.get("TxSts"),
            )
        )
    return payments


def _format(root: Element, known: str | None) -> tuple[str, tuple[str, ...]]:
    """The `Payment.format` of a message, and the note that marks a type without a table of its own."""
    if known:
        return known, ()
    versions = (match.group(1) for element in root.iter() if (match := _VERSIONED.search(element.tag)))
    own = (version for version in versions if not version.startswith("head"))
    kind = next(own, local_name(root.tag)[:40])
    return "iso20022", (f"{kind}: not of the coverage list; read by the catch-all",)


def _id(scope: Scope, parties: tuple[Party, ...], number: int | None, raw: bytes) -> str:
    message_id = scope.get("MsgId") or scope.get("BizMsgIdr")
    reference = next((value for name in TRANSACTION_IDS if (value := scope.values.get(name))), None)
    if not message_id and not reference:
        message_id = f"sha256-{hashlib.sha256(raw).hexdigest()[:32]}"
    parts = (_sender(parties), message_id, scope.get("PmtInfId"), reference)
    name = "/".join(_part(part) for part in parts if part)
    return f"{name}#{number}" if number else name


def _part(reference: str) -> str:
    """A reference inside an id: what separates the parts there is escaped."""
    if "/" in reference or "#" in reference:
        return reference.replace("%", "%25").replace("/", "%2F").replace("#", "%23")
    return reference.strip()


def _sender(parties: tuple[Party, ...]) -> str | None:
    """The first BIC of whoever sent the message."""
    for party in parties:
        if party.role is Role.INSTRUCTING_AGENT or party.role is Role.INITIATING_PARTY:
            for identifier in party.identifiers:
                if identifier.scheme == "bic":
                    return identifier.value
    return None


def _amount(scope: Scope) -> tuple[str | None, str | None]:
    for name in AMOUNTS:
        if amount := scope.values.get(name):
            return amount, scope.values[f"{name}@Ccy"] or None
    return None, None


def _rail(scope: Scope) -> str | None:
    """What the message itself says of its rail: SEPA by service level, else SWIFT by business service."""
    if scope.get("SvcLvl") == "SEPA":
        return "sepa_instant" if scope.get("LclInstrm") == "INST" else "sepa"
    return "swift" if (scope.get("BizSvc") or "").startswith("swift") else None


def _time(scope: Scope) -> datetime | None:
    """When the message was made, where it says so with its offset: a local time is no time."""
    try:
        time = datetime.fromisoformat(scope.get("CreDtTm") or "")
    except ValueError:
        return None
    return time if time.tzinfo else None
