"""Alerts told what became of their designation: amended, delisted, listed again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from screening import Name, NameType, Screener, decode_payment
from screening.cases.dispositions import SuppressionRules
from streams.caseload import _case
from streams.kafka.log import Record
from streams.lookback.closing import DispositionChange, reopened
from streams.lookback.updates import AlertUpdates, latest_among, updated
from streams.records.json import alert_to_json
from streams.records.shapes import AlertRecord
from tests.streams.past import PETROV, VERSOR, Past, event

RENAMED = replace(VERSOR, names=(Name("VERSOR TRADING S.R.O.", NameType.PRIMARY), *VERSOR.names))


def screener(*listed: Any) -> Screener:
    held = Screener()
    for entry in listed:
        held.upsert(entry)
    return held


def alert() -> AlertRecord:
    (payment,) = decode_payment(event("P-1", "Versor s.r.o."))
    decision = screener(VERSOR).screen(payment)
    raised: AlertRecord = orjson.loads(alert_to_json(decision, payment, datetime.now(UTC), 1.0))
    return raised


def told(before: AlertRecord, held: Screener) -> AlertRecord | None:
    return updated(before, before["hits"][0], held)


ODD: tuple[Any, ...] = (None, [], {}, "", "x", 1, 1e300, True, [None], {"a": None}, "0001-01-01T00:00:00")
"""Among them something of another kind for every field."""


def resembling(record: Any, whole: Any) -> Iterator[bytes]:
    """The whole record with each field of this part of it left out, or something odd in its place."""
    places = record if isinstance(record, dict) else range(len(record))
    for place in [*places]:
        held = record[place]
        for odd in ODD:
            record[place] = odd
            yield orjson.dumps(whole)
        record[place] = held
        if isinstance(held, dict | list):
            yield from resembling(held, whole)
        if isinstance(record, dict):
            del record[place]
            yield orjson.dumps(whole)
            record[place] = held


def test_what_resembles_an_alert_ends_no_reader() -> None:
    """A list for a role ended `lookback --follow` at every start, for as long as the topic kept it."""
    update = {"id": "U", "state": "closed", "what": "closed", "changed": ["name"], "at": "", "offset": 3}
    update |= {"verdict": "false_positive", "by": "a", "reason": "b", "delisted": True}
    whole: Any = {**alert(), "update": update, "repeats": {"a": {"first_alert_id": "b", "number": 1}}}
    change = DispositionChange(None, 2e9, 1)
    taken = 0
    for number, raw in enumerate(resembling(whole, whole)):
        records = [Record(2 * number + each, 1e9 + each, b"P-1", raw, {}) for each in range(2)]
        for latest in latest_among(records, bool):
            taken += 1
            updated(latest.alert, latest.hit, screener(RENAMED))
            reopened(latest, change, datetime.now(UTC))
            _case(latest, {}, SuppressionRules())
            assert latest.alert["payment_id"] is not None

    assert 200 < taken < number


def test_a_designation_that_stands_as_it_was_told_needs_no_update() -> None:
    assert told(alert(), screener(VERSOR)) is None


def test_an_amendment_keeps_the_alert_id_and_says_what_changed() -> None:
    before = alert()
    update = told(before, screener(RENAMED))

    assert update is not None
    (hit,) = update["hits"]
    assert hit["alert_id"] == before["hits"][0]["alert_id"]
    assert hit["designation"]["name"] == "VERSOR TRADING S.R.O."
    assert (update["update"]["what"], update["update"]["changed"]) == ("amended", ["name"])
    assert update["payment"] == before["payment"]
    assert told(update, screener(RENAMED)) is None


def test_a_new_alias_is_a_change_of_the_entry() -> None:
    update = told(alert(), screener(replace(VERSOR, names=(*VERSOR.names, Name("VRS")))))

    assert update is not None
    assert update["update"]["changed"] == ["entry"]


def test_a_delisting_is_told_once_and_a_new_listing_again() -> None:
    delisted = told(alert(), screener())

    assert delisted is not None
    assert delisted["update"]["what"] == "delisted"
    assert delisted["hits"][0]["designation"]["name"] == "VERSOR S.R.O."
    assert told(delisted, screener()) is None
    relisted = told(delisted, screener(VERSOR))
    assert relisted is not None
    assert relisted["update"]["what"] == "relisted"


def test_the_same_change_told_twice_has_the_same_id() -> None:
    one, other = told(alert(), screener()), told(alert(), screener())

    assert one is not None
    assert other is not None
    assert one["update"]["id"] == other["update"]["id"]


def test_an_entry_that_goes_back_to_what_it_was_and_changes_again_is_told_under_three_ids() -> None:
    amended = told(alert(), screener(RENAMED))
    assert amended is not None
    back = told(amended, screener(VERSOR))
    assert back is not None
    again = told(back, screener(RENAMED))
    assert again is not None

    assert len({update["update"]["id"] for update in (amended, back, again)}) == 3


def record(time: float, value: object) -> Record:
    return Record(0, time, b"", value if isinstance(value, bytes) else orjson.dumps(value), {})


def hits_of(payment_id: str, *hits: tuple[str, str], **more: Any) -> dict[str, Any]:
    """An alert with hits of these ids and designations."""
    made = [{"alert_id": alert_id, "designation": {"id": listed}} for alert_id, listed in hits]
    return {"payment_id": payment_id, "hits": made} | more


def every(hit: object) -> bool:
    return hit is not None


def test_of_an_alert_what_was_published_last_counts_and_all_that_it_was_updated_with() -> None:
    first, second = (hits_of("P-1", ("a", "x:1"), update={"id": name}) for name in ("first", "second"))
    earlier = hits_of("P-1", ("a", "x:1"))

    for order in ([earlier, first, second], [second, first, earlier]):
        times = {id(earlier): 1.0, id(first): 2.0, id(second): 3.0}
        (found,) = latest_among([record(times[id(each)], each) for each in order], every)

        assert (found.raised, found.last) == (1.0, 3.0)
        assert (found.alert, found.hit) == (second, second["hits"][0])
        assert found.update_ids == {"first", "second"}


def test_of_two_records_of_one_time_the_later_one_counts() -> None:
    first, second = (hits_of("P-1", ("a", "x:1"), update={"id": name}) for name in ("first", "second"))

    (found,) = latest_among([record(1.0, first), record(1.0, second)], every)

    assert found.alert == second


def test_hits_are_told_apart_by_payment_and_alert_and_only_wanted_ones_are_kept() -> None:
    """What is no alert, and a hit that nobody asks for, hide nothing that stands behind them."""
    records = [
        record(1.0, b"no alert"),
        record(1.0, b""),
        record(2.0, hits_of("P-1", ("a", "x:2"), ("b", "x:1"), ("c", "x:1"))),
        record(3.0, hits_of("P-2", ("b", "x:1"))),
    ]

    found = latest_among(records, lambda hit: hit["designation"]["id"] == "x:1")

    assert [(each.alert["payment_id"], each.hit["alert_id"]) for each in found] == [
        ("P-1", "b"),
        ("P-1", "c"),
        ("P-2", "b"),
    ]


@pytest.mark.kafka
def test_updates_go_to_the_alerts_of_changed_designations_each_once(kafka: str, topic_prefix: str) -> None:
    past = Past(kafka, topic_prefix)
    both = screener(VERSOR, PETROV)
    past.decide(event("P-0", "Versor s.r.o."), both, seconds_ago=7_200)
    past.decide(event("P-1", "Versor s.r.o."), both, seconds_ago=60)
    past.decide(event("P-2", "Igor Petrov"), both, seconds_ago=50, partition=1)
    past.written()
    (since,) = [record.time - 10 for record in past.records(past.topics.alerts) if record.key == b"P-1"]
    changed, now = {VERSOR.id, PETROV.id}, screener(RENAMED, PETROV)

    assert AlertUpdates(past.client, past.topics, since).send(changed, now) == 1
    assert AlertUpdates(past.client, past.topics, since).send(changed, now) == 0
    updates = [found for found in past.alerts() if "update" in found]
    assert [(found["payment_id"], found["update"]["what"]) for found in updates] == [("P-1", "amended")]
    assert AlertUpdates(past.client, past.topics, since).send(changed, screener(RENAMED)) == 1
