"""How a payment's rail is answered: by what became of the payment, in the terms of ISO 20022's pacs.002.

Not part of `Policy`: answers change no decision, so they are in no decision's hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Cause(StrEnum):
    """What became of a payment, the least strict first; the strictest of its payments' causes stands for a
    whole record."""

    CLEAR = "clear"
    REVIEW = "review"
    """Hits, and none that is to be held."""
    HOLD = "hold"
    ERROR = "error"
    UNANSWERED = "unanswered"
    """Not decided, or not answered, by its deadline."""
    FALSE_POSITIVE = "false_positive"
    """A stopped one whose every hit a case system found false, or that a person released."""
    TRUE_POSITIVE = "true_positive"
    """A stopped one of which a hit is true, or that a person rejected."""


class Course(StrEnum):
    """Where a payment goes."""

    RELEASE = "release"
    STOP = "stop"
    """It waits for a person."""
    REJECT = "reject"
    """It ends here: nobody releases it afterwards."""


COURSES: Mapping[Cause, tuple[Course, ...]] = {
    Cause.CLEAR: (Course.RELEASE,),
    Cause.REVIEW: (Course.STOP, Course.RELEASE, Course.REJECT),
    Cause.HOLD: (Course.STOP, Course.REJECT),
    Cause.ERROR: (Course.STOP, Course.REJECT),
    Cause.UNANSWERED: (Course.STOP, Course.REJECT),
    Cause.FALSE_POSITIVE: (Course.RELEASE,),
    Cause.TRUE_POSITIVE: (Course.REJECT,),
}
"""What each cause may lead to, the usual first. Nothing that is not clear or judged is ever released, but
for review, which a policy may let pass."""

ACCEPTED = frozenset(("ACCC", "ACCP", "ACFC", "ACSC", "ACSP", "ACTC", "ACWC", "ACWP"))
PENDING = frozenset(("PDNG", "RCVD", "ACWP", "ACTC"))
REFUSED = frozenset(("RJCT", "BLCK", "CANC"))
STATUSES: Mapping[Course, frozenset[str]] = {
    Course.RELEASE: ACCEPTED,
    Course.STOP: PENDING,
    Course.REJECT: REFUSED,
}
"""Codes of ISO 20022's ExternalPaymentTransactionStatus1Code by what they may be said of. A stopped payment
can be "accepted without posting": the receiver has it, the payee does not."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a rail: a status, and a reason of ExternalStatusReason1Code or none."""

    course: Course
    status: str
    reason: str = ""


USUAL: Mapping[Cause, Reply] = {
    Cause.CLEAR: Reply(Course.RELEASE, "ACSP"),
    Cause.REVIEW: Reply(Course.STOP, "PDNG"),
    Cause.HOLD: Reply(Course.STOP, "PDNG"),
    Cause.ERROR: Reply(Course.STOP, "PDNG"),
    Cause.UNANSWERED: Reply(Course.STOP, "PDNG"),
    Cause.FALSE_POSITIVE: Reply(Course.RELEASE, "ACSP"),
    Cause.TRUE_POSITIVE: Reply(Course.REJECT, "RJCT", "RR04"),
}
"""Where the policy says nothing. RR04 is "regulatory reason"; a hold has no reason code, which would tell
the payer that he is looked at."""


@dataclass(frozen=True, slots=True)
class RailReplies:
    """What differs on some rails; what it leaves out is as on all others."""

    rails: frozenset[str]
    replies: Mapping[Cause, Reply] = field(default_factory=dict)
    deadline_seconds: float | None = None
    late: Course | None = None


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """The `[answers]` table of a policy."""

    replies: Mapping[Cause, Reply] = field(default_factory=lambda: USUAL)
    deadline_seconds: float = 3600.0
    """From the record's timestamp. An instant rail has its own; an hour is what a desk notices itself."""
    late: Course = Course.STOP
    """What becomes of a payment that was held as unanswered and is decided clear afterwards: STOP, it waits
    for a person; RELEASE, it goes."""
    rails: tuple[RailReplies, ...] = ()
    pacs002: bool = False
    """Whether an answer carries the pacs.002 itself."""

    def reply(self, cause: Cause, rail: str | None) -> Reply:
        """The reply of the last entry for this rail, or else the general one."""
        found = self.replies[cause]
        for own in self._of(rail):
            found = own.replies.get(cause, found)
        return found

    def deadline(self, rail: str | None) -> float:
        """Seconds from the payment's record to its answer."""
        found = self.deadline_seconds
        for own in self._of(rail):
            found = found if own.deadline_seconds is None else own.deadline_seconds
        return found

    def releases_late(self, rail: str | None) -> bool:
        found = self.late
        for own in self._of(rail):
            found = own.late or found
        return found is Course.RELEASE

    def _of(self, rail: str | None) -> list[RailReplies]:
        return [own for own in self.rails if rail in own.rails]
