"""ISO 20022 messages to payments, one per transaction.

The walk recognises parties, agents and values by the tables of `iso.tables`. Every other leaf that could hold
a name is screened as text: in the role of the party around it, or else as `other`. Only values with the shape
of a code, a number, a date or a reference are skipped.

`iso.ids` makes a payment's id. A wrapper may hold several messages, each of which gives its own header to its
own transactions. A transaction with an unreadable value is refused alone.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element

from screening.payments.iso.ids import Digest, payment_id
from screening.payments.iso.parts import Scope
from screening.payments.iso.places import local_name
from screening.payments.iso.tables import AMOUNTS, MESSAGES, RAILS, SERVICES, WRAPPERS
from screening.payments.iso.walk import walk
from screening.payments.model import MAX_PARTIES, Payment, PaymentError, PaymentProblem, Refusal
from screening.payments.shown import LONGEST_SHOWN

_VERSIONED = re.compile(r"([a-z]{4}\.[0-9]{3})\.[0-9]{3}\.[0-9]{2}")


def decode_iso20022(root: Element, raw: bytes, at: str | None = None) -> list[Payment]:
    """One payment per transaction; `raw` names a message that has no reference of its own.

    `at` is the place, in what was sent, of a tree that is not made of XML.

    Raises PaymentError if nobody is named, or if the message is too large.
    """
    message = Scope()
    try:
        return _payments(message, root, raw, at)
    finally:
        message.let_go()


def _payments(message: Scope, root: Element, raw: bytes, at: str | None) -> list[Payment]:
    if name := MESSAGES.get(local_name(root.tag)):
        message.values["format"] = name
    walk(root, message, at)
    _head_what_stands_before(message)
    unknown: tuple[str, tuple[str, ...]] | None = None
    payments: list[Payment] = []
    digest, total = Digest(raw), 0
    transactions = _decided(list(message.transactions()))
    for number, scope in enumerate(transactions, 1):
        parties = scope.parties()
        total += len(parties)
        if total > MAX_PARTIES:
            raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_PARTIES} parties; send fewer")
        if (format := scope.get("format")) is None:
            unknown = unknown or _unknown(root)
        payments.append(
            Payment(
                payment_id(scope, parties, number if len(transactions) > 1 else None, digest),
                parties,
                format or (unknown[0] if unknown else ""),
                _time(scope),
                *_amount(scope),
                _rail(scope, root),
                scope.get("UETR") or scope.get("OrgnlUETR"),
                () if format else (unknown[1] if unknown else ()),
                scope.get("TxSts"),
                scope.refusal(),
            )
        )
    if not payments:
        place = f"/{local_name(root.tag)}"
        raise PaymentError(PaymentProblem.NO_PARTIES, f"{place}: no party, agent, account or text inside")
    return payments


def _head_what_stands_before(message: Scope) -> None:
    """A header that no message stands behind is that of the only one before it: JSON may turn them round."""
    if len(message.inner) == 2 and message.inner[1].is_header and not message.inner[0].is_headed:
        document, header = message.inner
        document.outer, header.inner, message.inner = header, [document], [header]


def _unknown(root: Element) -> tuple[str, tuple[str, ...]]:
    """The `Payment.format` of a message without its own table, and the note that says so."""
    versions = (match.group(1) for element in root.iter() if (match := _VERSIONED.search(element.tag)))
    own = (version for version in versions if not version.startswith("head"))
    kind = next(own, local_name(root.tag)[:LONGEST_SHOWN])
    return "iso20022", (f"{kind}: not of the coverage list; read by the catch-all",)


def _amount(scope: Scope) -> tuple[str | None, str | None]:
    """The transaction's own amount, or that of an entry whose only details are this transaction."""
    for name in AMOUNTS:
        if amount := scope.values.get(name):
            return amount, scope.values[f"{name}@Ccy"] or None
    outer = scope.outer
    if outer and outer.is_payment and len(outer.inner) == 1:
        return _amount(outer)
    return None, None


def _rail(scope: Scope, root: Element) -> str | None:
    """What the message itself says about its rail: scheme, clearing system, business service or wrapper."""
    if (level := scope.get("SvcLvl:")) and " SEPA " in level:
        return "sepa_instant" if " INST " in (scope.get("LclInstrm:") or "") else "sepa"
    if systems := scope.get("ClrSys:"):
        for system in systems.split():
            if rail := RAILS.get(system.upper()):
                return rail
    if (service := scope.get("BizSvc")) and (rail := _begins(SERVICES, service.lower())):
        return rail
    return _begins(WRAPPERS, local_name(root.tag))


def _begins(words: Mapping[str, str], text: str) -> str | None:
    for word, rail in words.items():
        if text.startswith(word):
            return rail
    return None


def _decided(scopes: list[Scope]) -> list[Scope]:
    """What a decision is due for: scopes with a party, and transactions that name none beside others that do.

    These are refused alone; a transaction without an outcome would be a lost payment.
    """
    if len(scopes) > 1 and any(scope.parties() for scope in scopes):
        for scope in scopes:
            if scope.is_payment and not scope.parties() and not scope.refused:
                scope.refused = Refusal(
                    PaymentProblem.NO_PARTIES,
                    "a transaction names no party, agent, account or text",
                )
    return [scope for scope in scopes if scope.parties() or scope.refused]


def _time(scope: Scope) -> datetime | None:
    """When the message was created, if it states that with an offset; a local time could be any moment."""
    try:
        time = datetime.fromisoformat(scope.get("CreDtTm") or "")
    except ValueError:
        return None
    return time if time.tzinfo else None
