"""One partition of the customer book in this service: how far it is read, and what waits to be screened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from pyroaring import BitMap

from screening.customers.book import Book
from streams.records.customers import Proof
from streams.records.json import Origin


class Trigger(StrEnum):
    """Why a customer is screened, the most urgent first."""

    CUSTOMER = "customer"
    """It is new, or changed."""
    LIST = "list"
    """A designation changed that it may hit, or did."""
    DISPOSITION = "disposition"
    """A disposition on one of its hits came, went or ended."""
    WHOLE = "whole"
    """All are: nothing proves the last time, or it was another day, policy or matcher."""


NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Shelf:
    """A partition: its book, the places of its customers, and what is to be done."""

    partition: int
    book: Book
    proof: Proof | None = None
    """The last that was written, by whomever."""
    offset: int = 0
    """Everything before it is in the book."""
    load_until: int | None = None
    """Where the partition ended when it was taken; None while that is not known."""
    loaded: bool = False
    changed: set[str] = field(default_factory=set)
    """Designations that changed and whose customers are not looked for yet."""
    gone: dict[str, Origin | None] = field(default_factory=dict)
    """Customers that were taken out, and the record that says so."""
    origins: dict[int, Origin] = field(default_factory=dict)
    """Records of customers that wait for their first screening."""
    wholly_at: datetime = NEVER
    """When the last whole pass began that was finished."""
    pass_began: datetime | None = None
    pass_checks: bool = False
    """The pass under way repeats what is proved: what it finds new was missed before."""
    waiting: dict[Trigger, BitMap] = field(default_factory=lambda: {each: BitMap() for each in Trigger})

    def is_new(self, offset: int, came_ms: int) -> bool:
        """Whether this record, which came at `came_ms` of Unix time, had not been screened when the last
        proof was written.

        On a recreated topic a younger record may come before the proof's offset.
        """
        if self.proof is None or offset >= self.proof.offset:
            return True
        return came_ms / 1000 > self.proof.screened_at.timestamp()

    def wait(self, trigger: Trigger, numbers: Iterable[int]) -> None:
        self.waiting[trigger].update(numbers)

    def wait_for(self, trigger: Trigger, customer_ids: Iterable[str]) -> None:
        found = (self.book.number_of(each) for each in customer_ids)
        self.wait(trigger, [number for number in found if number is not None])

    def next(self) -> tuple[Trigger, int] | None:
        """The next customer to screen, and why; it no longer waits."""
        for trigger, numbers in self.waiting.items():
            if numbers:
                number = numbers.min()
                for each in self.waiting.values():
                    each.discard(number)
                return trigger, number
        return None

    def begin_pass(self, now: datetime, checks: bool) -> None:
        self.pass_began, self.pass_checks = now, checks
        self.wait(Trigger.WHOLE, self.book.numbers)

    def end_pass(self) -> None:
        if self.pass_began is not None and not self.waiting[Trigger.WHOLE]:
            self.wholly_at, self.pass_began = self.pass_began, None

    @property
    def count_waiting(self) -> int:
        return len(BitMap.union(*self.waiting.values())) + len(self.gone)

    @property
    def idle(self) -> bool:
        """Whether everything that was read is screened."""
        return self.loaded and not (self.changed or self.gone or any(self.waiting.values()))

    def still_proved(self, proof: Proof) -> bool:
        """Whether the last proof says the same, apart from its time."""
        last = self.proof
        return last is not None and _content_of(last) == _content_of(proof)


def _content_of(proof: Proof) -> tuple[object, ...]:
    return (
        proof.offset,
        proof.customers,
        proof.sha256,
        proof.lists,
        proof.policy,
        proof.matcher,
        proof.wholly_at,
        proof.unscreened,
    )
