"""Who sent a payment, as its id names them: a reference is unique only within its sender.

A BIC, LEI or clearing number is used as it is. A sender without any of these is named by a hash of everything
that distinguishes it: who initiates, by name and number, for which account, at which bank. Ids appear in
keys, logs and metrics, where people's names do not belong.
"""

import hashlib
import re
from collections.abc import Callable, Iterator

from screening.payments.model import Party, PartyIdentifier, Role

_SENDERS = (Role.INSTRUCTING_AGENT, Role.INITIATING_PARTY)
_TELLING = (*_SENDERS, Role.DEBTOR_AGENT, Role.DEBTOR)
"""Whose names and numbers tell senders apart that have no number of their own."""
_UNIQUE = ("bic", "lei", "clearing")


_SHAPES = {
    "bic": re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
    "lei": re.compile(r"[A-Z0-9]{18}[0-9]{2}"),
    "clearing": re.compile(r"[0-9]{1,15}"),
}


def _unique(identifier: PartyIdentifier, system: str | None) -> str:
    """A number as it is; behind its system, or its scheme where it could be taken for one of another."""
    scheme, value, _ = identifier
    if system:
        return f"{system.replace(':', '%3A')}:{value}"
    return value if _SHAPES[scheme].fullmatch(value) else f"({scheme}){value.replace(':', '%3A')}"


def _named(party: Party) -> Iterator[tuple[str, str]]:
    """What tells a party from others, each with what it is: a name may be another's number."""
    for name in party.names:
        yield party.role.value, name.value
    for scheme, value, _ in party.identifiers:
        yield f"{party.role.value} {scheme}", value


def _unnamed(_: PartyIdentifier) -> str | None:
    return None


def sender_of(
    parties: tuple[Party, ...],
    clearing_system: Callable[[PartyIdentifier], str | None] = _unnamed,
    *,
    initiated: bool = False,
) -> str | None:
    """Who sent the payment; None if nobody on the sending side is named.

    `clearing_system` names the system of a clearing number, because two systems use the same numbers.
    `initiated` is a message whose reference was given by its initiator, not by the bank that forwards it.
    """
    senders = [party for party in parties if party.role is _SENDERS[0] or party.role is _SENDERS[1]]
    if initiated:
        senders = [party for party in senders if party.role is Role.INITIATING_PARTY] or senders
    for scheme in _UNIQUE:
        for party in senders:
            for identifier in party.identifiers:
                if identifier.scheme == scheme:
                    return _unique(identifier, clearing_system(identifier) if scheme == "clearing" else None)
    facts = [each for role in _TELLING for party in parties if party.role is role for each in _named(party)]
    if not facts:  # a statement names the account it is of, and no sender
        facts = [
            (each.scheme, each.value)
            for party in parties
            if party.role is Role.OTHER
            for each in party.identifiers
        ]
    return f"sender-{hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}" if facts else None
