"""Alerts of a lookback on their way to the broker."""

from datetime import UTC, datetime
from typing import cast

from screening.decisions import Decision
from screening.lookback import stoppable
from screening.payments import Payment
from streams.audit.chain import Chain
from streams.audit.sealed import SealedWriter
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.lookback.decided import Original
from streams.records.json import Origin, alert_to_json
from streams.records.shapes import OriginalDecision


class LookbackAlerts(SealedWriter):
    """Sends a lookback's alerts, sealed; `delivered` returns when the broker has all of them."""

    def __init__(self, client: ClientOptions, topics: Topics, key: bytes) -> None:
        super().__init__(client, topics, Chain(key, "lookback"))

    def alert(self, payment: Payment, decision: Decision, event: Origin, original: Original | None) -> None:
        """One alert, with the decision that let the payment pass and whether it can still be stopped."""
        now = datetime.now(UTC)
        alert = alert_to_json(
            decision,
            payment,
            now,
            0.0,
            event,
            original=cast(OriginalDecision, original._asdict()) if original else None,
            stoppable=stoppable(payment.status),
        )
        self.send(self.topics.alerts, payment.id.encode(), alert)
