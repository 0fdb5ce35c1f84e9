"""The 50 percent rule for customers: owned by blocked persons, list by list, also through companies in
between.

Each list blocks by its own owners: 30 percent held by a person on one list and 30 by a person on another
block a customer on neither. Whether shares add up, and how they pass through companies in between, is decided
by the same graph as for party books (`screening.hits.by_ownership`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from screening.customers.customer import Customer
from screening.decisions import Explanation, Hit, Reason
from screening.designations import Designation, Link, Name
from screening.fingerprints import owned_fingerprint, party_fingerprint
from screening.hits.by_ownership import Ties

BOOK = "customer"
"""Parties that are on no list stand in the graph under this name."""


def ownership_hits(customer: Customer, hits: Iterable[Hit]) -> list[Hit]:
    """One hit for each list whose blocked persons own the customer, on the largest owner's designation."""
    by_list: defaultdict[str, dict[str, Hit]] = defaultdict(dict)
    for hit in hits:
        place = customer.place_of(hit.path)
        known = by_list[hit.designation.source].get(place)
        if known is None or hit.score > known.score:
            by_list[hit.designation.source][place] = hit
    owned = (_owned(customer, source, blocked) for source, blocked in sorted(by_list.items()))
    return [hit for hit in owned if hit]


def _owned(customer: Customer, source: str, blocked: dict[str, Hit]) -> Hit | None:
    """The hit of one list on a customer that its blocked persons own, who stand in these places. None if they
    do not own it, or if it is on the list itself."""
    if "" in blocked:
        return None
    nodes = {place: f"{source if place in blocked else BOOK}:{place}" for place in customer.places}
    ties = _ties(customer, nodes)
    found = ties.owned(nodes[""])
    if found is None:
        return None
    owners = {node: place for place, node in nodes.items()}
    shares = sorted(((owners[owner], percent) for owner, percent in found.owners), key=lambda each: -each[1])
    leading = _leading(customer, [place for place, _ in shares], blocked)
    name = _name(customer, "")
    owned = " and ".join(f"{percent:g} % by {_name(customer, place)}" for place, percent in shares)
    return replace(
        leading,
        name=None,
        value=name,
        reason=Reason.OWNERSHIP,
        path="/owners",
        explanation=tuple(
            Explanation(_name(customer, place), f"{percent:g} %", "owner", 1.0, percent / 100)
            for place, percent in shares
        ),
        summary=f"{name} is on no list, but owned {owned}, which {source} names ({leading.designation.id})",
        fingerprint=_owned_fingerprint(customer, ties, nodes, blocked),
        confirmed_by="",
    )


def _ties(customer: Customer, nodes: dict[str, str]) -> Ties:
    """Who owns how much of whom, with the customer and its owners as nodes of a graph."""
    ties = Ties(books={BOOK})
    for place, node in nodes.items():
        links = tuple(
            Link(share.owner, "owned_by", nodes[share.owner], share.percent)
            for share in customer.shares
            if share.owned == place
        )
        ties.put(Designation(node, (Name(place),), links=links))
    return ties


def _owned_fingerprint(customer: Customer, ties: Ties, nodes: dict[str, str], blocked: dict[str, Hit]) -> str:
    """Of the customer with every share that leads to it: a listed owner counts by its designation, any other
    by what it is called."""
    parties = {
        node: blocked[place].designation.id if place in blocked else _fingerprint(customer, place)
        for place, node in nodes.items()
    }
    held = [(parties[owned], parties[owner], percent) for owned, owner, percent in ties.shares(nodes[""])]
    return owned_fingerprint(_fingerprint(customer, ""), held)


def _leading(customer: Customer, owners: list[str], blocked: dict[str, Hit]) -> Hit:
    """The hit of the largest owner on the list; for a company in between, the hit of its own owners."""
    for place in owners:
        if place in blocked:
            return blocked[place]
    below = [share.owner for place in owners for share in customer.shares if share.owned == place]
    return _leading(customer, below, blocked)


def _fingerprint(customer: Customer, place: str) -> str:
    return party_fingerprint(customer.parties[customer.places.index(place)])


def _name(customer: Customer, place: str) -> str:
    party = customer.parties[customer.places.index(place)]
    values = [value for value, _ in party.names] or [code.value for code in party.identifiers]
    return values[0] if values else place
