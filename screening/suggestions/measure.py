"""How often suggestions were right: held against the dispositions that people gave afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from screening.cases.dispositions import Given, Verdict
from screening.policy.suggestions import Suggested

NO_RULE = "no rule"


@dataclass(frozen=True, slots=True)
class Made:
    """A suggestion as it stands on its topic, as far as it is measured."""

    alert_id: str
    pair: str
    """`fingerprint|designation id`."""
    designation_fingerprint: str
    suggested: Suggested
    rule: str
    at: datetime


@dataclass(slots=True)
class Counted:
    """Dispositions on what one rule suggested."""

    right: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float | None:
        """Share that was right, 0 to 1; None where nothing was judged."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None


@dataclass(slots=True)
class Measured:
    """Each pair once, by its last suggestion before the disposition came."""

    pairs: int = 0
    judged: int = 0
    found: dict[tuple[Suggested, Verdict], int] = field(default_factory=dict)
    by_rule: dict[str, Counted] = field(default_factory=dict)
    cleared_wrongly: list[str] = field(default_factory=list)
    """Alerts of true positives that were suggested to be false: the mistake that counts."""

    def count(self, made: Made, verdict: Verdict) -> None:
        self.judged += 1
        key = made.suggested, verdict
        self.found[key] = self.found.get(key, 0) + 1
        rule = self.by_rule.setdefault(made.rule or NO_RULE, Counted())
        if made.suggested is Suggested.UNDECIDED:
            return
        if made.suggested == verdict.value:
            rule.right += 1
            return
        rule.wrong += 1
        if verdict is Verdict.TRUE_POSITIVE:
            self.cleared_wrongly.append(made.alert_id)


def measure(suggestions: Iterable[Made], given: Iterable[Given]) -> Measured:
    """Suggestions against dispositions. One that came before the suggestion was a fact of it and measures
    nothing; nor does one on an entry that the list has changed since."""
    by_pair: dict[str, list[Made]] = {}
    for made in suggestions:
        by_pair.setdefault(made.pair, []).append(made)
    measured = Measured(pairs=len(by_pair))
    by_key = {one.disposition.key: one for one in given}
    for made, verdict in _judged(by_pair, by_key):
        measured.count(made, verdict)
    return measured


def _judged(by_pair: Mapping[str, list[Made]], by_key: Mapping[str, Given]) -> Iterator[tuple[Made, Verdict]]:
    for pair, several in by_pair.items():
        one = by_key.get(pair)
        if one is None or one.at is None:
            continue
        listed = one.disposition.designation_fingerprint
        before = [made for made in several if made.at < one.at and made.designation_fingerprint == listed]
        if before:
            yield max(before, key=lambda made: made.at), one.disposition.verdict
