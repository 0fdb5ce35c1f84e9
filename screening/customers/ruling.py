"""The decision on a customer: the hits of its parties as in a payment, and those by ownership.

The composition is `screening.judge`, so a customer's hits are those of the same parties in a payment. Ids
differ in one thing: a payment never changes, but a customer stays the same customer when its address changes.
So an alert's id covers the customer, the place, the value and the designation, and not the rest of the
customer; any other change is an update of the same alert.
"""

from dataclasses import replace
from datetime import datetime

from screening.cases.dispositions import Dispositions
from screening.customers.customer import Customer
from screening.customers.ownership import ownership_hits
from screening.decisions import Decision, Hit, Outcome, SuppressedHit, alert_id
from screening.judge import decide
from screening.screener import Screener

CONTENT = "customer"
"""Stands for a payment's content in the ids of alerts on customers."""


def rule(
    customer: Customer, screener: Screener, dispositions: Dispositions | None, now: datetime, trigger: str
) -> Decision:
    """The decision on a customer at a moment; an error if it holds more than is screened together."""
    decision = _with_its_alert_ids(
        decide(customer.as_payment(), screener, None, dispositions, now, trigger), customer.id
    )
    if not customer.shares or not decision.hits:
        return decision
    owned = ownership_hits(customer, decision.hits)
    if not owned:
        return decision
    judged = replace(
        decision, hits=tuple(_with_its_alert_id(hit, customer.id) for hit in owned), suppressed=()
    )
    if dispositions is not None:
        judged = dispositions.apply(judged, now)
    return replace(
        decision,
        hits=(*decision.hits, *judged.hits),
        suppressed=(*decision.suppressed, *judged.suppressed),
        outcome=Outcome.HIT,
    )


def _with_its_alert_ids(decision: Decision, customer_id: str) -> Decision:
    hits = tuple(_with_its_alert_id(hit, customer_id) for hit in decision.hits)
    suppressed = tuple(
        SuppressedHit(_with_its_alert_id(held.hit, customer_id), held.by, held.reason, held.until)
        for held in decision.suppressed
    )
    return replace(decision, hits=hits, suppressed=suppressed)


def _with_its_alert_id(hit: Hit, customer_id: str) -> Hit:
    return replace(hit, alert_id=alert_id(hit, customer_id, CONTENT))
