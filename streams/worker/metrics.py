"""Every metric of a worker on one page, with methods in the trade's words."""

import platform
import re
import time
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from importlib.metadata import version

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector

from screening.cases.dispositions import Verdict
from screening.decisions import MATCHER, Decision, Outcome, Reason
from screening.hits.by_resubmission import Change
from screening.payments import FORMATS as PAYMENT_FORMATS
from screening.payments import PaymentProblem, Role
from screening.policy.rules import Action
from streams.metrics import MetricsIn

FORMATS = (*PAYMENT_FORMATS, "other")
SCHEMA_OUTCOMES = ("found", "unknown", "unusable", "no_answer")
MOST_MAPPINGS = 32  # that ignore events; more of them share the label "other"
MOST_LISTS = 32  # more sources than this share the label "other": a publisher cannot blow up the series

# The objective is 100 ms from read to decision at p99; the edges sit close around it.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5)
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
NO_PARTITION = "no payment partition is assigned yet"
"""Why a worker is not ready that lacks nothing else: more workers run than there are partitions."""
TRACE_ID = re.compile("[0-9a-f]{32}")  # W3C Trace Context; anything else would break the exposition
BATCH = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class ShadowLoss(StrEnum):
    """Why a payment is missing from the shadow policy's comparison; `broker`: why a comparison is not on its
    topic."""

    BUSY = "busy"
    SCREENING = "screening"
    STOPPED = "stopped"
    BROKER = "broker"
    POLICY = "policy"


def format_label(name: str) -> str:
    """A payment's format as a bounded label: `pacs.008.001.12 -> pacs.008`, `MT103 -> mt103`."""
    short = ".".join(name.lower().replace(" ", "").split(".")[:2])
    return short if short in FORMATS else "other"


class Metrics:
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
        self._clock = clock
        self._lists: set[str] = set()
        self._partitions: set[int] = set()
        self._mappings: set[str] = set()
        new = MetricsIn(registry)
        self._define_payments(new)
        self._define_memory(new)
        self._define_lists(new)
        self._define_worker(new)
        self._touch()
        if process:
            ProcessCollector(registry=registry)
            GCCollector(registry=registry)

    def _define_payments(self, new: MetricsIn) -> None:
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

    def _define_memory(self, new: MetricsIn) -> None:
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

    def _define_lists(self, new: MetricsIn) -> None:
        """Which lists are in force, how old they are, and how soon a change takes effect."""
        self.designations = new.gauge("designations", "Designations in force in this worker.", "list")
        self.effective = new.histogram(
            "designation_effective_seconds",
            "From a designation's broker timestamp to searchable in this worker.",
            SECONDS,
        )
        self.policy_list_missing = new.gauge(
            "policy_list_missing", "1 for a list that the policy names and that is not in force.", "list"
        )
        self.list_age = new.gauge(
            "list_age_seconds", "Age of the list version in force since published.", "list"
        )
        self.list_applied_at = new.gauge(
            "list_applied_timestamp_seconds",
            "Unix time when the list version in force took effect here.",
            "list",
        )
        self.list_version = new.info("list_version", "Version and hash of the list in force.", "list")
        self.list_lag = new.gauge(
            "list_lag_records", "Records of the designations topic not yet applied by this worker."
        )

    def _define_worker(self, new: MetricsIn) -> None:
        """The state of the worker itself."""
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
        self.build = new.info("build", "Version of the worker.")

    def _touch(self) -> None:
        self.build.info(
            {"version": version("interdict"), "matcher": MATCHER, "python": platform.python_version()}
        )
        # looked up by the payment: the library's own `labels` takes as long as all else of a count
        self._decided = {
            (name, outcome): self.payments.labels(name, outcome) for name in FORMATS for outcome in Outcome
        }
        for problem in PaymentProblem:
            self.dead_letters.labels(problem)
        for outcome in SCHEMA_OUTCOMES:
            self.schema_requests.labels(outcome)
        self.parties_screened(0, 0)
        for loss in ShadowLoss:
            self.shadow_losses.labels(loss)
        for change in Change:
            self.resubmissions.labels(change)

    # Payments, called once a batch where the argument says so.

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
        self.hits.labels(self._list(source), role, action).inc()
        if score is not None:
            self.scores.observe(score)

    def suppressed_hit(self, source: str) -> None:
        self.suppressed.labels(self._list(source)).inc()

    def resubmitted(self, change: str) -> None:
        """A stopped payment came back with what had hit removed, shortened or altered."""
        self.resubmissions.labels(change).inc()

    def stopped_known(self, remembered: int, dropped: int) -> None:
        """So many hits are remembered, and so many had to be forgotten early since the start."""
        self.stopped.set(remembered)
        self.stopped_dropped.set(dropped)

    def shadow_lost(self, why: ShadowLoss, count: int = 1) -> None:
        self.shadow_losses.labels(why).inc(count)

    def dispositions_known(self, source: str, reason: str, verdict: Verdict, count: int) -> None:
        """So many pairs with hits on this list and with this reason have this disposition; the share of true
        positives is the precision of list and reason."""
        self.dispositions.labels(self._list(source), reason, verdict).set(count)

    def dead_lettered(self, reason: PaymentProblem) -> None:
        self.dead_letters.labels(reason).inc()

    def schema_asked(self, outcome: str) -> None:
        """The registry was asked for a schema: found, unknown, unusable or no_answer."""
        self.schema_requests.labels(outcome).inc()

    def schemas_wait(self, waiting: bool) -> None:
        self.schema_waiting.set(waiting)

    def mappings_known(self, names: Iterable[str]) -> None:
        """Mappings that ignore events; each has its count at zero from the start."""
        for name in names:
            self.ignored.labels(self._mapping(name))

    def unreadable_of(self, topic: str) -> Callable[[bool], None]:
        """A function that counts unreadable records of a topic other than payments and lists. Its argument
        says whether the record came after the topic was first read; old ones are no news at each start."""
        counted = {since: self.unreadable.labels(topic, str(since).lower()) for since in (False, True)}
        return lambda since: counted[since].inc()

    def event_ignored(self, mapping: str) -> None:
        """The mapping of this name says that an event, or a part of one, is not a payment."""
        self.ignored.labels(self._mapping(mapping)).inc()

    def _mapping(self, name: str) -> str:
        if name not in self._mappings and len(self._mappings) >= MOST_MAPPINGS:
            return "other"
        self._mappings.add(name)
        return name

    # Lists.

    def designation_effective(self, seconds: float) -> None:
        """A designation became searchable this long after its broker timestamp; clock skew gives 0."""
        self.effective.observe(max(0.0, seconds))

    def list_entries(self, source: str, entries: int) -> None:
        self.designations.labels(self._list(source)).set(entries)

    def list_gone(self, source: str) -> None:
        """A list is no longer in force: it has no entries, and no version whose age could raise an alarm."""
        label = self._list(source)
        self.designations.labels(label).set(0)
        for series in (self.list_version, self.list_age, self.list_applied_at):
            with suppress(KeyError):  # of lists past the most that have series of their own
                series.remove(label)

    def policy_lists(self, named: Iterable[str], in_force: Container[str]) -> None:
        """Which of the lists that the policy names are missing: what it says about those has no effect."""
        for source in named:
            self.policy_list_missing.labels(self._list(source)).set(source not in in_force)

    def list_applied(
        self, source: str, *, version: str, entries: int, sha256: str, published_at: float
    ) -> None:
        """A commit marker was reached and agrees: this version of the list is in force.

        `published_at` is the marker's Unix time; the list's age is measured from it.
        """
        label = self._list(source)
        self.designations.labels(label).set(entries)
        self.list_version.labels(label).info({"version": version, "sha256": sha256[:12]})
        self.list_age.labels(label).set_function(lambda: max(0.0, self._clock() - published_at))
        self.list_applied_at.labels(label).set(self._clock())

    def list_behind(self, records: int) -> None:
        self.list_lag.set(records)

    # Worker.

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

    def _list(self, source: str) -> str:
        if source not in self._lists:
            if len(self._lists) >= MOST_LISTS:
                return "other"
            self._lists.add(source)
            self.suppressed.labels(source)
            for verdict in Verdict:
                self.dispositions.labels(source, Reason.NAME, verdict)
            for role in Role:
                for action in Action:
                    self.hits.labels(source, role, action)
        return source
