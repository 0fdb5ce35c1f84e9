"""Which schema a record was written with: Confluent's framing before the payload, or its record header.

    0, id (4 bytes)          [message indexes, for Protobuf]   payload
    1, guid (16 bytes)       [message indexes, for Protobuf]   payload

With header `__value_schema_id` the same stands there, and the record is the payload alone.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

HEADER = "__value_schema_id"
_BY_ID, _BY_GUID = 0, 1
_ID_END, _GUID_END = 5, 17
MOST_INDEXES = 64
"""Levels of nesting of a message type in its file."""


class FramingError(ValueError):
    """These bytes end before their frame does, or hold what no serializer writes there."""


class SchemaKey(NamedTuple):
    """How a record names its schema: by the registry's number, or by its global id."""

    id: int | None = None
    guid: str | None = None

    def __str__(self) -> str:
        return f"schema {self.id}" if self.guid is None else f"schema {self.guid}"


class Frame(NamedTuple):
    """A record taken out of its frame."""

    key: SchemaKey
    body: bytes
    """Message indexes, where the schema has them, and the payload; with `indexes` the payload alone."""
    indexes: bytes | None = None
    """Message indexes that stand in the header."""


def frame_of(raw: bytes, headers: Iterable[tuple[str, bytes | str | None]] = ()) -> Frame | None:
    """The frame of a record; None where it has none. Raises FramingError."""
    for name, value in headers:
        if name == HEADER and isinstance(value, bytes):
            key, rest = _key(value)
            return Frame(key, raw, rest)
    return Frame(*_key(raw)) if raw[:1] == b"\x00" else None


def _key(raw: bytes) -> tuple[SchemaKey, bytes]:
    if raw[:1] == bytes((_BY_ID,)) and len(raw) >= _ID_END:
        return SchemaKey(int.from_bytes(raw[1:_ID_END])), raw[_ID_END:]
    if raw[:1] == bytes((_BY_GUID,)) and len(raw) >= _GUID_END:
        return SchemaKey(guid=str(UUID(bytes=raw[1:_GUID_END]))), raw[_GUID_END:]
    raise FramingError("no schema's number stands before the payload")


def message_indexes(body: bytes) -> tuple[tuple[int, ...], bytes]:
    """The place of a Protobuf message type in its file, and what follows. Raises FramingError.

    `(1, 0)` is the first type inside the file's second; a single 0 byte stands for `(0,)`.
    """
    count, at = _zigzag(body, 0)
    if count == 0:
        return (0,), body[at:]
    if not 0 < count <= MOST_INDEXES:
        raise FramingError(f"{count} message indexes")
    found = []
    for _ in range(count):
        index, at = _zigzag(body, at)
        if index < 0:
            raise FramingError(f"message index {index}")
        found.append(index)
    return tuple(found), body[at:]


def _zigzag(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(raw) and shift < 64:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at
    raise FramingError("the message indexes do not end")
