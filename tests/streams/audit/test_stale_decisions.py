"""Which decisions are stale, of records as they are read: no broker is asked."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from screening import Designation, Name, Policy, Screener
from screening.cases.dispositions import Dispositions
from screening.policy.rules import StrippingRule
from streams.audit.stale import DecidedAgain, InForce, Stale, decide_again, in_force, stale_among
from streams.kafka.log import Record
from streams.kafka.topics import Topics
from streams.records.designations import PUBLICATION, REGISTRY
from streams.records.json import Origin, alert_to_json
from tests.streams.audit.test_stale import AMOUNT, CREDITOR, DEBTOR, stopped_payment
from tests.streams.topics_in_memory import TopicsInMemory

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
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
    bare = {"payment_id": "P-0", "outcome": "clear", "hits": [], "list": {"offsets": {}}}
    hits = [{"alert_id": "a", "designation": {"id": "x"}, "stopped": 1}]
    odd = decision(at_ms=2_000, decided_with=5, hits=hits)
    found = stale_among(
        [record(0, bare), record(1, None), odd, decision(at_ms=2_000, decided_with=5)], LISTED
    )

    assert (found.decisions, found.without_event, found.unreadable, len(found.stale)) == (2, 1, 2, 1)


@pytest.mark.parametrize(
    ("latency_ms", "decided_with", "outcome", "stale_at", "unchecked"),
    [
        (500.1, 30, "clear", None, 0),  # asked for a moment before offset 30 was in force
        (500.0, 30, "clear", 30, 0),
        (500.0, 31, "clear", None, 0),
        (500.0, 30, "error", None, 0),
        (0.0, 30, "clear", None, 1),  # an older server did not say when it was asked
    ],
)
def test_a_decision_on_a_request_is_stale_where_its_list_was_older_than_the_request(
    latency_ms: float, decided_with: int, outcome: str, stale_at: int | None, unchecked: int
) -> None:
    """None of them could be checked."""
    said = {"payment_id": "P-1", "hits": [], "screened_at": "1970-01-01T00:00:02.500+00:00"}
    first = {"outcome": "clear", "latency_ms": 1.0, "list": {"offsets": {"0": 5}}}
    last = {"outcome": outcome, "latency_ms": latency_ms, "list": {"offsets": {"0": decided_with}}}
    behind = {} if unchecked else {"P-1": stale_at} if stale_at else {}
    found = stale_among([record(0, said | last)], LISTED)

    assert (found.requested, found.without_event, found.stale) == (behind, unchecked, {})
    if not unchecked:  # the last answer counts
        assert stale_among([record(0, said | first), record(1, said | last)], LISTED).requested == behind
    assert stale_among([record(0, said | first | {"screened_at": "now"})], LISTED).unreadable == 1


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


@pytest.mark.parametrize("value", [{}, [], "x", {"marker": "commit", "version": 99}])
def test_a_marker_that_nobody_can_read_leaves_its_entries_in_force_by_themselves(value: object) -> None:
    """One record of somebody else's ended `recheck` with a traceback."""
    found = in_force([entry(1, 5.0, "p"), record(2, value, key="ofac:@commit", at=6.0)])

    assert found == InForce([5_000], [1])


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
        ([entry(3, 1.5, "a"), marker("withdrawal", "a", 4, 2.0)], [1_500], [3]),
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


def again(
    topics: TopicsInMemory, *payment_ids: str, knows: bool = True, **alerts: float
) -> dict[str, DecidedAgain]:
    """What becomes of stale decisions about the records 0, 1, … of the payments topic.

    `alerts` are hours before the stale decision at which the first payment was stopped.
    """
    policy = Policy(stripping=StrippingRule(apply=knows, window_hours=24))
    first, stopped_then = stopped_payment()
    for at in alerts.values():
        value = alert_to_json(stopped_then, first, NOW, 1.0)
        topics.put("screening.alerts", "P-1", value, NOW.timestamp() - at * 3600)
    screener = Screener(policy)
    screener.upsert(Designation("ofac:2", (Name("VERSOR S.R.O."),)))
    found = [
        Stale(name, Origin("payments", 0, offset, 0), 0, 1, NOW) for offset, name in enumerate(payment_ids)
    ]
    client, given = {"bootstrap.servers": "b:1"}, reversed(found)
    return {
        one.stale.payment_id: one for one in decide_again(client, Topics(), screener, Dispositions(), given)
    }


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> TopicsInMemory:
    made = TopicsInMemory()
    made.stand_in(monkeypatch)
    return made


def paid(topics: TopicsInMemory, payment_id: str, creditor: str) -> None:
    parties = [DEBTOR, CREDITOR | {"name": creditor}]
    topics.put("payments", payment_id, orjson.dumps({"id": payment_id, "parties": parties} | AMOUNT))


def test_a_stale_payment_is_decided_by_the_list_of_now_and_one_that_is_gone_says_so(
    topics: TopicsInMemory,
) -> None:
    paid(topics, "P-0", "Versor s.r.o.")
    paid(topics, "P-1", "Acme")
    topics.put("payments", "P-2", b"no payment")
    paid(topics, "another", "Versor s.r.o.")
    decided = again(topics, "P-0", "P-1", "P-2", "P-3", "P-4")

    assert list(decided) == ["P-0", "P-1", "P-2", "P-3", "P-4"]  # in the order of the topic
    assert [one.decision.outcome for one in decided.values()] == ["hit", "clear", "error", "error", "error"]
    read = [one.payment and one.payment.id for one in decided.values()]
    assert read == ["P-0", "P-1", None, None, None]
    assert {one.decision.trigger for one in decided.values()} == {"barrier"}
    gone = "event_expired: payments no longer holds the event; ask its sender"
    assert decided["P-4"].decision.error == gone


@pytest.mark.parametrize(("hours", "found"), [(25, False), (23, True), (-1, False)])
def test_what_was_stopped_in_the_window_before_the_decision_is_known_again(
    topics: TopicsInMemory, hours: float, found: bool
) -> None:
    paid(topics, "P-2", "V. Trading")
    (one,) = again(topics, "P-2", at=hours).values()

    assert one.decision.outcome == ("hit" if found else "clear")


def test_a_policy_that_knows_no_resubmissions_reads_no_alerts(topics: TopicsInMemory) -> None:
    paid(topics, "P-2", "V. Trading")
    topics.put("screening.alerts", "P-0", b"no alert", NOW.timestamp())
    (one,) = again(topics, "P-2", knows=False, at=23).values()

    assert one.decision.outcome == "clear"
