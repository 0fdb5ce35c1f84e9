"""Avro records with a schema at hand: every value readable, every byte accounted for, nothing unbounded."""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import Designation, Name, Policy, Screener
from screening.payments import PaymentError, PaymentProblem, Role, decode_payment
from screening.payments.mapping_file import read_mappings
from screening.payments.registry.framing import Frame, SchemaKey, frame_of
from screening.payments.registry.plain_values import text_of
from screening.payments.registry.readers import read_schema
from screening.payments.registry.schemas import (
    Reference,
    SchemaError,
    SchemaNeededError,
    Schemas,
    SchemaText,
)

HERE = Path(__file__).parent
PAYMENT = (HERE / "payment.avsc").read_text()
MEANT = json.loads((HERE / "payment_avro.json").read_text())
KEY = SchemaKey(7)
FRAME = b"\x00\x00\x00\x00\x07"


def record(**fields: Any) -> dict[str, Any]:
    return {
        "id": UUID(MEANT["id"]),
        "amount": Decimal(MEANT["amount"]),
        "currency": MEANT["currency"],
        "created": datetime.fromisoformat(MEANT["created"]),
        "creditor": MEANT["creditor"],
        "debtor": MEANT["debtor"],
    } | fields


def written(value: Any, schema: str = PAYMENT) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(json.loads(schema)), value)
    return FRAME + out.getvalue()


def schemas(text: str = PAYMENT, *references: Reference) -> Schemas:
    known = Schemas()
    known.put(KEY, read_schema(SchemaText("AVRO", text, references)))
    return known


def event(value: Any, schema: Any, *references: Reference) -> Any:
    """What a record is read as; fields of records that are references are not written here."""
    from screening.payments.registry.framing import frame_of

    frame = frame_of(written(value, json.dumps(schema)))
    assert frame is not None
    return read_schema(SchemaText("AVRO", json.dumps(schema), references)).event(frame)


def one(*fields: tuple[str, Any]) -> dict[str, Any]:
    return {"type": "record", "name": "R", "fields": [{"name": name, "type": kind} for name, kind in fields]}


def test_a_record_without_a_mapping_is_read_by_the_names_of_its_fields() -> None:
    (payment,) = decode_payment(written(record()), schemas=schemas())
    screener = Screener(Policy())
    screener.upsert(Designation("case:p", (Name("Ivan Zuvavov"),)))

    assert (payment.id, payment.amount, payment.currency) == (MEANT["id"], MEANT["amount"], MEANT["currency"])
    assert payment.format == "avro"
    (hit,) = screener.screen(payment).hits
    assert (hit.role, hit.path) == (Role.CREDITOR, "/creditor/name")


def test_a_record_goes_through_a_mapping_that_covers_it() -> None:
    mapping = """[[mapping]]
    name = "ours"
    when = "$.creditor"
    id = "$.id"
    amount = "$.amount"
    time = "$.created"
    [[mapping.party]]
    role = "ultimate_creditor"
    name = "$.creditor.name"
    """
    (payment,) = decode_payment(written(record()), schemas=schemas(), mappings=read_mappings(mapping))

    assert payment.parties[0].role is Role.ULTIMATE_CREDITOR
    assert payment.time == datetime(2026, 11, 27, 10, tzinfo=UTC)


def test_a_record_in_the_canonical_shape_is_canonical() -> None:
    party = {"type": "record", "name": "P", "fields": [{"name": "name", "type": "string"}]}
    schema = one(("id", "string"), ("parties", {"type": "array", "items": party}))
    raw = written({"id": "P-1", "parties": [{"name": "Ann"}]}, json.dumps(schema))
    (payment,) = decode_payment(raw, schemas=schemas(json.dumps(schema)))

    assert (payment.format, payment.parties[0].names[0].path) == ("json", "/parties/0/name")


def test_logical_types_are_what_they_mean() -> None:
    schema = one(
        ("d", {"type": "int", "logicalType": "date"}),
        ("t", {"type": "long", "logicalType": "timestamp-micros"}),
        ("l", {"type": "long", "logicalType": "local-timestamp-millis"}),
        (
            "f",
            {"type": "fixed", "name": "F", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 3},
        ),
        ("b", "bytes"),
        ("u", ["null", "double", "string"]),
        ("e", {"type": "enum", "name": "E", "symbols": ["A", "B"]}),
        ("m", {"type": "map", "values": "string"}),
    )
    value = {
        "d": date(2026, 11, 27),
        "t": datetime(2026, 11, 27, 10, 0, 0, 5, tzinfo=UTC),
        "l": datetime(2026, 11, 27, 10),  # noqa: DTZ001 - local
        "f": Decimal("-1.250"),
        "b": b"\xffIvan Zuvavov",
        "u": float("nan"),
        "e": "B",
        "m": {"k": "v"},
    }

    assert event(value, schema) == {
        "d": "2026-11-27",
        "t": "2026-11-27T10:00:00.000005+00:00",
        "l": "2026-11-27T10:00:00",
        "f": "-1.250",
        "b": "\ufffdIvan Zuvavov",
        "u": "nan",
        "e": "B",
        "m": {"k": "v"},
    }


def test_texts_in_bytes_are_apart_from_what_stands_between_them() -> None:
    """A message inside was one text without the bytes between: ACMEIVAN ZUVAVOV."""
    schema = one(("message", "bytes"), ("padded", {"type": "fixed", "name": "F", "size": 23}))
    value = {
        "message": b"\x12\x04ACME\x1a\x0cIVAN ZUVAVOV",
        "padded": b"ACME\x00\x00\x00IVAN ZUVAVOV\x00\x00\x00\x00",
    }
    assert event(value, schema) == {"message": " ACME IVAN ZUVAVOV", "padded": "ACME IVAN ZUVAVOV "}

    wide = "IVAN".encode("utf-16-le")
    assert event({"b": wide}, one(("b", "bytes"))) == {"b": wide.decode()}


@pytest.mark.parametrize("page", ["cp500", "cp037"])
def test_bytes_of_a_mainframe_are_read_in_its_letters(page: str) -> None:
    value = b"\x00\x12\x3c" + "ACME LTD  Ivan Zuvavov 12".encode(page) + b"\x01\x2d"
    read = event({"b": value}, one(("b", "bytes")))["b"]
    assert read.startswith("ACME LTD  Ivan Zuvavov 12 ")

    for other in (
        "Jürgen Müller, Köln".encode("latin-1"),
        "ÄÖÜÄÖ".encode("latin-1"),
        b"\xff\xc1\xc2\xc3\x40\x40",
    ):
        assert event({"b": other}, one(("b", "bytes")))["b"] == text_of(other)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "zlib"])
def test_compressed_text_in_bytes_is_refused_and_what_is_no_text_is_not(
    pack: Callable[[bytes], bytes],
) -> None:
    """Whoever it names went unscreened."""
    schema = one(("id", "string"), ("memo", "string"), ("b", "bytes"))

    def sent(inside: bytes) -> bytes:
        return written({"id": "P-1", "memo": "rent", "b": inside}, json.dumps(schema))

    with pytest.raises(PaymentError, match="text that is compressed; send it plain"):
        decode_payment(sent(pack(b"to Ivan Zuvavov " * 3)), schemas=schemas(json.dumps(schema)))
    for inside in (pack(bytes(range(256))), b"\x1f\x8b and no more", b"x^2 is no archive"):
        (payment,) = decode_payment(sent(inside), schemas=schemas(json.dumps(schema)))
        assert payment.id == "P-1"


def test_types_of_other_schemas_are_found() -> None:
    party = {
        "type": "record",
        "name": "Party",
        "namespace": "ex",
        "fields": [{"name": "name", "type": "string"}],
    }
    whole = one(("creditor", party))
    raw = written({"creditor": {"name": "Ann"}}, json.dumps(whole))
    known = schemas(json.dumps(one(("creditor", "ex.Party"))), Reference("ex.Party", json.dumps(party)))
    with pytest.raises(PaymentError, match="without an id"):
        decode_payment(raw, schemas=known)


@pytest.mark.parametrize(
    "broken", [written(record())[:-3], written(record()) + b"Zuvava", FRAME, FRAME + b"\xff" * 40]
)
def test_bytes_of_another_schema_are_a_dead_letter_and_not_half_read(broken: bytes) -> None:
    with pytest.raises(PaymentError, match="not written with schema 7") as caught:
        decode_payment(broken, schemas=schemas())

    assert caught.value.problem is PaymentProblem.SCHEMA_REGISTRY


@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_or_refused(raw: bytes) -> None:
    try:
        decode_payment(FRAME + raw, schemas=schemas())
    except PaymentError:
        return


AMOUNT: dict[str, Any] = {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2}
TWICE = {"type": "record", "name": "W", "fields": [{"name": f"n{each}", "type": "null"} for each in range(9)]}


def doubling(count: int, leaf: str) -> Any:
    """Types that each hold the next one twice."""
    found: Any = {"type": "record", "name": f"T{count}", "fields": [{"name": "x", "type": leaf}]}
    for number in range(count - 1, -1, -1):
        both = [{"name": "a", "type": found}, {"name": "b", "type": f"T{number + 1}"}]
        found = {"type": "record", "name": f"T{number}", "fields": both}
    return found


def chain(count: int) -> Any:
    """Types that each may hold the one before."""
    return [
        {
            "type": "record",
            "name": f"T{number}",
            "fields": [{"name": "x", "type": ["null", f"T{number - 1}"] if number else "int"}],
        }
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, 64])
def test_a_schema_of_as_many_levels_as_are_read_is_used(count: int) -> None:
    assert read_schema(SchemaText("AVRO", json.dumps(chain(count)))).format == "avro"


def test_a_decimal_of_a_megabyte_is_refused_before_it_is_computed() -> None:
    """Python computes for minutes on it, where nothing can interrupt it."""
    schema = read_schema(SchemaText("AVRO", json.dumps({**AMOUNT, "precision": 200})))

    most = int.from_bytes(b"\x01" * 64, "big")
    assert schema.event(Frame(KEY, b"\x80\x01" + b"\x01" * 64)) == f"{most // 100}.{most % 100:02}"
    for size, length in ((65, b"\x82\x01"), (1_000_000, b"\x80\x89\x7a")):
        with pytest.raises(SchemaError, match="not written with"):
            schema.event(Frame(KEY, length + b"\x7f" * size))


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (
            {"type": "record", "name": "N", "fields": [{"name": "next", "type": ["null", "N"]}]},
            "'N' holds itself",
        ),
        (
            {"type": "record", "name": "N" * 150, "fields": [{"name": "next", "type": ["null", "N" * 150]}]},
            f"type '{'N' * 100}' holds itself",
        ),
        ({"type": "array", "items": "null"}, "no bound"),
        ({"type": "array", "items": {"type": "record", "name": "E", "fields": []}}, "no bound"),
        ({"type": "array", "items": {"type": "null"}}, "no bound"),
        ({"type": "map", "values": TWICE}, "no bound"),
        (doubling(60, "string"), "holds more than 5000 values without content"),
        (doubling(60, "null"), "holds more than 5000 values without content"),
        (chain(65), "more than 128 levels"),
        (chain(20_000), "more than 128 levels"),
        ({**AMOUNT, "scale": 65, "precision": 70}, "more than 64 places"),
        ({"type": "record", "name": "N", "fields": [{"name": "x", "type": "unheard"}]}, "no Avro schema"),
        ("}", "no Avro schema"),
    ],
)
def test_a_schema_whose_records_have_no_bound_is_not_used(schema: Any, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        read_schema(SchemaText("AVRO", schema if schema == "}" else json.dumps(schema)))


@pytest.mark.parametrize(
    "items",
    [
        {"type": "string"},
        {"type": "int"},
        {"type": "bytes"},
        {"type": "fixed", "name": "F", "size": 1},
        {"type": "map", "values": "int"},
        ["null", "int"],
        {
            "type": "record",
            "name": "E",
            "fields": [{"name": "a", "type": "null"}, {"name": "b", "type": "int"}],
        },
    ],
)
def test_a_list_of_items_that_take_a_byte_has_a_bound(items: Any) -> None:
    schema = read_schema(SchemaText("AVRO", json.dumps({"type": "array", "items": items})))
    none = frame_of(b"\0\0\0\0\7" + b"\0")
    assert none and schema.event(none) == []


def test_a_schema_that_is_not_fetched_is_asked_for_and_an_unknown_one_is_a_dead_letter() -> None:
    known = Schemas()
    with pytest.raises(SchemaNeededError) as needed:
        decode_payment(written(record()), schemas=known)
    known.put(needed.value.key, SchemaError("schema 7 is not in the registry; register it"))

    with pytest.raises(PaymentError, match="register it") as caught:
        decode_payment(written(record()), schemas=known)
    assert caught.value.problem is PaymentProblem.SCHEMA_REGISTRY


def test_without_a_registry_the_remedy_is_named() -> None:
    with pytest.raises(PaymentError, match=r"schema 7 .*schema_registry_url"):
        decode_payment(written(record()))


@pytest.mark.parametrize("text", ['{"id": "P-1", "parties": [{"name": "Ann"}]}', ":20:P-1\n:59:ANN\n"])
def test_a_schema_of_a_text_alone_holds_an_event_of_any_format(text: str) -> None:
    schema = json.dumps("string")

    assert decode_payment(written(text, schema), schemas=schemas(schema)) == decode_payment(text.encode())


def test_json_in_the_framing_needs_no_schema() -> None:
    raw = FRAME + b'{"id": "P-1", "parties": [{"name": "Ann"}]}'

    assert decode_payment(raw, schemas=Schemas())[0].id == decode_payment(raw)[0].id == "P-1"


def test_a_schema_s_number_may_stand_in_the_header() -> None:
    by_id = [("__value_schema_id", FRAME)]
    guid = UUID(int=5)
    by_guid = [("__value_schema_id", b"\x01" + guid.bytes)]
    known = schemas()
    known.put(SchemaKey(guid=str(guid)), read_schema(SchemaText("AVRO", PAYMENT)))
    bare = written(record())[5:]

    assert decode_payment(bare, None, by_id, schemas=known) == decode_payment(
        bare, None, by_guid, schemas=known
    )
    with pytest.raises(PaymentError, match="schema_registry_url"):
        decode_payment(bare, None, by_id)


def test_a_cloudevent_in_binary_mode_around_a_record_gives_its_id() -> None:
    schema = json.dumps(one(("creditor", "string")))
    headers = [("ce_specversion", b"1.0"), ("ce_id", b"E-1"), ("ce_source", b"/x"), ("ce_type", b"t")]
    (payment,) = decode_payment(written({"creditor": "Ann"}, schema), None, headers, schemas=schemas(schema))

    assert (payment.id, payment.parties[0].names[0].value) == ("E-1@/x", "Ann")


def test_a_cloudevent_that_is_a_record_holds_a_record() -> None:
    data = {"type": "record", "name": "Paid", "fields": [{"name": "payee_name", "type": "string"}]}
    schema = json.dumps(one(*((key, "string") for key in ("id", "specversion", "source")), ("data", data)))
    value = {"id": "E-1", "specversion": "1.0", "source": "/x", "data": {"payee_name": "Ann"}}

    (payment,) = decode_payment(written(value, schema), schemas=schemas(schema))

    assert (payment.id, payment.parties[0].role, payment.parties[0].names[0].value) == (
        "E-1@/x",
        Role.CREDITOR,
        "Ann",
    )


def test_the_schemas_kept_are_bounded_and_the_oldest_use_goes_first() -> None:
    known = Schemas(most=2)
    for number in (1, 2):
        known.put(SchemaKey(number), read_schema(SchemaText("AVRO", PAYMENT)))
    known[SchemaKey(1)]
    known.put(SchemaKey(3), read_schema(SchemaText("AVRO", PAYMENT)))

    assert len(known) == 2
    with pytest.raises(SchemaNeededError):
        known[SchemaKey(2)]
