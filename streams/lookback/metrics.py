"""What an operator alerts on of `interdict lookback --follow`: whether it looks, and what it found."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge

from streams.lookback.run import Report


class LookbackMetrics:
    """Of one process that follows the lists."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._looked_at = clock()
        looked = Gauge(
            "interdict_lookback_looked_seconds",
            "Since the follower last looked at the lists, or finished a part of a lookback.",
            registry=self.registry,
        )
        looked.set_function(lambda: self._clock() - self._looked_at)
        self._runs = Counter("interdict_lookbacks_total", "Lookbacks that are done.", registry=self.registry)
        self._payments = Counter(
            "interdict_lookback_payments_total", "Payments looked at again.", registry=self.registry
        )
        self._alerts = Counter(
            "interdict_lookback_alerts_total", "Alerts that lookbacks raised.", registry=self.registry
        )

    def looked(self) -> None:
        """It is alive and at work."""
        self._looked_at = self._clock()

    def done(self, report: Report) -> None:
        self.looked()
        self._runs.inc()
        self._payments.inc(report.payments)
        self._alerts.inc(report.alerts)
