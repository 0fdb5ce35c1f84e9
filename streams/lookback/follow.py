"""A lookback after every publication, in one process beside the workers, which it never delays.

Before it looks for payments that should have been stopped, it updates the alerts within its window whose
designations have changed; in between, those that a case system has closed.

It follows the designations topic with its own consumer, and copies it to the list's history on the way. How
far the list has been looked back for is stored at the broker, so changes that came while it was down are made
up for at its next start.
"""

import logging
import time
from collections.abc import Callable

from screening.cases.dispositions import SuppressionRules
from screening.lookback import may_hit_more
from screening.policy.rules import Policy
from streams.audit.chain import NO_KEY
from streams.kafka.log import Record, Span, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.same_topics import SameTopics
from streams.kafka.topics import Topics
from streams.lists.history import Historian
from streams.lists.log import IncompleteListError, ListLog
from streams.lookback.closing import AlertClosing
from streams.lookback.run import LookbackRun, OnProgress, unwatched
from streams.lookback.updates import AlertUpdates
from streams.offline.snapshots import Snapshots
from streams.registry.reading import WITHOUT_REGISTRY, PaymentReader

log = logging.getLogger(__name__)

ABANDONED_SECONDS = 30.0
"""A publication that stays silent so long before its commit is not waited for: its entries are in force."""


class Follower:
    """Looks back whenever designations are added or extended. `done` is called with each lookback's
    report."""

    def __init__(
        self,
        client: ClientOptions,
        topics: Topics,
        policy: Policy,
        *,
        window_seconds: float,
        group: str,
        rules: SuppressionRules | None = None,
        read: PaymentReader = WITHOUT_REGISTRY,
        key: bytes = NO_KEY,
        progress: OnProgress = unwatched,
        done: OnProgress = unwatched,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._client = client
        self._topics = topics
        self._window_seconds = window_seconds
        self._group = group
        self._rules = rules or SuppressionRules()
        self._read = read
        self._key = key
        self._progress = progress
        self._done = done
        self._listed = ListLog(policy, snapshots)
        self._changed: set[str] = set()
        self._touched: set[str] = set()
        self._newest = 0.0
        self._reported: tuple[str, ...] = ()

    def run(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Follow until `stop` says so. Raises BrokerError and IncompleteListError.

        The first start begins with the list as it is; `interdict lookback --since` is for what came before.
        If the group's place was lost, it begins after what it copied last.
        """
        same = SameTopics(self._client, self._topics.designations)
        historian = Historian(self._client, self._topics)
        with (
            TopicLog(self._client, self._topics.designations, f"{self._group}.lookback") as log,
            AlertClosing(
                self._client,
                self._topics,
                self._group,
                window_seconds=self._window_seconds,
                rules=self._rules,
                key=self._key,
            ) as closing,
        ):
            span = log.first_span()
            self._read_what_is_there(log, span, historian)
            for coming in log.follow(0, span.end):
                anew = coming is not None and coming.offset < self._listed.offset
                if anew or same.recreated():
                    log.note({0: 0})
                    raise IncompleteListError(f"{log.topic} was recreated; start again")
                if coming is not None:
                    historian.copy(coming)
                    self._apply(coming)
                    continue
                historian.delivered()
                if self._touched and self._may_begin():
                    self._publish_changes()
                    log.note({0: self._listed.offset})
                closing.look()
                if stop():
                    return

    def _read_what_is_there(self, log: TopicLog, span: Span, historian: Historian) -> None:
        """Read the list up to here; what has changed since the last lookback is still to be looked back
        for."""
        if 0 not in log.noted():
            log.note({0: historian.goes_on_at(span)})
        looked_back_to = self._looked_back_to(log, span)
        for record in log.read(span):
            historian.copy(record)
            if record.offset < looked_back_to:
                self._listed.read(record)
            else:
                self._apply(record)
        historian.delivered()
        self._listed.offset = span.end

    def _publish_changes(self) -> None:
        """Update the alerts on changed entries, and look back for them."""
        self._listed.state()
        self._update_alerts()
        if self._changed:
            self._look_back()

    def _looked_back_to(self, topic: TopicLog, span: Span) -> int:
        """Up to which offset the list was looked back for. For a recreated topic that is its beginning,
        because its offsets mean other records."""
        noted, _ = topic.noted()[0]
        if noted <= span.end:
            return noted
        log.warning("%s was recreated; all of it is looked back for", topic.topic)
        return 0

    def _apply(self, record: Record) -> None:
        changes = self._listed.apply(record)
        if changes:
            self._touched |= changes.keys()
            self._newest = record.time
            self._changed |= self._listed.ownership_changed & self._listed.written.keys()
        for key, change in changes.items():
            if change.after is None:
                self._changed.discard(key)
            elif may_hit_more(change.before, change.after):
                self._changed.add(key)

    def _may_begin(self) -> bool:
        """Whether the list is complete, with no publication under way that would soon bring more."""
        problems = tuple(self._listed.ledger.problems())
        if problems and problems != self._reported:
            log.warning("no lookback while the list is incomplete: %s", "; ".join(problems))
        self._reported = problems
        abandoned = time.time() - self._newest > ABANDONED_SECONDS
        return not problems and (abandoned or not self._listed.ledger.pending())

    def _update_alerts(self) -> None:
        since = time.time() - self._window_seconds
        count = AlertUpdates(self._client, self._topics, since, self._key).send(
            self._touched, self._listed.screener
        )
        if count:
            log.info("%d alerts updated: their designation was amended or delisted", count)
        self._touched.clear()

    def _look_back(self) -> None:
        run = LookbackRun(
            self._client,
            self._topics,
            self._listed,
            self._changed,
            since=time.time() - self._window_seconds,
            group=self._group,
            rules=self._rules,
            key=self._key,
            progress=self._progress,
            read=self._read,
        )
        self._done(run.run())
        self._changed.clear()
