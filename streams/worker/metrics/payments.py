"""What becomes of payments, and how long it takes."""

import re
from collections.abc import Collection, Iterable, Sequence

from screening.decisions import Decision, Outcome
from screening.hits.by_resubmission import Change
from screening.payments import PaymentProblem, Role
from screening.policy.rules import Action
from streams.metrics import MetricsIn
from streams.worker.metrics.series import FORMATS, SECONDS, BoundedLabels, format_label

WAIT_SECONDS = (*SECONDS, 10.0, 60.0, 600.0)  # a backlog after an outage is minutes, not milliseconds
# One payment inside the matcher takes tens of microseconds to a few milliseconds.
SCREENING_SECONDS = (
    0.00001,
    0.000025,
    0.00005,
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
)
CANDIDATES = (0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500)
SCORES = (0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.925, 0.95, 0.975, 0.99, 1.0)
TRACE_ID = re.compile("[0-9a-f]{32}")  # W3C Trace Context; anything else would break the exposition
BATCH = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class PaymentMetrics:
    """The outcomes of payments, and how long they take; called once a batch where the argument says so."""

    of_list: BoundedLabels
    of_mapping: BoundedLabels

    def define_payments(self, new: MetricsIn) -> None:
        """The outcomes of payments, and how long they take."""
        self.payments = new.counter(
            "payments_total", "Payments decided, by message format and outcome.", "format", "outcome"
        )
        self.hits = new.counter(
            "hits_total",
            "Hits in decisions, by list, role of the party and action asked for.",
            "list",
            "role",
            "action",
        )
        self.suppressed = new.counter(
            "suppressed_hits_total", "Hits suppressed by a false-positive disposition in force.", "list"
        )
        self.resubmissions = new.counter(
            "resubmissions_total",
            "Hits of stopped payments that came back, by what became of what had hit.",
            "change",
        )
        self.dead_letters = new.counter(
            "dead_letters_total", "Events kept as dead letters because they could not be screened.", "reason"
        )
        self.ignored = new.counter(
            "ignored_events_total",
            "Events that a mapping says are no payments: read, not decided, committed.",
            "mapping",
        )
        self.screening = new.batched(
            "screening_seconds", "Time of one payment inside the matcher.", SCREENING_SECONDS
        )
        self.end_to_end = new.batched(
            "end_to_end_seconds",
            "From an event read from Kafka to its decision acknowledged by the broker.",
            SECONDS,
        )
        self.again = new.counter(
            "decided_again_total", "Messages decided again before publication: the list had moved on."
        )
        self.candidates = new.histogram(
            "candidates",
            "Pairs scored for one name; a name that is remembered is not scored again.",
            CANDIDATES,
        )
        self.parties = new.counter(
            "parties_total",
            "Parties screened, by whether what they hit on this list was remembered.",
            "remembered",
        )
        self.scores = new.histogram("hit_score", "Score of a hit, 0 to 1.", SCORES)
        self.batch = new.histogram("batch_payments", "Payments taken from Kafka in one batch.", BATCH)
        self.wait = new.histogram(
            "payment_wait_seconds",
            "From a payment's Kafka timestamp to taken by this worker: the oldest of each batch.",
            WAIT_SECONDS,
        )
        # looked up by the payment: the library's own `labels` takes as long as all else of a count
        self._decided = {
            (name, outcome): self.payments.labels(name, outcome) for name in FORMATS for outcome in Outcome
        }
        for problem in PaymentProblem:
            self.dead_letters.labels(problem)
        self.parties_screened(0, 0)
        for change in Change:
            self.resubmissions.labels(change)

    def decided(self, payment_format: str, outcome: Outcome, count: int = 1) -> None:
        """`count` payments of one format got one outcome."""
        self._decided[format_label(payment_format), outcome].inc(count)

    def payment_decided(self, payment_format: str, decision: Decision) -> None:
        """One payment got this decision: its outcome, its hits and what dispositions suppressed of them."""
        if decision.outcome is Outcome.HIT:
            for hit in decision.hits:
                self.hit(hit.designation.source, hit.role, hit.action, hit.score)
                if hit.stopped:
                    self.resubmitted(hit.explanation[0].how)
        for held in decision.suppressed:
            self.suppressed_hit(held.hit.designation.source)
        self.decided(payment_format, decision.outcome)

    def batch_taken(self, payments: int, waited: float) -> None:
        """So many payments were taken from Kafka; the first had waited there for `waited` seconds."""
        self.batch.observe(payments)
        self.wait.observe(max(0.0, waited))

    def decided_again(self) -> None:
        """A message was decided with a list older than itself, and is decided again."""
        self.again.inc()

    def screened(self, seconds: Collection[float]) -> None:
        """Payments spent this long inside the matcher."""
        self.screening.observe_all(seconds)

    def acknowledged(self, seconds: Sequence[float], trace_id: str | None = None) -> None:
        """Decisions of a batch are on the broker; `trace_id` (32 hex digits) becomes the exemplar."""
        if seconds and trace_id and TRACE_ID.fullmatch(trace_id):
            self.end_to_end.observe(seconds[-1], {"trace_id": trace_id})
            seconds = seconds[:-1]
        self.end_to_end.observe_all(seconds)

    def scored(self, pairs: int) -> None:
        """One name was compared with this many candidates."""
        self.candidates.observe(pairs)

    def parties_screened(self, parties: int, remembered: int) -> None:
        """So many parties were screened, and so many of them were only looked up."""
        self.parties.labels("yes").inc(remembered)
        self.parties.labels("no").inc(parties - remembered)

    def hit(self, source: str, role: Role, action: Action, score: float | None = None) -> None:
        self.hits.labels(self.of_list(source), role, action).inc()
        if score is not None:
            self.scores.observe(score)

    def suppressed_hit(self, source: str) -> None:
        self.suppressed.labels(self.of_list(source)).inc()

    def resubmitted(self, change: str) -> None:
        """A stopped payment came back with what had hit removed, shortened or altered."""
        self.resubmissions.labels(change).inc()

    def dead_lettered(self, reason: PaymentProblem) -> None:
        self.dead_letters.labels(reason).inc()

    def mappings_known(self, names: Iterable[str]) -> None:
        """Mappings that ignore events; each has its count at zero from the start."""
        for name in names:
            self.ignored.labels(self.of_mapping(name))

    def event_ignored(self, mapping: str) -> None:
        """The mapping of this name says that an event, or a part of one, is not a payment."""
        self.ignored.labels(self.of_mapping(mapping)).inc()
