"""Decisions as records of their topic, whoever wrote them."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

import orjson

from streams.records.alerts import check_hits
from streams.records.shapes import OFFSETS, DecisionRecord, wrong_field

_TEXTS = ("payment_id", "outcome")
_EVENT: Mapping[str, type] = {"topic": str, "partition": int, "offset": int, "timestamp_ms": int}


def decision_from_json(raw: bytes | None) -> DecisionRecord:
    """A decision of any version. Raises ValueError for a record that is not a decision.

    It has its payment's id, its outcome and the list's offsets; its hits have their designations' ids; and if
    it names its event, it has the event's place. Other fields may be missing.
    """
    body = orjson.loads(raw or b"null")
    if not isinstance(body, dict) or not all(isinstance(body.get(key), str) for key in _TEXTS):
        raise ValueError("no decision: an object with a payment_id and an outcome is expected")
    offsets = body["list"].get(OFFSETS) if isinstance(body.get("list"), dict) else None
    if not isinstance(offsets, dict) or not all(isinstance(offset, int) for offset in offsets.values()):
        raise ValueError("no decision: it does not say with which list it was taken")
    event = body.get("event")
    if "event" in body and not (isinstance(event, dict) and _is_event(event)):
        raise ValueError("no decision: an event without its place")
    for hits in (body.get("hits"), body.get("suppressed", [])):
        check_hits(hits)
    return cast(DecisionRecord, body)


def whole_decision(raw: bytes | None) -> DecisionRecord:
    """The same for who takes it again: it says when it was taken, and every field that is there has the type
    of `DecisionRecord`. Raises ValueError for any other record."""
    body = decision_from_json(raw)
    if wrong := wrong_field(body, DecisionRecord):
        raise ValueError(f"no decision: {wrong} is not what a decision has there")
    try:
        datetime.fromisoformat(body["screened_at"]).timestamp()
    except (KeyError, OverflowError) as error:
        raise ValueError(f"no decision: {error!r}") from None
    return body


def _is_event(event: Mapping[str, object]) -> bool:
    return event.keys() == _EVENT.keys() and all(isinstance(event[key], kind) for key, kind in _EVENT.items())
