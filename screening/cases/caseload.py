"""What management asks about alerts: how many, how old, how many past their rail's deadline, how many true.

Wolfsberg's guidance on sanctions screening (2019, section 6) and NYDFS part 504 ask for such figures at
regular intervals.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median_high

from screening.cases.dispositions import Verdict

ANY_RAIL = "any"


@dataclass(frozen=True, slots=True)
class Case:
    """One hit that was alerted, and what became of it."""

    alert_id: str
    pair: str
    """The party's fingerprint and the designation's id, as a disposition names them."""
    groups: dict[str, str]
    """What it is counted by: `list`, `reason`, `action`, `rail`, `bank`."""
    raised: datetime
    closed: datetime | None = None
    verdict: Verdict | None = None
    """Of what is closed."""

    def age(self, now: datetime) -> timedelta:
        """The time from alert to disposition, or to now."""
        return (self.closed or now) - self.raised


@dataclass(slots=True)
class Caseload:
    """The cases of one group. Ages run from the alert to now for open cases, to the disposition for closed
    ones."""

    alerts: int = 0
    late: int = 0
    """Answered past their rail's deadline, or open past it."""
    open_ages: list[timedelta] = field(default_factory=list)
    closed_ages: list[timedelta] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """By pair: it counts once however often it hit."""

    @property
    def oldest(self) -> timedelta | None:
        """The age of the oldest open case."""
        return max(self.open_ages, default=None)

    @property
    def usual(self) -> timedelta | None:
        """The median time to a disposition."""
        return median_high(self.closed_ages) if self.closed_ages else None

    @property
    def precision(self) -> float | None:
        """The share of judged pairs that were true, 0 to 1; None if none was judged."""
        true = sum(verdict is Verdict.TRUE_POSITIVE for verdict in self.verdicts.values())
        return true / len(self.verdicts) if self.verdicts else None

    def add(self, case: Case, now: datetime, deadline: timedelta | None) -> None:
        age = case.age(now)
        self.alerts += 1
        self.late += deadline is not None and age > deadline
        (self.open_ages if case.closed is None else self.closed_ages).append(age)
        if case.verdict is not None:
            self.verdicts[case.pair] = case.verdict


def caseloads(
    cases: Iterable[Case], by: str, now: datetime, deadlines: Mapping[str, timedelta]
) -> dict[str, Caseload]:
    """The cases grouped by one property; `deadlines` are by rail, with `any` for every other rail."""
    found: dict[str, Caseload] = {}
    for case in cases:
        deadline = deadlines.get(case.groups["rail"], deadlines.get(ANY_RAIL))
        found.setdefault(case.groups[by], Caseload()).add(case, now, deadline)
    return dict(sorted(found.items()))
