"""Which decisions are stale, of records as they are read: no broker is asked."""

from collections.abc import Iterable
from typing import Any

import orjson
import pytest

from streams.audit.stale import InForce, in_force, stale_among
from streams.kafka.log import Record
from streams.records.designations import PUBLICATION, REGISTRY

LISTED = InForce([1_000, 2_000], [10, 30])


def record(offset: int, value: object, *, key: str = "", at: float = 5.0, publication: str = "") -> Record:
    headers = {PUBLICATION: publication.encode()} if publication else {}
    raw = None if value is None else orjson.dumps(value)
    return Record(offset, at, key.encode(), raw, headers)


def decision(payment_id: str = "P-1", *, at_ms: int, decided_with: int | None, **more: Any) -> Record:
    event = {"topic": "payments", "partition": 0, "offset": 7, "timestamp_ms": at_ms}
    offsets = {} if decided_with is None else {"0": decided_with}
    said = {"payment_id": payment_id, "outcome": "clear", "hits": [], "list": {"offsets": offsets}}
    return record(0, said | {"event": event} | more)


def stale(*decisions: Record) -> list[tuple[str, int, int]]:
    """The payments that are, what each was decided with, and what was in force."""
    found = stale_among(decisions, LISTED).stale.values()
    return [(one.payment_id, one.decided_with, one.designated_at) for one in found]


@pytest.mark.parametrize(
    ("at_ms", "decided_with", "designated_at"),
    [
        (999, 0, None),  # nothing was in force
        (1_000, 11, None),  # as long as it is read beyond the entry
        (1_000, 10, 10),
        (1_999, 11, None),
        (2_000, 30, 30),
        (2_000, 31, None),
        (9_000, None, 30),
    ],
)
def test_a_decision_is_stale_where_its_list_ends_at_an_entry_that_was_in_force_before_its_payment(
    at_ms: int, decided_with: int | None, designated_at: int | None
) -> None:
    expected = [] if designated_at is None else [("P-1", decided_with or 0, designated_at)]

    assert stale(decision(at_ms=at_ms, decided_with=decided_with)) == expected


def test_before_anything_is_in_force_nothing_is_stale() -> None:
    assert LISTED.at(999) == InForce([], []).at(999) == -1


def test_a_later_decision_of_the_same_event_mends_it_and_one_of_another_does_not() -> None:
    old = decision(at_ms=2_000, decided_with=5)

    assert stale(old, decision(at_ms=2_000, decided_with=31)) == []
    assert stale(old, decision("P-2", at_ms=2_000, decided_with=31)) == [("P-1", 5, 30)]


def test_an_error_is_not_stale_and_takes_the_place_of_what_was() -> None:
    """It stops the payment, whatever the list."""
    old = decision(at_ms=2_000, decided_with=5)

    assert stale(old, decision(at_ms=2_000, decided_with=5, outcome="error")) == []


def test_decisions_without_their_event_are_counted_and_those_behind_them_are_read() -> None:
    without = record(0, {"payment_id": "P-0"})
    found = stale_among([without, record(1, None), decision(at_ms=2_000, decided_with=5)], LISTED)

    assert (found.decisions, found.without_event, len(found.stale)) == (3, 2, 1)


def marker(kind: str, publication: str, offset: int, at: float) -> Record:
    said = {
        "marker": kind,
        "list": "ofac",
        "version": "v1",
        "count": 1,
        "sha256": "",
        "run": publication,
        "published_at": "2023-08-16T14:00:00+00:00",
    }
    return record(offset, said, key=f"ofac:@{kind}", at=at)


def entry(offset: int, at: float, publication: str = "") -> Record:
    return record(offset, {}, key="ofac:1", at=at, publication=publication)


@pytest.mark.parametrize(
    ("records", "times", "newest"),
    [
        ([], [], []),
        ([entry(3, 1.5)], [1_500], [3]),  # its commit is compacted away
        ([entry(3, 1.5, "a"), marker("commit", "a", 4, 2.0)], [2_000], [4]),
        ([entry(3, 1.5, "a"), marker("commit", "b", 4, 2.0)], [1_500], [3]),
        ([entry(3, 1.5, "a"), marker("begin", "a", 4, 2.0)], [1_500], [3]),
        ([marker("commit", "a", 4, 2.0)], [], []),  # it brought nothing
        ([record(1, None, key="ofac:1"), entry(3, 1.5)], [1_500], [3]),
        ([record(1, {}, key=REGISTRY), entry(3, 1.5)], [1_500], [3]),
        ([entry(3, 9.0), entry(4, 1.0)], [1_000, 9_000], [4, 4]),  # clocks differ: the newest offset counts
        ([entry(3, 1.0, "-"), marker("commit", "", 4, 2.0)], [2_000], [4]),
    ],
)
def test_an_entry_is_in_force_with_the_commit_of_its_publication(
    records: Iterable[Record], times: list[int], newest: list[int]
) -> None:
    assert in_force(records) == InForce(times, newest)
