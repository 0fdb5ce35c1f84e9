"""A person's release or reject of one stopped payment record whose hits cannot be judged, or not all of them.

An error has no hits, nor has a payment that was not decided in time. It names the record, not the payment:
the same payment sent again is decided anew.
"""

from dataclasses import dataclass
from enum import StrEnum

from screening.cases.people import check_two


class Word(StrEnum):
    RELEASE = "release"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Release:
    """Raises ValueError if who or why is missing."""

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
        """Whether it counts: with four eyes two people must release a payment, but one can reject it."""
        return self.word is Word.REJECT or bool(self.approved_by) or not four_eyes
