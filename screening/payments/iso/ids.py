"""The id of a payment in an ISO 20022 message: `sender/MsgId/PmtInfId/reference`, as far as the message has
them.

A reference is unique only within its sender, so the sender comes first (`screening.payments.sender`).

The id depends on the message's bytes alone: a repeated delivery has the same id.
"""

import hashlib

from screening.payments.iso.leaves import system_of
from screening.payments.iso.parts import Scope
from screening.payments.iso.tables import TRANSACTION_IDS
from screening.payments.model import Party
from screening.payments.sender import sender_of

_PLACEHOLDERS = frozenset(("NOTPROVIDED", "NOTAVAILABLE", "NONREF", "NONE", "N/A", "NA"))


class Digest:
    """The hash of a message, computed once, when a payment without any reference first needs it."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._text = ""

    @property
    def text(self) -> str:
        """32 hex digits."""
        self._text = self._text or hashlib.sha256(self._raw).hexdigest()[:32]
        return self._text


def payment_id(scope: Scope, parties: tuple[Party, ...], number: int | None, digest: Digest) -> str:
    """The id of one transaction; `number` counts it where the message holds several."""
    message_id = scope.get("MsgId") or scope.get("BizMsgIdr")
    reference = _reference(scope)
    if not message_id and not reference:
        parts: tuple[str | None, ...] = (f"sha256-{digest.text}",)
    else:
        sender = sender_of(
            parties, lambda number: scope.get(system_of(number.path)), initiated=_initiated(scope)
        )
        parts = (sender, message_id, scope.get("PmtInfId"), reference)
    name = "/".join([_part(part) for part in parts if part])
    return f"{name}#{number}" if number else name


def _initiated(scope: Scope) -> bool:
    return (scope.get("format") or "").startswith("pain.")


def _reference(scope: Scope) -> str | None:
    """The best reference of the transaction; a meaningless one only if there is no other."""
    empty = None
    for name in TRANSACTION_IDS:
        if value := scope.values.get(name):
            if value.strip().upper() not in _PLACEHOLDERS:
                return value
            empty = empty or value
    return empty


def _part(reference: str) -> str:
    """A reference inside an id, with the separator of the parts escaped."""
    if "/" in reference or "#" in reference:
        return reference.replace("%", "%25").replace("/", "%2F").replace("#", "%23")
    return reference.strip()
