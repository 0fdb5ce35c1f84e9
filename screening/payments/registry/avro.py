"""Avro records to events: unions, nested records and logical types as JSON has them."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

import fastavro
from fastavro.read import LOGICAL_READERS
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
            _Bounds(named).of(parsed)
        except SchemaError:
            raise
        except (ValueError, SchemaParseException, UnknownType, KeyError, TypeError, RecursionError) as error:
            raise SchemaError(f"no Avro schema: {str(error)[:200]}") from None
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


MOST_FREE = 5_000
"""Values of a record that take no byte; of one with more, most would not be read."""
MOST_FREE_A_BYTE = 4
"""The same of an item of a list, for each byte that it takes."""
MOST_LEVELS = 128
"""A record in an optional field is two; ours have ten. Twenty thousand end the process."""
MOST_PLACES = 64
"""Of a decimal: written out, one with a million places is a megabyte for each byte."""
LONGEST_DECIMAL = 64
"""Bytes of one, 153 digits: of a megabyte Python computes for minutes, and nothing can interrupt it."""


def _short(read: Callable[..., Any]) -> Callable[..., Any]:
    """The reader of a decimal, for what has the size of one. It raises ValueError."""

    def decimal(data: Any, *rest: Any) -> Any:
        if len(data) > LONGEST_DECIMAL:
            raise ValueError(f"a decimal of {len(data)} bytes")
        return read(data, *rest)

    return decimal


for _kind in ("bytes-decimal", "fixed-decimal"):
    LOGICAL_READERS[_kind] = _short(LOGICAL_READERS[_kind])


class _Size(NamedTuple):
    """How many values within a value take no byte, at most; the bytes of the whole, at least; and how many
    levels it has."""

    free: int
    bytes: int
    levels: int = 0


class _Bounds:
    """Refuses schemas whose few bytes stand for records without end: types that hold themselves (as deep as
    the bytes say), lists of nothing (as long as the bytes say), and types that each hold the next one twice.

    A type that has a name is looked at once, wherever it stands. Raises SchemaError.
    """

    def __init__(self, named: Mapping[str, Any]) -> None:
        self._named = named
        self._known: dict[str, _Size] = {}
        self._inside: set[str] = set()

    def of(self, schema: Any) -> _Size:
        if isinstance(schema, str):
            known = self._known.get(schema)
            return known or (self.of(self._named[schema]) if schema in self._named else _scalar(schema))
        if isinstance(schema, list):  # the number of the branch is a byte
            branches = [self.of(branch) for branch in schema]
            free = max(each.free for each in branches)
            return _Size(max(0, free - 1), 1 + min(each.bytes for each in branches), _levels(branches))
        kind = schema.get("type")
        if kind in ("record", "error"):
            return self._of_record(str(schema.get("name")), schema.get("fields", ()))
        if kind in ("array", "map"):
            return self._of_list(self.of(schema["items" if kind == "array" else "values"]), kind)
        if isinstance(kind, dict | list):
            return self.of(kind)
        if kind == "fixed":
            return _Size(int(not schema.get("size")), schema.get("size", 0))
        if schema.get("scale", 0) > MOST_PLACES:
            raise SchemaError(f"a decimal with more than {MOST_PLACES} places; send amounts with fewer")
        return _scalar(kind)

    def _of_record(self, name: str, fields: Sequence[Any]) -> _Size:
        if name in self._inside:
            raise SchemaError(f"type {name[:100]!r} holds itself; send payments with a schema that does not")
        self._inside.add(name)
        sizes = [self.of(field["type"]) for field in fields]
        self._inside.discard(name)
        free = 1 + sum(each.free for each in sizes)
        found = _Size(free, sum(each.bytes for each in sizes), _levels(sizes))
        if found.free > MOST_FREE:
            raise SchemaError(
                f"type {name[:100]!r} holds more than {MOST_FREE} values without content; send payments "
                "without them"
            )
        self._known[name] = found
        return found

    def _of_list(self, items: _Size, kind: str) -> _Size:
        taken = items.bytes + (kind == "map")  # the length of its key
        if items.free > MOST_FREE_A_BYTE * taken:
            raise SchemaError("a list of items without content has no bound; send payments without one")
        return _Size(0, 1, _levels([items]))


def _levels(inside: Sequence[_Size]) -> int:
    """Of what holds these. Raises SchemaError for more than are read."""
    levels = 1 + max((each.levels for each in inside), default=0)
    if levels > MOST_LEVELS:
        raise SchemaError(
            f"types inside types, more than {MOST_LEVELS} levels deep; send payments with fewer"
        )
    return levels


def _scalar(kind: object) -> _Size:
    return _Size(1, 0) if kind == "null" else _Size(0, 1)
