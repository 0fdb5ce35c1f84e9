"""A payment record at the gate, and what becomes of it when it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from screening.policy.answers import Cause, Reply
from streams.kafka.log import Place, Record
from streams.records.answers import Reference
from streams.records.decided import Decided


@dataclass(slots=True)
class Waiting:
    """A payment record at the gate."""

    place: Place
    due: float
    rail: str | None
    record: Record | None
    """Its bytes; None where they were let go of to save memory, and are read again."""
    references: tuple[Reference, ...] = ()
    answered: bool = False
    """By its deadline, or before a restart, and others before it are not yet."""

    def let_go(self) -> None:
        self.record, self.references = None, ()


@dataclass(frozen=True, slots=True)
class Move:
    """One record leaves the gate, for the first time or (`follows`) for good."""

    place: Place
    cause: Cause
    reply: Reply
    due: float
    follows: bool = False
    waiting: Waiting | None = None
    """With its bytes, where they are still at hand."""
    decisions: Mapping[int, Decided] = field(default_factory=dict)
    """By the payment's number in the record."""
