"""Alerts as records of their topic, whoever wrote them."""

from typing import Any, cast

import orjson

from screening.cases.dispositions import Verdict
from streams.records.shapes import AlertRecord, PaymentInAlert, wrong_field


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


def whole_alert(raw: bytes | None) -> AlertRecord | None:
    """The same for who takes out more than ids: it names its payment, every field that is there has the type
    of `AlertRecord`, an update has its id, and one that closes has its verdict. Raises ValueError for any
    other record."""
    alert = alert_from_json(raw)
    if alert is None:
        return None
    if wrong := wrong_field(alert, AlertRecord):
        raise ValueError(f"{wrong} is not what an alert has there")
    if "payment_id" not in alert:
        raise ValueError("an alert without its payment's id")
    update = alert.get("update")
    if update is not None and "id" not in update:
        raise ValueError("an update without an id")
    if update is not None and update.get("what") == "closed":
        Verdict(update.get("verdict", ""))
    return alert


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
