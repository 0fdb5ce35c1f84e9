"""Names of rails in a policy or a setting, spelt as payments have them."""

from collections.abc import Iterable

from screening.payments.model import rail_of
from screening.policy.errors import PolicyError


def rail_names(names: Iterable[str], place: str) -> frozenset[str]:
    """The names, unchanged. Raises PolicyError for a known rail in another spelling, which no payment would
    match, unnoticed.

    >>> sorted(rail_names(["sepa_instant", "my rail"], "rule 1"))
    ['my rail', 'sepa_instant']
    """
    found = frozenset(names)
    for name in sorted(found):
        if (meant := rail_of(name)) != name:
            raise PolicyError(f"{place}, rails: {name!r} is no rail; write {meant!r}")
        if not name.strip():
            raise PolicyError(f"{place}, rails: {name!r} is no name of a rail")
    return found
