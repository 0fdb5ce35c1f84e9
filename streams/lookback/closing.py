"""Alerts that a case system has finished: closed by a disposition, reopened when it is withdrawn.

Dispositions are read from their topic; the progress is stored at the broker after the resulting updates are
acknowledged. An update that is on the alerts topic already is not sent again, so a crash in between repeats
nothing. A disposition closes the alerts of its pair that were raised before it. What a false positive
suppresses later never becomes an alert, and a later hit of a confirmed pair is a case of its own.
"""

import json
import logging
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from screening.cases.dispositions import Disposition, Dispositions, SuppressionRules
from streams.kafka.log import LogReader, Record, Span, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.lookback.updates import (
    STATES,
    LatestAlert,
    is_delisted,
    latest_alerts,
    send_updates,
    update_id,
)
from streams.records.dispositions import pair_of, pair_of_key, take
from streams.records.shapes import AlertRecord, UpdateRecord

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
"""Each look that finds a new one reads the alerts of the window; dispositions come at the pace of people."""


class DispositionChange(NamedTuple):
    """A pair's disposition since a record, or None if it has had none since then."""

    disposition: Disposition | None
    at: float
    offset: int


class AlertClosing(LogReader):
    """Closes alerts of the last `window_seconds` while the `with` block lasts. Raises BrokerError."""

    def __init__(
        self,
        client: ClientOptions,
        topics: Topics,
        group: str,
        *,
        window_seconds: float,
        rules: SuppressionRules,
        key: bytes,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        super().__init__(TopicLog(client, topics.dispositions, f"{group}.lookback.dispositions"))
        self._client = client
        self._topics = topics
        self._alerts = topics.alerts
        self._key = key
        self._window_seconds = window_seconds
        self._rules = rules
        self._every_seconds = every_seconds
        self._looked_at = float("-inf")

    def look(self) -> int:
        """Publish what new dispositions change about alerts; returns how many updates. Does nothing too soon
        after the last time."""
        if time.monotonic() - self._looked_at < self._every_seconds:
            return 0
        self._looked_at = time.monotonic()
        spans = self._log.spans()
        new = [*self._not_looked_at(spans)]
        if not any(map(len, new)):
            return 0
        said = self._log.read_all(new)
        pairs = {pair for record in said if (pair := pair_of_key(record.key)) is not None}
        changes = changes_of(pairs, self._log.read_all(spans), self._rules)
        alerts = latest_alerts(
            self._client,
            self._alerts,
            time.time() - self._window_seconds,
            lambda hit: pair_of(hit) in changes,
        )
        now = datetime.now(UTC)
        updates = [
            found for each in alerts if (found := self._update_for(each, changes[pair_of(each.hit)], now))
        ]
        sent = send_updates(self._client, self._topics, updates, self._key)
        self._log.note({span.partition: span.end for span in spans})
        if sent:
            log.info("%d alerts updated: closed or opened again", sent)
        return sent

    def _not_looked_at(self, spans: Iterable[Span]) -> Iterator[Span]:
        """What has come since the last time; everything if the topic ends before that, because it was
        recreated."""
        noted = self._log.noted()
        for span in spans:
            read_to, _ = noted.get(span.partition, (span.first, ""))
            yield replace(span, first=max(read_to, span.first)) if read_to <= span.end else span

    def _update_for(
        self, latest: LatestAlert, change: DispositionChange, now: datetime
    ) -> AlertRecord | None:
        if change.disposition is None:
            return reopened(latest, change, now)
        if self._rules.waits(change.disposition):
            return None
        return closed(latest, change.disposition, change, now)


def closed(
    latest: LatestAlert, disposition: Disposition, change: DispositionChange, now: datetime
) -> AlertRecord | None:
    """The alert as closed; None if the disposition does not apply to it, or if that was published before."""
    same = latest.hit["designation"].get("fingerprint") == disposition.designation_fingerprint
    if latest.raised > change.at or now >= disposition.until or not same:
        return None
    # by when it came, not by where it stands: one that is put back in its place says nothing new
    said = (disposition.verdict, disposition.by, disposition.until.isoformat(), f"{change.at:.3f}")
    own_id = update_id(latest.hit["alert_id"], "closed", json.dumps(said), "")
    return _update(latest, own_id, "closed", change, now, disposition)


def reopened(latest: LatestAlert, change: DispositionChange, now: datetime) -> AlertRecord | None:
    """The alert as open again; None if it is not closed."""
    before = latest.alert.get("update", {})
    if before.get("what") != "closed":
        return None
    own_id = update_id(latest.hit["alert_id"], "reopened", "", before["id"])
    return _update(latest, own_id, "reopened", change, now)


def _update(
    latest: LatestAlert,
    own_id: str,
    what: str,
    change: DispositionChange,
    now: datetime,
    disposition: Disposition | None = None,
) -> AlertRecord | None:
    if own_id in latest.update_ids:
        return None
    update: UpdateRecord = {
        "id": own_id,
        "state": STATES[what],
        "what": what,
        "changed": [],
        "at": now.isoformat(timespec="milliseconds"),
        "offset": change.offset,
    }
    if disposition:
        update["verdict"] = disposition.verdict
        update["by"] = disposition.by
        update["reason"] = disposition.reason
    if is_delisted(latest.alert):
        update["delisted"] = True
    return {**latest.alert, "hits": [latest.hit], "update": update}


def changes_of(
    pairs: Collection[str], records: Iterable[Record], rules: SuppressionRules
) -> dict[str, DispositionChange]:
    """The dispositions of these pairs according to the whole topic, in its order, and the record since which
    each is so.

    A proposal that waits for a second person changes nothing. An unreadable record ends the pair's
    disposition, as it does in every worker, which logs it.
    """
    known, found = Dispositions(rules), dict[str, DispositionChange]()
    for record in records:
        pair = pair_of_key(record.key)
        if pair is None or pair not in pairs:
            continue
        before = known.of_pair(pair)
        with suppress(ValueError):
            take(known, record.key, record.value, record.time)
        now = known.of_pair(pair)
        if now is not before or pair not in found:
            disposition = now.disposition if now else None
            found[pair] = DispositionChange(disposition, record.time, record.offset)
    return found
