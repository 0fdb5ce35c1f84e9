"""CloudEvents 1.0 around a payment: attributes in the headers (binary) or in the JSON around it
(structured)."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from screening.payments.keys import may_be_a_name
from screening.payments.model import Party, PaymentError, PaymentProblem, Role
from screening.payments.registry.plain_values import text_of
from screening.payments.safe_xml import encoded
from screening.payments.shapes import is_reference
from screening.payments.strict_json import fields

BATCH = "application/cloudevents-batch+json"
Headers = Iterable[tuple[str, bytes | str | None]]
"""Of a record: Kafka allows one without a value, which says nothing."""

_CONTEXT = ("specversion", "id", "source", "type", "time", "datacontenttype", "dataschema")
_DATA = ("data", "data_base64")
_OF_SENDERS = ("id", "source")
_FIGURE = re.compile(r"\d")


class CloudEvent(NamedTuple):
    """What a CloudEvent says about its data. `data` is bytes, or a value that is already parsed."""

    id: str
    """Its id at its source: each source counts for itself."""
    content_type: str | None
    data: Any
    at: str
    """Where the data stands in what was sent, as a JSON pointer; empty in binary mode."""
    texts: Party | None
    """Subject and extensions, which may hold a name."""


def is_cloudevent(event: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a structured CloudEvent."""
    return "specversion" in event and ("data" in event or "data_base64" in event)


def structured(event: Mapping[str, Any], at: str = "") -> CloudEvent:
    """The event in a JSON object. Raises PaymentError if it breaks the CloudEvents format."""
    content_type = event.get("datacontenttype")
    if content_type is not None and not isinstance(content_type, str):
        raise _refusal(f"{at}/datacontenttype: a string is expected")
    data: Any
    if event.get("data_base64") is not None and event.get("data") is not None:
        raise _refusal(f"{at}/data: data_base64 stands beside it; send one of them")
    if event.get("data_base64") is not None:
        path = f"{at}/data_base64"
        data = _decoded(event["data_base64"], path)
    elif "data" in event:
        path = f"{at}/data"
        data = event["data"]
        if isinstance(data, str):
            data = encoded(data)
    else:
        raise _refusal(f"{at}/data: the payment is missing")
    extras = {key: value for key, value in event.items() if key not in _CONTEXT + _DATA}
    extras |= {key: event[key] for key in _CONTEXT if _is_text(key, event.get(key))}
    id_ = _id(event.get("id"), event.get("source"), f"{at}/id")
    return CloudEvent(id_, content_type, data, path, _party(extras, at))


def header(headers: Headers, name: str) -> str | None:
    """The first header of a name, whatever its case."""
    return next(
        (_text_of(value) for key, value in headers if value is not None and key.lower() == name), None
    )


def _text_of(value: bytes | str) -> str:
    return text_of(value) if isinstance(value, bytes) else str(value)


def binary(raw: bytes, content_type: str | None, headers: Headers) -> CloudEvent | None:
    """The event whose attributes are headers `ce_*` (Kafka) or `ce-*` (HTTP); None without such headers.

    The first header of a name counts; if there are several, all are text.
    """
    values: dict[str, list[str]] = {}
    for name, value in headers:
        if value is not None and name[:3].lower() in ("ce_", "ce-"):
            values.setdefault(name[3:].lower(), []).append(_text_of(value))
    if "specversion" not in values:
        return None
    first = {name: given[0] for name, given in values.items()}
    extras: dict[str, Any] = {
        name: value for name, value in first.items() if name not in _CONTEXT or _is_text(name, value)
    }
    extras |= {name: given for name, given in values.items() if len(given) > 1}
    id_ = _id(first.get("id"), first.get("source"), "ce_id")
    return CloudEvent(id_, content_type, raw, "", _party(extras, "/ce"))


def _id(value: Any, source: Any, place: str) -> str:
    """`E-1@/core`: the event's id, without any @, and the source within which alone it is unique."""
    if not isinstance(value, str) or not value.strip():
        raise _refusal(f"{place}: a CloudEvent needs a non-empty id")
    if not isinstance(source, str) or not source.strip():
        return value
    return f"{value.replace('%', '%25').replace('@', '%40')}@{source.strip()}"


def _decoded(value: Any, place: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise _refusal(f"{place}: base64 is expected") from None


def _is_text(name: str, value: Any) -> bool:
    """May an attribute that is no extension hold a name: with a blank, or in who sends and in the id words
    without a figure, "/users/ivan-zuvavov"?"""
    if not isinstance(value, str) or is_reference(value):
        return False
    if " " in value.strip():
        return True
    return name in _OF_SENDERS and _FIGURE.search(value) is None and may_be_a_name(value)


def _party(extras: Mapping[str, Any], at: str) -> Party | None:
    texts = fields(dict(extras), at)
    return Party(Role.OTHER, texts=texts) if texts else None


def _refusal(detail: str) -> PaymentError:
    return PaymentError(PaymentProblem.NOT_CLOUDEVENT, detail)
