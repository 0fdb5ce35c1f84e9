"""Names of rails in a policy or a setting, as payments have them."""

from collections.abc import Iterable

from screening.payments.model import rail_of
from screening.policy.errors import PolicyError


def rail_names(names: Iterable[str], place: str) -> frozenset[str]:
    """Raises PolicyError for one of ours in another spelling: it would be no payment's, unnoticed: payments
    have them in ours.

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
