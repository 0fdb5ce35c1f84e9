"""The worker's memory of stopped payments: what every worker alerted of late, from the alerts topic.

What this worker alerts itself, it notes when it decides; what others alert arrives here some milliseconds
after they told it. A payment that comes back within that time, at another worker, is not known again.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from aiokafka import ConsumerRecord

from screening.cases.stopped import ENDS, End, Stopped, StoppedPayments, end_of, money
from screening.decisions import Reason
from screening.payments.model import Role
from screening.policy.rules import StrippingRule
from streams.worker.metrics import Metrics
from streams.worker.replicas.follower import TopicReplica


class StoppedReplica(TopicReplica):
    """Keeps `known` in step with the alerts topic, back to the window's beginning."""

    without = "payments that were stopped and come back altered are not known again"

    def __init__(
        self, topic: str, rule: StrippingRule, client: Mapping[str, Any], metrics: Metrics, **kwargs: Any
    ) -> None:
        super().__init__(topic, client, **kwargs)
        self.needed = rule.apply
        self.window_seconds = rule.window_hours * 3600
        self.known = StoppedPayments(rule)
        self._metrics = metrics

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        for stopped in stopped_of_alert(orjson.loads(record.value or b"{}"), at):
            self.known.note(stopped, datetime.now(UTC))

    def applied(self) -> None:
        self._metrics.stopped_known(len(self.known), self.known.dropped)


def stopped_of_alert(alert: Mapping[str, Any], at: datetime) -> Iterator[Stopped]:
    """As `screening.hits.by_resubmission.stopped_by` says it of the decision; nothing of follow-ups and of
    payments that a lookback found too late to stop."""
    payment = alert.get("payment", {})
    amount = money(payment.get("amount"), payment.get("currency"))
    if amount is None or "update" in alert or alert.get("stoppable") is False:
        return
    parties = [
        (party["role"], party.get("names", ()), party.get("accounts", ())) for party in payment["parties"]
    ]
    debtor, creditor = (end_of(parties, role) for role in ENDS)
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


def stopped_from_json(record: Mapping[str, Any]) -> Stopped:
    """As a decision names it, in `hits[].stopped`. Raises KeyError, TypeError or ValueError otherwise."""
    ends = {
        role: End(tuple(record[role]["codes"]), tuple(record[role]["names"]))
        for role in ("debtor", "creditor")
    }
    at = datetime.fromisoformat(record["at"])
    return Stopped(**{**record, **ends, "at": at, "role": Role(record["role"])})
