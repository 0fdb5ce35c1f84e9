"""Stopped payments as alerts and decisions describe them."""

from collections.abc import Iterator
from datetime import datetime

from screening.cases.stopped import ENDS, MOST_OF_AN_END, end_of, money
from screening.decisions import End, Reason, Stopped
from screening.payments.model import Role
from streams.records.shapes import AlertRecord, DecisionRecord, EndRecord, HitRecord, StoppedRecord


def stopped_of_alert(alert: AlertRecord, at: datetime) -> Iterator[Stopped]:
    """The same as `screening.hits.by_resubmission.stopped_by` gives for the decision. Nothing for updates,
    and for payments that a lookback found too late to stop."""
    payment = alert.get("payment", {})
    amount = money(payment.get("amount"), payment.get("currency"))
    if amount is None or "update" in alert or alert.get("stoppable") is False:
        return
    parties = [
        (party["role"], party.get("names", ()), party.get("accounts", ())) for party in payment["parties"]
    ]
    debtor, creditor = (end_of(parties, role, MOST_OF_AN_END) for role in ENDS)
    if not (debtor or creditor):
        return
    for hit in alert["hits"]:
        if hit.get("fingerprint") and hit.get("reason") != Reason.STRIPPING:
            yield Stopped(
                alert_id=hit["alert_id"],
                payment_id=alert["payment_id"],
                at=at,
                amount=amount[0],
                currency=amount[1],
                debtor=debtor,
                creditor=creditor,
                role=Role(hit["role"]),
                value=hit["value"],
                fingerprint=hit["fingerprint"],
                designation_id=hit["designation"]["id"],
            )


def stopped_from_json(record: StoppedRecord) -> Stopped:
    """As a decision names it, in `hits[].stopped`. Raises KeyError, TypeError or ValueError otherwise."""
    return Stopped(
        alert_id=record["alert_id"],
        payment_id=record["payment_id"],
        at=datetime.fromisoformat(record["at"]),
        amount=record["amount"],
        currency=record["currency"],
        debtor=_end(record["debtor"]),
        creditor=_end(record["creditor"]),
        role=Role(record["role"]),
        value=record["value"],
        fingerprint=record["fingerprint"],
        designation_id=record["designation_id"],
    )


def _end(record: EndRecord) -> End:
    return End(tuple(record["codes"]), tuple(record["names"]))


def resubmits(decision: DecisionRecord) -> list[Stopped]:
    """The stopped payments that a recorded decision says its payment resubmits."""
    hits: list[HitRecord] = [*decision.get("hits", ()), *decision.get("suppressed", ())]
    return [stopped_from_json(hit["stopped"]) for hit in hits if "stopped" in hit]
