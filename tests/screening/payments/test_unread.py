"""What is not read says in one line what it looks like and what to do."""

import base64
import gzip
import json
import zlib

import orjson
import pytest

from screening import Designation, Kind, Name, Screener
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
        (b"VOL1123456                               HDRSUN    1\r\nHDR1A123456S", "BACS"),
        (b"HDR1A123456S  1123456000100010001       26001", "BACS"),
        (b"0000026112600105        REF-1     VERSOR", "CODA"),
        (b"1210" + b"1234567890" + "\uff8d\uff9e\uff99\uff7f\uff99".encode("shift_jis"), "Zengin"),
        (b"0                 01NAB       VERSOR LTD", "ABA"),
        (b"A0000000011234567890000126330", "CPA"),
        (b"0128AGK1234567812345678VERSOR GMBH", "DTAUS"),
        (b"OFXHEADER:100\r\nDATA:OFXSGML\r\n", "OFX"),
        (b"\x82\xa2id\xa3P-1\xa4name\xa6Versor", "MessagePack"),
        (b"Versor\r\n<Document xmlns='urn:x'><a/></Document>", "XML behind other text"),
    ],
)
def test_what_it_looks_like_is_said_with_the_remedy(raw: bytes, words: str) -> None:
    error = refused(raw)

    assert error.problem is PaymentProblem.UNKNOWN_FORMAT
    assert words in error.detail and ";" in error.detail


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (b"%PDF-1.7\n%", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (b"PK\x03\x04\x14\x00", "an archive"),
    ],
)
@pytest.mark.parametrize("form", ["json", "party", "Copy"])
def test_a_document_that_is_not_looked_into_is_noted(begin: bytes, what: str, form: str) -> None:
    """What is in it goes unscreened, and nobody was told."""
    (payment,) = decode_payment(holding(in_base64(begin + bytes(range(256)) * 12), form))
    assert [note for note in payment.notes if note.startswith(f"{what} ") and "not looked into" in note]

    for other in (in_base64(begin), "x" + in_base64(begin + bytes(range(256)) * 12), "y" * 200):
        (payment,) = decode_payment(holding(other, form))
        assert not [note for note in payment.notes if "looked into" in note]


@pytest.mark.parametrize("form", ["json", "party", "Copy"])
@pytest.mark.parametrize("front", ["", "data:application/pdf;base64,"])
@pytest.mark.parametrize("pages", [1, 400])
def test_a_document_is_no_text_however_long_or_short_it_is(form: str, front: str, pages: int) -> None:
    """Its letters were words without end: every payment with a page beside it was too large."""
    document = in_base64(b"%PDF-1.7\n%" + bytes(range(256)) * pages, 76 if front else 0)
    sent = holding(front + document.replace("\n", "\\n" if form != "Copy" else "\n"), form)
    (payment,) = decode_payment(sent.replace(b"\\\\n", b"\\n"))

    assert [name.value for party in payment.parties for name in party.names] == ["Ann"]
    assert max((len(text.value) for party in payment.parties for text in party.texts), default=0) < 100
    assert payment.refused is None and len(payment.notes) >= 1


def test_a_message_that_is_nothing_but_a_document_is_refused() -> None:
    page = in_base64(b"%PDF-1.7\n%" + bytes(range(256)) * 20, 76)
    error = refused(f"<Document><X><Copy>{page}</Copy></X></Document>".encode())

    assert (error.problem, "nothing but a PDF" in error.detail) == (PaymentProblem.NO_PARTIES, True)


def test_words_behind_the_beginning_of_a_document_are_text() -> None:
    value = "JVBERi0 to Ivan Zuvavov " + "x" * 100
    (payment,) = decode_payment(
        holding(value + "," + in_base64(b"%PDF-1.7\n%" + bytes(range(256)) * 20), "json")
    )

    assert any("Ivan Zuvavov" in text.value for party in payment.parties for text in party.texts)


@pytest.mark.parametrize(
    "lines",
    [
        ["JVBERi0", "Ivan", "Zuvavov", "x" * 100],
        ["JVBERi0" + "x" * 100, "Ivan", "Zuvavov"],
        ["JVBERi0" + "x" * 69, "x" * 76, "Ivan", "Zuvavov" + "x" * 69],
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_words_in_lines_behind_the_beginning_of_a_document_are_text(lines: list[str], end: str) -> None:
    event = {"id": "P-1", "parties": [{"role": "creditor", "name": "Acme"}], "remittance": [end.join(lines)]}
    (payment,) = decode_payment(orjson.dumps(event))

    assert any("Ivan" in text.value for party in payment.parties for text in party.texts)


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


ORDER = b"<Document><X><Cdtr><Nm>Wojciech Karpinsky</Nm></Cdtr></X></Document>" * 3


def in_base64(raw: bytes, width: int = 0) -> str:
    text = base64.b64encode(raw).decode()
    return "\n".join(text[at : at + width] for at in range(0, len(text), width)) if width else text


def holding(value: str, form: str) -> bytes:
    """A payment to somebody else that holds a value as well."""
    if form == "json":
        return json.dumps({"id": "P", "parties": [{"name": "Ann"}], "copy": {"of": [value]}}).encode()
    if form == "name":
        return json.dumps({"id": "P", "parties": [{"name": value}]}).encode()
    if form == "party":
        return json.dumps({"id": "P", "parties": [{"name": "Ann", "note": value}]}).encode()
    return f"<Document><X><Cdtr><Nm>Ann</Nm></Cdtr><{form}>{value}</{form}></X></Document>".encode()


@pytest.mark.parametrize("form", ["json", "party", "name", "Copy", "Ustrd", "OrderData", "CipherValue"])
@pytest.mark.parametrize("width", [0, 20, 76])
def test_text_that_is_packed_inside_a_value_is_refused_and_plain_text_in_base64_is_found(
    form: str, width: int
) -> None:
    for packed in (gzip.compress(ORDER), zlib.compress(ORDER), zlib.compress(ORDER, 9)):
        assert refused(holding(in_base64(packed, width), form)).problem is PaymentProblem.UNKNOWN_FORMAT

    screener = Screener()
    screener.upsert(Designation("case:1", (Name("Wojciech Karpinsky"),), Kind.PERSON))
    for plain in (ORDER, b'{"payee": "Wojciech Karpinsky"}', "Wojciech Karpinsky, Łódź".encode()):
        (payment,) = decode_payment(holding(in_base64(plain, width), form))
        assert screener.screen(payment).hits


@pytest.mark.parametrize("form", ["json", "party", "Copy"])
@pytest.mark.parametrize(
    "inside", [b"%PDF-1.7\n" + bytes(range(256)), gzip.compress(bytes(range(256)) * 4), b"x\x9c" + bytes(60)]
)
def test_a_document_that_is_sent_with_a_payment_does_not_refuse_it(form: str, inside: bytes) -> None:
    (payment,) = decode_payment(holding(in_base64(inside), form))

    assert "Ann" in [name.value for party in payment.parties for name in party.names]


def test_an_order_of_ebics_and_encrypted_content_are_refused_with_their_place() -> None:
    sealed = in_base64(bytes(range(128, 256)))

    for form in ("OrderData", "CipherValue"):
        error = refused(holding(sealed, form))
        assert error.problem is PaymentProblem.UNKNOWN_FORMAT
        assert f"/Document/X/{form}: it is encrypted or compressed" in str(error)
