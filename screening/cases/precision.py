"""How often hits were found to be true, by list and reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from screening.cases.dispositions import Disposition, Verdict
from screening.decisions import Reason

UNKNOWN = "unknown"
"""The reason of a disposition whose case system does not say it."""
_REASONS = frozenset(map(str, Reason))


@dataclass(slots=True)
class Precision:
    """The dispositions on one list's hits with one reason."""

    true: int = 0
    false: int = 0

    @property
    def ratio(self) -> float:
        """The share of hits that were true, 0 to 1."""
        return self.true / (self.true + self.false)


def precision(given: Iterable[Disposition]) -> dict[tuple[str, str], Precision]:
    """Precision by list and reason. A pair counts once however often it hit, also when its disposition has
    expired. A reason that no hit can have counts as `unknown`."""
    found: dict[tuple[str, str], Precision] = {}
    for disposition in given:
        reason = disposition.hit_reason if disposition.hit_reason in _REASONS else UNKNOWN
        source = disposition.designation_id.partition(":")[0]
        counted = found.setdefault((source, reason), Precision())
        if disposition.verdict is Verdict.TRUE_POSITIVE:
            counted.true += 1
        else:
            counted.false += 1
    return found
