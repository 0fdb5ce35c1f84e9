"""Which format it is: CloudEvents, schema-registry framing, content types, and any bytes at all."""

import base64
import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.payments.promise import holds
from screening.payments import Payment, PaymentError, PaymentProblem, Role, decode_payment
from screening.payments.decode import MAX_NAME
from screening.payments.mapped.unsent import UNSENT
from screening.payments.mapping_file import read_mappings
from screening.policy.rules import Rule

PAYMENT = {"id": "P-1", "parties": [{"role": "creditor", "name": "Versor s.r.o."}]}
XML = (
    "<Document><FICdtTrf><GrpHdr><MsgId>M1</MsgId></GrpHdr><Cdtr><Nm>Versor</Nm></Cdtr></FICdtTrf></Document>"
)
MT = "{1:F01TATRSKBXAXXX0000000000}{4:\n:20:R1\n:59:VERSOR\n-}"
CONTEXT = {"specversion": "1.0", "id": "E-1", "source": "/bank", "type": "payment.created"}


def one(raw: bytes, **given_: Any) -> Payment:
    (payment,) = decode_payment(raw, **given_)
    return payment


def refused(raw: bytes, **given_: Any) -> PaymentError:
    with pytest.raises(PaymentError) as caught:
        decode_payment(raw, **given_)
    return caught.value


def test_a_structured_cloudevent_gives_its_data_with_paths_into_the_event() -> None:
    payment = one(
        json.dumps(CONTEXT | {"data": PAYMENT}).encode(), content_type="application/cloudevents+json"
    )

    assert (payment.id, payment.format) == ("P-1", "cloudevents")
    assert payment.parties[0].names == (("Versor s.r.o.", "/data/parties/0/name"),)


@pytest.mark.parametrize(
    ("text", "format"), [(XML, "pacs.009"), (MT, "mt"), (json.dumps(PAYMENT), "cloudevents")]
)
def test_data_can_be_text_or_base64_of_any_format(text: str, format: str) -> None:
    encoded = base64.b64encode(text.encode()).decode()

    assert one(json.dumps(CONTEXT | {"data_base64": encoded}).encode()).format == format
    assert (
        one(json.dumps(CONTEXT | {"data": text, "datacontenttype": "text/plain"}).encode()).format == format
    )


def test_a_binary_cloudevent_is_known_by_its_headers() -> None:
    headers = [(f"ce_{name}", value.encode()) for name, value in CONTEXT.items()]

    payment = one(json.dumps(PAYMENT).encode(), content_type="application/json", headers=headers)

    assert (payment.id, payment.format) == ("P-1", "cloudevents")
    assert one(XML.encode(), headers=headers).format == "pacs.009"


def test_a_payment_without_an_id_of_its_own_has_the_event_s() -> None:
    data = {"parties": PAYMENT["parties"]}

    assert one(json.dumps(CONTEXT | {"data": data}).encode()).id == "E-1@/bank"


@pytest.mark.parametrize("source", [7, None, "", " ", ["/bank"]])
def test_an_event_without_a_source_has_its_id_alone(source: Any) -> None:
    data = {"parties": PAYMENT["parties"]}

    assert one(json.dumps(CONTEXT | {"source": source, "data": data}).encode()).id == "E-1"


def test_the_content_type_that_is_given_counts_and_else_that_of_the_headers() -> None:
    headers = [("content-type", b"text/plain")]

    assert "text/csv" in refused(b"id;name\n1;Versor", content_type="text/csv", headers=headers).detail
    assert "text/plain" in refused(b"id;name\n1;Versor", headers=headers).detail


def test_a_header_without_a_value_says_nothing() -> None:
    """Kafka allows one; it was the word None, in the event's id and among what is screened."""
    raw = json.dumps({"parties": PAYMENT["parties"]}).encode()
    headers = [("ce_specversion", b"1.0"), ("ce_id", b"E-1"), ("ce_source", None), ("ce_subject", None)]
    (payment,) = decode_payment(raw, headers=[("content-type", None), *headers, ("__value_schema_id", None)])

    assert payment.id == "E-1"
    said = [field.value for party in payment.parties for field in (*party.names, *party.texts)]
    assert said == ["Versor s.r.o."]


def test_events_of_two_sources_with_one_id_are_two_payments() -> None:
    data = {"parties": PAYMENT["parties"]}
    named = (("E-1", "/bank"), ("E-1", "/core"), ("E-1@/core", "x"), ("E-1", "/core@x"), ("E-1%40/core", "x"))
    events = [CONTEXT | {"id": id_, "source": source, "data": data} for id_, source in named]

    assert len({one(json.dumps(event).encode()).id for event in events}) == len(events)


@pytest.mark.parametrize(
    ("attribute", "value", "is_text"),
    [
        *(
            ("source", "/users/ivan-zuvavov", True),
            ("id", "ivan_zuvavov", True),
            ("type", "Ivan Zuvavov", True),
        ),
        *(("source", "/bank", False), ("id", "E-1", False), ("id", "7f3c1e4e-0b8a-4a51", False)),
        *(("type", "payment.created", False), ("datacontenttype", "application/json", False)),
    ],
)
def test_an_attribute_is_screened_where_it_may_be_a_name(attribute: str, value: str, is_text: bool) -> None:
    event = CONTEXT | {attribute: value, "data": {"parties": [{"role": "creditor", "name": "Ann"}]}}

    texts = [field for party in one(json.dumps(event).encode()).parties for field in party.texts]

    assert ((value, f"/{attribute}") in texts) is is_text


def test_subject_and_extensions_are_screened() -> None:
    payment = one(
        json.dumps(CONTEXT | {"subject": "to Verus LLC", "beneficiary": "Verus", "data": PAYMENT}).encode()
    )

    assert payment.parties[-1].role is Role.OTHER
    assert [field.value for field in payment.parties[-1].texts] == ["to Verus LLC", "Verus"]


def test_every_header_of_an_event_is_screened_whatever_stands_twice_and_however_it_is_written() -> None:
    headers = [(f"ce_{name}", value.encode()) for name, value in CONTEXT.items()]
    subjects = ["to Iv\u00e1n".encode("latin-1"), b"to Verus LLC"]
    payment = one(
        json.dumps(PAYMENT).encode(), headers=[*headers, *(("ce_subject", subject) for subject in subjects)]
    )

    assert [field.value for field in payment.parties[-1].texts] == ["to Iv\u00e1n", "to Verus LLC"]


def test_a_batch_of_cloudevents_is_many_payments() -> None:
    batch = [CONTEXT | {"data": PAYMENT}, CONTEXT | {"id": "E-2", "data": PAYMENT | {"id": "P-2"}}]

    assert [payment.id for payment in decode_payment(json.dumps(batch).encode())] == ["P-1", "P-2"]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (CONTEXT | {"id": "", "data": PAYMENT}, "/id"),
        (CONTEXT | {"data_base64": "%%%"}, "/data_base64"),
        (CONTEXT | {"data_base64": "e30=", "data": PAYMENT}, "send one of them"),
        (CONTEXT | {"datacontenttype": 7, "data": PAYMENT}, "/datacontenttype"),
    ],
)
def test_a_broken_cloudevent_is_refused_with_the_place(event: dict[str, Any], words: str) -> None:
    error = refused(json.dumps(event).encode())

    assert error.problem is PaymentProblem.NOT_CLOUDEVENT
    assert words in error.detail


def test_one_event_of_a_batch_that_cannot_be_read_is_refused_alone() -> None:
    batch = [CONTEXT | {"data": PAYMENT}, CONTEXT | {"id": "E-2", "data": PAYMENT | {"id": 7}}]

    first, second = decode_payment(json.dumps(batch).encode())

    assert (first.id, first.refused, second.id) == ("P-1", None, "E-2@/bank")
    assert second.refused is not None and second.refused.problem is PaymentProblem.MISSING_ID


def test_a_cloudevent_inside_a_cloudevent_is_refused() -> None:
    nested = CONTEXT | {"data": CONTEXT | {"data": PAYMENT}}

    assert refused(json.dumps(nested).encode()).payment_id == "E-1"


def test_schema_registry_framing_is_read_over_where_json_is_inside() -> None:
    assert one(b"\x00\x00\x00\x00\x07" + json.dumps(PAYMENT).encode()).id == "P-1"


def test_avro_and_protobuf_are_refused_by_their_schema() -> None:
    error = refused(b"\x00\x00\x00\x00\x07\x02\x06abc")

    assert error.problem is PaymentProblem.SCHEMA_REGISTRY
    assert "schema 7" in error.detail


def test_an_unknown_content_type_is_named() -> None:
    error = refused(b"id;name\n1;Versor", content_type="text/csv")

    assert (error.problem, "text/csv" in error.detail) == (PaymentProblem.UNKNOWN_FORMAT, True)


@pytest.mark.parametrize("text", [XML, MT, json.dumps(PAYMENT)])
def test_a_wrong_content_type_does_not_matter_where_the_bytes_are_clear(text: str) -> None:
    assert one(text.encode(), content_type="application/octet-stream") == one(text.encode())


JSON_PIECES = (
    b"{",
    b"}",
    b"[",
    b'"',
    b",",
    b":",
    b'"id":"P-1"',
    b'"parties":[',
    b'{"name":"Versor"}',
    b"\\ud800",
)
WRAPPERS = (
    b'{"specversion":"1.0","id":"E","data":',
    b'{"Document":',
    b"\x00\x00\x00\x00\x01",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
)
XML_PIECES = (
    b"<",
    b">",
    b"<Cdtr>",
    b"</Cdtr>",
    b"<Nm>",
    b"</Nm>",
    b"<TxInf>",
    b"</TxInf>",
    b"&#0;",
    b"<!DOCTYPE a>",
)
MT_PIECES = (
    b"{1:F01TATRSKBXAXXX0000000000}",
    b"{4:\n",
    b"\n-}",
    b":20:R\n",
    b":59:",
    b":50F:/1\n1/A\n",
    b":70:/ULTB/",
    b":32A:",
)
PIECES = st.sampled_from((*JSON_PIECES, *WRAPPERS, *XML_PIECES, *MT_PIECES))
ANY_BYTES = st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map(b"".join))


@given(ANY_BYTES)
@settings(max_examples=700, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_payments_or_a_payment_error(raw: bytes) -> None:
    holds(raw)


KEYS = (
    "id",
    "parties",
    "name",
    "names",
    "role",
    "kind",
    "account",
    "identifiers",
    "amount",
    "time",
    "address",
)
OTHER_KEYS = (
    "specversion",
    "data",
    "data_base64",
    "Document",
    "FICdtTrf",
    "Cdtr",
    "Nm",
    "Id",
    "Othr",
    "@Ccy",
    "$",
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from((*KEYS, *OTHER_KEYS)) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(JSON_VALUES)
@settings(max_examples=700, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_payments_or_a_payment_error(value: Any) -> None:
    holds(json.dumps(value).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"<B>" + b"<Document><Nm>AB CD</Nm></Document>" * 28_000 + b"</B>",
        b"{2:I103TATRSKBXXXXXN}{3:" + b"{108:X}" * 140_000 + b"}{4:\n:20:R\n:59:A\n-}",
        b"101 231380104 1210428822611271000A\n5220\n" + b"622\n" * 250_000,
    ],
    ids=["documents", "blocks", "entries"],
)
def test_many_small_parts_take_linear_time(raw: bytes) -> None:
    started = time.process_time()

    with contextlib.suppress(PaymentError):
        decode_payment(raw)

    assert time.process_time() - started < 10


def test_a_name_of_any_party_of_any_payment_may_be_so_long_and_no_longer() -> None:
    def sent(letters: int) -> bytes:
        named = {"role": "creditor", "name": ["Bob", "x" * letters]}
        event = CONTEXT | {"data": PAYMENT | {"parties": [*PAYMENT["parties"], named]}}
        return json.dumps([CONTEXT | {"id": "E-2", "data": PAYMENT}, event]).encode()

    assert len(decode_payment(sent(MAX_NAME))) == 2
    problem = refused(sent(MAX_NAME + 1))
    assert problem.problem is PaymentProblem.TOO_LARGE
    assert problem.detail.endswith(f"a name of {MAX_NAME + 1} characters; at most {MAX_NAME} are read as one")


@pytest.mark.parametrize(
    ("word", "rail"),
    [
        ("SEPA-Instant", "sepa_instant"),
        (" sepa instant ", "sepa_instant"),
        ("FEDNOW", "fednow"),
        ("sepa_instant", "sepa_instant"),
        ("My-Rail", "My-Rail"),
    ],
)
def test_one_of_our_rails_is_known_in_any_spelling(word: str, rail: str) -> None:
    """No rule could be for it: a policy refuses the other spellings."""
    sent = json.dumps(PAYMENT | {"rail": word}).encode()
    mapped = json.dumps({"ref": "P-1", "payee": "Versor", "by": word}).encode()
    (mapping,) = read_mappings(
        '[[mapping]]\nname = "own"\nwhen = "$.ref"\nid = "$.ref"\nrail = "$.by"\n'
        '[[mapping.party]]\nrole = "creditor"\nname = "$.payee"\n'
    )

    assert one(sent).rail == rail
    assert one(mapped, mappings=[mapping]).rail == rail
    ours = "sepa_instant", "fednow"
    assert Rule(rails=frozenset(ours)).covers("ofac", (), None, Role.CREDITOR, one(sent).rail) is (
        rail in ours
    )


def test_a_byte_order_mark_with_blanks_behind_it_stands_before_any_format() -> None:
    for text in (XML, MT, json.dumps(PAYMENT)):
        assert one(b"\xef\xbb\xbf\r\n " + text.encode()).parties


@pytest.mark.parametrize("place", ["name", "address", "account", "note"])
def test_a_payment_with_a_value_that_debezium_did_not_send_is_refused(place: str) -> None:
    event = PAYMENT | {"parties": [{"role": "creditor", "name": "Ann", place: UNSENT}]}

    error = refused(json.dumps(event).encode())

    assert (error.payment_id, f"/parties/0/{place}: Debezium" in error.detail) == ("P-1", True)


def test_a_value_not_sent_in_the_row_as_it_was_refuses_nothing() -> None:
    mappings = read_mappings(Path("config/mappings/debezium.toml").read_text(encoding="utf-8"))
    row = {"id": 1, "amount": "5.00", "creditor_name": "Versor", "debtor_name": "Ann"}
    event = {"before": row | {"memo": UNSENT}, "after": row, "op": "u", "source": {"connector": "postgresql"}}

    assert one(json.dumps(event).encode(), mappings=mappings).amount == "5.00"
    event["after"] = row | {"memo": UNSENT}
    assert "/after/memo: Debezium" in refused(json.dumps(event).encode(), mappings=mappings).detail
