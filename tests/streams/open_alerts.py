"""Alerts and dispositions of invented pairs, as records on their topics."""

from datetime import UTC, datetime
from typing import Any

import orjson

from screening.cases.dispositions import Disposition, Verdict
from streams.records.json import disposition_to_json


def alert(number: int, party: str, amount: str = "1", rail: str = "swift", **more: Any) -> tuple[str, bytes]:
    """Key and value; `hit` and everything else take the place of what stands there usually."""
    listed = {"id": "ofac:1", "name": "VERSOR", "fingerprint": "listed"}
    hit = {"alert_id": f"{number:032x}", "fingerprint": party, "designation": listed, "action": "review"}
    hit |= {"value": f"Party {party}"} | more.pop("hit", {})
    payment = {"amount": amount, "currency": "USD", "rail": rail}
    told = {"payment_id": f"P-{number}", "hits": [hit], "payment": payment} | more
    return f"P-{number}", orjson.dumps(told)


def given(
    party: str,
    verdict: Verdict = Verdict.FALSE_POSITIVE,
    of_list: str = "listed",
    until: datetime = datetime(2100, 1, 1, tzinfo=UTC),
) -> tuple[str, bytes]:
    told = Disposition(party, "ofac:1", of_list, verdict, "J. Doe", "why", until)
    return told.key, disposition_to_json(told)
