"""The worker's memory of stopped payments: every worker's recent alerts, read from the alerts topic.

A worker notes its own alerts when it decides; other workers' alerts arrive some milliseconds after they were
published. A payment that comes back within that time, at another worker, is not recognised.
"""

from datetime import UTC, datetime

from aiokafka import ConsumerRecord

from screening.cases.stopped import StoppedPayments
from screening.policy.rules import StrippingRule
from streams.kafka.options import ClientOptions
from streams.records.alerts import alert_from_json
from streams.records.stopped import stopped_of_alert
from streams.worker.metrics import Metrics
from streams.worker.replicas.follower import OnUnreadable, TopicReplica


class StoppedReplica(TopicReplica):
    """Keeps `known` in step with the alerts topic, back to the window's beginning."""

    without = "payments that were stopped and come back altered are not known again"

    def __init__(
        self,
        topic: str,
        rule: StrippingRule,
        client: ClientOptions,
        metrics: Metrics,
        on_unreadable: OnUnreadable | None = None,
    ) -> None:
        super().__init__(topic, client, on_unreadable)
        self.needed = rule.apply
        self.window_seconds = rule.window_hours * 3600
        self.known = StoppedPayments(rule)
        self._metrics = metrics

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        alert = alert_from_json(record.value)
        for stopped in stopped_of_alert(alert, at) if alert else ():
            self.known.note(stopped, datetime.now(UTC))

    def applied(self) -> None:
        self._metrics.stopped_known(len(self.known), self.known.dropped)
