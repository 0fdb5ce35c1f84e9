"""What an operator alerts on of an export: how far behind it is, what it delivered, what was not accepted."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry

from streams.metrics import MetricsIn


class ExportMetrics:
    """Of one export; `kind` is webhook or lines."""

    def __init__(self, kind: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry()
        new = MetricsIn(self.registry)
        self._kind, self._clock = kind, clock
        self._waiting_since: float | None = None
        self._delivered = new.counter(
            "export_messages_total", "Alerts and updates that the receiver has.", "kind"
        )
        self._refused = new.counter(
            "export_retries_total", "Deliveries that were not accepted and are tried again.", "kind"
        )
        self._passed_over = new.counter(
            "export_passed_over_total", "Records on the alerts topic that are no alert.", "kind"
        )
        self._lag = new.gauge(
            "export_lag_records", "Records on the alerts topic that this export has not delivered.", "kind"
        )
        waiting = new.gauge(
            "export_waiting_seconds",
            "Since when the message in hand has not been accepted; 0 where none waits.",
            "kind",
        )
        waiting.labels(kind).set_function(self._waiting)
        for family in (self._delivered, self._refused, self._passed_over, self._lag):
            family.labels(kind)

    def begun(self) -> None:
        """A message is on its way."""
        self._waiting_since = self._clock()

    def delivered(self) -> None:
        self._waiting_since = None
        self._delivered.labels(self._kind).inc()

    def retried(self) -> None:
        self._refused.labels(self._kind).inc()

    def passed_over(self) -> None:
        self._passed_over.labels(self._kind).inc()

    def lags(self, records: int) -> None:
        self._lag.labels(self._kind).set(records)

    def _waiting(self) -> float:
        return self._clock() - self._waiting_since if self._waiting_since is not None else 0.0
