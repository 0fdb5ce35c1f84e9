"""Every metric of a worker."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector

from screening.cases.dispositions import Verdict
from screening.decisions import Reason
from screening.payments import Role
from screening.policy.rules import Action
from streams.metrics import MetricsIn
from streams.worker.metrics.lists import ListMetrics
from streams.worker.metrics.memory import MemoryMetrics
from streams.worker.metrics.payments import PaymentMetrics
from streams.worker.metrics.series import BoundedLabels
from streams.worker.metrics.state import StateMetrics

MOST_LISTS = 32
"""More sources than this share the label "other"."""
MOST_MAPPINGS = 32
"""Of mappings that ignore events."""


class Metrics(PaymentMetrics, MemoryMetrics, ListMetrics, StateMetrics):
    """The worker's counters, histograms and gauges; every method is safe to call from any thread.

    `registry` is a new one unless given, so that two workers in one process (tests, the demo) do not collide.
    `clock` is Unix time in seconds; list ages are computed from it when they are scraped.
    """

    def __init__(
        self,
        registry: CollectorRegistry | None = None,
        *,
        clock: Callable[[], float] = time.time,
        process: bool = True,
    ) -> None:
        self.registry = registry = registry or CollectorRegistry()
        self.clock = clock
        self.of_list = BoundedLabels(MOST_LISTS, self._begin_list)
        self.of_mapping = BoundedLabels(MOST_MAPPINGS)
        new = MetricsIn(registry)
        self.define_payments(new)
        self.define_memory(new)
        self.define_lists(new)
        self.define_state(new)
        if process:
            ProcessCollector(registry=registry)
            GCCollector(registry=registry)

    def _begin_list(self, source: str) -> None:
        """A list that is met for the first time: each of its counts is there at zero."""
        self.suppressed.labels(source)
        for verdict in Verdict:
            self.dispositions.labels(source, Reason.NAME, verdict)
        for role in Role:
            for action in Action:
                self.hits.labels(source, role, action)
