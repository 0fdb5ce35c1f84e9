"""A person's word on one stopped payment record, where no hit of it can be judged, or not all of them.

An error has no hit, nor has a payment that nobody decided in time. The word names the record, not the
payment: the same payment sent again is decided anew.
"""

from dataclasses import dataclass
from enum import StrEnum

from screening.cases.people import check_two


class Word(StrEnum):
    RELEASE = "release"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Release:
    """Raises ValueError for one that lacks who or why."""

    event: str
    """Where the record stands, `payments-3@17`."""
    word: Word
    by: str
    reason: str
    approved_by: str = ""
    """The second pair of eyes."""

    def __post_init__(self) -> None:
        for name in ("event", "by", "reason"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is missing; say who decides it, and why")
        check_two(self.by, self.approved_by)

    def holds(self, *, four_eyes: bool) -> bool:
        """Whether it counts: two people release a payment where the policy asks for them, one rejects it."""
        return self.word is Word.REJECT or bool(self.approved_by) or not four_eyes
