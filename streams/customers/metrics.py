"""What an operator alerts on of `interdict customers run`, beside a worker's metrics of its list."""

from collections.abc import Callable, Iterable, Sequence

from prometheus_client import CollectorRegistry

from screening.decisions import Outcome
from streams.customers.shelf import Shelf, Trigger
from streams.metrics import MetricsIn
from streams.records.customers import Proof
from streams.records.shapes.customers import ChangeRecord

STATES = ("raised", "updated", "superseded", "closed")
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0)
SCREENING_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1)


class CustomerMetrics:
    """The metrics of one service, in the registry that its web pages show."""

    def __init__(
        self,
        registry: CollectorRegistry | None = None,
        shelves: Callable[[], Iterable[Shelf]] = lambda: (),
    ) -> None:
        self.registry = registry or CollectorRegistry()
        new = MetricsIn(self.registry)
        self._define_screening(new)
        self._define_proof(new)
        _define_book(new, shelves)
        self._touch()

    def _define_screening(self, new: MetricsIn) -> None:
        self._screened = new.counter(
            "customers_screened_total",
            "Customers screened, by what made them be screened and by outcome.",
            "trigger",
            "outcome",
        )
        self._seconds = new.histogram(
            "customer_screening_seconds", "One customer inside the matcher.", SCREENING_SECONDS
        )
        self._changes = new.counter("customer_alerts_total", "Alerts published, by state.", "state")
        self._missed = new.counter(
            "customers_missed_total", "Hits that the day's whole pass found and the inverted index had not."
        )
        self._effective = new.histogram(
            "customer_effective_seconds",
            "From a designation's record to the last customer alert that it leads to, acknowledged.",
            SECONDS,
        )

    def _define_proof(self, new: MetricsIn) -> None:
        self._proved = new.gauge(
            "customers_proved_timestamp_seconds",
            "When a partition was last proved to be screened wholly (Unix time).",
            "partition",
        )
        self._wholly = new.gauge(
            "customers_wholly_timestamp_seconds",
            "When the day's whole pass over a partition began (Unix time).",
            "partition",
        )
        self._unscreened = new.gauge(
            "customers_unscreened", "Customers that could not be read or screened.", "partition"
        )

    def _touch(self) -> None:
        """Start every series at zero, so that its first change is visible."""
        for trigger in Trigger:
            for outcome in Outcome:
                self._screened.labels(trigger, outcome)
        for state in STATES:
            self._changes.labels(state)

    def screened(self, trigger: Trigger, outcome: Outcome, seconds: float) -> None:
        self._screened.labels(trigger, outcome).inc()
        self._seconds.observe(seconds)

    def published(self, changes: Iterable[Sequence[ChangeRecord]]) -> None:
        for each in changes:
            for change in each:
                self._changes.labels(change["state"]).inc()

    def missed(self, hits: int) -> None:
        self._missed.inc(hits)

    def effective(self, seconds: float) -> None:
        self._effective.observe(seconds)

    def proved(self, proof: Proof) -> None:
        partition = str(proof.partition)
        self._proved.labels(partition).set(proof.screened_at.timestamp())
        self._wholly.labels(partition).set(proof.wholly_at.timestamp())
        self._unscreened.labels(partition).set(proof.unscreened)

    def given_up(self, partition: int) -> None:
        """Another service has this partition now."""
        for gauge in (self._proved, self._wholly, self._unscreened):
            gauge.remove(str(partition))


def _define_book(new: MetricsIn, shelves: Callable[[], Iterable[Shelf]]) -> None:
    """Gauges that are counted when they are scraped."""
    new.gauge("customers", "Customers in the book of this service.").set_function(
        lambda: sum(len(shelf.book) for shelf in shelves())
    )
    new.gauge("customers_waiting", "Customers that wait to be screened.").set_function(
        lambda: sum(shelf.count_waiting for shelf in shelves())
    )
