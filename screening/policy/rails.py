"""Names of rails in a policy file, as payments have them."""

import re
from collections.abc import Iterable

from screening.payments.model import RAILS
from screening.policy.errors import PolicyError

_BETWEEN = re.compile(r"[\s_-]+")


def rail_names(names: Iterable[str], place: str) -> frozenset[str]:
    """Raises PolicyError for one of ours in another spelling: it would be no payment's, unnoticed.

    >>> sorted(rail_names(["sepa_instant", "my rail"], "rule 1"))
    ['my rail', 'sepa_instant']
    """
    found = frozenset(names)
    for wrong in sorted(found - RAILS):
        if (meant := _BETWEEN.sub("_", wrong.strip().lower())) in RAILS:
            raise PolicyError(f"{place}, rails: {wrong!r} is no rail; write {meant!r}")
        if not wrong.strip():
            raise PolicyError(f"{place}, rails: {wrong!r} is no name of a rail")
    return found
