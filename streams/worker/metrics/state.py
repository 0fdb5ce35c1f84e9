"""The state of a worker itself."""

import platform
from collections.abc import Collection, Mapping
from importlib.metadata import version

from screening.decisions import MATCHER
from streams.metrics import MetricsIn
from streams.worker.metrics.series import SECONDS

NO_PARTITION = "no payment partition is assigned yet"
"""Why a worker is not ready that lacks nothing else: more workers run than there are partitions."""


class StateMetrics:
    """Whether a worker is ready, what it holds, and how its event loop fares."""

    def define_state(self, new: MetricsIn) -> None:
        """The state of the worker itself."""
        self._partitions: set[int] = set()
        self.ready = new.gauge("ready", "1 when the worker may decide payments, else 0.")
        self.standing_by = new.gauge(
            "standing_by",
            "1 when the worker lacks nothing but a payment partition, else 0.",
        )
        self.partitions = new.gauge("assigned_partitions", "Payment partitions assigned to this worker.")
        self.consumer_lag = new.gauge(
            "consumer_lag_records", "Payments waiting in an assigned partition.", "partition"
        )
        self.rebalances = new.counter(
            "rebalances_total", "Times the set of partitions of this worker changed."
        )
        self.loop_lag = new.histogram(
            "event_loop_lag_seconds",
            "How late the event loop wakes a timer; high values starve heartbeats.",
            SECONDS,
        )
        self.console_clients = new.gauge("console_clients", "Browsers following the live console.")
        self.console_dropped = new.counter(
            "console_dropped_events_total", "Events not shown to a console that reads too slowly."
        )
        new.info("build", "Version of the worker.").info(
            {"version": version("interdict"), "matcher": MATCHER, "python": platform.python_version()}
        )

    def holds(self, lags: Mapping[int, int]) -> None:
        """This worker now holds these payment partitions, with so many payments waiting in each.

        Partitions that went to another worker are no longer reported here; a change counts as a rebalance.
        """
        for gone in self._partitions - lags.keys():
            self.consumer_lag.remove(str(gone))
        for partition, records in lags.items():
            self.consumer_lag.labels(str(partition)).set(records)
        if self._partitions != lags.keys():
            self.rebalances.inc()
        self._partitions = set(lags)
        self.partitions.set(len(lags))

    def is_ready(self, reasons: Collection[str]) -> None:
        """The reasons why no payment may be decided here; none means that it may."""
        self.ready.set(not reasons)
        self.standing_by.set([*reasons] == [NO_PARTITION])

    def loop_lagged(self, seconds: float) -> None:
        self.loop_lag.observe(max(0.0, seconds))
