"""Bytes of any supported format to payments: tell the format, then call its decoder."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from screening.payments import cloudevents
from screening.payments.canonical import payment_of, wrong_type
from screening.payments.cloudevents import CloudEvent, Headers
from screening.payments.iso.document import decode_iso20022
from screening.payments.iso.json import is_iso_json, iso_tree
from screening.payments.mapping import EventMapping, Mappings, NestedEvent
from screening.payments.model import Payment, PaymentError, PaymentProblem
from screening.payments.mt.message import decode_mt
from screening.payments.mt.split import is_mt
from screening.payments.safe_xml import read_xml
from screening.payments.strict_json import first_id, read_json

MAX_BYTES = 1 << 20
"""What one message may hold: Kafka's own default limit, and some 1,000 transactions of a pain.001."""

MAX_NAME = 2_000
"""Characters of one name: ISO 20022 has 140 and MT four lines of 35, so aliases in one field still fit."""

_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff", b"\x00<")
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_REGISTRY_FRAME = 5
"""Bytes before the payload in Confluent's framing: a zero and the schema's number."""


def decode_payment(
    raw: bytes | None,
    content_type: str | None = None,
    headers: Headers = (),
    *,
    mappings: Sequence[EventMapping] = (),
    max_bytes: int = MAX_BYTES,
    ignored: Callable[[str], None] | None = None,
) -> list[Payment]:
    """The payments in one message: one for JSON and MT, one per transaction for ISO 20022.

    `content_type` is the record's, by default that of its `headers`; a CloudEvent in binary mode is known
    by its headers. What they leave open is told by the first bytes, which no two formats share. `mappings`
    read JSON and XML of other shapes. What a mapping ignores is no payment: `ignored` is called with the
    mapping's name for each such event.

    Raises PaymentError, and nothing else, for bytes that are no payment.
    """
    if raw is None or not raw or raw.isspace():
        what = "a null value" if raw is None else "no content"
        raise PaymentError(PaymentProblem.EMPTY, f"the message has {what}; send a payment event")
    if len(raw) > max_bytes:
        detail = f"{len(raw)} bytes; at most {max_bytes} are read: send its transactions in several messages"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    reader = Mappings(mappings, ignored)
    if headers := list(headers):
        if content_type is None:
            content_type = cloudevents.header(headers, "content-type")
        if event := cloudevents.binary(raw, content_type, headers):
            return _bounded(_of_cloudevent(event, reader))
    return _bounded(_decode(raw, content_type, reader))


def _bounded(payments: list[Payment]) -> list[Payment]:
    """Refuses a name too long to be one: comparing it word by word would hold up every other payment.

    A message whose payments are all refused is refused as a whole.
    """
    for payment in payments:
        for party in payment.parties:
            for value, path in party.names:
                if len(value) > MAX_NAME:
                    detail = f"{path}: a name of {len(value)} characters; at most {MAX_NAME} are read as one"
                    raise PaymentError(PaymentProblem.TOO_LARGE, detail, payment.id)
    if payments and (refused := payments[0].refused) and all(payment.refused for payment in payments):
        more = f"; {len(payments) - 1} more in this message are refused" if len(payments) > 1 else ""
        raise PaymentError(refused.problem, refused.detail + more, payments[0].id)
    return payments


def _decode(
    raw: bytes, content_type: str | None, mappings: Mappings, fallback_id: str | None = None
) -> list[Payment]:
    if raw.startswith(_XML_STARTS) or raw.lstrip().startswith(_XML_STARTS):
        root = read_xml(raw)
        mapped = mappings.of_xml(root, lambda nested: _nested(nested, mappings, fallback_id))
        return decode_iso20022(root, raw) if mapped is None else mapped
    if is_mt(raw):
        return decode_mt(raw)
    if raw[0] == 0:
        return _decode(_unframed(raw), content_type, mappings, fallback_id)
    if not _JSON_START.match(raw) and content_type and "json" not in content_type:
        detail = f"content-type {content_type[:60]!r}, and neither JSON, XML nor MT inside"
        raise PaymentError(PaymentProblem.UNKNOWN_FORMAT, detail)
    try:
        return _of_json(read_json(raw), mappings, fallback_id)
    except PaymentError as error:
        error.payment_id = error.payment_id or first_id(raw)
        raise


def _of_json(event: Any, mappings: Mappings, fallback_id: str | None = None, at: str = "") -> list[Payment]:
    """The payments of a JSON value: canonical, a CloudEvent, ISO 20022, or a shape that a mapping knows."""
    if type(event) is dict and "parties" not in event and cloudevents.is_cloudevent(event) and not at:
        return _of_cloudevent(cloudevents.structured(event), mappings)
    mapped = mappings.payments(event, fallback_id, at, lambda nested: _nested(nested, mappings, fallback_id))
    if mapped is not None:
        return mapped
    if type(event) is dict and "parties" not in event and is_iso_json(event):
        return decode_iso20022(iso_tree(event), repr(event).encode("utf-8", "replace"), at)
    if type(event) is list and event and not at and all(map(_is_cloudevent, event)):
        return [
            payment
            for number, item in enumerate(event)
            for payment in _of_cloudevent(cloudevents.structured(item, f"/{number}"), mappings)
        ]
    if type(event) is not dict:
        wrong_type(at or "/", "an object", event)
    return [payment_of(event, "json", fallback_id, at)]


def _nested(event: NestedEvent, mappings: Mappings, fallback_id: str | None) -> list[Payment]:
    """The payments of an event inside another: a JSON value, or a text of any format."""
    if type(event.value) is not str:
        return _of_json(event.value, mappings, fallback_id, event.at)
    raw = event.value.encode("utf-8", "replace")
    if _JSON_START.match(raw):
        return _of_json(read_json(raw), mappings, fallback_id, event.at)
    return _decode(raw, None, mappings, fallback_id)


def _is_cloudevent(item: Any) -> bool:
    return type(item) is dict and cloudevents.is_cloudevent(item)


def _of_cloudevent(event: CloudEvent, mappings: Mappings) -> list[Payment]:
    """The payments in a CloudEvent's data; its id is the payment's where that has none of its own."""
    try:
        if isinstance(event.data, bytes):
            payments = _decode(event.data, event.content_type, mappings, event.id)
        else:
            payments = _of_json(event.data, mappings, event.id, event.at)
    except PaymentError as error:
        error.payment_id = error.payment_id or event.id
        raise
    return [
        replace(
            payment,
            format="cloudevents" if payment.format == "json" else payment.format,
            parties=(*payment.parties, event.texts) if event.texts else payment.parties,
        )
        for payment in payments
    ]


def _unframed(raw: bytes) -> bytes:
    """The payload of Confluent's schema-registry framing, where it is text; Avro and Protobuf are refused."""
    payload = raw[_REGISTRY_FRAME:]
    if _JSON_START.match(payload) or payload.startswith(b"<") or is_mt(payload):
        return payload
    schema = int.from_bytes(raw[1:_REGISTRY_FRAME])
    raise PaymentError(
        PaymentProblem.SCHEMA_REGISTRY,
        f"schema-registry framing, schema {schema}, and no JSON inside; "
        "send JSON or use the JSON Schema serializer instead of Avro or Protobuf",
    )
