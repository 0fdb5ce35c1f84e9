"""Payments as producers on Confluent's platform write them: by the serializers of confluent-kafka."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from confluent_kafka.schema_registry import SchemaRegistryClient, header_schema_id_serializer
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool

from screening.payments.registry.proto_text import file_of_text

CASES = Path(__file__).parents[1] / "screening" / "payments" / "registry"
SCHEMA: dict[str, Any] = json.loads((CASES / "payment.avsc").read_text())
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
DRAFT = "http://json-schema.org/draft-07/schema#"
PARTY = 'syntax = "proto3"; package ex; message Party { string name = 1; string country = 2; }'
PAYMENT = """syntax = "proto3"; package ex; import "NAME/party.proto";
    message Note { string text = 1; }
    message Payment {
        string id = 1; string amount = 2; string currency = 3; Party creditor = 4; Note note = 5;
    }"""


def evolved(field: str) -> dict[str, Any]:
    """The schema with one text more, which old readers pass over."""
    new = {"name": field, "type": ["null", "string"], "default": None}
    return {**SCHEMA, "fields": [*SCHEMA["fields"], new]}


class AvroWriter:
    """Avro values of one topic."""

    def __init__(
        self,
        client: SchemaRegistryClient,
        topic: str,
        schema: Mapping[str, Any] = SCHEMA,
        *,
        in_header: bool = False,
    ) -> None:
        options = {"schema.id.serializer": header_schema_id_serializer} if in_header else {}
        self._serialize = AvroSerializer(client, json.dumps(schema), conf=options)
        self._topic = topic

    def __call__(self, number: int, creditor: str, **more: Any) -> bytes:
        record = {
            "id": UUID(int=number),
            "amount": Decimal(number) / 100,  # an amount of its own: no other payment altered
            "currency": "USD",
            "created": NOW,
            "creditor": {"name": creditor, "country": "AT"},
            "debtor": None,
        }
        value = self._serialize(record | more, SerializationContext(self._topic, MessageField.VALUE))
        assert value is not None
        return bytes(value)


class ProtobufWriter:
    """Protobuf values of one topic: a message that is not its file's first, with a type of another file."""

    def __init__(self, client: SchemaRegistryClient, topic: str) -> None:
        pool = DescriptorPool()
        for name, text in (("party.proto", PARTY), ("payment.proto", PAYMENT.replace("NAME", topic))):
            file = file_of_text(text)
            file.name = f"{topic}/{name}"
            pool.Add(file)
        self._type = message_factory.GetMessageClass(pool.FindMessageTypeByName("ex.Payment"))
        self._serialize = ProtobufSerializer(self._type, client, {"use.deprecated.format": False})
        self._topic = topic

    def __call__(self, number: int, creditor: str, note: str = "") -> bytes:
        message = self._type(id=str(UUID(int=number)), amount=f"{number}.00", currency="USD")
        message.creditor.name = creditor
        message.note.text = note
        value = self._serialize(message, SerializationContext(self._topic, MessageField.VALUE))
        assert value is not None
        return bytes(value)


class JsonWriter:
    """JSON values of one topic, with a schema."""

    def __init__(self, client: SchemaRegistryClient, topic: str) -> None:
        schema = json.dumps({"$schema": DRAFT, "type": "object", "title": "payment"})
        self._serialize = JSONSerializer(schema, client)
        self._topic = topic

    def __call__(self, number: int, creditor: str) -> bytes:
        event = {"id": str(UUID(int=number)), "parties": [{"role": "creditor", "name": creditor}]}
        value = self._serialize(event, SerializationContext(self._topic, MessageField.VALUE))
        assert value is not None
        return bytes(value)
