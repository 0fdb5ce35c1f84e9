"""Which pairs of party and designation were alerted before: a repeat gets a number on a case and is no news.

A pair is identified by the party's fingerprint, so another account, name or country of the same customer is
another pair and no repeat.

Two workers that meet a pair for the first time within the same few milliseconds, before either has read the
other's alert, both raise it as new. That is right: a surplus alert is linked soon after, a missing one would
be lost. From then on the earlier of the two is the first, in the memory of every worker.
"""

from dataclasses import dataclass
from typing import NamedTuple

from screening.decisions import Decision

MOST_PAIRS = 500_000
"""Pairs remembered, some 200 MB at the most; the one first alerted longest ago is forgotten first."""


class Repeat(NamedTuple):
    """This hit's pair was alerted before: first as `first_alert_id`, and this is alert `number` on it."""

    first_alert_id: str
    number: int


@dataclass(slots=True)
class _Case:
    first_alert_id: str
    first_at: float
    last_alert_id: str
    alerts: int = 1


class Pairs:
    """Fed with every alert as published, in any order; consulted for a decision that is about to be
    published."""

    def __init__(self, most: int = MOST_PAIRS) -> None:
        self._most = most
        self._cases: dict[tuple[str, str], _Case] = {}

    def __len__(self) -> int:
        return len(self._cases)

    def note(self, alert_id: str, fingerprint: str, designation_id: str, at: float) -> None:
        """Note one hit of an alert that was sent at a moment (Unix time)."""
        pair = (fingerprint, designation_id)
        case = self._cases.get(pair)
        if case is None:
            if len(self._cases) >= self._most:
                del self._cases[next(iter(self._cases))]
            self._cases[pair] = _Case(alert_id, at, alert_id)
            return
        if alert_id in (case.first_alert_id, case.last_alert_id):
            return  # delivered again, or followed up
        case.alerts += 1
        case.last_alert_id = alert_id
        if (at, alert_id) < (case.first_at, case.first_alert_id):  # the same first in every memory
            case.first_alert_id, case.first_at = alert_id, at

    def repeats(self, decision: Decision) -> dict[str, Repeat]:
        """The hits of this decision whose pair is known, by alert id."""
        found = {}
        for hit in decision.hits:
            case = self._cases.get((hit.fingerprint, hit.designation.id))
            if case is None or case.first_alert_id == hit.alert_id:
                continue
            again = case.last_alert_id == hit.alert_id  # this very alert, delivered before
            found[hit.alert_id] = Repeat(case.first_alert_id, case.alerts + (0 if again else 1))
        return found
