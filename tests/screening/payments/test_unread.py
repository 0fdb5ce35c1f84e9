"""What is not read says in one line what it looks like and what to do."""

import base64
import gzip

import pytest

from screening.payments import PaymentError, PaymentProblem, decode_payment

MT = b"{1:F01ABCDGB2LAXXX0000000000}{2:I103TATRSKBXXXXXN}{4:\r\n:20:R1\r\n:59:VERSOR\r\n-}"


def refused(raw: bytes, content_type: str | None = None) -> PaymentError:
    with pytest.raises(PaymentError) as caught:
        decode_payment(raw, content_type)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"Obj\x01\x04\x14avro.codec", "Avro object container"),
        (b"\x02\x06abc\x10\x80\x01", "without a schema registry's framing"),
        (b"\x0a\x03P-1\x12\x05Acme", "without a schema registry's framing"),
        (gzip.compress(MT), "gzip"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (MT.decode().encode("cp500"), "EBCDIC"),
        (b"UNA:+.? 'UNB+UNOC:3", "EDIFACT"),
        (b"ISA*00*          *00", "X12"),
        (b"0200F23A40010A4180000000", "ISO 8583"),
        (b'"{\\"id\\": 1}"', "JSON inside a JSON string"),
        (b"id,name,amount\n1,Versor,5\n", "CSV"),
        (b"id;name;amount\r\n1;Versor;5", "CSV"),
        (b"id=1&name=Versor", "form"),
        (b"8=FIX.4.4\x019=40\x0135=D\x0158=Versor\x01", "FIX"),
        (b"01,122099999,123456789,040621,0200,1,65,,2/\n16,165,1500000,1,DD1620,,VERSOR/\n", "BAI2"),
        (base64.b64encode(b'{"id": "P-1", "parties": []}'), "base64"),
        (b"\x82\xa2id\xa3P-1\xa4name\xa6Versor", "MessagePack"),
        (b"Versor\r\n<Document xmlns='urn:x'><a/></Document>", "XML behind other text"),
    ],
)
def test_what_it_looks_like_is_said_with_the_remedy(raw: bytes, words: str) -> None:
    error = refused(raw)

    assert error.problem is PaymentProblem.UNKNOWN_FORMAT
    assert words in error.detail and ";" in error.detail


def test_base64_is_known_wherever_it_is_cut() -> None:
    whole = base64.b64encode(b'{"id": "P-1", "parties": [{"name": "Versor"}]}' * 3)

    assert {length for length in range(40, 120) if "base64" not in refused(whole[:length]).detail} == set()


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (b"<Document>Versor</Document>", True),
        (b"[1, 2, 3, 4, 5, 6, 7, 8]", True),
        (b":20:REF-1 :59:VERSOR LTD", True),
        (b"\x00\x00\x00\x00\x07Versor and more", True),
        (b" \n{REF-1 of a payment to all}", True),
        (b"a payment to Versor limited", False),
    ],
)
def test_base64_is_told_by_what_is_inside(inside: bytes, told: bool) -> None:
    assert ("base64; decode it" in refused(base64.b64encode(inside)).detail) is told


@pytest.mark.parametrize(
    "front", [b"FROM TREASURY:\r\n", b"\x03\x00" + bytes(range(128, 144)), b"\xac\x11", b"{QUEUE 7} "]
)
def test_a_message_behind_other_text_or_bytes_is_read(front: bytes) -> None:
    (payment,) = decode_payment(front + MT)

    assert payment.id == "ABCDGB2L/R1"


@pytest.mark.parametrize("raw", [MT[:60], MT.replace(b"-}", b""), b"{1:F01ABCDGB2LAXXX"])
def test_a_swift_message_that_is_broken_is_never_asked_for_json(raw: bytes) -> None:
    assert "JSON" not in refused(raw).detail


def test_json_of_another_shape_is_pointed_to_mappings() -> None:
    assert "mapping" in refused(b'{"transfer": {"to": "Versor"}}').detail
    assert "mapping" in refused(b'{"id": "T-1", "transfer": {"to": "Versor"}}').detail


def test_a_message_too_large_says_what_to_do() -> None:
    assert "several messages" in refused(b"{" + b" " * (1 << 20)).detail


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("text", [MT.decode(), '{"id": "P-1", "parties": []}'])
def test_text_of_wide_characters_is_never_asked_for_xml(text: str, encoding: str) -> None:
    error = refused(text.encode(encoding))

    assert error.problem is PaymentProblem.NOT_UTF8
    assert error.detail == "UTF-16 or UTF-32, and not XML in UTF-16; send UTF-8"


def test_a_list_of_events_is_pointed_to_single_records_and_mappings() -> None:
    error = refused(b'[{"id": "P-1", "parties": [{"name": "Versor"}]}]')

    assert "one event a record, or split it by a mapping" in error.detail
