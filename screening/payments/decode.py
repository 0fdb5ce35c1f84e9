"""Bytes of any supported format to payments: detect the format, then call its decoder."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from screening.payments import cloudevents
from screening.payments.canonical import payment_of, wrong_type
from screening.payments.cloudevents import CloudEvent, Headers
from screening.payments.flat.fedwire import decode_fedwire, is_fedwire
from screening.payments.flat.nacha import decode_nacha, is_nacha
from screening.payments.iso.document import decode_iso20022
from screening.payments.iso.enclosed import Enclosed, around, take_enclosed
from screening.payments.iso.json import is_iso_json, iso_tree
from screening.payments.mapped.unsent import UNSENT_BYTES, without_unsent
from screening.payments.mapping import EventMapping, Mappings, NestedEvent
from screening.payments.model import (
    HEADERS_LEFT_OUT,
    MAX_PARTIES,
    MAX_PAYMENTS,
    RAILS,
    Payment,
    PaymentError,
    PaymentProblem,
    rail_of,
    refused_payment,
)
from screening.payments.mt.message import decode_mt
from screening.payments.mt.split import holds_mt, is_mt
from screening.payments.registry import framing
from screening.payments.registry.framing import Frame, FramingError
from screening.payments.registry.record import payment_of_record
from screening.payments.registry.schemas import SchemaError, Schemas
from screening.payments.safe_xml import encoded, read_xml
from screening.payments.strict_json import first_id, read_json
from screening.payments.unread import document_in, looks_like, without_documents

MAX_BYTES = 1 << 20
"""What one message may hold: Kafka's own default limit, and some 1,000 transactions of a pain.001."""

MAX_NAME = 2_000
"""Characters of one name: ISO 20022 has 140 and MT four lines of 35, so aliases in one field still fit."""

_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff", b"\x00<")
_BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may stand before a message: a byte order mark, blanks and ends of lines."""
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_JSON_OBJECT = b'{"'
_MT_HEADER = b"{1:"
"""How nearly every JSON event and every SWIFT message begins, and nothing else."""


class _Reader(NamedTuple):
    """Everything that one message is read with."""

    mappings: Mappings | None
    schemas: Schemas | None
    frame: Frame | None = None
    """What the record's header says of the schema."""


_PLAIN = _Reader(None, None)
"""Without mappings and schemas."""


def decode_payment(
    raw: bytes | None,
    content_type: str | None = None,
    headers: Headers = (),
    *,
    mappings: Sequence[EventMapping] = (),
    max_bytes: int = MAX_BYTES,
    ignored: Callable[[str], None] | None = None,
    schemas: Schemas | None = None,
) -> list[Payment]:
    """The payments in one message: one for JSON and MT, one per transaction for ISO 20022.

    `content_type` is the record's, by default that of its `headers`; a CloudEvent in binary mode is
    recognised by its headers. The first bytes decide the rest, because no two formats share them. `mappings`
    read JSON and XML of other shapes. An event that a mapping ignores is not a payment: `ignored` is called
    with the mapping's name for each. Records framed by a schema registry are read with `schemas`.

    Raises PaymentError, and nothing else, for bytes that are not a payment; SchemaNeededError for a record
    whose schema is not among `schemas` yet.
    """
    if raw is None or not raw or raw.isspace():
        what = "a null value" if raw is None else "no content"
        raise PaymentError(PaymentProblem.EMPTY, f"the message has {what}; send a payment event")
    if len(raw) > max_bytes:
        detail = f"{len(raw)} bytes; at most {max_bytes} are read: send its transactions in several messages"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    reader = _PLAIN
    if mappings or schemas is not None:
        reader = _Reader(Mappings(mappings, ignored) if mappings else None, schemas)
    if headers := list(headers):
        if (HEADERS_LEFT_OUT, b"") in headers:
            detail = "the name of one of its headers is no UTF-8, so none of them was read; send it without"
            raise PaymentError(PaymentProblem.NOT_UTF8, detail)
        if content_type is None:
            content_type = cloudevents.header(headers, "content-type")
        event = cloudevents.binary(raw, content_type, headers)
        if cloudevents.header(headers, framing.HEADER) is not None:
            reader = reader._replace(frame=_frame(raw, headers))
        if event:
            return _bounded(_of_cloudevent(event, reader), reader, raw)
    return _bounded(_decode(raw, content_type, reader), reader, raw)


def _bounded(payments: list[Payment], reader: _Reader, raw: bytes) -> list[Payment]:
    """Refuse a name too long to be one: comparing it word by word would hold up every other payment.

    A payment with a value that its source did not send is refused, too. A known rail is renamed as policies
    spell it, because otherwise no rule would apply. A message is refused as a whole if all of its payments
    are, or if it has more payments than any real one.
    """
    if len(payments) > MAX_PAYMENTS:
        detail = f"{len(payments)} payments; at most {MAX_PAYMENTS} are read: send them in several messages"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    if len(raw) > MAX_NAME or reader is not _PLAIN:  # else a name is part of the message, and shorter
        _refuse_long_names(payments)
    if UNSENT_BYTES in raw:
        payments = [without_unsent(payment) for payment in payments]
    if document := document_in(raw, payments):
        payments = [without_documents(payment, document) for payment in payments]
    if payments and (refused := payments[0].refused) and all(payment.refused for payment in payments):
        more = f"; {len(payments) - 1} more in this message are refused" if len(payments) > 1 else ""
        raise PaymentError(refused.problem, refused.detail + more, payments[0].id)
    for number, payment in enumerate(payments):
        if payment.rail is not None and payment.rail not in RAILS:
            payments[number] = payment._replace(rail=rail_of(payment.rail))
    return payments


def _refuse_long_names(payments: list[Payment]) -> None:
    for payment in payments:
        for party in payment.parties:
            for value, path in party.names:
                if len(value) > MAX_NAME:
                    detail = f"{path}: a name of {len(value)} characters; at most {MAX_NAME} are read as one"
                    raise PaymentError(PaymentProblem.TOO_LARGE, detail, payment.id)


def _decode(
    raw: bytes, content_type: str | None, reader: _Reader, fallback_id: str | None = None
) -> list[Payment]:
    if reader.frame:
        return _of_frame(reader.frame, reader, content_type, fallback_id)
    if raw.startswith(_JSON_OBJECT):
        return _of_json_text(raw, reader, fallback_id)
    if raw.startswith(_MT_HEADER):
        return decode_mt(raw)
    if raw.startswith(_XML_STARTS) or raw.lstrip(_BLANK).startswith(_XML_STARTS):
        root = read_xml(raw)
        if reader.mappings is not None:
            mapped = reader.mappings.of_xml(root, lambda nested: _nested(nested, reader, fallback_id))
            if mapped is not None:
                return mapped
        if enclosed := take_enclosed(root, raw):
            return _of_envelope(root, enclosed, reader, fallback_id)
        return decode_iso20022(root, raw)
    if is_mt(raw):
        return decode_mt(raw)
    if frame := _frame(raw):
        return _of_frame(frame, reader, content_type, fallback_id)
    if not _JSON_START.match(raw):
        return _of_text(raw, content_type)
    return _of_json_text(raw, reader, fallback_id)


def _of_json_text(raw: bytes, reader: _Reader, fallback_id: str | None, at: str = "") -> list[Payment]:
    """The payments of a text that begins as JSON, or as Fedwire's tags, or has a SWIFT message behind it."""
    try:
        event = read_json(raw)
    except PaymentError as error:
        if error.problem is PaymentProblem.NOT_JSON:
            if is_fedwire(raw):
                return decode_fedwire(raw)
            if holds_mt(raw):
                return decode_mt(raw)
        error.payment_id = error.payment_id or first_id(raw)
        raise
    try:
        return _of_json(event, reader, fallback_id, at)
    except PaymentError as error:
        error.payment_id = error.payment_id or first_id(raw)
        raise


def _of_text(raw: bytes, content_type: str | None) -> list[Payment]:
    """The payments of a text that is neither XML nor JSON, or the error that says what it looks like."""
    if is_nacha(raw):
        return decode_nacha(raw)
    if holds_mt(raw):
        return decode_mt(raw)
    if looks := looks_like(raw):
        raise PaymentError(PaymentProblem.UNKNOWN_FORMAT, f"it looks like {looks}")
    if content_type and "json" not in content_type:
        detail = (
            f"content-type {content_type[:60]!r}, and no payment format inside that is read; send JSON or XML"
        )
        raise PaymentError(PaymentProblem.UNKNOWN_FORMAT, detail)
    return wrong_type("/", "an object", read_json(raw))


def _of_json(
    event: Any, reader: _Reader, fallback_id: str | None, at: str = "", record: str = ""
) -> list[Payment]:
    """The payments of a JSON value: canonical, a CloudEvent, ISO 20022, or a shape that a mapping covers.

    `record` is the format of a record that a schema describes: that needs no mapping.
    """
    if type(event) is dict and "parties" not in event and cloudevents.is_cloudevent(event) and not at:
        return _of_cloudevent(cloudevents.structured(event), reader, record)
    if reader.mappings is not None:
        mapped = reader.mappings.payments(
            event, fallback_id, at, lambda nested: _nested(nested, reader, fallback_id)
        )
        if mapped is not None:
            return mapped
    if type(event) is dict and "parties" not in event and is_iso_json(event):
        return decode_iso20022(iso_tree(event), repr(event).encode("utf-8", "replace"), at)
    if type(event) is list and event and not at and all(map(_is_cloudevent, event)):
        return _of_batch(event, reader)
    if type(event) is list and event and type(event[0]) is dict:
        detail = f"{at or '/'}: an object is expected, not a list of them"
        remedy = "send one event a record, or split it by a mapping"
        raise PaymentError(PaymentProblem.WRONG_TYPE, f"{detail}; {remedy}")
    if type(event) is not dict:
        wrong_type(at or "/", "an object", event)
    if record and "parties" not in event:
        return [payment_of_record(event, record, fallback_id, at)]
    return [payment_of(event, "json", fallback_id, at)]


def _of_batch(events: list[Any], reader: _Reader) -> list[Payment]:
    """The payments of a batch of CloudEvents; an event that cannot be read is refused alone."""
    payments: list[Payment] = []
    for number, event in enumerate(events):
        try:
            payments += _of_cloudevent(cloudevents.structured(event, f"/{number}"), reader)
        except PaymentError as error:
            payments.append(refused_payment(error, repr(event).encode("utf-8", "replace"), "cloudevents"))
    return payments


def _of_envelope(
    root: Element, enclosed: list[Enclosed], reader: _Reader, fallback_id: str | None
) -> list[Payment]:
    """The payments of messages that an envelope holds as text, each with whom the envelope names; one of
    several messages that cannot be read is refused alone."""
    payments: list[Payment] = []
    beside = around(root)
    for message, path in enclosed:
        try:
            found = _decode(message, None, reader, fallback_id)
        except PaymentError as error:
            if len(enclosed) == 1:
                raise
            found = [refused_payment(error, message, "iso20022")]
        if len(beside) * (len(payments) + len(found)) > MAX_PARTIES:
            raise PaymentError(PaymentProblem.TOO_LARGE, f"more than {MAX_PARTIES} parties; send fewer")
        note = f"the message is the text of {path}"
        payments += [
            each._replace(parties=(*each.parties, *beside), notes=(*each.notes, note)) for each in found
        ]
    return payments


def _nested(event: NestedEvent, reader: _Reader, fallback_id: str | None) -> list[Payment]:
    """The payments of an event inside another: a JSON value, or a text of any format."""
    if type(event.value) is not str:
        return _of_json(event.value, reader, fallback_id, event.at)
    raw = encoded(event.value)
    if _JSON_START.match(raw) and not is_mt(raw):
        return _of_json_text(raw, reader, fallback_id, event.at)
    return _decode(raw, None, reader, fallback_id)


def _is_cloudevent(item: Any) -> bool:
    return type(item) is dict and cloudevents.is_cloudevent(item)


def _of_cloudevent(event: CloudEvent, reader: _Reader, record: str = "") -> list[Payment]:
    """The payments in a CloudEvent's data; its id is the payment's if that has none of its own."""
    try:
        if isinstance(event.data, bytes):
            payments = _decode(event.data, event.content_type, reader, event.id)
        else:
            payments = _of_json(event.data, reader, event.id, event.at, record)
    except PaymentError as error:
        error.payment_id = error.payment_id or event.id
        raise
    return [
        payment._replace(
            format="cloudevents" if payment.format == "json" else payment.format,
            parties=(*payment.parties, event.texts) if event.texts else payment.parties,
        )
        for payment in payments
    ]


def _frame(raw: bytes, headers: Headers = ()) -> Frame | None:
    try:
        return framing.frame_of(raw, headers)
    except FramingError as error:
        raise PaymentError(
            PaymentProblem.SCHEMA_REGISTRY, f"{error}; send the record as its serializer made it"
        ) from None


def _of_frame(
    frame: Frame, reader: _Reader, content_type: str | None, fallback_id: str | None
) -> list[Payment]:
    """The payments of a record in a schema registry's framing: JSON as it is, anything else with the
    schema."""
    reader = reader._replace(frame=None)
    if _is_json(frame.body):
        return _decode(frame.body, content_type, reader, fallback_id)
    if reader.schemas is None:
        if frame.body.startswith(b"<") or is_mt(frame.body):
            return _decode(frame.body, content_type, reader, fallback_id)
        detail = f"{frame.key} of a schema registry and no text; set schema_registry_url, or send JSON"
        raise PaymentError(PaymentProblem.SCHEMA_REGISTRY, detail)
    try:
        schema = reader.schemas[frame.key]
        event = schema.event(frame)
    except SchemaError as error:
        raise PaymentError(PaymentProblem.SCHEMA_REGISTRY, str(error)) from None
    if isinstance(event, str):  # the schema says no more than that it is text
        event = encoded(event)
    if isinstance(event, bytes):
        return _decode(event, content_type, reader, fallback_id)
    return _of_json(event, reader, fallback_id, record=schema.format)


def _is_json(payload: bytes) -> bool:
    """Whether it is JSON from the first byte to the last, which no Avro or Protobuf record is by accident."""
    if not _JSON_START.match(payload):
        return False
    try:
        read_json(payload)
    except PaymentError as error:
        return error.problem is not PaymentProblem.NOT_JSON and error.problem is not PaymentProblem.NOT_UTF8
    return True
