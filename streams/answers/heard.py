"""Decisions that were read and that no answer has used yet."""

from collections.abc import Iterator, Mapping

from screening.policy.answers import Cause
from streams.kafka.log import Place
from streams.records.decided import Decided

RANK: Mapping[Cause, int] = {cause: place for place, cause in enumerate(Cause)}
NOTHING: Mapping[int, Decided] = {}


class Heard:
    """Decisions by the payment record that they are about. Of two decisions on one payment the stricter
    counts."""

    def __init__(self) -> None:
        self._about: dict[Place, dict[int, Decided]] = {}
        self._offsets: dict[int, dict[int, None]] = {}
        """Where they stand, by their partition, in that order."""
        self._ahead: dict[int, set[int]] = {}
        """Of these, those whose payments are not read yet."""

    def note(self, decision: Decided, *, ahead: bool) -> None:
        """Add one; `ahead` says that its payment is not read yet."""
        known = self._about.setdefault(decision.event, {})
        before = known.get(decision.number)
        if before is not None and RANK[decision.cause] <= RANK[before.cause]:
            return
        if before is not None:
            self._forget(before)
        known[decision.number] = decision
        self._offsets.setdefault(decision.place.partition, {})[decision.place.offset] = None
        if ahead:
            self._ahead.setdefault(decision.place.partition, set()).add(decision.place.offset)

    def seen(self, place: Place) -> None:
        """The payments that these decisions are about have now been read."""
        for decision in self.about(place).values():
            self._ahead.get(decision.place.partition, set()).discard(decision.place.offset)

    def about(self, place: Place) -> Mapping[int, Decided]:
        """The decisions on a record, by the payment's number in it."""
        return self._about.get(place, NOTHING)

    def used(self, place: Place) -> int:
        """Drop the decisions on a record; returns how many there were."""
        known = self._about.pop(place, {})
        for decision in known.values():
            self._forget(decision)
        return len(known)

    def places(self) -> Iterator[Place]:
        yield from self._about

    def ahead(self, partition: int) -> int:
        """How many decisions of one partition wait for payments that are not read yet."""
        return len(self._ahead.get(partition, ()))

    def first_needed(self, positions: Mapping[int, int]) -> dict[int, int]:
        """Partition -> the first decision that an answer may still need, given how far they are read."""
        read_to = dict(positions)
        for partition, offsets in self._offsets.items():
            if offsets and partition in read_to:
                read_to[partition] = min(next(iter(offsets)), read_to[partition])
        return read_to

    def _forget(self, decision: Decided) -> None:
        self._offsets.get(decision.place.partition, {}).pop(decision.place.offset, None)
        self._ahead.get(decision.place.partition, set()).discard(decision.place.offset)


def complete(known: Mapping[int, Decided]) -> bool:
    """Whether every payment of the record is decided."""
    first = next(iter(known.values()), None)
    return first is not None and len(known) >= first.count


def strictest(known: Mapping[int, Decided]) -> Cause:
    """The cause that stands for the whole record."""
    return max((each.cause for each in known.values()), key=RANK.__getitem__)
