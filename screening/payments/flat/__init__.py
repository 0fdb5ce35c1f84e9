"""Payments in the flat formats of the United States: Fedwire's tags and NACHA's records of 94 columns."""

from screening.payments.flat.fedwire import is_fedwire
from screening.payments.flat.nacha import is_nacha

__all__ = ["is_flat"]


def is_flat(start: bytes) -> bool:
    """Whether a file begins as one of these formats: it is then one record, whatever its lines."""
    return is_fedwire(start) or is_nacha(start)
