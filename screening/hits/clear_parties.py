"""Parties that hit nothing, remembered until the table changes: payments repeat their parties.

A bank's own customers, other banks, payees paid before: most parties of a payment were screened today, in the
same words. What a party hits follows from the list, the policy and what the payment says of it, and from
nothing else; its role and its rail count where a rule of the policy names them. Where that was nothing, and
neither list nor policy is another, it is nothing again. Hits are not remembered: they are rare, and each says
where in its payment it stands.
"""

from sys import getsizeof

from screening.cache import Memory
from screening.effort import Effort
from screening.joining import as_one
from screening.payments.model import Party
from screening.policy.rules import Policy

ENTRY_BYTES = 400
"""Of one entry in the table beside what the party says: its place, and what it took."""


class ClearParties:
    """The memory of one table under one policy."""

    def __init__(self, policy: Policy, most: int, most_bytes: int) -> None:
        self._roles = frozenset().union(*(rule.roles for rule in policy.rules))
        self._rails = frozenset().union(*(rule.rails for rule in policy.rules))
        self._memory: Memory[str, tuple[int, int]] = Memory(most, most_bytes)
        self._changes = 0

    def under(self, policy: Policy) -> "ClearParties":
        """An empty one of the same size, for another policy."""
        return ClearParties(policy, self._memory.most, self._memory.most_bytes)

    def said_of(self, party: Party, rail: str | None) -> str:
        """Everything that decides what a party hits, which is all of it but where in the payment it stands.

        Roles that no rule names are one to the policy, and so are such rails: who was paid may pay next.
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
        return as_one(said)

    def knows(self, said: str, changes: int, effort: Effort) -> bool:
        """Did this party hit nothing, with the table as it is after so many changes?

        What it took counts each time, so that a payment meets its limits or does not, whatever came before
        it; one that meets them is screened up to there.
        """
        if changes != self._changes:
            self._memory.clear()
            self._changes = changes
        taken = self._memory.get(said)
        return taken is not None and effort.repeat(*taken)

    def note(self, said: str, words: int, steps: int) -> None:
        """A party hit nothing, after so many words and steps, with the table that `knows` was asked of."""
        self._memory.put(said, (words, steps), ENTRY_BYTES + getsizeof(said))

    def counted(self) -> tuple[int, int]:
        """How many parties it was asked about since the last call, and how many of these it knew."""
        counts = self._memory.asked, self._memory.known
        self._memory.asked = self._memory.known = 0
        return counts
