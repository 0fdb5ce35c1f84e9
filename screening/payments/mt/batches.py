"""SWIFT messages that hold several payments: where each begins, and what belongs to all of them.

A transaction begins with its own reference and holds an amount. Everything else, the general sequence in
front and the settlement behind, belongs to the message and so to each of its transactions.
"""

from collections.abc import Mapping

Pairs = list[tuple[str, str]]
"""Fields in order: tag and value."""

_OPENERS: Mapping[str, str] = {
    "101": "21",
    "102": "21",
    "104": "21",
    "107": "21",
    "110": "21",
    "201": "20",
    "203": "20",
    "204": "20",
    "210": "21",
}
"""By message type: the field that begins a transaction."""
_AMOUNTS = ("32A", "32B", "33B")
_SETTLEMENT: Mapping[str, str] = {"102": "32A", "104": "32B", "107": "32B"}
"""The amount that begins the settlement of the whole message, behind the last transaction."""


def transactions(kind: str, pairs: Pairs) -> list[int]:
    """For each field the number of the transaction it belongs to, from 1 on; 0 where it belongs to all.

    Empty where the message is one payment.
    """
    opener = _OPENERS.get(kind) if kind else _guessed(pairs)
    if opener is None:
        return []
    places, count, place, paid = [], 0, 0, False
    whole = {0}
    for tag, _ in pairs:
        if tag == opener:
            count += 1
            place, paid = count, False
        elif paid and tag == _SETTLEMENT.get(kind):
            place = 0
        if tag in _AMOUNTS:
            paid = place > 0
            whole.add(place)
        places.append(place)
    numbers = {place: number for number, place in enumerate(sorted(whole))}
    return [numbers.get(place, 0) for place in places]


def _guessed(pairs: Pairs) -> str | None:
    """The opener of a message without its headers: a reference and an amount that come several times."""
    tags = [tag for tag, _ in pairs]
    if tags.count("32B") < 2:
        return None
    return next((opener for opener in ("20", "21") if tags.count(opener) > 1), None)
