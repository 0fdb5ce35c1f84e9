"""A memory of recently stopped payments, so that one that comes back altered is recognised.

One `Stopped` is one hit of such a payment, with what identifies its debtor and its creditor. The memory is
bounded by a window of time and by a number; hits that the number pushes out before their time are counted.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from sys import getsizeof

from screening.decisions import End, Stopped
from screening.fingerprints import plain, squeezed
from screening.payments.model import Party, Payment, Role
from screening.policy.rules import StrippingRule

MOST_STOPPED = 50_000
"""Hits remembered, some 120 MB with four short words each: five days of 10,000 a day, more than a desk can
work through."""
MOST_BYTES = 256 << 20
HIT_BYTES, KEY_BYTES = 1_200, 350
"""Of all of them, of one, and of a word by which it is found, beside its letters."""
MOST_OF_AN_END = 8
"""Codes, and names, of one end that are remembered: a payment of 2,000 debtors that hit took 7 MB, and 500 of
them took 3.5 GB."""
LONGEST_AMOUNT = 60
"""Digits, as many as payments have: 1E+999999999 written out would be a gigabyte."""
MOST_ALIKE = 50
"""Of one amount at one end, the newest: a shop of one price must not make each payment search them all, and
its payers tell their payments as well."""
ENDS = (Role.DEBTOR, Role.CREDITOR)

Money = tuple[str, str]
Key = tuple[Role, str]
"""An end of a payment and one word that tells it: an account or another code, or a name."""


def end_of(
    parties: Iterable[tuple[str, Iterable[str], Iterable[str]]], role: Role, most: int | None = None
) -> End:
    """One end of a payment, from the (role, names, codes) of each party; at `most` so many of either."""
    own = [(names, codes) for party_role, names, codes in parties if party_role == role]
    return End(
        tuple(sorted({code for _, codes in own for value in codes if (code := squeezed(value))})[:most]),
        tuple(sorted({name for names, _ in own for value in names if (name := plain(value))})[:most]),
    )


def party_words(party: Party) -> tuple[str, list[str], list[str]]:
    """A party in the form that `end_of` takes."""
    names = [value for value, _ in party.names]
    return party.role, names, [item.value for item in party.identifiers]


def money(amount: str | None, currency: str | None) -> Money | None:
    """An amount in one spelling: 12500.00 and 12500 are the same. None if amount or currency is missing."""
    if not amount or not currency:
        return None
    try:
        return _shortest(amount), currency.strip().upper()
    except InvalidOperation:
        return None


def _shortest(amount: str) -> str:
    """`12500.00 -> 12500`, by hand for nearly all amounts, because it is needed for each payment."""
    if "1" <= amount[0] <= "9" and amount.isascii() and amount.replace(".", "", 1).isdigit():
        return amount.rstrip("0").rstrip(".") if "." in amount else amount
    number = Decimal(amount)
    if abs(number.adjusted()) > LONGEST_AMOUNT:
        raise InvalidOperation
    return f"{number.normalize():f}"


class StoppedPayments:
    """Fed with every alert, in any order; says which stopped payments a payment could be a resubmission
    of."""

    def __init__(
        self, rule: StrippingRule | None = None, most: int = MOST_STOPPED, most_bytes: int = MOST_BYTES
    ) -> None:
        self._window = timedelta(hours=(rule or StrippingRule()).window_hours)
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._found: dict[Money, dict[Key, dict[str, Stopped]]] = {}
        self._in_order: deque[Stopped] = deque()
        self._ids: set[str] = set()
        self.dropped = 0
        """Forgotten before the window was over, because the memory was full."""

    def __len__(self) -> int:
        return len(self._in_order)

    def note(self, stopped: Stopped, now: datetime) -> None:
        """Remember a hit; noting it twice changes nothing."""
        self.forget(now)
        if stopped.alert_id in self._ids or stopped.at <= now - self._window:
            return
        self._bytes += _size(stopped)
        while self._in_order and (len(self._in_order) >= self._most or self._bytes > self._most_bytes):
            self._remove(self._in_order.popleft())
            self.dropped += 1
        self._in_order.append(stopped)
        self._ids.add(stopped.alert_id)
        of_amount = self._found.setdefault((stopped.amount, stopped.currency), {})
        for key in _keys(stopped.debtor, stopped.creditor):
            alike = of_amount.setdefault(key, {})
            if len(alike) >= MOST_ALIKE:
                del alike[next(iter(alike))]
            alike[stopped.alert_id] = stopped

    def like(self, payment: Payment, now: datetime) -> Iterator[Stopped]:
        """Those with this amount within the window that share an end's account or name, newest first."""
        if not self._found or (amount := money(payment.amount, payment.currency)) is None:
            return
        of_amount = self._found.get(amount)
        if not of_amount:
            return
        words = [party_words(party) for party in payment.parties]
        found: dict[str, Stopped] = {}
        for key in _keys(end_of(words, Role.DEBTOR), end_of(words, Role.CREDITOR)):
            found |= of_amount.get(key, {})
        oldest = now - self._window
        yield from sorted(
            (each for each in found.values() if each.at > oldest),
            key=lambda each: (each.at, each.alert_id),
            reverse=True,
        )

    def forget(self, now: datetime) -> None:
        """Drop what is older than the window."""
        oldest = now - self._window
        while self._in_order and self._in_order[0].at <= oldest:
            self._remove(self._in_order.popleft())

    def _remove(self, stopped: Stopped) -> None:
        self._ids.discard(stopped.alert_id)
        self._bytes -= _size(stopped)
        amount = (stopped.amount, stopped.currency)
        of_amount = self._found.get(amount, {})
        for key in _keys(stopped.debtor, stopped.creditor):
            alike = of_amount.get(key, {})
            alike.pop(stopped.alert_id, None)
            if not alike:
                of_amount.pop(key, None)
        if not of_amount:
            self._found.pop(amount, None)


def _keys(debtor: End, creditor: End) -> Iterator[Key]:
    for role, end in zip(ENDS, (debtor, creditor), strict=True):
        for word in (*end.codes, *end.names):
            yield role, word


def _size(stopped: Stopped) -> int:
    keys = _keys(stopped.debtor, stopped.creditor)
    return HIT_BYTES + getsizeof(stopped.value) + sum(KEY_BYTES + getsizeof(word) for _, word in keys)
