"""Protobuf records with a schema at hand: as text or as descriptor, nested types, unknown fields."""

import base64
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import message_factory
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from screening.payments import PaymentError, decode_payment
from screening.payments.registry.framing import FramingError, SchemaKey, message_indexes
from screening.payments.registry.proto_text import MOST_LEVELS, ProtoTextError, file_of_text
from screening.payments.registry.protobuf import MOST_INSIDE, ProtobufSchema, _bytes, _decimal
from screening.payments.registry.readers import read_schema
from screening.payments.registry.schemas import Reference, SchemaError, Schemas, SchemaText

TEXT = """syntax = "proto3"; // payments
package ex.v1;
import "google/protobuf/timestamp.proto";
import 'confluent/type/decimal.proto';
import "party.proto";
option java_package = "a.b"; option (own) = { a: "}" };
message Other { string x = 1; }
/* a payment */
message Payment {
  string id = 1 [json_name = "ID", (own) = {a: 1}];
  google.protobuf.Timestamp created = 2;
  Party creditor = 3;
  map<string, ex.v1.Party> more = 4;
  oneof how { option (x) = true; string iban = 5; Kind kind = 6; }
  optional string memo = 7;
  repeated string lines = 8;
  confluent.type.Decimal amount = 9;
  bytes blob = 10;
  enum Kind { option allow_alias = true; A = 0; B = 1; C = 1; }
  message Inner { string note = 1; }
  Inner inner = 11;
  reserved 20, 30 to 40;
}
service S { rpc Send (Other) returns (Other) { option (h) = {}; } }
"""
RICH_SAID = Path(__file__).with_name("rich_schema.txt")
PARTY = 'syntax = "proto3"; package ex.v1; message Party { string name = 1; string country = 2; }'
REFERENCES = (Reference("party.proto", PARTY),)


@pytest.mark.parametrize(
    ("value", "scale", "read"),
    [
        *(
            (b"\x7f", 0, "127"),
            (b"\xff", 0, "-1"),
            (b"\x80", 1, "-12.8"),
            (b"", 0, "0"),
            (b"\x01", -2, "100"),
        ),
        *((b"\0" * 32, 0, "0"), (b"\x01", 64, f"0.{'0' * 63}1"), (b"\x01", -64, f"1{'0' * 64}")),
        *((b"\0" * 33, 0, None), (b"\x01", 65, None), (b"\x01", -65, None)),
    ],
)
def test_a_decimal_is_read_with_its_sign_and_within_its_bounds(
    value: bytes, scale: int, read: str | None, schema: ProtobufSchema
) -> None:
    whole = message(schema)
    whole.amount.value, whole.amount.scale = value, scale

    assert _decimal(whole.amount) == read


def test_a_statement_that_nobody_knows_is_passed_over_whole_whatever_it_begins_with() -> None:
    for odd in ("unheard", '"of"', "(", "1"):
        file = file_of_text(f'syntax = "proto3"; {odd} message No {{ string a = 1; }} message Yes {{ ; }}')

        assert [message.name for message in file.message_type] == ["Yes"]


def test_an_import_that_is_missing_is_named_up_to_its_length() -> None:
    for name, shown in (("p.proto", "'p.proto'"), ("p" * 150, f"'{'p' * 100}'")):
        with pytest.raises(SchemaError, match=f"imports {shown}, which"):
            ProtobufSchema.read(f'syntax = "proto3"; import "{name}"; message M {{ string a = 1; }}')


@pytest.fixture(scope="module")
def schema() -> ProtobufSchema:
    return ProtobufSchema.read(TEXT, REFERENCES)


def message(schema: ProtobufSchema, name: str = "Payment") -> Any:
    return message_factory.GetMessageClass(schema._file.message_types_by_name[name])()


def schemas(schema: ProtobufSchema) -> Schemas:
    known = Schemas()
    known.put(SchemaKey(7), schema)
    return known


def framed(value: Message, indexes: bytes = b"\x02\x02") -> bytes:
    written: bytes = value.SerializeToString()
    return b"\x00\x00\x00\x00\x07" + indexes + written


def test_a_message_is_read_with_all_that_it_holds(schema: ProtobufSchema) -> None:
    value = message(schema)
    value.id, value.memo, value.kind, value.blob = "P-1", "rent", 1, b"\xffZuvava"
    value.creditor.name, value.creditor.country = "Ivan Zuvavov", "AT"
    value.more["k"].name = "Ann"
    value.lines.append("one")
    value.created.FromJsonString("2026-11-27T10:00:00Z")
    value.amount.value, value.amount.scale = (125000).to_bytes(3), 2
    value.inner.note = "by the way"
    (payment,) = decode_payment(framed(value), schemas=schemas(schema))

    assert (payment.id, payment.amount, payment.format) == ("P-1", "1250.00", "protobuf")
    assert payment.parties[0].names == (("Ivan Zuvavov", "/creditor/name"),)
    rest = {text.path: text.value for party in payment.parties for text in party.texts}
    assert rest["/more/k/name"] == "Ann"
    assert rest["/inner/note"] == "by the way"
    assert rest["/blob"] == "\ufffdZuvava"
    assert rest["/created"] == "2026-11-27T10:00:00Z"


def test_a_field_that_the_schema_does_not_know_is_screened_as_text(schema: ProtobufSchema) -> None:
    value = message(schema)
    value.id = "P-1"
    raw = framed(value) + b"\xfa\x01\x0cIvan Zuvavov"
    (payment,) = decode_payment(raw, schemas=schemas(schema))

    assert ("Ivan Zuvavov", "/unknown_31/0") in payment.parties[0].texts


def test_a_number_and_a_group_that_the_schema_does_not_know_are_screened_too(schema: ProtobufSchema) -> None:
    value = message(schema)
    value.id = "P-1"
    number, group = b"\xf8\x01\x95\x9a\xef\x3a", b"\x83\x02\x0a\x03Ann\x84\x02"
    (payment,) = decode_payment(framed(value) + number + group, schemas=schemas(schema))

    assert {("123456789", "/unknown_31/0"), ("Ann", "/unknown_32/0/unknown_1/0")} <= set(
        payment.parties[0].texts
    )


LONG = "VERSOR INTERNATIONAL TRADE AND INDUSTRIAL SUPPLIES LIMITED LIABILITY CO"
"""71 characters, so that its length is the letter G."""


@pytest.mark.parametrize("field", [b"\xfa\x01", b"\x52"], ids=["unknown", "bytes"])
def test_a_message_inside_is_taken_apart_whose_type_nobody_names(
    schema: ProtobufSchema, field: bytes
) -> None:
    """Its tags and lengths vanished, and one name was the end of the other: ACMEIVAN ZUVAVOV."""
    value = message(schema)
    value.id = "P-1"
    inside = b"\x0a\x04ACME\x12\x0cIVAN ZUVAVOV\x1a" + bytes((len(LONG),)) + LONG.encode()
    raw = framed(value) + field + bytes((len(inside),)) + inside
    (payment,) = decode_payment(raw, schemas=schemas(schema))

    texts = [text.value for text in payment.parties[0].texts]
    assert {"ACME", "IVAN ZUVAVOV", LONG} <= set(texts)
    assert any("ACME IVAN ZUVAVOV G" in text for text in texts)


def test_messages_inside_are_taken_apart_so_many_levels_deep() -> None:
    value = b"\x0a\x04\x01\x02Zo"
    for _ in range(40):
        value = b"\x0a" + bytes((len(value),)) + value
    read, depth = _bytes(value), 0
    while isinstance(read, list):
        read, depth = read[1]["unknown_1"][0], depth + 1

    assert depth == MOST_INSIDE


@pytest.mark.parametrize("again", [b"\x1a\x05\x0a\x03Ann", b"\x30\x01"])
def test_what_a_field_sent_twice_replaces_is_screened_as_text(schema: ProtobufSchema, again: bytes) -> None:
    value = message(schema)
    value.id, value.creditor.name, value.iban = "P-1", "Versor", "Verus LLC"
    (read,) = decode_payment(framed(value) + again, schemas=schemas(schema))
    sent = next(field for field in read.parties[-1].texts if field.path == "/replaced")

    assert "Versor" in sent.value and "Verus LLC" in sent.value


def test_a_record_that_names_nobody_is_refused_and_not_cleared(schema: ProtobufSchema) -> None:
    value = message(schema)
    value.id = "P-1"

    with pytest.raises(PaymentError, match="no text beside its id"):
        decode_payment(framed(value), schemas=schemas(schema))


@pytest.mark.parametrize(
    ("indexes", "path"), [(b"\x02\x00", "Other"), (b"\x00", "Other"), (b"\x04\x02\x00", "Payment.Inner")]
)
def test_the_message_type_is_the_one_that_the_indexes_name(
    schema: ProtobufSchema, indexes: bytes, path: str
) -> None:
    assert schema._type(message_indexes(indexes)[0]).full_name == f"ex.v1.{path}"


@pytest.mark.parametrize("indexes", [b"\x02\x63", b"\x04\x00\x00", b"\x01", b"\xff" * 12, b"", b"\x02\x01"])
def test_indexes_that_lead_nowhere_are_a_dead_letter(schema: ProtobufSchema, indexes: bytes) -> None:
    with pytest.raises(PaymentError, match="schema 7"):
        decode_payment(b"\x00\x00\x00\x00\x07" + indexes, schemas=schemas(schema))


def test_indexes_without_end_are_refused() -> None:
    with pytest.raises(FramingError):
        message_indexes(b"\x80" * 100)


def test_a_descriptor_reads_as_its_text_does(schema: ProtobufSchema) -> None:
    def serialized(text: str) -> str:
        return base64.b64encode(file_of_text(text).SerializeToString()).decode()

    other = read_schema(
        SchemaText("PROTOBUF", serialized(TEXT), [Reference("party.proto", serialized(PARTY))])
    )
    value = message(schema)
    value.id, value.creditor.name = "P-1", "Ann"

    known = Schemas()
    known.put(SchemaKey(7), other)
    assert decode_payment(framed(value), schemas=known) == decode_payment(
        framed(value), schemas=schemas(schema)
    )


def test_an_import_that_nobody_refers_to_is_named() -> None:
    with pytest.raises(SchemaError, match=r"imports 'party\.proto'"):
        read_schema(SchemaText("PROTOBUF", TEXT))


@pytest.mark.parametrize(
    "text",
    [
        "message A {",
        "message A { string x = ; }",
        "message A { string x = 1 }",
        "enum",
        'edition = "2023"; message A {}',
        "message A { optional group G = 1 { } }",
        "\x01",
        "message A { " * 40,
        "import party;",
        "enum A { B = 333333333330; }",
        "message A { string x = 0xfffffffff; }",
    ],
)
def test_what_is_no_schema_is_refused(text: str) -> None:
    with pytest.raises((ProtoTextError, SchemaError)):
        file_of_text(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(raw: bytes) -> None:
    try:
        decode_payment(b"\x00\x00\x00\x00\x07\x00" + raw, schemas=known_schemas())
    except PaymentError:
        return


@cache
def known_schemas() -> Schemas:
    return schemas(ProtobufSchema.read(TEXT, REFERENCES))


RICH = f"""{TEXT}
enum Sign {{
  option (a) = {{ b: {{ c: 1 }} }}; reserved 7;
  LEAST = -2147483648; MOST = 2147483647; HEX = 0x1F; PLUS = +3;
}}
message Nested {{
  option (x) = {{ y: {{ z: 1 }} q: 2 }}; extensions 100 to 200;
  message In {{ ; string a = 1; }}
  map<string, int64> many_of = 2;
  oneof one {{ option (o) = {{ p: {{}} }}; bytes c = 3 [(k) = {{ l: [1, 2] }}]; In d = 4; }}
  double e = 5;
}};
"""


def test_every_statement_of_a_schema_s_text_is_read() -> None:
    """The descriptor whole, as Protobuf prints it; this file's own `__main__` writes it anew."""
    assert str(file_of_text(RICH)) == RICH_SAID.read_text()


@pytest.mark.parametrize(
    ("number", "read"),
    [("2147483647", True), ("2147483648", False), ("-2147483648", True), ("-2147483649", False)],
)
def test_a_number_has_32_bits(number: str, read: bool) -> None:
    if read:
        file_of_text(f"enum A {{ B = {number}; }}")
    else:
        with pytest.raises(ProtoTextError, match="32 bits"):
            file_of_text(f"enum A {{ B = {number}; }}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("enum A { B = %s; }", "where a number is expected"),
        ("enum A { B %s", "where '=' is expected"),
        ("message A { string x = 1 %s; }", "where a ; is expected"),
        ("import %s;", "where a string is expected"),
    ],
)
def test_forty_characters_are_shown_of_what_is_not_expected(text: str, shown: str) -> None:
    with pytest.raises(ProtoTextError) as caught:
        file_of_text(text % ("x" * 50))

    assert str(caught.value) == f"{'x' * 40!r} {shown}"


def test_a_schema_is_added_once_behind_all_that_it_imports() -> None:
    """Two files import the third, and one imports twice what is known to everybody."""
    head = 'syntax = "proto3"; package ex.v1; import "google/protobuf/timestamp.proto"; '
    references = (
        Reference("a.proto", head + 'import "c.proto"; message A { C c = 1; }'),
        Reference("c.proto", head + "message C { string x = 1; }"),
    )
    text = head + 'import "a.proto"; import "c.proto"; message M { A a = 1; C c = 2; }'

    read = ProtobufSchema.read(text, references)

    assert [field.message_type.name for field in read._file.message_types_by_name["M"].fields] == ["A", "C"]


if __name__ == "__main__":
    RICH_SAID.write_text(str(file_of_text(RICH)))


def test_messages_stand_in_each_other_as_deep_as_that() -> None:
    def nested(levels: int) -> str:
        return "message M { " * levels + "string a = 1; " + "}" * levels

    assert file_of_text(nested(MOST_LEVELS + 1)).message_type[0].name == "M"
    with pytest.raises(ProtoTextError, match=f"more than {MOST_LEVELS} levels"):
        file_of_text(nested(MOST_LEVELS + 2))


def test_what_is_wrong_with_a_schema_is_told_up_to_its_length() -> None:
    twice = f"message {'Q' * 300} {{ string a = 1; }}" * 2
    with pytest.raises(SchemaError) as refused:
        ProtobufSchema.read(f'syntax = "proto3"; {twice}')
    assert len(str(refused.value)) == len("no usable Protobuf schema: ") + 200
