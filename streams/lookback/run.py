"""A lookback over the payments topic: newest payments first, with alerts for what the changed designations
hit.

The alerts topic is its memory: a hit that was alerted for a payment, by a worker or by an earlier lookback,
is not alerted again, so a lookback can be interrupted, resumed and repeated. Its progress is stored at the
broker, in its own consumer group, after the alerts of a chunk are acknowledged.

Payments that arrive while it runs do not concern it, so it waits for nobody: a worker publishes no decision
that was taken with a list older than its payment (`streams/worker/barrier.py`), and the change is on the list
for every reader. Whatever was decided without it is on the payments topic before the lookback asks for that
topic's end.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from screening.cases.dispositions import SuppressionRules
from screening.decisions import Decision
from screening.lookback import Lookback
from screening.payments import Payment, PaymentError
from streams.audit.chain import NO_KEY
from streams.kafka.groups import DONE
from streams.kafka.log import Chunk, Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.lists.log import ListLog
from streams.lookback.alerts import LookbackAlerts
from streams.lookback.decided import AlertMemory, Originals, read_dispositions
from streams.records.json import Origin
from streams.registry.reading import WITHOUT_REGISTRY, PaymentReader

OnProgress = Callable[["Report"], None]
"""Called after each chunk of payments."""


@dataclass(slots=True)
class Report:
    """What a lookback has done so far."""

    designations: int
    planned: int = 0
    payments: int = 0
    alerts: int = 0
    unreadable: int = 0
    """Messages that are no payment; the live path made dead letters of them."""
    gone_before: str = ""
    """From when on the topic has every payment (ISO 8601, UTC), where the window reaches further back."""
    resumed: bool = False
    seconds: float = 0.0


def unwatched(report: Report) -> None:
    """For a lookback that nobody watches."""
    del report


class MissedPayment(NamedTuple):
    """A payment that should have been stopped, and the decision that says so."""

    payment: Payment
    decision: Decision
    event: Origin


class LookbackRun:
    """One lookback over the payments since a moment (Unix time) against the `changed` ids of a list.

    `client` are librdkafka's options. If it is interrupted, the same lookback continues where it stopped.
    """

    def __init__(
        self,
        client: ClientOptions,
        topics: Topics,
        listed: ListLog,
        changed: Iterable[str],
        *,
        since: float,
        group: str,
        rules: SuppressionRules | None = None,
        key: bytes = NO_KEY,
        progress: OnProgress = unwatched,
        read: PaymentReader = WITHOUT_REGISTRY,
    ) -> None:
        self.changed = frozenset(changed) & listed.written.keys()
        self.report = Report(len(self.changed))
        self._client = client
        self._topics = topics
        self._since = since
        self._written = [listed.written[designation_id] for designation_id in self.changed]
        self._group = f"{group}.lookback.{self._digest()}"
        self._rules = rules or SuppressionRules()
        self._key = key
        self._progress = progress
        self._read = read
        self._policy = listed.screener.policy
        self._lookback = Lookback(listed.screener, self.changed)

    def run(self) -> Report:
        """Look at every payment of the window. Raises BrokerError."""
        started = time.monotonic()
        self._dispositions = read_dispositions(self._client, self._topics.dispositions, self._rules)
        with (
            TopicLog(self._client, self._topics.payments, self._group) as log,
            AlertMemory(self._client, self._topics.alerts, self._since) as self._memory,
            Originals(self._client, self._topics.decisions) as self._originals,
            LookbackAlerts(self._client, self._topics, self._key) as self._alerts,
        ):
            self._look_at_all(log)
        self.report.seconds = time.monotonic() - started
        return self.report

    def _look_at_all(self, log: TopicLog) -> None:
        """Everything that the topic holds now, or what an interrupted run left of it."""
        spans = log.spans(self._since)
        if (gone := log.gone_before(self._since)) is not None:
            self.report.gone_before = datetime.fromtimestamp(gone, UTC).isoformat(timespec="seconds")
        ends = {span.partition: span.end for span in spans}
        for partition, (frontier, end) in log.noted().items():
            if end != DONE:
                ends[partition] = int(end)
                spans = [replace(s, end=frontier) if s.partition == partition else s for s in spans]
                self.report.resumed = True
        self.report.planned = sum(map(len, spans))
        self._progress(self.report)
        for chunk in log.newest_first(spans):
            self._look_at(chunk)
            partition = chunk.span.partition
            log.note({partition: chunk.span.first}, str(ends[partition]))
        log.note(ends, DONE)

    def _look_at(self, chunk: Chunk) -> None:
        """Screen a chunk; its alerts are on the broker when this returns."""
        found = [found for record in chunk.records for found in self._screen(record, chunk.span.partition)]
        if found:
            self._memory.refresh()
            found = [new for one in found if (new := self._new(one))]
        if found:
            oldest, newest = chunk.records[-1].time, chunk.records[0].time
            payment_ids = {one.payment.id for one in found}
            originals = self._originals.find(payment_ids, chunk.span.partition, oldest, newest)
            for payment, decision, event in found:
                self._alerts.alert(payment, decision, event, originals.get(payment.id))
            self._alerts.delivered()
        self.report.alerts += len(found)
        self.report.payments += len(chunk.span)
        self._progress(self.report)

    def _screen(self, record: Record, partition: int) -> Iterable[MissedPayment]:
        mappings = self._policy.mappings
        try:
            payments = self._read(record.value, record.headers, mappings)
        except PaymentError:
            self.report.unreadable += 1
            return
        event = Origin(self._topics.payments, partition, record.offset, round(record.time * 1000))
        for payment in payments:
            now = datetime.now(UTC)
            # nothing was stopped by what changed: when this payment passed, that was not on the list yet. So
            # it resubmits no stopped payment because of it, and no memory of those is needed
            if decision := self._lookback.decide(payment, None, self._dispositions, now):
                yield MissedPayment(payment, decision, event)

    def _new(self, found: MissedPayment) -> MissedPayment | None:
        """The decision with only the hits that were not alerted before."""
        hits = tuple(hit for hit in found.decision.hits if self._memory.is_news(found.payment.id, hit))
        return found._replace(decision=replace(found.decision, hits=hits)) if hits else None

    def _digest(self) -> str:
        """Identifies this lookback: the same changes give the same name after a crash."""
        written = sorted(f"{name}@{at.offset}" for name, at in zip(self.changed, self._written, strict=True))
        return hashlib.sha256("\n".join(written).encode()).hexdigest()[:12]
