"""Alerts told that a case system is done with them: closed by a verdict, reopened when it is withdrawn.

Verdicts are read from their topic; how far is kept at the broker, after what they led to is acknowledged. An
update that stands on the alerts topic already is not sent again, so a crash in between repeats nothing.
A verdict closes the alerts of its pair that were raised before it; what a false positive silences later
never becomes an alert, and a later hit of a confirmed pair is a case of its own.
"""

import json
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from streams.audit.chain import NO_KEY
from streams.kafka.log import LogReader, Record, TopicLog
from streams.kafka.topics import Topics
from streams.lookback.updates import STATES, Alert, Told, is_delisted, latest_told, send_updates, update_id
from streams.records.json import disposition_from_json

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
"""Each look with news reads the alerts of the window; verdicts come at the pace of people."""


class News(NamedTuple):
    """What was said last of a pair: a verdict, or None where it was withdrawn."""

    verdict: Disposition | None
    at: float
    offset: int


class AlertClosing(LogReader):
    """Closes alerts of the last `window_seconds` while the `with` block lasts. Raises BrokerError."""

    def __init__(
        self,
        client: Mapping[str, Any],
        topics: Topics,
        group: str,
        *,
        window_seconds: float,
        rules: SuppressionRules | None = None,
        every_seconds: float = EVERY_SECONDS,
        key: bytes = NO_KEY,
    ) -> None:
        super().__init__(TopicLog(client, topics.dispositions, f"{group}.lookback.verdicts"))
        self._client = client
        self._topics = topics
        self._alerts = topics.alerts
        self._key = key
        self._window_seconds = window_seconds
        self._rules = rules or SuppressionRules()
        self._every_seconds = every_seconds
        self._looked_at = float("-inf")

    def look(self) -> int:
        """Tell what new verdicts make of the alerts; how many were told. Does nothing when asked too soon."""
        if time.monotonic() - self._looked_at < self._every_seconds:
            return 0
        self._looked_at = time.monotonic()
        (span,) = self._log.spans()
        read_to, _ = self._log.noted().get(0, (span.first, ""))
        if read_to >= span.end:
            return 0
        news: dict[str, News] = {}
        for record in self._log.read(replace(span, first=max(read_to, span.first))):
            _note(news, record)
        told = latest_told(
            self._client, self._alerts, time.time() - self._window_seconds, lambda hit: _pair(hit) in news
        )
        now = datetime.now(UTC)
        updates = [found for each in told if (found := self._of(each, news[_pair(each.hit)], now))]
        sent = send_updates(self._client, self._topics, updates, self._key)
        self._log.note({0: span.end})
        if sent:
            log.info("%d alerts updated: closed or opened again", sent)
        return sent

    def _of(self, told: Told, news: News, now: datetime) -> Alert | None:
        if news.verdict is None:
            return reopened(told, news, now)
        silent = news.verdict.verdict is Verdict.FALSE_POSITIVE
        if silent and self._rules.four_eyes and not news.verdict.approved_by:
            return None
        return closed(told, news.verdict, news, now)


def closed(told: Told, verdict: Disposition, news: News, now: datetime) -> Alert | None:
    """The alert told as closed; None where the verdict does not hold for it or that was told before."""
    same = told.hit["designation"].get("fingerprint") == verdict.designation_fingerprint
    if told.raised > news.at or now >= verdict.until or not same:
        return None
    said = (verdict.verdict, verdict.by, verdict.until.isoformat(), str(news.offset))
    own_id = update_id(told.hit["alert_id"], "closed", json.dumps(said), "")
    more = {"verdict": verdict.verdict, "by": verdict.by, "reason": verdict.reason}
    return _told(told, own_id, "closed", news, now, more)


def reopened(told: Told, news: News, now: datetime) -> Alert | None:
    """The alert told as open again; None where it is not closed."""
    before = told.alert.get("update", {})
    if before.get("what") != "closed":
        return None
    return _told(
        told, update_id(told.hit["alert_id"], "reopened", "", before["id"]), "reopened", news, now, {}
    )


def _told(
    told: Told, own_id: str, what: str, news: News, now: datetime, more: Mapping[str, Any]
) -> Alert | None:
    if own_id in told.update_ids:
        return None
    update = {
        "id": own_id,
        "state": STATES[what],
        "what": what,
        "changed": [],
        "at": now.isoformat(timespec="milliseconds"),
        "offset": news.offset,
        **more,
        **({"delisted": True} if is_delisted(told.alert) else {}),
    }
    return told.alert | {"hits": [told.hit], "update": update}


def _note(news: dict[str, News], record: Record) -> None:
    """A record that is no verdict closes nothing; a worker's log names it."""
    key = record.key.decode(errors="replace")
    if record.value is None:
        news[key] = News(None, record.time, record.offset)
        return
    with suppress(ValueError):
        news[key] = News(disposition_from_json(record.value), record.time, record.offset)


def _pair(hit: Mapping[str, Any]) -> str:
    return f"{hit.get('fingerprint')}|{hit['designation']['id']}"
