"""Alerts as records of their topic, whoever wrote them."""

from typing import Any, cast

import orjson

from streams.records.shapes import AlertRecord, PaymentInAlert


def alert_from_json(raw: bytes | None) -> AlertRecord | None:
    """An alert, or None for a record without a value. Raises ValueError for bytes that are not an alert.

    Its hits have their ids. Other fields may be missing from an alert of an earlier version.
    """
    if not raw:
        return None
    alert = orjson.loads(raw)
    if not isinstance(alert, dict):
        raise ValueError("an object with hits is expected")
    check_hits(alert.get("hits"))
    return cast(AlertRecord, alert)


def payment_in(alert: AlertRecord) -> PaymentInAlert:
    """The alert's payment; an alert of an earlier version may lack it."""
    given: Any = alert.get("payment")
    return cast(PaymentInAlert, given or {})


def check_hits(hits: object) -> None:
    """Raises ValueError if these are not hits of an alert or a decision: each must have both ids."""
    if not isinstance(hits, list):
        raise ValueError("an object with hits is expected")
    for hit in hits:
        listed = hit.get("designation") if isinstance(hit, dict) else None
        if not isinstance(listed, dict) or not isinstance(listed.get("id"), str):
            raise ValueError("a hit without the id of its designation")
        if not isinstance(hit.get("alert_id"), str):
            raise ValueError("a hit without an alert_id")
