"""What of a payment is screened, flat: the tests' view of `Party`."""

from typing import NamedTuple

from screening.payments import Payment, Role


class Screened(NamedTuple):
    role: Role
    what: str
    value: str
    path: str


def screened(payment: Payment) -> list[Screened]:
    """Every value that the screener looks at, with its role and its path."""
    return [
        Screened(party.role, what, value, path)
        for party in payment.parties
        for what in ("names", "texts", "addresses", "countries", "identifiers")
        for *_, value, path in getattr(party, what)
    ]
