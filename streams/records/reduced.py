"""A record that its topic does not take, made smaller: what it decides stays, what explains it goes.

`interdict.reduced_from` among the headers, and `left_out_bytes` in a decision or an alert, say so. The
payment itself stands where `event` says, whole.
"""

from typing import Literal, TypeVar

import orjson

from streams.records.headers import Headers
from streams.records.shapes import AlertRecord, HitRecord, PartyInAlert

Parts = tuple[bytes | None, bytes | None, Headers]
"""Key, value and headers."""

LONGEST_TRACE = {"traceparent": 256, "tracestate": 1024}
"""Bytes of a trace header that goes on with what a payment leads to; 55 and some 512 are usual (W3C)."""
LONGEST_KEY = 4096
LONGEST_HEADER = 1024
SHOWN_HITS = 10
SHOWN_LETTERS = 200
REDUCED = "interdict.reduced_from"
_LONG: tuple[Literal["value", "summary", "matched"], ...] = ("value", "summary", "matched")
"""Texts of a hit that may be of any length."""

AnyHit = TypeVar("AnyHit", bound=HitRecord)


def trace_headers(headers: Headers) -> list[tuple[str, bytes]]:
    """The W3C trace context among them, as far as it has a value, and the size of one."""
    return [(name, value) for name, value in headers if value and len(value) <= LONGEST_TRACE.get(name, -1)]


def reduced(whole: Parts) -> Parts | None:
    """A decision or an alert without explanations, of ten hits at the most; None where it is that already."""
    key, value, headers = whole
    if value is None or any(name == REDUCED for name, _ in headers):
        return None
    record: AlertRecord = orjson.loads(value)
    if payment := record.get("payment"):
        parties = [_few_of(party) for party in payment["parties"][:SHOWN_HITS]]
        record["payment"] = {**payment, "id": payment["id"][:LONGEST_HEADER], "parties": parties}
    many = len(record["hits"]), len(record.get("suppressed", ()))
    if left_out := sum(max(0, each - SHOWN_HITS) for each in many):
        record["hits_left_out"] = record.get("hits_left_out", 0) + left_out
    record["hits"] = [_bare(hit) for hit in record["hits"][:SHOWN_HITS]]
    if "suppressed" in record:
        record["suppressed"] = [_bare(hit) for hit in record["suppressed"][:SHOWN_HITS]]
    record["payment_id"] = record["payment_id"][:LONGEST_HEADER]
    record["error"] = record.get("error", "")[:LONGEST_HEADER]
    record["notes"] = [note[:SHOWN_LETTERS] for note in record.get("notes", ())][:SHOWN_HITS]
    record["left_out_bytes"] = len(value)
    small = orjson.dumps(
        {name: said for name, said in record.items() if said not in ("", [])} | {"hits": record["hits"]}
    )
    return _short(key), small, [*few(headers), (REDUCED, str(len(value)).encode())]


def _bare(hit: AnyHit) -> AnyHit:
    """A hit by ids, score and action."""
    hit["explanation"], hit["network"] = [], []
    for name in _LONG:
        hit[name] = (hit[name] or "")[:SHOWN_LETTERS]
    hit["designation"]["linked_to"] = []
    return hit


def _few_of(party: PartyInAlert) -> PartyInAlert:
    """A party by what identifies it when its payment comes back."""
    return {
        **party,
        "countries": party["countries"][:3],
        "texts": [],
        "names": [text[:SHOWN_LETTERS] for text in party["names"][:3]],
        "accounts": [text[:SHOWN_LETTERS] for text in party["accounts"][:3]],
    }


def few(headers: Headers) -> Headers:
    """Those of the usual size, as many as one has."""
    return [(name, value) for name, value in headers if len(name) + len(value or b"") <= LONGEST_HEADER][:50]


def pointer(record: Parts) -> Parts:
    """A dead letter that is only where its message stands, with the headers that say why."""
    key, value, headers = record
    kept = few(headers)
    left_out: Headers = [("interdict.error.value_left_out", str(len(value or b"")).encode())]
    if len(kept) < len(headers):
        left_out.append(("interdict.error.headers_left_out", str(len(headers) - len(kept)).encode()))
    if _short(key) != key:
        left_out.append(("interdict.error.key_left_out", str(len(key or b"")).encode()))
    return _short(key), None, [*kept, *left_out]


def _short(key: bytes | None) -> bytes | None:
    return key if key is None or len(key) <= LONGEST_KEY else key[:LONGEST_HEADER]
