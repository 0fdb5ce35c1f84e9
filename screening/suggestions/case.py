"""One hit of an alert, with all that is known beside it: what facts are found in."""

from dataclasses import dataclass

from screening.cases.dispositions import Given
from screening.decisions import Explanation, Reason, Tie
from screening.designations import Designation


@dataclass(frozen=True, slots=True)
class Source:
    """Where a side of a fact stands, and what it says there."""

    where: str
    """`payment`, `list`, `dispositions` or `alert`."""
    place: str
    """A path in the payment, a designation's id, a disposition's key, an alert's id."""
    says: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The disposition that stands for the pair, and why it does not count any more; empty where it does."""

    given: Given
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Another hit of the same alert."""

    alert_id: str
    value: str
    designation_id: str
    designation_name: str
    rows: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A hit as its alert says it. `listed` is the entry as the list has it now, None where it has none."""

    alert_id: str
    reason: Reason
    path: str
    value: str
    matched: str
    score: float
    weak_alias: bool
    designation_id: str
    rows: tuple[Explanation, ...] = ()
    ties: tuple[Tie, ...] = ()
    listed: Designation | None = None
    addresses: tuple[str, ...] = ()
    """The party's own, as the payment says them."""
    earlier: Earlier | None = None
    confirmed_by: str = ""
    same_value: tuple[Beside, ...] = ()
    """Other entries that the same value hit."""
    others: tuple[Beside, ...] = ()
    """Hits of other values of the payment."""
