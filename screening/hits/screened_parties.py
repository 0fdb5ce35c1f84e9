"""A memory of what parties hit, valid until the table changes: payments repeat their parties.

A bank's own customers, other banks, payees paid before: most parties of a payment have been screened today,
in the same words. What a party hits depends only on the list, the policy and what the payment says about it;
role and rail count if a rule of the policy names them. While list and policy are the same, the party hits the
same again. Only the role and the place of a hit are taken from the payment at hand.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from sys import getsizeof
from typing import Final

from screening.cache import Memory
from screening.decisions import Hit
from screening.effort import Effort, Taken
from screening.hits.by_name import first_line, joined_path
from screening.joining import as_one
from screening.payments.model import Party
from screening.policy.rules import Policy

ENTRY_BYTES: Final = 400
"""Of one entry in the table beside what the party says: its place, and what it took."""
HIT_BYTES, ROW_BYTES = 400, 150
"""Of a hit beside its sentence, and of a row of its explanation."""
LOOK_BYTES: Final = 100
"""Of a word that was looked up."""

Hits = tuple[Hit, ...]


class ScreenedParties:
    """The memory of one table under one policy."""

    def __init__(self, policy: Policy, most: int, most_bytes: int) -> None:
        self._roles = frozenset().union(*(rule.roles for rule in policy.rules))
        self._rails = frozenset().union(*(rule.rails for rule in policy.rules))
        self._memory: Memory[str, tuple[Taken, Hits, tuple[str, ...]]] = Memory(most, most_bytes)
        self._changes = 0

    def under(self, policy: Policy) -> "ScreenedParties":
        """An empty memory of the same size, for another policy."""
        return ScreenedParties(policy, self._memory.most, self._memory.most_bytes)

    def said_of(self, party: Party, rail: str | None) -> str:
        """Everything that decides what a party hits: all of it except its place in the payment.

        Which of its addresses are lines in which a name may continue counts as well. Roles that no rule names
        are the same role here, and so are such rails: yesterday's payee may pay tomorrow.
        """
        role, names, codes, addresses, countries, texts, kind, birth_date, gender = party
        said: list[str] = [
            f"on {rail}" if rail in self._rails else "",
            role if role in self._roles else "",
            kind or "",
            repr(birth_date) if birth_date else "",
            gender or "",
        ]
        for fields in (names, addresses, countries, texts):
            # how many follow: no two parties are written alike
            said.append(str(len(fields)) if fields else "0")
            for value, _ in fields:
                said.append(value)
        for scheme, value, _ in codes:
            said += (scheme, value)
        if (line := first_line(party)) is not None:
            said.append(str(line))
        return as_one(said)

    def known(self, said: str, party: Party, changes: int, effort: Effort) -> Hits | None:
        """What this party hits, with the table after so many changes; None if that is not known.

        The cost of screening it counts each time, so that whether a payment meets its limits does not depend
        on what came before it; one that meets them is screened up to that point.
        """
        if changes != self._changes:
            self._memory.clear()
            self._changes = changes
        held = self._memory.get(said)
        if held is None:
            return None
        taken, hits, places = held
        if hits:
            moved = _moved(hits, places, party)
            return moved if moved is not None and effort.repeat(taken) else None
        return hits if effort.repeat(taken) else None

    def note(self, said: str, party: Party, hits: Hits, taken: Taken) -> None:
        """Remember what this party hit and what that cost, with the table that `known` was asked about."""
        size = ENTRY_BYTES + getsizeof(said) + LOOK_BYTES * sum(map(len, taken.looks))
        places: tuple[str, ...] = ()
        if hits:
            places = tuple(_places(party))
            size += sum(map(_size, hits)) + sum(map(getsizeof, places))
        self._memory.put(said, (taken, hits, places), size)

    def counted(self) -> tuple[int, int]:
        """How many parties were asked about since the last call, and how many of them were known."""
        counts = self._memory.asked, self._memory.known
        self._memory.asked = self._memory.known = 0
        return counts


def _places(party: Party) -> Iterator[str]:
    """Every place where a hit of this party can be; two parties that say the same have equally many, in the
    same order."""
    if len(party.names) > 1:
        yield joined_path(party.names)
    for _, path in chain(party.names, party.addresses, party.countries, party.texts):
        yield path
    for code in party.identifiers:
        yield code.path


def _moved(hits: Hits, places: tuple[str, ...], party: Party) -> Hits | None:
    """The hits of a party as those of another that says the same; None if one place becomes two."""
    now = tuple(_places(party))
    if now == places:
        if all(hit.role is party.role for hit in hits):
            return hits
        return tuple([replace(hit, role=party.role) for hit in hits])
    moves: dict[str, str] = {}
    for before, place in zip(places, now, strict=True):
        if moves.setdefault(before, place) != place:
            return None
    return tuple([replace(hit, role=party.role, path=moves[hit.path]) for hit in hits])


def _size(hit: Hit) -> int:
    rows = len(hit.explanation)
    return HIT_BYTES + ROW_BYTES * rows + getsizeof(hit.summary)
