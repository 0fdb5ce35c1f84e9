"""Protobuf messages to events, by descriptors that a registry hands out; no generated classes."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

from google.protobuf import (
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    empty_pb2,
    field_mask_pb2,
    message_factory,
    struct_pb2,
    timestamp_pb2,
    unknown_fields,
    wrappers_pb2,
)
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor
from google.protobuf.message import DecodeError, Message

from screening.payments.registry.framing import Frame, FramingError, message_indexes
from screening.payments.registry.plain_values import finite, text_inside, text_of
from screening.payments.registry.proto_text import ProtoTextError, file_of_text
from screening.payments.registry.schemas import Reference, SchemaError

MAIN = "schema.proto"
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f]+")
_WELL_KNOWN: Mapping[str, bytes] = {
    module.DESCRIPTOR.name: module.DESCRIPTOR.serialized_pb
    for module in (
        *(any_pb2, descriptor_pb2, duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2),
        wrappers_pb2,
    )
}
_TEXTS: Mapping[str, str] = {
    "confluent/meta.proto": 'syntax = "proto3"; package confluent;',
    "confluent/type/decimal.proto": """syntax = "proto3"; package confluent.type;
        message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }""",
    "google/type/date.proto": """syntax = "proto3"; package google.type;
        message Date { int32 year = 1; int32 month = 2; int32 day = 3; }""",
    "google/type/money.proto": """syntax = "proto3"; package google.type;
        message Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; }""",
    "google/type/decimal.proto": """syntax = "proto3"; package google.type;
        message Decimal { string value = 1; }""",
}
"""Types that registries take for known."""


class ProtobufSchema:
    """The file of a message type, with all files that it imports."""

    format = "protobuf"

    def __init__(self, file: FileDescriptor) -> None:
        self._file = file

    @classmethod
    def read(cls, text: str, references: Sequence[Reference] = ()) -> "ProtobufSchema":
        """Raises SchemaError for what is no Protobuf file, or imports what is not there."""
        pool = descriptor_pool.DescriptorPool()
        files = {reference.name: _file(reference.text, reference.name) for reference in references}
        main = _file(text, MAIN)
        try:
            _add(pool, main, files, set())
            return cls(pool.FindFileByName(main.name))
        except (TypeError, KeyError, ValueError) as error:
            raise SchemaError(f"no usable Protobuf schema: {str(error)[:200]}") from None

    def event(self, frame: Frame) -> Any:
        """As `_value`; where less is left than was sent, a field came twice and the last counts, what was
        sent is text as well."""
        try:
            indexes, payload = message_indexes(frame.body if frame.indexes is None else frame.indexes)
            payload = payload if frame.indexes is None else frame.body
            message = message_factory.GetMessageClass(self._type(indexes))()
            message.ParseFromString(payload)
        except (FramingError, DecodeError) as error:
            raise SchemaError(f"not written with {frame.key}: {str(error)[:100]}") from None
        event = _value(message)
        if message.ByteSize() < len(payload) and isinstance(event, dict):
            event["replaced"] = _NO_TEXT.sub(" ", text_of(payload))
        return event

    def _type(self, indexes: Sequence[int]) -> Descriptor:
        here: Any = list(self._file.message_types_by_name.values())
        found = None
        for index in indexes:
            if index >= len(here):
                raise FramingError(f"no message type {'.'.join(map(str, indexes))} in the schema")
            found = here[index]
            if found.GetOptions().map_entry:  # Java's serializer does not count these, others do
                plain = [each for each in here if not each.GetOptions().map_entry]
                found = plain[index] if index < len(plain) else found
            here = found.nested_types
        if found is None:
            raise FramingError("no message type is named")
        return found


def _file(text: str, name: str) -> descriptor_pb2.FileDescriptorProto:
    """A schema's text (a serialized descriptor in base64, or a .proto file) as a file of this name."""
    file = descriptor_pb2.FileDescriptorProto()
    try:
        file.ParseFromString(base64.b64decode(text, validate=True))
        if not (file.message_type or file.enum_type or file.dependency):
            raise DecodeError("no types")
    except (binascii.Error, ValueError, DecodeError):
        try:
            file = file_of_text(text)
        except ProtoTextError as error:
            raise SchemaError(f"no Protobuf schema: {error}") from None
    file.name = name
    return file


def _add(
    pool: descriptor_pool.DescriptorPool,
    file: descriptor_pb2.FileDescriptorProto,
    files: dict[str, descriptor_pb2.FileDescriptorProto],
    added: set[str],
) -> None:
    """A file behind everything that it imports."""
    if file.name in added:
        return
    added.add(file.name)
    for name in file.dependency:
        if name in files:
            _add(pool, files[name], files, added)
        elif name in added:
            continue
        elif name in _WELL_KNOWN:
            added.add(name)
            pool.AddSerializedFile(_WELL_KNOWN[name])
        elif name in _TEXTS:
            added.add(name)
            known = file_of_text(_TEXTS[name])
            known.name = name
            pool.Add(known)
        else:
            raise SchemaError(f"the schema imports {name[:100]!r}, which the registry does not refer to")
    pool.Add(file)


def _value(message: Message) -> Any:
    """A message as JSON has it: field names as in the schema, enums by name, times ISO 8601.

    What the schema does not know is kept as text under `unknown_N`: nothing is cleared unread.
    """
    known = _KNOWN.get(message.DESCRIPTOR.full_name)
    unknown = unknown_fields.UnknownFieldSet(message)
    if known and not len(unknown) and (value := known(message)) is not None:
        return value
    found: dict[str, Any] = {}
    for field, value in message.ListFields():
        if field.message_type and field.message_type.GetOptions().map_entry:
            item = field.message_type.fields_by_name["value"]
            found[field.name] = {str(key): _scalar(item, value[key]) for key in value}
        elif field.is_repeated:
            found[field.name] = [_scalar(field, each) for each in value]
        else:
            found[field.name] = _scalar(field, value)
    _collect_unknown(unknown, found)
    return found


def _collect_unknown(unknown: Any, found: dict[str, Any], level: int = 0) -> None:
    """Fields that the schema does not know: texts, numbers (which may be accounts), and groups of both."""
    for each in unknown:
        values = found.setdefault(f"unknown_{each.field_number}", [])
        if isinstance(each.data, bytes):
            values.append(_bytes(each.data, level))
        elif isinstance(each.data, int):
            values.append(each.data)
        else:
            group: dict[str, Any] = {}
            _collect_unknown(each.data, group, level + 1)
            values.append(group)


MOST_INSIDE = 8
"""Levels of messages in bytes that are taken apart; what is deeper is text."""


def _bytes(value: bytes, level: int = 0) -> Any:
    """The text in bytes. Of what may be a message whose type nobody names, its values as well: a length in
    front of a name looks like a letter of it."""
    text = text_inside(value)
    if level >= MOST_INSIDE or not _NO_TEXT.search(text_of(value)):
        return text
    message = empty_pb2.Empty()
    try:
        message.ParseFromString(value)
    except DecodeError:
        return text
    inside: dict[str, Any] = {}
    _collect_unknown(unknown_fields.UnknownFieldSet(message), inside, level + 1)
    return [text, inside]


def _scalar(field: FieldDescriptor, value: Any) -> Any:
    if field.type in (FieldDescriptor.TYPE_MESSAGE, FieldDescriptor.TYPE_GROUP):
        return _value(value)
    if field.type == FieldDescriptor.TYPE_ENUM:
        name = field.enum_type.values_by_number.get(value)
        return name.name if name else value
    if isinstance(value, bytes):
        return _bytes(value)
    return finite(value) if isinstance(value, float) else value


def _timestamp(message: Any) -> str | None:
    try:
        return str(message.ToJsonString())
    except ValueError:
        return None


def _wrapped(message: Any) -> Any:
    return _scalar(message.DESCRIPTOR.fields_by_name["value"], message.value)


_EXACT = Context(prec=200)


def _decimal(message: Any) -> str | None:
    if len(message.value) > 32 or abs(message.scale) > 64:
        return None
    unscaled = int.from_bytes(message.value, "big", signed=True)
    return format(Decimal(unscaled).scaleb(-message.scale, _EXACT), "f")


_KNOWN: Mapping[str, Callable[[Any], Any]] = {
    "google.protobuf.Timestamp": _timestamp,
    "google.protobuf.StringValue": _wrapped,
    "google.protobuf.BytesValue": _wrapped,
    "google.protobuf.Int32Value": _wrapped,
    "google.protobuf.Int64Value": _wrapped,
    "google.protobuf.UInt32Value": _wrapped,
    "google.protobuf.UInt64Value": _wrapped,
    "google.protobuf.DoubleValue": _wrapped,
    "google.protobuf.FloatValue": _wrapped,
    "google.protobuf.BoolValue": _wrapped,
    "confluent.type.Decimal": _decimal,
}
