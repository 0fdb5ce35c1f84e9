"""Lookback: past payments against designations that have changed since, and nothing else.

A cleared payment can only become a hit through a designation that changed, or through a company that such a
designation owns. So a small screener of these acts as a sieve, and the few payments that it lets through are
screened with the whole list: what is reported is taken from that full decision. The sieve may let through too
many and never too few: in a smaller list every word is rarer, and the sieve takes companies of a party book
for blocked. `tests/screening/test_lookback.py` checks that the result equals a full re-screen.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from screening.cases.dispositions import Dispositions
from screening.decisions import Decision, Outcome
from screening.designations import Designation
from screening.judge import StoppedMemory, decide
from screening.payments.model import Payment
from screening.screener import Screener

TRIGGER = "lookback"

_STOPPABLE = {
    **dict.fromkeys(("created", "received", "pending", "accepted", "held", "processing"), True),
    **dict.fromkeys(("rcvd", "pdng", "actc", "accp", "actp", "pato", "part"), True),
    **dict.fromkeys(("settled", "completed", "paid", "rejected", "returned", "failed"), False),
    **dict.fromkeys(("cancelled", "canceled", "acsc", "accc", "acwp", "rjct", "canc"), False),
}
"""Words of platforms, and the payment status codes of ISO 20022 before and after settlement has begun."""


def stoppable(status: str | None) -> bool | None:
    """Whether a payment of this status can still be stopped; None where the status does not tell.

    ACSP (settlement in process) is neither: some systems can still revoke, others cannot.
    """
    return _STOPPABLE.get((status or "").strip().lower())


def may_hit_more(before: Designation | None, after: Designation) -> bool:
    """Whether a change can turn a clear payment into a hit: False only if names or identifiers were removed,
    or if only fields changed that screening does not read (remarks, the date of listing)."""
    if before is None:
        return True
    if not set(after.names) <= set(before.names) or not set(after.identifiers) <= set(before.identifiers):
        return True
    return _screened(before, after) != after


def _screened(before: Designation, after: Designation) -> Designation:
    """`before`, without everything that cannot add a hit to `after`."""
    return replace(
        before,
        names=after.names,
        identifiers=after.identifiers,
        remarks=after.remarks,
        listed_on=after.listed_on,
    )


class Lookback:
    """Screens payments against the designations `changed` of a screener's list.

    The list must not change meanwhile: a later change needs its own lookback.
    """

    def __init__(self, screener: Screener, changed: Iterable[str]) -> None:
        self._screener = screener
        self._changed = screener.touched_by(changed)
        policy = replace(screener.policy, party_books=frozenset(), embargoes=())  # neither is the change
        self._sieve = Screener(policy)
        for designation_id in self._changed:
            if designation := screener.get(designation_id):
                self._sieve.upsert(designation)

    def decide(
        self,
        payment: Payment,
        stopped: StoppedMemory | None,
        dispositions: Dispositions | None,
        now: datetime,
    ) -> Decision | None:
        """The payment's hits on changed designations, as a full decision has them; None if there are none."""
        if not self._may_hit(payment, stopped, now):
            return None
        decision = decide(payment, self._screener, stopped, dispositions, now, TRIGGER)
        hits = tuple(hit for hit in decision.hits if hit.designation.id in self._changed)
        if not hits:
            return None
        silenced = tuple(each for each in decision.suppressed if each.hit.designation.id in self._changed)
        return replace(decision, hits=hits, suppressed=silenced, outcome=Outcome.HIT)

    def _may_hit(self, payment: Payment, stopped: StoppedMemory | None, now: datetime) -> bool:
        """False only if a full decision has no hit that concerns the change; embargoes do not."""
        sifted = self._sieve.screen(payment).hits
        return any(hit.designation.id in self._changed for hit in sifted) or any(
            each.designation_id in self._changed for each in (stopped.like(payment, now) if stopped else ())
        )
