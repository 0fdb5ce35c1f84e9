"""Payment messages: bytes in any supported format to `Payment`s."""

from screening.payments.decode import MAX_BYTES, decode_payment
from screening.payments.model import (
    FORMATS,
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Role,
)

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Field",
    "Party",
    "PartyIdentifier",
    "Payment",
    "PaymentError",
    "PaymentProblem",
    "Role",
    "decode_payment",
]
