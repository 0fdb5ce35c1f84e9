"""The id of a payment in an ISO 20022 message: `sender/MsgId/PmtInfId/reference` of what the message gives.

A reference is unique only for whoever gave it, so the sender stands first: by BIC, LEI or clearing number
as it is. A sender who has none of these is named by a hash of everything that tells it from others: who
initiates, by name and number, for which account, at which bank. Ids stand in keys, logs and metrics, where
names of persons do not belong.

The id depends on the message's bytes alone: a repeated delivery has the same one.
"""

import hashlib

from screening.payments.iso.parts import Scope
from screening.payments.iso.tables import TRANSACTION_IDS
from screening.payments.model import Party, Role

_SENDERS = (Role.INSTRUCTING_AGENT, Role.INITIATING_PARTY)
_TELLING = (*_SENDERS, Role.DEBTOR_AGENT, Role.DEBTOR)
"""Whose names and numbers tell senders apart that have no number of their own."""
_UNIQUE = ("bic", "lei", "clearing")
_PLACEHOLDERS = frozenset(("NOTPROVIDED", "NOTAVAILABLE", "NONREF", "NONE", "N/A", "NA"))


def payment_id(scope: Scope, parties: tuple[Party, ...], number: int | None, raw: bytes) -> str:
    """The id of one transaction; `number` counts it where the message holds several."""
    message_id = scope.get("MsgId") or scope.get("BizMsgIdr")
    reference = _reference(scope)
    if not message_id and not reference:
        parts: tuple[str | None, ...] = (f"sha256-{hashlib.sha256(raw).hexdigest()[:32]}",)
    else:
        parts = (_sender(parties), message_id, scope.get("PmtInfId"), reference)
    name = "/".join(_part(part) for part in parts if part)
    return f"{name}#{number}" if number else name


def _reference(scope: Scope) -> str | None:
    """The best reference of the transaction; one that says nothing only where there is no other."""
    empty = None
    for name in TRANSACTION_IDS:
        if value := scope.values.get(name):
            if value.strip().upper() not in _PLACEHOLDERS:
                return value
            empty = empty or value
    return empty


def _part(reference: str) -> str:
    """A reference inside an id: what separates the parts there is escaped."""
    if "/" in reference or "#" in reference:
        return reference.replace("%", "%25").replace("/", "%2F").replace("#", "%23")
    return reference.strip()


def _sender(parties: tuple[Party, ...]) -> str | None:
    """Who sent the message; None where nobody on the sending side is named."""
    senders = [party for party in parties if party.role in _SENDERS]
    for scheme in _UNIQUE:
        for party in senders:
            for identifier in party.identifiers:
                if identifier.scheme == scheme:
                    return identifier.value
    told = [
        value
        for role in _TELLING
        for party in parties
        if party.role is role
        for value in (*(field.value for field in party.names), *(each.value for each in party.identifiers))
    ]
    if not told:  # a statement names the account it is of, and no sender
        told = [each.value for party in parties if party.role is Role.OTHER for each in party.identifiers]
    return f"sender-{hashlib.sha256(repr(told).encode()).hexdigest()[:16]}" if told else None
