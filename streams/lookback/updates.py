"""Alerts whose designation was amended or delisted since, published again under the same alert id.

An update is the original alert, reduced to the hit that the change concerns, with the designation as it is
now and an `update` that says what happened. A case system that keys its cases by `alert_id` finds the case;
one that only reads `hits` reads on as before. What was published is read from the alerts topic, so nothing is
stored here: an update that is there already is not sent again.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import orjson

from screening.fingerprints import designation_fingerprint
from screening.screener import Screener
from streams.audit.chain import NO_KEY, Chain
from streams.audit.sealed import SealedWriter
from streams.kafka.log import Record, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics
from streams.records.alerts import whole_alert
from streams.records.json import designation_in_hit
from streams.records.shapes import AlertRecord, DesignationInHit, HitRecord, UpdateRecord

SHOWN = ("name", "kind", "programs", "linked_to")
"""What a hit shows of its designation; a change of nothing else is published as `entry`."""

STATES = {
    **dict.fromkeys(("relisted", "reopened"), "updated"),
    **dict.fromkeys(("amended", "delisted"), "superseded"),
    "closed": "closed",
}
"""What an update makes of an alert; one without an update is `raised`."""


@dataclass(slots=True)
class LatestAlert:
    """One hit of an alert as it was last published."""

    raised: float
    """Unix time of the first record that is still there."""
    last: float
    alert: AlertRecord
    hit: HitRecord
    update_ids: set[str]


def latest_alerts(
    client: ClientOptions, topic: str, since: float, wants: Callable[[HitRecord], bool]
) -> list[LatestAlert]:
    """The wanted hits of alerts since a moment (Unix time), each as it was last published."""
    with TopicLog(client, topic) as log:
        return latest_among(log.read_all(log.spans(since)), wants)


def latest_among(records: Iterable[Record], wants: Callable[[HitRecord], bool]) -> list[LatestAlert]:
    """The same for records of the alerts topic, with its partitions in any order."""
    latest: dict[tuple[str, str], LatestAlert] = {}
    for record in records:
        try:
            alert = whole_alert(record.value)
        except ValueError:  # no alert; a worker's log names it
            continue
        if alert is None:
            continue
        for hit in filter(wants, alert["hits"]):
            key = alert.get("payment_id", ""), hit["alert_id"]
            known = latest.setdefault(key, LatestAlert(record.time, record.time, alert, hit, set()))
            known.raised = min(known.raised, record.time)
            if record.time >= known.last:
                known.last, known.alert, known.hit = record.time, alert, hit
            if "update" in alert:
                known.update_ids.add(alert["update"]["id"])
    return [*latest.values()]


def send_updates(client: ClientOptions, topics: Topics, updates: Collection[AlertRecord], key: bytes) -> int:
    """Send updates; returns how many. All are on the broker then, sealed. Raises BrokerError."""
    if updates:
        with SealedWriter(client, topics, Chain(key, "updates")) as writer:
            for update in updates:
                writer.send(topics.alerts, str(update["payment_id"]).encode(), orjson.dumps(update))
            writer.delivered()
    return len(updates)


class AlertUpdates:
    """Updates the alerts since a moment (Unix time) with what became of their designations."""

    def __init__(self, client: ClientOptions, topics: Topics, since: float, key: bytes = NO_KEY) -> None:
        self._client = client
        self._topics = topics
        self._key = key
        self._since = since

    def send(self, changed: Collection[str], screener: Screener) -> int:
        """Send updates for these designation ids according to the present list; returns how many. Raises
        BrokerError."""
        found = latest_alerts(
            self._client, self._topics.alerts, self._since, lambda hit: hit["designation"]["id"] in changed
        )
        updates = [update for known in found if (update := updated(known.alert, known.hit, screener))]
        return send_updates(self._client, self._topics, updates, self._key)


def updated(alert: AlertRecord, hit: HitRecord, screener: Screener) -> AlertRecord | None:
    """The alert's update for one of its hits; None if the designation is as it was last published."""
    before = shown = hit["designation"]
    now = screener.get(before["id"])
    delisted_before = is_delisted(alert)
    if now is None:
        if delisted_before:
            return None
        what, fields = "delisted", list[str]()
    else:
        if before.get("fingerprint") == designation_fingerprint(now) and not delisted_before:
            return None
        shown = cast(DesignationInHit, orjson.loads(orjson.dumps(designation_in_hit(now))))
        fields = [name for name in SHOWN if shown.get(name) != before.get(name)] or ["entry"]
        what = "relisted" if delisted_before else "amended"
    offset = screener.lists.applied_to
    update: UpdateRecord = {
        "id": update_id(hit["alert_id"], what, shown.get("fingerprint", ""), latest_update(alert)),
        "state": STATES[what],
        "what": what,
        "changed": fields,
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "offset": offset,
    }
    return {**alert, "hits": [{**hit, "designation": shown}], "update": update}


def is_delisted(alert: AlertRecord) -> bool:
    """Whether the designation was reported as delisted, even if the alert was closed or reopened since."""
    update = alert.get("update", {})
    return update.get("what") == "delisted" or bool(update.get("delisted"))


def latest_update(alert: AlertRecord) -> str:
    """The id of the update that an alert was last published with; empty if there was none."""
    return str(alert.get("update", {}).get("id", ""))


def update_id(alert_id: str, what: str, of: str, after: str) -> str:
    """Identifies a change and the update that it followed: the same however often it is published, and a
    different one when an entry returns to an earlier state."""
    return hashlib.sha256("\x1f".join(("update", alert_id, what, of, after)).encode()).hexdigest()[:32]
