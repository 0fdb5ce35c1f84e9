"""Ties between parties: the network around a designation, and who is owned by blocked persons.

The 50 percent rule of OFAC (FAQ 398-402): an entity is blocked although it is on no list if blocked persons
own 50 percent or more of it, in the aggregate, and also through entities that are themselves so owned. Shares
are not multiplied along the way: an entity of which they own half counts as blocked, and its whole share in
the next one counts (FAQ 401). Control is not ownership (FAQ 398): directors and those acting for somebody are
ties but own nothing here, and an owner with an unknown share does not count either.

A party book is a list of companies with their owners, published like any list; its entries are blocked only
by this rule. Not every listing extends to what its party owns, and the US export lists have a rule of their
own (15 CFR 744.11), so the policy says whose does not.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass

from screening.decisions import Tie
from screening.designations import Designation, Link

BLOCKED_FROM_PERCENT = 50.0
"""OFAC: "50 percent or more". The EU and the UK say "more than 50 percent", which this includes."""
_ROUNDING = 1e-9  # 33.3 + 16.7 is 50, also in binary


@dataclass(frozen=True, slots=True)
class Ownership:
    """Why an entity on no list is blocked: its blocked owners with their direct shares, and the sum."""

    percent: float
    owners: tuple[tuple[str, float], ...]


class Ties:
    """The graph of all links, kept in step with the designation table entry by entry.

    With the list `owned` as party book, `owned("owned:acme")` is, for example, `Ownership(percent=60.0,
    owners=(("ofac:123", 60.0),))`.
    """

    def __init__(
        self,
        books: Collection[str] = (),
        reaches: Callable[[Designation], bool] = lambda _: True,
        entries: Container[str] | None = None,
    ) -> None:
        """`entries` may be the ids of all entries, if the caller holds them anyway; for a million names that
        saves 16 MB."""
        self._books = frozenset(books)
        self._reaches = reaches
        self._own: set[str] = set()
        """The same, where nobody else does."""
        self._entries = self._own if entries is None else entries
        self._not_blocking: set[str] = set()
        """Of the listed, the few whose listing does not reach what they own."""
        self._said_by: dict[str, tuple[Tie, ...]] = {}
        self._around: defaultdict[str, set[Tie]] = defaultdict(set)
        self._owners: defaultdict[str, dict[str, list[tuple[str, float]]]] = defaultdict(dict)
        """Owned -> who said so -> (owner, percent)."""
        self._owned: dict[str, Ownership] = {}

    def shares(self, entity: str) -> list[tuple[str, str, float]]:
        """Every share by which blocked persons own it, also through others: owned, owner, percent."""
        found: list[tuple[str, str, float]] = []
        seen, left = {entity}, [entity]
        while left:
            owned = left.pop()
            ownership = self._owned.get(owned)
            for owner, percent in ownership.owners if ownership else ():
                found.append((owned, owner, percent))
                if owner not in seen:
                    seen.add(owner)
                    left.append(owner)
        return found

    def put(self, designation: Designation) -> frozenset[str]:
        """Add or replace one entry's ties; returns the ids that became owned by this, or no longer are."""
        own_id = designation.id
        touched = self._forget(own_id)
        if self._entries is self._own:
            self._own.add(own_id)
        if designation.source not in self._books and not self._reaches(designation):
            self._not_blocking.add(own_id)
        ties = tuple(_tie(own_id, link) for link in designation.links)
        if ties:
            self._said_by[own_id] = ties
        for tie in ties:
            self._around[tie.one].add(tie)
            self._around[tie.other].add(tie)
            if edge := _ownership(tie):
                owner, owned, percent = edge
                self._owners[owned].setdefault(own_id, []).append((owner, percent))
                touched.add(owned)
        return self._update_owned(touched | {own_id})

    def remove(self, designation_id: str) -> frozenset[str]:
        """Remove one entry and its ties; returns the same as `put`."""
        return self._update_owned(self._forget(designation_id) | {designation_id})

    def owned(self, designation_id: str) -> Ownership | None:
        """How blocked persons own an entity that is on no list; None if they do not, or if it is listed."""
        return self._owned.get(designation_id)

    def below(self, entities: set[str]) -> set[str]:
        """These, and everything that they own with a known share, directly or through others."""
        found, front = set(entities), set(entities)
        while front:
            front = {owned for entity in front for owned in self._directly_below(entity)} - found
            found |= front
        return found

    def network(self, designation_id: str) -> tuple[Tie, ...]:
        """Every tie of a party, whichever entry states it."""
        return tuple(sorted(self._around.get(designation_id, ()), key=_in_order))

    def _forget(self, designation_id: str) -> set[str]:
        """Remove what an entry stated; returns the entities whose owners changed."""
        self._own.discard(designation_id)
        self._not_blocking.discard(designation_id)
        touched = set()
        for tie in self._said_by.pop(designation_id, ()):
            for end in (tie.one, tie.other):
                self._around[end].discard(tie)
                if not self._around[end]:
                    del self._around[end]
            if edge := _ownership(tie):
                self._owners[edge[1]].pop(designation_id, None)
                touched.add(edge[1])
        return touched

    def _update_owned(self, touched: set[str]) -> frozenset[str]:
        """Decide again for these entities and all below them; a ring of owners cannot make itself blocked."""
        below = self.below(touched)
        before = {entity for entity in below if self._owned.pop(entity, None)}
        waiting = set(below)
        while waiting:
            entity = waiting.pop()
            ownership = None if self._is_listed(entity) else self._ownership_of(entity)
            if ownership != self._owned.get(entity):
                newly = entity not in self._owned
                if ownership:
                    self._owned[entity] = ownership
                if newly:
                    waiting |= self._directly_below(entity)
        return frozenset(before ^ {entity for entity in below if entity in self._owned})

    def _ownership_of(self, entity: str) -> Ownership | None:
        """If two sources name the same owner they mean the same share: the largest counts, not the sum."""
        shares: dict[str, float] = {}
        for said in self._owners.get(entity, {}).values():
            for owner, percent in said:
                if self._is_blocking(owner) or owner in self._owned:
                    shares[owner] = max(percent, shares.get(owner, 0.0))
        total = sum(shares.values())
        if total + _ROUNDING < BLOCKED_FROM_PERCENT:
            return None
        return Ownership(min(total, 100.0), tuple(sorted(shares.items())))

    def _is_blocking(self, entity: str) -> bool:
        return self._is_listed(entity) and entity not in self._not_blocking

    def _is_listed(self, entity: str) -> bool:
        """Is it an entry of a list, and not of a party book?"""
        return entity in self._entries and entity.partition(":")[0] not in self._books

    def _directly_below(self, owner: str) -> set[str]:
        edges = (_ownership(tie) for tie in self._around.get(owner, ()))
        return {edge[1] for edge in edges if edge and edge[0] == owner}


def _tie(own_id: str, link: Link) -> Tie:
    return Tie(own_id, link.relation, link.to or link.name, link.percent)


def _ownership(tie: Tie) -> tuple[str, str, float] | None:
    """(owner, owned, percent) of a tie that is ownership with a known share."""
    if tie.percent is None:
        return None
    if tie.relation == "owner":
        return tie.one, tie.other, tie.percent
    if tie.relation == "owned_by":
        return tie.other, tie.one, tie.percent
    return None


def _in_order(tie: Tie) -> tuple[str, str, str]:
    return tie.one, tie.relation, tie.other
