"""Avro and Protobuf records framed by a schema registry: bytes and a schema to an event. No network here."""
