"""What-if: the same payments under two policies (or two lists), and what becomes of the alerts.

`current` is what is in force, `proposed` what might be. A hit is the same in both when it is the same party
of the same payment against the same designation.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Final, cast

from screening.decisions import Decision, Hit, Outcome
from screening.evaluation.report import ExampleRecord, Report, Side, Sides
from screening.payments.model import Payment

MOST_EXAMPLES = 200
"""Examples kept of each kind of difference: more than an analyst reads, few enough for one page."""
BAND = 0.05
"""Width of a score band."""

DIMENSIONS = ("list", "program", "reason", "score")
"""By which hits are counted."""
BOTH: Final = "both"
ONLY_CURRENT: Final = "only_current"
ONLY_PROPOSED: Final = "only_proposed"
SIDES: tuple[Side, ...] = (BOTH, ONLY_CURRENT, ONLY_PROPOSED)


@dataclass(frozen=True, slots=True)
class Example:
    """One hit that only one side has, or that leads to another action there."""

    payment_id: str
    role: str
    value: str
    designation_id: str
    matched: str
    score: float
    current: str
    """What the current side does: hold, review, or nothing."""
    proposed: str


@dataclass(slots=True)
class Comparison:
    """Counts what two sides say of the same payments. Payments are added one by one; nothing is kept of them
    but the examples."""

    payments: int = 0
    alerts: Counter[str] = field(default_factory=Counter)
    """Payments with a hit: both, only_current, only_proposed."""
    hits: Counter[str] = field(default_factory=Counter)
    actions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Hits by what current and proposed do with them."""
    by: dict[str, defaultdict[str, Counter[str]]] = field(
        default_factory=lambda: {name: defaultdict(Counter) for name in DIMENSIONS}
    )
    examples: list[Example] = field(default_factory=list)

    def add(self, payment: Payment, current: Decision, proposed: Decision) -> None:
        """One payment as both sides decided it."""
        self.payments += 1
        side = _side(current.outcome is Outcome.HIT, proposed.outcome is Outcome.HIT)
        if side:
            self.alerts[side] += 1
        ours, theirs = _hits(current), _hits(proposed)
        for key in sorted(ours.keys() | theirs.keys()):
            self._hit(payment, ours.get(key), theirs.get(key))

    def _hit(self, payment: Payment, current: Hit | None, proposed: Hit | None) -> None:
        hit = proposed or current
        side = _side(current is not None, proposed is not None)
        if hit is None or side is None:
            return
        self.hits[side] += 1
        self.by["list"][hit.designation.source][side] += 1
        self.by["reason"][hit.reason][side] += 1
        self.by["score"][band(hit.score)][side] += 1
        for program in hit.designation.programs or ("none",):
            self.by["program"][program][side] += 1
        actions = (_action(current), _action(proposed))
        self.actions[actions] += 1
        if actions[0] != actions[1] and len(self.examples) < MOST_EXAMPLES:
            matched = hit.name.text if hit.name else hit.summary
            case = (payment.id, str(hit.role), hit.value, hit.designation.id, matched, hit.score)
            self.examples.append(Example(*case, *actions))

    def include(self, report: Report) -> None:
        """Add what another comparison reported of other payments."""
        self.payments += int(report["payments"])
        _add(self.alerts, report["alerts"])
        _add(self.hits, report["hits"])
        for each in report["actions"]:
            self.actions[each["current"], each["proposed"]] += each["hits"]
        for name, values in report["by"].items():
            for value, counts in values.items():
                _add(self.by[name][value], counts)
        kept = (Example(**example) for example in report["examples"])
        self.examples += islice(kept, max(0, MOST_EXAMPLES - len(self.examples)))

    def report(self) -> Report:
        """Everything as plain values, in an order that does not change: for JSON, tables and pages."""
        return {
            "payments": self.payments,
            "alerts": self._sides(self.alerts),
            "alerts_per_1000_payments": {
                "current": self._per_1000(self.alerts[BOTH] + self.alerts[ONLY_CURRENT]),
                "proposed": self._per_1000(self.alerts[BOTH] + self.alerts[ONLY_PROPOSED]),
            },
            "hits": self._sides(self.hits),
            "actions": [
                {"current": current, "proposed": proposed, "hits": count}
                for (current, proposed), count in sorted(self.actions.items())
            ],
            "by": {
                name: {str(value): self._sides(counts) for value, counts in sorted(values.items())}
                for name, values in self.by.items()
            },
            "examples": [
                cast(ExampleRecord, {part.name: getattr(example, part.name) for part in fields(example)})
                for example in self.examples
            ],
        }

    def _per_1000(self, alerts: int) -> float:
        return round(1000 * alerts / self.payments, 3) if self.payments else 0.0

    @staticmethod
    def _sides(counts: Mapping[str, int]) -> Sides:
        return {
            BOTH: counts.get(BOTH, 0),
            ONLY_CURRENT: counts.get(ONLY_CURRENT, 0),
            ONLY_PROPOSED: counts.get(ONLY_PROPOSED, 0),
        }


def band(score: float) -> str:
    """0.83 -> "0.80-0.85"; 1.0 stands alone, since equal names are a question of their own."""
    if score >= 1.0:
        return "1.00"
    lower = int(score / BAND + 1e-9) * BAND
    return f"{lower:.2f}-{lower + BAND:.2f}"


def _add(counts: Counter[str], more: Sides) -> None:
    for side in SIDES:
        counts[side] += more[side]


def _hits(decision: Decision) -> dict[tuple[str, str], Hit]:
    return {(str(hit.role) + hit.fingerprint, hit.designation.id): hit for hit in decision.hits}


def _side(current: bool, proposed: bool) -> str | None:
    if current and proposed:
        return BOTH
    if current or proposed:
        return ONLY_CURRENT if current else ONLY_PROPOSED
    return None


def _action(hit: Hit | None) -> str:
    return str(hit.action) if hit else "nothing"
