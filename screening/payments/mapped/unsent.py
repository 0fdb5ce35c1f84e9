"""Values that a source did not send, with a word in their place: whoever they name would go unscreened."""

from screening.payments.model import Payment, PaymentProblem, Refusal

UNSENT = "__debezium_unavailable_value"
"""Debezium's, for a long column of PostgreSQL or Oracle that an update did not change."""
UNSENT_BYTES = UNSENT.encode()
_REMEDY = (
    "Debezium did not send this column's value; "
    "set REPLICA IDENTITY FULL on the table, or let Debezium reselect it"
)


def without_unsent(payment: Payment) -> Payment:
    """The payment, refused where one of its values was not sent."""
    for party in payment.parties:
        for places in (party.names, party.texts, party.addresses, party.countries):
            for value, path in places:
                if value.strip() == UNSENT:
                    return _refused(payment, path)
        for identifier in party.identifiers:
            if identifier.value.strip() == UNSENT:
                return _refused(payment, identifier.path)
    return payment


def _refused(payment: Payment, path: str) -> Payment:
    refusal = Refusal(PaymentProblem.WRONG_TYPE, f"{path}: {_REMEDY}")
    return payment._replace(refused=payment.refused or refusal)
