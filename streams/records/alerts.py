"""Alerts as they stand on their topic, whoever wrote them."""

from typing import Any, cast

import orjson

from streams.records.shapes import AlertRecord, PaymentInAlert


def alert_from_json(raw: bytes | None) -> AlertRecord | None:
    """An alert, or None for a record without a value. Raises ValueError for bytes that are no alert.

    Its hits have their ids. What else a reader needs of an alert of an earlier version may be absent.
    """
    if not raw:
        return None
    alert = orjson.loads(raw)
    if not isinstance(alert, dict):
        raise ValueError("an object with hits is expected")
    check_hits(alert.get("hits"))
    return cast(AlertRecord, alert)


def payment_in(alert: AlertRecord) -> PaymentInAlert:
    """What the alert says of its payment; one of an earlier version may say nothing."""
    given: Any = alert.get("payment")
    return cast(PaymentInAlert, given or {})


def check_hits(hits: object) -> None:
    """Raises ValueError where these are no hits of an alert or a decision: each has the ids of both."""
    if not isinstance(hits, list):
        raise ValueError("an object with hits is expected")
    for hit in hits:
        listed = hit.get("designation") if isinstance(hit, dict) else None
        if not isinstance(listed, dict) or not isinstance(listed.get("id"), str):
            raise ValueError("a hit without the id of its designation")
        if not isinstance(hit.get("alert_id"), str):
            raise ValueError("a hit without an alert_id")
