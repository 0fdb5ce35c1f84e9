"""Alerts as they stand on their topic, whoever wrote them."""

from typing import cast

import orjson

from streams.records.shapes import AlertRecord


def alert_from_json(raw: bytes | None) -> AlertRecord | None:
    """An alert, or None for a record without a value. Raises ValueError for bytes that are no alert.

    Its hits have their ids. What else a reader needs of an alert of an earlier version may be absent.
    """
    if not raw:
        return None
    alert = orjson.loads(raw)
    if not isinstance(alert, dict) or not isinstance(alert.get("hits"), list):
        raise ValueError("no alert: an object with hits is expected")
    for hit in alert["hits"]:
        listed = hit.get("designation") if isinstance(hit, dict) else None
        if not isinstance(listed, dict) or not isinstance(listed.get("id"), str):
            raise ValueError("no alert: a hit without the id of its designation")
        if not isinstance(hit.get("alert_id"), str):
            raise ValueError("no alert: a hit without an alert_id")
    return cast(AlertRecord, alert)
