"""OFAC's lists read together: a party that stands on both under one number keeps both entries."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from screening.designations import Designation


def together(lists: Iterable[Iterable[Designation]]) -> Iterator[Designation]:
    """The parties of one list after the other. Whoever stood on an earlier one is `ofac:9659-cons`; a
    number that stands twice on one list stays, for the reader of every list to refuse.
    """
    earlier: set[str] = set()
    for parties in lists:
        here: set[str] = set()
        for party in parties:
            here.add(party.id)
            yield replace(party, id=f"{party.id}-cons") if party.id in earlier else party
        earlier |= here
