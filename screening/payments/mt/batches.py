"""SWIFT messages that hold several payments: where each begins, and what belongs to all of them.

A transaction begins with its own reference and holds an amount; in a statement it is a line (`61`), which
holds both, and the information on it (`86`). Everything else, the general sequence in front and the
settlement or the balances behind, belongs to the message and so to each of its transactions.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

_STATEMENT = "940"
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
    "940": "61",
    "942": "61",
    "950": "61",
}
"""By message type: the field that begins a transaction."""
_AMOUNTS = ("32A", "32B", "33B", "61")
_BALANCES = ("62F", "62M", "64", "65", "90D", "90C")
_SETTLEMENT: Mapping[str, tuple[str, ...]] = {
    "102": ("32A",),
    "104": ("32B",),
    "107": ("32B",),
    "940": _BALANCES,
    "942": _BALANCES,
    "950": _BALANCES,
}
"""What begins the settlement of the whole message, or its balances, behind the last transaction."""
_LINE = re.compile(
    r"(?:[0-9]{6})(?:[0-9]{4})?R?[CDE][CD]?[A-Z]?([0-9]{1,15}),([0-9]{0,6})[A-Z][A-Z0-9]{3}"
    r"([^\n/]*(?:/[^\n/]+)*)(?://([^\n]*))?(?:\n(.*))?",
    re.DOTALL,
)
_BALANCE = re.compile(r"(?:[CD][0-9]{6}|[0-9]{0,5})([A-Z]{3})")
"""A balance by mark and day, a sum by how many it is of (90D, 90C), a floor limit by its currency (34F)."""


class StatementLine(NamedTuple):
    """Field 61: what was booked, and whose references it has."""

    amount: str
    reference: str
    """The account owner's; `NONREF` where it gave none."""
    bank_reference: str
    details: str

    @classmethod
    def read(cls, value: str) -> "StatementLine | None":
        """None for a field that is not written as one: it is screened all the same.

        >>> StatementLine.read("2611271127C5,50NTRFREF 7//B1")
        StatementLine(amount='5.50', reference='REF 7', bank_reference='B1', details='')
        """
        found = _LINE.fullmatch(value.rstrip("\n"))
        if not found:
            return None
        whole, decimals, *texts = found.groups()
        return cls(f"{whole}.{decimals}" if decimals else whole, *(text or "" for text in texts))


def statement_currency(values: Mapping[str, str]) -> str | None:
    """The currency of a statement, which only its balances name; of an interim one its sums and limit.

    >>> statement_currency({"62F": "C261127EUR5,00"}), statement_currency({"90D": "12USD7,"})
    ('EUR', 'USD')
    """
    for tag in ("60F", "60M", "62F", "62M", "90D", "90C", "34F"):
        if found := _BALANCE.match(values.get(tag, "")):
            return found[1]
    return None


def transactions(kind: str, pairs: Pairs) -> list[int]:
    """For each field the number of the transaction it belongs to, from 1 on; 0 where it belongs to all.

    Empty where the message is one payment.
    """
    opener = _OPENERS.get(kind) if kind else _guessed(pairs)
    if opener is None:
        return []
    settlement = _SETTLEMENT.get(kind or _STATEMENT, ())
    places, count, place, paid = [], 0, 0, False
    whole = {0}
    for tag, _ in pairs:
        if tag == opener:
            count += 1
            place, paid = count, False
        elif paid and tag in settlement:
            place = 0
        if tag in _AMOUNTS:
            paid = place > 0
            whole.add(place)
        places.append(place)
    numbers = {place: number for number, place in enumerate(sorted(whole))}
    return [numbers.get(place, 0) for place in places]


def _guessed(pairs: Pairs) -> str | None:
    """The opener of a message without its headers: a statement's line between its balances, or a reference
    and an amount that come several times."""
    tags = [tag for tag, _ in pairs]
    if "61" in tags and not {"60F", "60M", "62F", "62M"}.isdisjoint(tags):
        return "61"
    if tags.count("32B") < 2:
        return None
    return next((opener for opener in ("20", "21") if tags.count(opener) > 1), None)
