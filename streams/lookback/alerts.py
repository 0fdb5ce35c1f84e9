"""Alerts of a lookback on their way to the broker."""

from datetime import UTC, datetime

from screening.decisions import Decision
from screening.lookback import stoppable
from screening.payments import Payment
from streams.kafka.acknowledged import Acknowledged
from streams.lookback.decided import Original
from streams.records.json import CONTENT_TYPE, Origin, alert_to_json


class LookbackAlerts(Acknowledged):
    """Sends a lookback's alerts; `delivered` returns when the broker has all of them."""

    def alert(self, payment: Payment, decision: Decision, event: Origin, original: Original | None) -> None:
        """One alert, with the decision that let the payment pass and whether it can still be stopped."""
        now = datetime.now(UTC)
        alert = alert_to_json(
            decision,
            payment,
            now,
            0.0,
            event,
            original=original._asdict() if original else None,
            stoppable=stoppable(payment.status),
        )
        self.send(payment.id.encode(), alert, [CONTENT_TYPE])
