"""Decisions taken again from topics in memory: with the list and the policy of then, or of another moment."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from screening import Policy
from screening.limits import short_id
from streams.audit.replay import PastList, Recorded, redecide, replay, replay_at
from streams.kafka.log import Record
from streams.kafka.topics import Topics
from tests.streams.lists.written import written
from tests.streams.past import PETROV, VERSOR, event
from tests.streams.topics_in_memory import TopicsInMemory

CLIENT = {"bootstrap.servers": "b:1"}
TOPICS = Topics("t-")
FIRST, SECOND = written([], [VERSOR]), written([VERSOR], [VERSOR, PETROV])
HISTORY = [*FIRST, *(each._replace(offset=len(FIRST) + place) for place, each in enumerate(SECOND))]
THEN, LATER = len(FIRST), len(HISTORY)
TAKEN = datetime(2023, 8, 17, 9, 30, tzinfo=UTC)
STRICT = replace(Policy(), threshold=0.99)


class Past:
    """Payments in memory, and decisions of them as a worker recorded them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.topics = TopicsInMemory()
        self.topics.stand_in(monkeypatch)
        for number, name in enumerate(("VERSOR S.R.O.", PETROV.name, "Versar s.r.o.")):
            self.topics.put(TOPICS.payments, f"P-{number}", event(f"P-{number}", name), time.time())

    def recorded(
        self,
        number: int,
        offset: int,
        policy: Policy | None = None,
        *,
        payment_id: str = "",
        listed: Sequence[Record] = HISTORY,
        after: float = 0.0,
    ) -> Recorded:
        body: Any = {
            "payment_id": payment_id or f"P-{number}",
            "screened_at": (TAKEN + timedelta(seconds=after)).isoformat(timespec="milliseconds"),
            "latency_ms": 1.5,
            "list": {"offsets": {"0": offset}},
            "event": {"topic": TOPICS.payments, "partition": 0, "offset": number, "timestamp_ms": 0},
            "hits": [],
        }
        past = PastList(listed, Policy())
        screener = past.at(offset)
        if policy:
            lists = screener.lists
            screener = screener.under(policy)
            screener.lists = lists
        message = self.topics.records[TOPICS.payments][number]
        raw = redecide(Recorded(b"", body), message, screener)
        return Recorded(raw, orjson.loads(raw))


@pytest.fixture
def past(monkeypatch: pytest.MonkeyPatch) -> Past:
    return Past(monkeypatch)


def test_each_is_taken_with_the_list_of_then_in_the_order_of_the_list(past: Past) -> None:
    late, early, hit = past.recorded(1, LATER), past.recorded(1, THEN), past.recorded(0, THEN)
    assert [each.body["outcome"] for each in (late, early, hit)] == ["hit", "clear", "hit"]

    again = [*replay(CLIENT, TOPICS, PastList(HISTORY, Policy()), [late, early, hit])]

    assert [(each.recorded, each.differences) for each in again] == [(early, ()), (hit, ()), (late, ())]
    assert [each.raw for each in again] == [early.raw, hit.raw, late.raw]
    assert all(each.identical for each in again)


def test_each_is_taken_with_the_policy_it_names_and_else_with_that_of_the_list(past: Past) -> None:
    lax, strict = past.recorded(2, THEN), past.recorded(2, THEN, STRICT)
    assert (lax.body["outcome"], strict.body["outcome"]) == ("hit", "clear")

    known = [*replay(CLIENT, TOPICS, PastList(HISTORY, Policy()), [lax, strict], {STRICT.sha256: STRICT})]
    unknown = [*replay(CLIENT, TOPICS, PastList(HISTORY, Policy()), [lax, strict])]

    assert [each.identical for each in known] == [True, True]
    assert [each.identical for each in unknown] == [True, False]
    assert [each.partition(":")[0] for each in unknown[1].differences] == ["policy", "outcome", "hits"]


def test_all_are_taken_with_the_list_of_one_other_moment_in_the_order_given(past: Past) -> None:
    late, early = past.recorded(1, LATER), past.recorded(1, THEN)
    elsewhere = PastList(HISTORY, Policy())
    elsewhere.at(THEN)

    again = [*replay_at(CLIENT, TOPICS, elsewhere, iter([late, early]))]

    assert [each.recorded for each in again] == [late, early]
    assert [orjson.loads(each.raw)["outcome"] for each in again] == ["clear", "clear"]
    assert [each.identical for each in again] == [False, True]


def test_an_event_that_retention_took_is_said_and_the_others_are_taken(past: Past) -> None:
    gone, there = past.recorded(0, THEN), past.recorded(0, LATER)
    gone = replace(gone, body={**gone.body, "event": {**gone.body["event"], "offset": 9}})

    first, second = replay(CLIENT, TOPICS, PastList(HISTORY, Policy()), [there, gone])

    assert (first.raw, first.differences) == (b"", ("event: t-payments-0@9 is past its retention",))
    assert (first.identical, second.identical) == (False, True)


@pytest.mark.parametrize("lacking", ["policy", "latency_ms", "outcome", "matcher"])
def test_what_resembles_a_decision_is_said_and_the_others_are_taken(past: Past, lacking: str) -> None:
    """A field that was missing, or a date that was none, ended `replay` with a traceback."""
    there, odd = past.recorded(0, LATER), past.recorded(0, THEN)
    body: Any = {name: value for name, value in odd.body.items() if name != lacking}
    suppressed = {**there.body["hits"][0], "disposition": {"by": "a", "reason": "b", "until": "x"}}
    dated: Any = {**odd.body, "suppressed": [suppressed]}
    nowhere: Any = {**odd.body, "event": {**odd.body["event"], "partition": 7, "offset": -5}}
    resembling = [Recorded(b"{}", each) for each in (body, dated, nowhere)]

    again = [*replay(CLIENT, TOPICS, PastList(HISTORY, Policy()), [*resembling, there])]

    assert [each.recorded for each in again if each.identical] == [there]
    assert all(each.differences for each in again[:-1])


def test_decisions_of_a_topic_that_was_recreated_are_taken_with_their_own_lists(past: Past) -> None:
    taken = TAKEN.timestamp()
    old = [each._replace(time=taken - 10) for each in HISTORY]
    anew = [each._replace(time=taken + 600 + place) for place, each in enumerate(written([], [PETROV]))]
    then, later = past.recorded(0, THEN), past.recorded(1, len(anew), listed=anew, after=3600)

    known = replay(CLIENT, TOPICS, PastList([*old, *anew], Policy(), None, [anew[0].time]), [later, then])
    assert [(each.recorded, each.differences) for each in known] == [(then, ()), (later, ())]

    unknown, after = replay(CLIENT, TOPICS, PastList(anew, Policy()), [then, later])
    assert after.differences == ()
    gone = "t-designations was recreated since, and t-designations.history has no copy of what it held"
    assert unknown.differences[-1].startswith(gone)
    (nothing,) = replay(CLIENT, TOPICS, PastList([], Policy()), [then])
    assert nothing.differences[-1].startswith(gone)
    (other,) = replay(CLIENT, TOPICS, PastList(old, STRICT), [past.recorded(2, THEN)])
    assert [each.partition(":")[0] for each in other.differences] == ["policy", "outcome", "hits"]


def test_an_id_too_long_for_a_key_is_found_in_its_event_by_what_a_decision_calls_it(past: Past) -> None:
    long = "x" * 5000
    past.topics.put(TOPICS.payments, long, event(long, VERSOR.name), time.time())

    recorded = past.recorded(3, THEN, payment_id=short_id(long))

    assert recorded.body["error"] == "too_large: an id of 5000 characters; at most 1000 are read as one"
