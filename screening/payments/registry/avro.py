"""Avro records to events: unions, nested records and logical types as JSON has them."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import fastavro
from fastavro.schema import SchemaParseException, UnknownType

from screening.payments.registry.framing import Frame
from screening.payments.registry.plain_values import finite, text_inside, text_of
from screening.payments.registry.schemas import Reference, SchemaError


class AvroSchema:
    """A writer's schema, parsed."""

    format = "avro"

    def __init__(self, parsed: Any) -> None:
        self._parsed = parsed

    @classmethod
    def read(cls, text: str, references: Sequence[Reference] = ()) -> "AvroSchema":
        """Raises SchemaError for what is no Avro schema, or one whose records cannot be bounded."""
        named: dict[str, Any] = {}
        try:
            for reference in references:
                fastavro.parse_schema(json.loads(reference.text), named)
            parsed = fastavro.parse_schema(json.loads(text), named)
        except (ValueError, SchemaParseException, UnknownType, KeyError, TypeError, RecursionError) as error:
            raise SchemaError(f"no Avro schema: {str(error)[:200]}") from None
        _bounded(parsed, named, ())
        return cls(parsed)

    def event(self, frame: Frame) -> Any:
        source = BytesIO(frame.body)
        try:
            record = fastavro.schemaless_reader(source, self._parsed, None)
        except (
            Exception
        ) as error:  # fastavro raises what its parts raise: EOFError, ValueError, IndexError, ...
            detail = f"not written with {frame.key}: {type(error).__name__} at byte {source.tell()}"
            raise SchemaError(detail) from None
        if rest := len(frame.body) - source.tell():
            raise SchemaError(f"not written with {frame.key}: {rest} bytes follow the record")
        return text_of(record) if isinstance(record, bytes) else json_value(record)


def json_value(value: Any) -> Any:
    """A decoded value as JSON has it.

    Decimals are their text, times ISO 8601 (a local one without offset), bytes the text in them.
    """
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if isinstance(value, bytes | bytearray):
        return text_inside(bytes(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return finite(value) if isinstance(value, float) else value


def _bounded(schema: Any, named: dict[str, Any], inside: tuple[str, ...]) -> None:
    """Refuses schemas whose few bytes stand for records without end: types that hold themselves (as deep as
    the bytes say), lists of nothing (as long as the bytes say)."""
    if isinstance(schema, str):
        if schema in inside:
            raise SchemaError(
                f"type {schema[:100]!r} holds itself; send payments with a schema that does not"
            )
        if schema in named:
            _bounded(named[schema], named, inside)
        return
    if isinstance(schema, list):
        for branch in schema:
            _bounded(branch, named, inside)
        return
    kind = schema.get("type")
    if kind in ("record", "error"):
        name = str(schema.get("name"))
        if name in inside:
            raise SchemaError(f"type {name[:100]!r} holds itself; send payments with a schema that does not")
        for field in schema.get("fields", ()):
            _bounded(field["type"], named, (*inside, name))
    elif kind == "array":
        if not _takes_bytes(schema["items"], named):
            raise SchemaError("a list of items without content has no bound; send payments without one")
        _bounded(schema["items"], named, inside)
    elif kind == "map":
        _bounded(schema["values"], named, inside)
    elif isinstance(kind, dict | list):
        _bounded(kind, named, inside)


def _takes_bytes(schema: Any, named: dict[str, Any], depth: int = 0) -> bool:
    """Whether every value of a type takes at least a byte."""
    if depth > 64:
        return True
    if isinstance(schema, str):
        return schema != "null" and (schema not in named or _takes_bytes(named[schema], named, depth + 1))
    if isinstance(schema, list):
        return True  # the branch's number
    kind = schema.get("type")
    if kind in ("record", "error"):
        return any(_takes_bytes(field["type"], named, depth + 1) for field in schema.get("fields", ()))
    if kind == "fixed":
        return bool(schema.get("size"))
    if isinstance(kind, dict | list):
        return _takes_bytes(kind, named, depth + 1)
    return bool(kind != "null")
