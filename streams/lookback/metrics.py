"""What an operator of `interdict lookback --follow` alerts on: whether it looks, and what it found."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry

from streams.lookback.run import Report
from streams.metrics import MetricsIn


class LookbackMetrics:
    """The metrics of one process that follows the lists."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry()
        new = MetricsIn(self.registry)
        self._clock = clock
        self._looked_at = clock()
        looked = new.gauge(
            "lookback_looked_seconds",
            "Since the follower last looked at the lists, or finished a part of a lookback.",
        )
        looked.set_function(lambda: self._clock() - self._looked_at)
        self._runs = new.counter("lookbacks_total", "Lookbacks that are done.")
        self._payments = new.counter("lookback_payments_total", "Payments looked at again.")
        self._alerts = new.counter("lookback_alerts_total", "Alerts that lookbacks raised.")

    def looked(self) -> None:
        """It is alive and at work."""
        self._looked_at = self._clock()

    def done(self, report: Report) -> None:
        self.looked()
        self._runs.inc()
        self._payments.inc(report.payments)
        self._alerts.inc(report.alerts)
