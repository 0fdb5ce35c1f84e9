"""A schema's text made ready to read records; decoders are loaded when one is needed."""

from typing import Any

from screening.payments.registry.framing import Frame
from screening.payments.registry.schemas import Schema, SchemaError, SchemaText
from screening.payments.shown import shown


class _JsonSchema:
    """JSON beside a schema: the payload is read as any JSON is."""

    format = "json"

    def event(self, frame: Frame) -> Any:
        return frame.body


def read_schema(schema: SchemaText) -> Schema:
    """Raises SchemaError for a schema that cannot be used, or whose decoder is not installed."""
    if schema.kind == "JSON":
        return _JsonSchema()
    try:
        if schema.kind == "AVRO":
            from screening.payments.registry.avro import AvroSchema

            return AvroSchema.read(schema.text, schema.references)
        if schema.kind == "PROTOBUF":
            from screening.payments.registry.protobuf import ProtobufSchema

            return ProtobufSchema.read(schema.text, schema.references)
    except ModuleNotFoundError as error:
        raise SchemaError(f"{error.name} is not installed; install interdict[registry]") from None
    raise SchemaError(f"schemas of type {shown(schema.kind)} are not read; use Avro, Protobuf or JSON")
