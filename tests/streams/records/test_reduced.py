"""A record made smaller: schema, ids and outcome stay, and what is left out is said."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from screening import Designation, Name, Payment, Policy, Screener
from screening.payments import Role
from screening.payments.model import Field, Party
from streams.records.headers import Headers
from streams.records.json import alert_to_json
from streams.records.reduced import LONGEST_KEY, few, pointer, reduced, trace_headers
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


@pytest.mark.parametrize(("name", "most"), [("traceparent", 256), ("tracestate", 1024)])
def test_a_trace_header_may_have_so_many_bytes_and_no_more(name: str, most: int) -> None:
    kept: Headers = [(name, b"x" * most)]

    assert trace_headers(kept) == kept
    assert trace_headers([(name, b"x" * (most + 1)), (name, b"")]) == []


def test_headers_of_the_usual_size_are_kept_and_fifty_of_them() -> None:
    kept = [("n" * 24, b"v" * 1000)]

    assert few([*kept, ("n" * 25, b"v" * 1000), ("n", None)]) == [*kept, ("n", None)]
    assert few([("n", b"%d" % number) for number in range(51)]) == [("n", b"%d" % each) for each in range(50)]


@pytest.mark.parametrize(("size", "kept"), [(4096, 4096), (4097, 1024)])
def test_a_key_is_kept_whole_up_to_its_bound_and_cut_beyond_it(size: int, kept: int) -> None:
    key, _, headers = pointer((b"k" * size, b"xy", []))

    assert key == b"k" * kept
    assert dict(headers).get("interdict.error.key_left_out") == (None if size == kept else b"%d" % size)
    assert dict(headers)["interdict.error.value_left_out"] == b"2"
    assert pointer((None, None, [])) == (None, None, [("interdict.error.value_left_out", b"0")])


def hit(number: int, **more: Any) -> dict[str, Any]:
    texts = {"value": "v" * 201, "summary": "s" * 200, "matched": None}
    rest = {"explanation": [1], "network": [1], "designation": {"id": f"x:{number}", "linked_to": ["x:9"]}}
    return {"alert_id": f"a{number}", **texts, **rest, **more}


def test_everything_of_a_reduced_record_has_its_bound() -> None:
    party = {"role": "creditor", "countries": ["SK"] * 4, "texts": ["t"], "names": ["n" * 201] * 4}
    party["accounts"] = ["a" * 201] * 4
    told = {
        "payment_id": "p" * 1025,
        "error": "e" * 1025,
        "notes": ["n" * 201] * 11,
        "payment": {"id": "i" * 1025, "parties": [party] * 11, "rail": "swift"},
        "hits": [hit(number) for number in range(12)],
        "suppressed": [hit(number) for number in range(11)],
        "hits_left_out": 4,
    }
    value = orjson.dumps(told)
    record = reduced((b"P-1", value, [("h", b"1")]))
    assert record is not None
    small = orjson.loads(record[1] or b"")

    assert record[2] == [("h", b"1"), ("interdict.reduced_from", b"%d" % len(value))]
    assert (small["payment_id"], small["error"]) == ("p" * 1024, "e" * 1024)
    assert small["notes"] == ["n" * 200] * 10
    assert (small["hits_left_out"], small["left_out_bytes"]) == (4 + 2 + 1, len(value))
    bare = hit(0, value="v" * 200, matched="", explanation=[], network=[])
    bare["designation"] = {"id": "x:0", "linked_to": []}
    assert small["hits"][0] == small["suppressed"][0] == bare
    assert (len(small["hits"]), len(small["suppressed"])) == (10, 10)
    few_of = {"names": ["n" * 200] * 3, "accounts": ["a" * 200] * 3, "countries": ["SK"] * 3, "texts": []}
    assert small["payment"] == {"id": "i" * 1024, "parties": [party | few_of] * 10, "rail": "swift"}


def test_what_a_record_does_not_say_it_does_not_say_when_it_is_reduced() -> None:
    record = reduced((b"P-1", b'{"payment_id":"P-1","hits":[],"outcome":"error","error":""}', []))

    assert record is not None
    told = orjson.loads(record[1] or b"")
    assert told == {"payment_id": "P-1", "hits": [], "outcome": "error", "left_out_bytes": 59}
    assert reduced((b"P-1", None, [])) is None
