"""What `interdict backtest` tells: a comparison with the names of its two sides."""

from typing import NotRequired

from screening.evaluation.report import Report


class BacktestReport(Report):
    """`made_at` and `matcher` are added when it is told."""

    current: str
    proposed: str
    current_policy: str
    proposed_policy: str
    source: str
    unreadable: int
    left_out: NotRequired[int]
    other_policies: NotRequired[int]
    made_at: NotRequired[str]
    matcher: NotRequired[str]
