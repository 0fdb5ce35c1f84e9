"""Alerts whose designation was amended or delisted since, told again under the same alert id.

An update is the alert as it was, cut to the hit that the change concerns, with the designation as it stands
now and an `update` that says what happened. A case system that keys its cases by `alert_id` finds the case;
one that only reads `hits` reads on as before. What was told is what the alerts topic says, so nothing is kept
here: an update that stands there already is not sent again.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from confluent_kafka import KafkaError, Message

from screening.fingerprints import designation_fingerprint
from screening.screener import Screener
from streams.lookback_alerts import alerts_producer
from streams.provisioning import BrokerError
from streams.topic_log import TopicLog
from streams.wire import CONTENT_TYPE, designation_in_hit

DELIVERY_SECONDS = 60.0
SHOWN = ("name", "kind", "programs", "linked_to")
"""What a hit shows of its designation; a change of nothing else is told as `entry`."""

Alert = dict[str, Any]


class AlertUpdates:
    """Tells the alerts since a moment (Unix time) what became of their designations."""

    def __init__(self, client: Mapping[str, Any], topic: str, since: float) -> None:
        self._client = client
        self._topic = topic
        self._since = since
        self._refused = ""

    def send(self, changed: Collection[str], screener: Screener) -> int:
        """Updates for these designation ids against the list as it is; how many. Raises BrokerError."""
        updates = list(self._updates(changed, screener))
        if not updates:
            return 0
        producer = alerts_producer(self._client)
        for update in updates:
            key = str(update["payment_id"]).encode()
            producer.produce(
                self._topic, orjson.dumps(update), key, headers=[CONTENT_TYPE], on_delivery=self._sent
            )
        if producer.flush(DELIVERY_SECONDS) or self._refused:
            raise BrokerError(f"{self._topic}: {self._refused or 'updates were not acknowledged'}")
        return len(updates)

    def _updates(self, changed: Collection[str], screener: Screener) -> Iterator[Alert]:
        latest: dict[tuple[str, str], tuple[float, Alert, dict[str, Any]]] = {}
        with TopicLog(self._client, self._topic) as log:
            for record in log.read_all(log.spans(self._since)):
                alert: Alert = orjson.loads(record.value) if record.value else {}
                for hit in alert.get("hits", ()):
                    told = alert.get("payment_id", ""), hit["alert_id"]
                    if hit["designation"]["id"] in changed and record.time >= latest.get(told, (0.0,))[0]:
                        latest[told] = record.time, alert, hit
        for _, alert, hit in latest.values():
            if update := updated(alert, hit, screener):
                yield update

    def _sent(self, error: KafkaError | None, message: Message) -> None:
        del message
        if error is not None:
            self._refused = error.str()


def updated(alert: Alert, hit: Mapping[str, Any], screener: Screener) -> Alert | None:
    """The alert's update for one of its hits; None when the designation is as it was last told."""
    told = hit["designation"]
    now = screener.get(told["id"])
    delisted_before = alert.get("update", {}).get("what") == "delisted"
    if now is None:
        if delisted_before:
            return None
        what, fields, shown = "delisted", [], told
    else:
        if told.get("fingerprint") == designation_fingerprint(now) and not delisted_before:
            return None
        shown = orjson.loads(orjson.dumps(designation_in_hit(now)))
        fields = [name for name in SHOWN if shown.get(name) != told.get(name)] or ["entry"]
        what = "relisted" if delisted_before else "amended"
    offset = screener.lists.offsets.get(0, 0)
    update = {
        "id": _update_id(hit["alert_id"], what, shown.get("fingerprint", "")),
        "what": what,
        "changed": fields,
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "offset": offset,
    }
    return alert | {"hits": [{**hit, "designation": shown}], "update": update}


def _update_id(alert_id: str, what: str, fingerprint: str) -> str:
    """The same however often one change is told."""
    return hashlib.sha256("\x1f".join(("update", alert_id, what, fingerprint)).encode()).hexdigest()[:32]
