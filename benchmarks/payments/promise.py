"""What the decoders promise for any bytes, as one function."""

from collections.abc import Iterator
from importlib.resources import files

from benchmarks.payments.records import AVRO_SCHEMA
from benchmarks.payments.seeds import (
    ANY_AVRO_ID,
    AVRO,
    AVRO_ID,
    JSON_ID,
    PROTO,
    PROTO_ID,
    SCHEMA_MARK,
)
from screening.payments import FORMATS, Payment, PaymentError, decode_payment
from screening.payments.mapping import EventMapping
from screening.payments.mapping_file import read_mappings
from screening.payments.registry.framing import SchemaKey
from screening.payments.registry.readers import read_schema
from screening.payments.registry.schemas import SchemaError, SchemaNeededError, Schemas, SchemaText


def holds(raw: bytes) -> None:
    """Raises AssertionError, or whatever else escaped, where `decode_payment` breaks its promise."""
    if raw.startswith(SCHEMA_MARK):
        _schema_holds(raw.removeprefix(SCHEMA_MARK))
        return
    _payments_hold(raw, (), None)
    _payments_hold(raw, _MAPPINGS, _SCHEMAS)


def _payments_hold(raw: bytes, mappings: tuple[EventMapping, ...], schemas: Schemas | None) -> None:
    ignored: list[str] = []
    try:
        payments = decode_payment(raw, mappings=mappings, schemas=schemas, ignored=ignored.append)
    except (PaymentError, SchemaNeededError):
        return
    assert payments or ignored, "no payment and no error"
    _are_whole(payments)
    assert payments == decode_payment(raw, mappings=mappings, schemas=schemas), (
        "two readings of the same bytes"
    )


def _are_whole(payments: list[Payment]) -> None:
    for payment in payments:
        assert payment.id.encode(), "a payment that no topic can be keyed by"
        assert payment.format in FORMATS, "a label that no metric knows"
        assert payment.parties or payment.refused, "a payment with nothing to screen"
    assert not payments or not all(payment.refused for payment in payments), (
        "refused one by one, not as a whole"
    )


def _schema_holds(raw: bytes) -> None:
    kind, _, text = raw.decode("utf-8", "replace").partition(" ")
    try:
        read_schema(SchemaText(kind, text))
    except SchemaError:
        return


def _mappings() -> Iterator[EventMapping]:
    for file in sorted((files("config") / "mappings").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield from read_mappings(file.read_text(encoding="utf-8"))


def _schemas() -> Schemas:
    known = Schemas()
    for number, kind, text in (
        (AVRO_ID, "AVRO", AVRO_SCHEMA),
        (ANY_AVRO_ID, "AVRO", AVRO),
        (PROTO_ID, "PROTOBUF", PROTO),
        (JSON_ID, "JSON", "{}"),
    ):
        known.put(SchemaKey(number), read_schema(SchemaText(kind, text)))
    return known


_MAPPINGS = tuple(_mappings())
_SCHEMAS = _schemas()
