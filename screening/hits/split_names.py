"""One name that stands in two parties: who pays and on whose behalf, or who is paid and for whom.

Debtor "Anna Maria" with the ultimate debtor "Qorvelsen" is Anna Maria Qorvelsen. Each party by itself has too
little of the name to be a hit. Payer and payee are two parties, whatever their names make together.
"""

from collections.abc import Iterator
from typing import Final

from screening.hits.by_name import LONGEST_PART
from screening.payments.model import Party, Role

_PAIRS: Final = ((Role.DEBTOR, Role.ULTIMATE_DEBTOR), (Role.CREDITOR, Role.ULTIMATE_CREDITOR))


def split_names(parties: tuple[Party, ...]) -> Iterator[Party]:
    """A party in the first one's role with the names of both, for each such pair whose names may be one.

    One of them is a single word, for two names of several words are two parties.
    """
    for role, ultimate in _PAIRS:
        behalf = _first(parties, ultimate)
        party = _first(parties, role) if behalf else None
        if behalf and party and _may_be_one(party, behalf):
            kind = party.kind if party.kind is behalf.kind else None
            yield Party(role, (*party.names, *behalf.names), kind=kind)


def _first(parties: tuple[Party, ...], role: Role) -> Party | None:
    for party in parties:
        if party.role is role:
            return party
    return None


def _may_be_one(party: Party, behalf: Party) -> bool:
    if len(party.names) != 1 or len(behalf.names) != 1:
        return False
    name, other = party.names[0].value.strip(), behalf.names[0].value.strip()
    if " " in name and " " in other:  # as nearly always
        return False
    words, others = name.split(), other.split()
    return (
        words != others and min(len(words), len(others)) == 1 and max(len(words), len(others)) <= LONGEST_PART
    )
