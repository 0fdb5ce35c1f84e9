"""Records with every field of theirs, compared whole; and what each of them may not lack."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from screening import Policy, Screener
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.decisions import Decision, ListState, ListVersion, Outcome
from screening.designations import (
    Address,
    DateRange,
    Designation,
    Gender,
    Identifier,
    Kind,
    Link,
    Name,
    NameType,
    Quality,
)
from screening.ledger import Marker, MarkerType
from screening.limits import MOST_HITS
from screening.payments import Payment, Role
from screening.payments.model import Field, Party
from streams.records.alerts import alert_from_json
from streams.records.customers import customer_alert
from streams.records.designations import key_text, marker_key, source_of
from streams.records.dispositions import release_key, take
from streams.records.json import (
    Origin,
    decision_to_json,
    designation_from_json,
    designation_in_hit,
    designation_to_json,
    disposition_from_json,
    disposition_to_json,
    marker_from_json,
    registry_from_json,
    registry_to_json,
)
from streams.records.shapes import Replaces
from streams.records.stopped import stopped_of_alert

NOW = datetime(2023, 8, 17, tzinfo=UTC)
FULL = Designation(
    id="ofac:1",
    names=(Name("VERSOR", NameType.PRIMARY), Name("Vrs", NameType.FKA, Quality.WEAK), Name("Versor LLC")),
    kind=Kind.VESSEL,
    programs=("RUSSIA", "DPRK"),
    identifiers=(Identifier("imo", "9187629", "PA", "a note"), Identifier("bic", "TATRSKBX")),
    birth_dates=(DateRange(date(1960, 1, 2), date(1961, 3, 4), circa=True),),
    birth_places=("Pyongyang",),
    countries=("KP", "RU"),
    gender=Gender.MALE,
    addresses=(Address("1 Street", "City", "Region", "811 04", "SK"),),
    links=(Link("Ashot", "owned_by", "ofac:2", 51.5), Link("Nobody")),
    listed_on=date(2023, 8, 16),
    remarks="remarks",
)


def test_a_designation_is_read_as_it_was_written_with_each_of_its_fields() -> None:
    assert designation_from_json(designation_to_json(FULL)) == FULL
    least = Designation("x:1", (Name("Somebody"),))
    assert designation_from_json(b'{"id":"x:1","names":[{"text":"Somebody"}]}') == least
    assert orjson.loads(designation_to_json(least)) == {
        "id": "x:1",
        "names": [{"text": "Somebody", "type": "aka", "quality": "strong"}],
    }


def test_equal_designations_have_equal_bytes_and_others_have_others() -> None:
    others = [
        replace(FULL, kind=None),
        replace(FULL, programs=()),
        replace(FULL, identifiers=FULL.identifiers[:1]),
        replace(FULL, birth_dates=(replace(FULL.birth_dates[0], circa=False),)),
        replace(FULL, birth_places=()),
        replace(FULL, countries=("KP",)),
        replace(FULL, gender=None),
        replace(FULL, addresses=()),
        replace(FULL, links=()),
        replace(FULL, listed_on=None),
        replace(FULL, remarks=""),
    ]
    written = [designation_to_json(each) for each in (FULL, *others)]

    assert designation_to_json(replace(FULL)) == written[0]
    assert len(set(written)) == len(written)
    assert [designation_from_json(each) for each in written] == [FULL, *others]


@pytest.mark.parametrize(
    "raw", [b"", b"7", b"[]", b'{"id":"x:1"}', b'{"names":[{"text":"a"}]}', b'{"id":"x","names":[]}']
)
def test_what_is_no_designation_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        designation_from_json(raw)


MARKER = {
    "marker": "withdrawal",
    "list": "ofac",
    "version": "v1",
    "count": 7,
    "sha256": "ff",
    "published_at": "1970-01-01T00:00:05+00:00",
    "run": "r",
    "source_date": "2023-08-16",
    "reason": "why",
    "by": "who",
}


def test_a_marker_is_read_with_each_of_its_fields_and_lacks_none_that_prove_it() -> None:
    whole = Marker(MarkerType.WITHDRAWAL, "ofac", "v1", 7, "ff", 5.0, "r", "2023-08-16", "why", "who")

    assert marker_from_json(orjson.dumps(MARKER)) == whole
    least = {name: MARKER[name] for name in ("marker", "list", "version", "count", "sha256", "published_at")}
    assert marker_from_json(orjson.dumps(least)) == replace(
        whole, publication="", source_date="", reason="", by=""
    )
    for name in least:
        lacking = {key: value for key, value in least.items() if key != name}
        with pytest.raises(ValueError, match=f"no list marker.*{name}"):
            marker_from_json(orjson.dumps(lacking))


def test_the_registry_names_lists_in_order_and_a_deleted_one_names_none() -> None:
    assert registry_from_json(registry_to_json(["un", "ofac"])) == ("ofac", "un")
    assert registry_from_json(None) == ()
    for raw in (b"[]", b"{}", b"7"):
        with pytest.raises(ValueError, match="no registry of lists"):
            registry_from_json(raw)


def test_keys_say_whose_they_are() -> None:
    assert marker_key("ofac", MarkerType.COMMIT) == "ofac:@commit"
    assert [source_of(key) for key in ("ofac:1", "ofac:@commit", "@lists")] == ["ofac", "ofac", ""]
    assert [key_text(key) for key in (b"ofac:1", None, b"\xff")] == ["ofac:1", "", "\ufffd"]


DISPOSITION = Disposition("f", "ofac:1", "g", Verdict.FALSE_POSITIVE, "ann", "why", NOW, "bob", "name")


def test_a_disposition_is_read_with_each_of_its_fields_and_ignores_others() -> None:
    written = orjson.loads(disposition_to_json(DISPOSITION))
    assert disposition_from_json(orjson.dumps(written | {"more": 1})) == DISPOSITION
    for name in (
        "fingerprint",
        "designation_id",
        "designation_fingerprint",
        "verdict",
        "by",
        "reason",
        "until",
    ):
        for told in ({k: v for k, v in written.items() if k != name}, written | {name: None}):
            with pytest.raises(ValueError, match=f"no disposition: {name} missing"):
                disposition_from_json(orjson.dumps(told))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"by": 7, "until": 5}, "no disposition: by, until must be text"),
        ({"verdict": "perhaps"}, "'perhaps' is not a valid Verdict"),
        ({"until": "soon"}, "soon"),
        ({"reason": " "}, "a disposition needs reason"),
    ],
)
def test_a_disposition_that_says_something_else_is_refused_by_name(
    changed: dict[str, object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        disposition_from_json(orjson.dumps(orjson.loads(disposition_to_json(DISPOSITION)) | changed))
    with pytest.raises(ValueError, match="no disposition: it must be an object"):
        disposition_from_json(b"[]")


def test_the_newest_record_of_a_pair_counts_and_one_that_cannot_be_read_silences_nobody() -> None:
    known, key, value = Dispositions(), DISPOSITION.key.encode(), disposition_to_json(DISPOSITION)
    of_another_pair = disposition_to_json(replace(DISPOSITION, fingerprint="x"))
    take(known, key, value, 0.0)
    take(known, release_key("payments-0@1").encode(), b"a word on one payment", 1.0)
    assert list(known) == [DISPOSITION]

    take(known, key, None, 1.0)
    assert list(known) == []
    for refused, why in ((b"{}", "no disposition"), (of_another_pair, "the record's key must be x")):
        take(known, key, value, 0.0)
        with pytest.raises(ValueError, match=why):
            take(known, key, refused, 1.0)
        assert list(known) == []


HIT = {"alert_id": "a", "designation": {"id": "ofac:1"}}


@pytest.mark.parametrize("raw", [None, b""])
def test_a_record_without_a_value_is_no_alert(raw: bytes | None) -> None:
    assert alert_from_json(raw) is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([], "an object with hits"),
        ({}, "an object with hits"),
        ({"hits": {}}, "an object with hits"),
        ({"hits": [7]}, "without the id of its designation"),
        ({"hits": [HIT, {"alert_id": "a"}]}, "without the id of its designation"),
        ({"hits": [HIT | {"designation": {"id": 7}}]}, "without the id of its designation"),
        ({"hits": [HIT | {"alert_id": None}]}, "without an alert_id"),
        ({"hits": [{"designation": {"id": "ofac:1"}}]}, "without an alert_id"),
    ],
)
def test_what_is_no_alert_is_refused_with_what_it_lacks(told: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        alert_from_json(orjson.dumps(told))


def test_an_alert_with_its_ids_is_one() -> None:
    for hits in ([HIT], []):
        read: object = alert_from_json(orjson.dumps({"hits": hits}))
        assert read == {"hits": hits}


ALERT: dict[str, Any] = {
    "payment_id": "P-1",
    "payment": {
        "amount": "12.50",
        "currency": "usd",
        "parties": [{"role": "debtor", "names": ["Acme"]}, {"role": "creditor", "accounts": ["SK31 12"]}],
    },
    "hits": [
        {
            "alert_id": "a",
            "role": "creditor",
            "value": "Versor",
            "fingerprint": "f",
            "reason": "name",
            "designation": {"id": "ofac:1"},
        }
    ],
}


def test_a_stopped_payment_is_what_its_alert_says() -> None:
    (stopped,) = stopped_of_alert(ALERT, NOW)  # type: ignore[arg-type]  # one of an earlier version, shorter

    assert (stopped.alert_id, stopped.payment_id, stopped.at) == ("a", "P-1", NOW)
    assert (stopped.amount, stopped.currency) == ("12.5", "USD")
    assert (stopped.debtor.names, stopped.debtor.codes) == (("acme",), ())
    assert (stopped.creditor.names, stopped.creditor.codes) == ((), ("sk3112",))
    assert (stopped.role, stopped.value, stopped.fingerprint) == ("creditor", "Versor", "f")
    assert stopped.designation_id == "ofac:1"


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, True),
        ({"stoppable": None}, True),
        ({"stoppable": True}, True),
        ({"stoppable": False}, False),
        ({"update": {}}, False),
        ({"payment": {}}, False),
        ({"payment": ALERT["payment"] | {"amount": None}}, False),
        ({"payment": ALERT["payment"] | {"currency": ""}}, False),
        ({"payment": ALERT["payment"] | {"parties": ALERT["payment"]["parties"][:1]}}, True),
        ({"payment": ALERT["payment"] | {"parties": ALERT["payment"]["parties"][1:]}}, True),
        ({"payment": ALERT["payment"] | {"parties": [{"role": "other", "names": ["Acme"]}]}}, False),
        ({"hits": [ALERT["hits"][0] | {"reason": "stripping"}]}, False),
        ({"hits": [ALERT["hits"][0] | {"fingerprint": ""}]}, False),
    ],
)
def test_only_what_was_stopped_and_can_be_known_again_counts(more: dict[str, Any], counts: bool) -> None:
    told: Any = ALERT | more

    assert len(list(stopped_of_alert(told, NOW))) == counts


def decision() -> Decision:
    screener = Screener(Policy())
    screener.upsert(Designation("x:1", (Name("Versor", NameType.PRIMARY),), Kind.ORGANIZATION, ("P",)))
    screener.lists = ListState({"x": ListVersion("v", 1, "ff")}, {0: 7})
    party = Party(Role.CREDITOR, names=(Field("Versor", "/parties/0/name"),))
    return screener.screen(Payment("P-1", (party,), notes=("a note",)))


def test_a_decision_says_each_thing_that_it_was_taken_with() -> None:
    made = decision()
    event = Origin("payments", 3, 17, 5)
    again: Replaces = {"dead_letter": "d", "event": "payments-0@7"}
    told = orjson.loads(decision_to_json(made, NOW, 3.14159, event, replaces=again))
    (hit,) = told.pop("hits")

    assert told == {
        "decision_id": made.decision_id,
        "payment_id": "P-1",
        "outcome": "hit",
        "screened_at": "2023-08-17T00:00:00.000+00:00",
        "latency_ms": 3.142,
        "list": {"x": {"version": "v", "entries": 1, "sha256": "ff"}, "offsets": {"0": 7}},
        "policy": Policy().sha256,
        "matcher": made.matcher,
        "trigger": "payment",
        "event": {"topic": "payments", "partition": 3, "offset": 17, "timestamp_ms": 5},
        "notes": ["a note"],
        "replaces": {"dead_letter": "d", "event": "payments-0@7"},
    }
    (found,) = made.hits
    assert (hit["alert_id"], hit["fingerprint"], hit["reason"]) == (found.alert_id, found.fingerprint, "name")
    assert (hit["role"], hit["path"], hit["value"]) == ("creditor", "/parties/0/name", "Versor")
    assert (hit["matched"], hit["name_type"], hit["alias_quality"]) == ("Versor", "primary", "strong")
    assert (hit["score"], hit["threshold"], hit["action"]) == (found.score, found.threshold, "hold")
    assert hit["designation"]["id"] == "x:1" and hit["designation"]["kind"] == "organization"
    assert (hit["confirmed_by"], hit["network"], hit["summary"]) == (None, [], found.summary)
    assert [set(row) for row in hit["explanation"]] == [{"query", "matched", "how", "weight", "similarity"}]
    bare = orjson.loads(decision_to_json(replace(made, hits=(), notes=(), outcome=Outcome.CLEAR), NOW, 0.0))
    assert not {"event", "notes", "error", "suppressed", "hits_left_out"} & set(bare)


def test_a_hit_names_whom_its_designation_is_tied_to_by_id_where_that_is_known() -> None:
    shown = designation_in_hit(FULL)

    assert shown["linked_to"] == ["ofac:2", "Nobody"]
    assert (shown["id"], shown["name"], shown["kind"]) == ("ofac:1", "VERSOR", "vessel")
    assert (shown["programs"], len(shown["fingerprint"]) > 0) == (["RUSSIA", "DPRK"], True)


def test_a_customers_record_says_how_many_hits_it_leaves_out_where_it_does() -> None:
    made = decision()
    (hit,) = made.hits
    for count, left_out in ((1, None), (MOST_HITS, None), (MOST_HITS + 1, 1)):
        record = customer_alert(replace(made, hits=(hit,) * count), None, NOW)
        assert record.get("hits_left_out") == left_out
        assert len(record["hits"]) == min(count, MOST_HITS)
    assert "customer" not in record and "event" not in record
    assert customer_alert(made, None, NOW, Origin("customers", 1, 2, 3)).get("event") == {
        "topic": "customers",
        "partition": 1,
        "offset": 2,
        "timestamp_ms": 3,
    }
