"""A record made smaller: schema, ids and outcome stay, and what is left out is said."""

from datetime import UTC, datetime

import orjson

from screening import Designation, Name, Payment, Policy, Screener
from screening.payments import Role
from screening.payments.model import Field, Party
from streams.records.json import alert_to_json
from streams.records.reduced import LONGEST_KEY, pointer, reduced, trace_headers
from tests.test_schemas import check

NOW = datetime(2023, 8, 17, tzinfo=UTC)
COUNT = 15


def alert() -> bytes:
    screener = Screener(Policy())
    for number in range(COUNT):
        screener.upsert(Designation(f"test:{number}", (Name("Versor LLC"),)))
    party = Party(Role.CREDITOR, names=(Field("Versor LLC", "/parties/0/name"),))
    payment = Payment("P-1", (party,), notes=("a note",))
    return alert_to_json(screener.screen(payment), payment, NOW, 1.0)


def test_a_reduced_alert_is_as_its_schema_says_and_names_what_is_left_out() -> None:
    value = alert()
    record = reduced((b"P-1", value, [("content-type", b"application/json"), ("traceparent", b"x" * 5_000)]))

    assert record is not None
    key, small, headers = record
    told, whole = check("alert", small or b""), orjson.loads(value)
    assert [told[name] for name in ("decision_id", "payment_id", "outcome")] == [
        whole[name] for name in ("decision_id", "payment_id", "outcome")
    ]
    assert (len(told["hits"]), told["hits_left_out"], told["left_out_bytes"]) == (10, COUNT - 10, len(value))
    assert [hit["alert_id"] for hit in told["hits"]] == [hit["alert_id"] for hit in whole["hits"][:10]]
    assert (key, headers[0]) == (b"P-1", ("content-type", b"application/json"))
    assert "traceparent" not in dict(headers)


def test_what_is_reduced_is_not_reduced_again() -> None:
    record = reduced((b"P-1", alert(), []))

    assert record is not None
    assert reduced(record) is None


def test_a_dead_letter_that_is_a_pointer_says_what_it_left_out() -> None:
    large = b"x" * 100_000
    key, value, headers = pointer((large, large, [("other", large), ("interdict.error.code", b"not_json")]))

    assert value is None
    assert len(key or b"") < LONGEST_KEY
    assert dict(headers) == {
        "interdict.error.code": b"not_json",
        "interdict.error.value_left_out": b"100000",
        "interdict.error.headers_left_out": b"1",
        "interdict.error.key_left_out": b"100000",
    }


def test_a_trace_header_goes_on_where_it_has_the_size_of_one() -> None:
    trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    assert trace_headers([("traceparent", trace), ("tracestate", b"x" * 2_000), ("other", b"x")]) == [
        ("traceparent", trace)
    ]
