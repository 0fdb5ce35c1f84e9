"""What a worker remembers beside the list, and what it could not keep or read."""

from collections.abc import Callable
from enum import StrEnum

from screening.cases.dispositions import Verdict
from streams.metrics import MetricsIn
from streams.worker.metrics.series import BoundedLabels

SCHEMA_OUTCOMES = ("found", "unknown", "unusable", "no_answer")


class ShadowLoss(StrEnum):
    """Why a payment is missing from the shadow policy's comparison; `broker`: why a comparison is not on its
    topic."""

    BUSY = "busy"
    SCREENING = "screening"
    STOPPED = "stopped"
    BROKER = "broker"
    POLICY = "policy"


class MemoryMetrics:
    """What is remembered beside the list, and what could not be kept or read."""

    of_list: BoundedLabels

    def define_memory(self, new: MetricsIn) -> None:
        """What is remembered beside the list, and what could not be kept or read."""
        self.stopped = new.gauge("stopped_payments", "Hits remembered to know their payments again.")
        self.stopped_dropped = new.gauge(
            "stopped_payments_dropped",
            "Hits forgotten before their window was over, because the memory was full.",
        )
        self.shadow_losses = new.counter(
            "shadow_losses_total",
            "Payments left out of the shadow policy's comparison, and comparisons not published, by reason.",
            "reason",
        )
        self.dispositions = new.gauge(
            "dispositions",
            "Dispositions of case systems on pairs of party and designation, by what had hit.",
            "list",
            "reason",
            "verdict",
        )
        self.unsettled = new.gauge(
            "dispositions_unsettled",
            "Pairs of which compaction loses what stands: nobody approved the newest.",
        )
        self.passed_over = new.gauge(
            "payment_partitions_passed_over",
            "Partitions of payments that this worker began behind ones which the group may never have read.",
        )
        self.vanishing = new.gauge(
            "table_vanishing",
            "1 where Kafka may delete by age what stands on a topic that must be compacted, else 0.",
            "topic",
        )
        self.unreadable = new.counter(
            "unreadable_records_total",
            "Records of alerts and dispositions that cannot be read: named in the log, and passed; `since` "
            "the topic was read whole, or before.",
            "topic",
            "since",
        )
        self.schema_requests = new.counter(
            "schema_requests_total", "Schemas asked of the schema registry, by outcome.", "outcome"
        )
        self.schema_waiting = new.gauge(
            "schema_registry_waiting", "1 while a payment waits for the schema registry, else 0."
        )
        for outcome in SCHEMA_OUTCOMES:
            self.schema_requests.labels(outcome)
        for loss in ShadowLoss:
            self.shadow_losses.labels(loss)

    def stopped_known(self, remembered: int, dropped: int) -> None:
        """So many hits are remembered, and so many had to be forgotten early since the start."""
        self.stopped.set(remembered)
        self.stopped_dropped.set(dropped)

    def shadow_lost(self, why: ShadowLoss, count: int = 1) -> None:
        self.shadow_losses.labels(why).inc(count)

    def dispositions_known(self, source: str, reason: str, verdict: Verdict, count: int) -> None:
        """So many pairs with hits on this list and with this reason have this disposition; the share of true
        positives is the precision of list and reason."""
        self.dispositions.labels(self.of_list(source), reason, verdict).set(count)

    def unreadable_of(self, topic: str) -> Callable[[bool], None]:
        """A function that counts unreadable records of a topic other than payments and lists. Its argument
        says whether the record came after the topic was first read; old ones are no news at each start."""
        counted = {since: self.unreadable.labels(topic, str(since).lower()) for since in (False, True)}
        return lambda since: counted[since].inc()

    def schema_asked(self, outcome: str) -> None:
        """The registry was asked for a schema: found, unknown, unusable or no_answer."""
        self.schema_requests.labels(outcome).inc()

    def schemas_wait(self, waiting: bool) -> None:
        self.schema_waiting.set(waiting)
