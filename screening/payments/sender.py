"""Who sent a payment, as its id names them: a reference is unique only for whoever gave it.

By BIC, LEI or clearing number as they are. A sender who has none of these is named by a hash of everything
that tells it from others: who initiates, by name and number, for which account, at which bank. Ids stand in
keys, logs and metrics, where names of persons do not belong.
"""

import hashlib

from screening.payments.model import Party, Role

_SENDERS = (Role.INSTRUCTING_AGENT, Role.INITIATING_PARTY)
_TELLING = (*_SENDERS, Role.DEBTOR_AGENT, Role.DEBTOR)
"""Whose names and numbers tell senders apart that have no number of their own."""
_UNIQUE = ("bic", "lei", "clearing")


def sender_of(parties: tuple[Party, ...]) -> str | None:
    """Who sent the payment; None where nobody on the sending side is named."""
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
