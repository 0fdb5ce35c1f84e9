"""The one place where a decision is composed: list and policy, then resubmissions, then dispositions.

Worker, lookback, recheck, replay, backtest, shadow policy and `interdict screen` decide by this and nothing
else, so that one payment under the same list, policy, memory and dispositions has the same hits in all of
them. They differ in what they pass: a command that reads files knows no stopped payments and no dispositions.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Protocol

from screening.cases.dispositions import Dispositions
from screening.decisions import Decision, Outcome, Stopped
from screening.hits.by_resubmission import with_resubmissions
from screening.payments.model import Payment
from screening.screener import Screener, name_lost

PAYMENT = "payment"
"""The trigger of a decision that the payment itself brought about."""


class StoppedMemory(Protocol):
    """Says which stopped payments a payment may be a resubmission of
    (`screening.cases.stopped.StoppedPayments`)."""

    def like(self, payment: Payment, now: datetime) -> Iterable[Stopped]: ...


class Judged(NamedTuple):
    """The decision by list and policy alone, by which two policies are compared, and the complete
    decision."""

    screened: Decision
    decision: Decision


def decide(
    payment: Payment,
    screener: Screener,
    stopped: StoppedMemory | None,
    dispositions: Dispositions | None,
    now: datetime,
    trigger: str = PAYMENT,
) -> Decision:
    """The decision on a payment at a moment; `stopped` and `dispositions` are as known then, or None for
    none."""
    return judged(payment, screener, stopped, dispositions, now, trigger).decision


def judged(
    payment: Payment,
    screener: Screener,
    stopped: StoppedMemory | None,
    dispositions: Dispositions | None,
    now: datetime,
    trigger: str = PAYMENT,
) -> Judged:
    """Like `decide`, together with the decision by list and policy alone."""
    screened = screener.screen(payment, trigger=trigger)
    if screened.outcome is Outcome.ERROR:  # stays one, whatever is remembered: nobody knows what it would hit
        return Judged(screened, screened)
    decision = screened
    if stopped is not None and screener.policy.stripping.apply:
        decision = with_resubmissions(payment, decision, stopped.like(payment, now), screener)
    if dispositions is not None:
        decision = dispositions.apply(decision, now)
        if decision.suppressed and decision.outcome is Outcome.CLEAR and (lost := name_lost(payment)):
            decision = replace(decision, outcome=Outcome.ERROR, error=lost)
    return Judged(screened, decision)
