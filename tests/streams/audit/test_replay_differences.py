"""A decision that was taken again beside the recorded one: what differs is named; without a broker."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from screening import Designation, Name, NameType, Policy, Screener
from screening.cases.dispositions import Verdict
from screening.decisions import MATCHER
from streams.audit.replay import Recorded, _decision, _dispositions, _named, compare
from streams.kafka.log import Record
from streams.registry.reading import WITHOUT_REGISTRY

NOW = datetime(2023, 8, 17, tzinfo=UTC)
AT = {"version": "v1", "entries": 2, "sha256": "0123456789abcdef"}
BODY: dict[str, Any] = {
    "list": {"ofac": AT, "offsets": {"0": 7}},
    "policy": "policy0123456789",
    "matcher": MATCHER,
    "outcome": "clear",
    "hits": [],
}


def recorded(body: Any) -> Recorded:
    return Recorded(orjson.dumps(body), body)


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        ({}, []),
        (
            {"list": {"ofac": AT | {"version": "v2"}, "offsets": {}}},
            [
                "list: ofac v1 (2 entries, 0123456789ab) at offset 7 then, "
                "ofac v2 (2 entries, 0123456789ab) rebuilt"
            ],
        ),
        (
            {"list": {"ofac": AT, "offsets": {"0": 9}}},
            [
                "list: ofac v1 (2 entries, 0123456789ab) at offset 7 then, "
                "ofac v1 (2 entries, 0123456789ab) at offset 9 rebuilt"
            ],
        ),
        ({"policy": "another"}, ["policy: policy012345 then, another now"]),
        ({"outcome": "hit"}, ["outcome: clear then, hit now"]),
        (
            {"policy": "another", "outcome": "hit"},
            ["policy: policy012345 then, another now", "outcome: clear then, hit now"],
        ),
        ({"hits": [1]}, ["code: same list, policy and matcher version, but other hits"]),
        ({"error": "e"}, ["code: same list, policy and matcher version, but other error"]),
    ],
)
def test_what_differs_is_named_by_list_policy_and_outcome_and_else_by_its_field(
    now: dict[str, Any], differs: list[str]
) -> None:
    found = compare(recorded(BODY), orjson.dumps(BODY | now))

    assert list(found.differences) == differs


def test_another_matcher_then_is_named() -> None:
    then = BODY | {"matcher": "0.1"}

    assert list(compare(recorded(then), orjson.dumps(BODY)).differences) == [
        f"matcher: 0.1 then, {MATCHER} now"
    ]


def test_whom_another_matcher_hits_is_named_beside_it() -> None:
    """Every decision of before an update differs by its matcher: which of them would be another one?"""
    one, two, three = ({"designation": {"id": f"ofac:{number}"}} for number in (1, 2, 3))
    then = BODY | {"matcher": "0.1", "outcome": "hit", "hits": [two, one]}
    now = BODY | {"outcome": "hit", "hits": [two, three]}

    assert list(compare(recorded(then), orjson.dumps(now)).differences) == [
        f"matcher: 0.1 then, {MATCHER} now",
        "hits: no more ofac:1, ofac:3 new",
    ]


def test_a_list_is_named_with_its_entries_and_none_as_none() -> None:
    assert _named({"offsets": {}}) == "no list"
    assert _named({"un": AT, "offsets": {}, "ofac": AT}).count("v1 (2 entries, 0123456789ab)") == 2


def test_how_far_the_list_was_applied_is_what_the_decision_says() -> None:
    assert recorded(BODY).list_offset == 7
    assert recorded(BODY | {"list": {"offsets": {}}}).list_offset == 0


def message(*payments: dict[str, Any]) -> Record:
    return Record(0, 0.0, b"k", orjson.dumps(payments[0]), {})


@pytest.mark.parametrize(
    ("payment_id", "value", "outcome"),
    [("P-1", None, "hit"), ("P-2", None, "error"), ("P-1", b"{", "error")],
)
def test_the_payment_of_the_recorded_id_is_decided_again(
    payment_id: str, value: bytes | None, outcome: str
) -> None:
    screener = Screener(Policy())
    screener.upsert(Designation("ofac:1", (Name("VERSOR", NameType.PRIMARY),)))
    record = message({"id": "P-1", "parties": [{"name": "Versor"}]})
    body: Any = {"payment_id": payment_id, "hits": []}
    found = _decision(
        body, record if value is None else record._replace(value=value), screener, NOW, WITHOUT_REGISTRY
    )

    assert (found.payment_id, found.outcome) == (payment_id, outcome)
    assert ("holds no payment of this id" in found.error) is (payment_id == "P-2")


def test_the_verdicts_of_then_are_those_that_the_decision_names() -> None:
    hit = {"fingerprint": "f", "designation": {"id": "ofac:1", "fingerprint": "g"}}
    given = {"by": "ann", "reason": "why", "until": "2030-01-01T00:00:00+00:00"}
    body: Any = {
        "suppressed": [
            hit | {"disposition": given},
            hit | {"designation": {"id": "ofac:9", "fingerprint": "g"}},
        ],
        "hits": [
            hit | {"designation": {"id": "ofac:2", "fingerprint": "g"}, "confirmed_by": "bob"},
            hit | {"designation": {"id": "ofac:3", "fingerprint": "g"}, "confirmed_by": None},
        ],
    }
    found = {each.designation_id: each for each in _dispositions(body)}

    assert set(found) == {"ofac:1", "ofac:2"}
    first, second = found["ofac:1"], found["ofac:2"]
    assert (first.verdict, first.by, first.reason, first.until.year) == (
        Verdict.FALSE_POSITIVE,
        "ann",
        "why",
        2030,
    )
    assert (first.fingerprint, first.designation_fingerprint) == ("f", "g")
    assert (second.verdict, second.by, second.reason) == (Verdict.TRUE_POSITIVE, "bob", "as recorded")
    assert second.until == datetime.max.replace(tzinfo=UTC)
    nobody: Any = {"hits": []}
    assert list(_dispositions(nobody)) == []
