"""Answers, gated payments, stops and words as they stand on their topics, against the shipped schemas."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from screening.answers.originals import Original
from screening.cases.releases import Release, Word
from screening.policy.answers import STATUSES, USUAL, Cause, Course, Reply
from streams.kafka.log import Place, Record
from streams.kafka.topics import Topics
from streams.records.answers import (
    Answer,
    Reference,
    answer_headers,
    answer_id,
    answer_to_json,
    released_or_stopped,
)
from streams.records.decided import decided
from streams.records.dispositions import release_from_json, release_to_json
from streams.records.headers import PART, part_header, part_of
from streams.records.json import Origin
from streams.records.stops import MOST_HITS, Stop, StoppedHit, place_from, stop_from_json, stop_to_json

SCHEMAS = Path(__file__).parents[3] / "config" / "schemas"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC).timestamp()
EVENT = Origin("payments", 3, 17, int(AT * 1000))


def errors(name: str, record: Any, definition: str = "") -> list[str]:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    validator = Draft202012Validator(
        schema["$defs"][definition] if definition else schema, format_checker=FormatChecker()
    )
    return [error.message for error in validator.iter_errors(record)]


def answer(cause: Cause = Cause.HOLD, *, follows: bool = False) -> Answer:
    return Answer(EVENT, cause, USUAL[cause], AT + 0.03, AT + 60, follows)


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("follows", [False, True])
def test_answers_and_the_headers_of_payments_are_of_their_schemas(cause: Cause, follows: bool) -> None:
    one = answer(cause, follows=follows)
    full = answer_to_json(one, 1, Reference("P-1", "swift", "8a56"), "d" * 64, Original())
    bare = answer_to_json(one, 1, Reference("P-1"), "", None)

    assert [errors("answer", json.loads(each)) for each in (full, bare)] == [[], []]
    headers = {name: value.decode() for name, value in answer_headers(one)}
    assert errors("gated-payment", headers) == []


def test_the_closed_words_of_the_schemas_are_the_code_s() -> None:
    for name in ("answer", "stop"):
        properties = json.loads((SCHEMAS / f"{name}.schema.json").read_text())["properties"]
        assert properties["cause"]["enum"] == [str(cause) for cause in Cause]
    said = json.loads((SCHEMAS / "answer.schema.json").read_text())["properties"]
    assert said["course"]["enum"] == [str(course) for course in Course]
    assert set(said["status"]["enum"]) == frozenset().union(*STATUSES.values())


def test_an_answers_id_names_record_number_and_whether_it_is_the_last() -> None:
    first, last = answer(), answer(Cause.FALSE_POSITIVE, follows=True)
    ids = {answer_id(first, 1), answer_id(first, 2), answer_id(last, 1), answer_id(first)}

    assert len(ids) == 4
    assert answer_id(answer(Cause.UNANSWERED), 1) == answer_id(first, 1)
    assert json.loads(answer_to_json(last, 1, Reference(), "", None))["follows"] == answer_id(first, 1)


def test_a_stop_is_read_as_it_was_written_and_bounded() -> None:
    hit = StoppedHit(("party", "stopped party"), "ofac:1", "listed")
    stop = Stop(Cause.HOLD, "swift", AT, (hit,), True)

    assert errors("stop", json.loads(stop_to_json(stop))) == []
    assert stop_from_json(stop_to_json(stop)) == stop
    many = Stop(Cause.HOLD, hits=(hit,) * (MOST_HITS + 1), whole=True).bounded()
    assert (len(many.hits), many.whole) == (MOST_HITS, False)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b'{"cause": "none"}', b'{"cause":"hold","rail":"","due":0,"hits":[1]}']
)
def test_what_is_no_stop_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        stop_from_json(raw)


def test_a_word_is_of_its_schema_and_needs_who_and_why() -> None:
    release = Release("payments-3@17", Word.RELEASE, "ann", "read by hand", "bob")

    assert errors("disposition", json.loads(release_to_json(release)), "release") == []
    assert release_from_json(release_to_json(release)) == release
    for missing in ("event", "by", "reason"):
        record = json.loads(release_to_json(release)) | {missing: " "}
        with pytest.raises(ValueError):
            release_from_json(json.dumps(record).encode())
    with pytest.raises(ValueError, match="another person"):
        Release("payments-3@17", Word.RELEASE, "ann", "why", "Ann ")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("payments-3@17", Place(3, 17)),
        ("pre-payments-3@17", None),
        ("payments-3@", None),
        ("payments-3@17 ", None),
        ("payments-x@1", None),
    ],
)
def test_a_place_is_one_of_the_payments_topic(text: str, place: Place | None) -> None:
    assert place_from(text, "payments") == place


def told(**more: Any) -> bytes:
    event = {"topic": "payments", "partition": 3, "offset": 17, "timestamp_ms": 0}
    body = {"payment_id": "P-1", "decision_id": "d", "outcome": "clear", "hits": [], "event": event}
    return json.dumps(body | more).encode()


def record(value: bytes, *headers: tuple[str, bytes]) -> Record:
    return Record(5, AT, b"P-1", value, dict(headers), headers)


def hit(action: str, **more: Any) -> dict[str, Any]:
    return {"action": action, "fingerprint": "f", "designation": {"id": "ofac:1", "fingerprint": "g"}} | more


@pytest.mark.parametrize(
    ("more", "cause", "whole"),
    [
        ({}, Cause.CLEAR, True),
        ({"outcome": "error"}, Cause.ERROR, True),
        ({"outcome": "hit", "hits": [hit("review")]}, Cause.REVIEW, True),
        ({"outcome": "hit", "hits": [hit("review"), hit("hold")]}, Cause.HOLD, True),
        ({"outcome": "hit", "hits": [hit("hold")], "hits_left_out": 1}, Cause.HOLD, False),
        ({"outcome": "hit", "hits": [hit("hold", fingerprint="")]}, Cause.HOLD, False),
    ],
)
def test_a_decision_says_what_becomes_of_its_payment(more: dict[str, Any], cause: Cause, whole: bool) -> None:
    found = decided(record(told(**more), part_header(2, 3)), 1, "payments")

    assert found is not None
    assert (found.event, found.number, found.count, found.place) == (Place(3, 17), 2, 3, Place(1, 5))
    assert (found.cause, found.whole) == (cause, whole)


def test_a_decision_that_no_worker_wrote_about_this_topic_says_nothing() -> None:
    assert decided(record(told()), 1, "payments") is None
    assert decided(record(told(event=None), part_header(1, 1)), 1, "payments") is None
    assert decided(record(told(), part_header(1, 1)), 1, "other.payments") is None


@pytest.mark.parametrize(
    "value", [b"", b"1", b"1/", b"/1", b"0/1", b"2/1", b"-1/1", b"1/1/1", "²/³".encode()]
)
def test_a_part_that_cannot_be_is_none(value: bytes) -> None:
    assert part_of({PART: value}) is None
    assert part_of({}) is None


def test_an_answer_says_each_thing_it_knows_and_nothing_that_it_does_not() -> None:
    one = Answer(EVENT, Cause.HOLD, Reply(Course.REJECT, "RJCT", "RR04"), AT + 0.03, AT + 60, True)
    said = json.loads(answer_to_json(one, 1, Reference("P-1", "swift", "8a56"), "d", Original()))

    assert said.pop("pacs002")
    own = {"answer_id": answer_id(one, 1), "follows": answer_id(one._replace(follows=False), 1)}
    least = {
        "answer_id": own["answer_id"],
        "payment_id": "P-1",
        "event": {"topic": "payments", "partition": 3, "offset": 17, "timestamp_ms": int(AT * 1000)},
        "course": "reject",
        "cause": "hold",
        "status": "RJCT",
        "answered_at": "2026-03-02T09:30:00.030+00:00",
        "due": "2026-03-02T09:31:00.000+00:00",
    }
    assert said == least | own | {"reason": "RR04", "rail": "swift", "uetr": "8a56", "decision_id": "d"}

    first = one._replace(follows=False, reply=Reply(Course.RELEASE, "ACSP", ""))
    bare = json.loads(answer_to_json(first, 1, Reference("P-1"), "", None))
    assert bare == least | {"answer_id": answer_id(first, 1), "course": "release", "status": "ACSP"}


def test_the_headers_of_a_gated_payment_are_those_of_its_answer() -> None:
    one = Answer(EVENT, Cause.HOLD, Reply(Course.REJECT, "RJCT", "RR04"), AT + 0.03, AT + 60, True)
    least = {
        "interdict.answer.id": answer_id(one),
        "interdict.answer.event": "payments-3@17",
        "interdict.answer.course": "reject",
        "interdict.answer.cause": "hold",
        "interdict.answer.status": "RJCT",
        "interdict.answer.at": "2026-03-02T09:30:00.030+00:00",
    }
    more = {
        "interdict.answer.reason": "RR04",
        "interdict.answer.follows": answer_id(one._replace(follows=False)),
    }

    assert {name: value.decode() for name, value in answer_headers(one)} == least | more
    first = one._replace(follows=False, reply=replace(one.reply, reason=""))
    assert {name: value.decode() for name, value in answer_headers(first)} == least | {
        "interdict.answer.id": answer_id(first)
    }
    assert answer_id(one) == answer_id(one, 0) != answer_id(one, 1)


@pytest.mark.parametrize(
    ("course", "topic"),
    [
        (Course.RELEASE, "payments.released"),
        (Course.STOP, "payments.stopped"),
        (Course.REJECT, "payments.stopped"),
    ],
)
def test_only_what_is_released_goes_among_the_released(course: Course, topic: str) -> None:
    assert released_or_stopped(course, Topics()) == topic


def test_a_stop_at_its_bound_stays_whole_and_the_bound_is_a_thousand() -> None:
    hit = StoppedHit(("party",), "ofac:1", "listed")
    stop = Stop(Cause.HOLD, hits=(hit,) * 1000, whole=True)

    assert stop.bounded() == stop
    assert replace(stop, hits=(*stop.hits, hit)).bounded() == replace(stop, whole=False)


@pytest.mark.parametrize(
    ("more", "fingerprints", "whole"),
    [
        ({}, ("f",), True),
        ({"stopped": {"fingerprint": "s"}}, ("f", "s"), True),
        ({"stopped": {"fingerprint": "s"}, "fingerprint": ""}, ("s",), True),
        ({"stopped": {}}, ("f",), True),
        ({"designation": {"id": "ofac:1", "fingerprint": ""}}, ("f",), False),
        ({"designation": {"id": "ofac:1"}}, ("f",), False),
    ],
)
def test_a_hit_is_judged_by_its_party_and_by_that_of_the_payment_that_it_resubmits(
    more: dict[str, Any], fingerprints: tuple[str, ...], whole: bool
) -> None:
    hits = [hit("hold"), hit("hold", **more), hit("hold")]
    found = decided(record(told(outcome="hit", hits=hits), part_header(1, 1)), 0, "payments")

    assert found is not None
    assert found.hits[1].fingerprints == fingerprints
    assert found.whole is whole
    assert (found.payment_id, found.decision_id) == ("P-1", "d")
    assert found.hits[0] == StoppedHit(("f",), "ofac:1", "g")
