"""What a comparison of two sides reports, as it stands in JSON."""

from typing import Literal, TypedDict

Side = Literal["both", "only_current", "only_proposed"]


class Sides(TypedDict):
    """A count of what both sides have, and of what one has alone."""

    both: int
    only_current: int
    only_proposed: int


class AlertRate(TypedDict):
    current: float
    proposed: float


class ActionsOfHits(TypedDict):
    current: str
    proposed: str
    hits: int


class ExampleRecord(TypedDict):
    payment_id: str
    role: str
    value: str
    designation_id: str
    matched: str
    score: float
    current: str
    proposed: str


class Report(TypedDict):
    payments: int
    alerts: Sides
    alerts_per_1000_payments: AlertRate
    hits: Sides
    actions: list[ActionsOfHits]
    by: dict[str, dict[str, Sides]]
    examples: list[ExampleRecord]
