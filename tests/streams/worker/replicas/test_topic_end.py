"""How long nobody may answer and nothing may come, by a clock of the test's own."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from prometheus_client import CollectorRegistry

from screening import Screener
from screening.ledger import Marker, MarkerType
from streams.console.feed import Feed
from streams.records.json import designation_to_json
from streams.worker.metrics import Metrics
from streams.worker.replicas import designations as replica_module
from streams.worker.replicas import reporting, topic_end, turns
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.reporting import ListReport
from streams.worker.replicas.table import Applied, ListTable
from streams.worker.replicas.topic_end import TopicEnd
from tests.streams.list_topic import designation


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(topic_end, "time", made)
    yield made


@pytest.mark.parametrize(("silent", "unreachable"), [(10.0, ""), (10.1, "t: out of reach for 10 s (gone)")])
def test_silence_counts_when_it_is_longer_than_it_may_be(
    clock: Clock, silent: float, unreachable: str
) -> None:
    end = TopicEnd("t", silence_seconds=10.0)
    end.answered()
    clock.now += silent

    assert end.not_answered("gone") is bool(unreachable)
    assert end.unreachable == unreachable
    end.reached()
    assert end.unreachable == ""


@pytest.mark.parametrize(("waited", "stuck"), [(1.5, False), (1.6, True)])
def test_a_topic_that_goes_on_while_nothing_comes_is_read_from_another_broker(
    clock: Clock, waited: float, stuck: bool
) -> None:
    """It is asked once a second, so what lasts for two is seen after one and a half at the least."""
    end = TopicEnd("t", 10.0)
    assert not end.stands_still(9, 7, busy=False)
    clock.now += waited

    assert end.stands_still(9, 7, busy=False) is stuck
    assert ("read up to 7 of 9" in end.behind) is stuck
    assert not end.stands_still(9, 7, busy=False)  # counted anew
    end.reached()
    assert end.behind == ""


@pytest.mark.parametrize(("read_to", "busy"), [(8, False), (7, True)])
def test_a_reader_that_comes_on_or_is_busy_does_not_stand_still(
    clock: Clock, read_to: int, busy: bool
) -> None:
    end = TopicEnd("t", 10.0)
    end.stands_still(9, 7, busy=False)
    clock.now += 5

    assert not end.stands_still(9, read_to, busy=busy)
    clock.now += 1.5
    assert not end.stands_still(9, read_to, busy=False)
    clock.now += 0.2
    assert end.stands_still(9, read_to, busy=False)


def test_what_was_reached_in_between_is_counted_anew(clock: Clock) -> None:
    end = TopicEnd("t", 10.0)
    end.stands_still(9, 7, busy=False)
    clock.now += 5
    end.reached()

    assert not end.stands_still(10, 7, busy=False)


def replica_at(offset: int) -> tuple[Replica, CollectorRegistry]:
    metrics = Metrics(process=False)
    replica = Replica("t", client={}, new_screener=Screener, metrics=metrics, feed=Feed())
    replica._offset, replica._loading = offset, False
    return replica, metrics.registry


@pytest.mark.parametrize(
    ("end", "read_to", "reload", "behind"),
    [
        (9, 10, True, 0),  # before what was read when it was asked for: another topic of this name
        (10, 10, False, 0),
        (12, 10, False, 0),
        (13, 10, False, 1),
        (15, 12, False, 3),
    ],
)
def test_the_end_of_the_topic_is_compared_with_what_was_read_when_it_was_asked_for(
    end: int, read_to: int, reload: bool, behind: int
) -> None:
    replica, registry = replica_at(12)
    replica._end_reported(end, read_to)

    assert replica._reload is reload
    assert ("it was recreated" in replica.reasons[0]) is reload
    assert registry.get_sample_value("interdict_list_lag_records") == behind


def test_a_reader_that_stands_still_asks_another_broker_and_one_that_applies_does_not(clock: Clock) -> None:
    for applying, asks in ((True, False), (False, True)):
        replica, _ = replica_at(12)
        replica._applying = applying
        replica._end_reported(15, 12)
        clock.now += 3
        replica._end_reported(15, 12)

        assert replica._reconnect is asks
        assert bool(replica.behind) is asks


@pytest.mark.parametrize("state", ["_reload", "_loading", "_applying"])
def test_a_table_on_its_way_is_not_judged(state: str) -> None:
    replica, _ = replica_at(12)
    before = replica.reasons
    setattr(replica, state, True)
    replica._update_completeness()
    assert replica.reasons == before

    setattr(replica, state, False)
    replica._update_completeness()
    assert "is empty and no list was committed" in replica.reasons[0]


def test_nobody_that_answers_for_too_long_pauses_screening(clock: Clock) -> None:
    replica, _ = replica_at(12)
    replica._topic_end.answered()
    replica.complete.set()
    replica._no_answer("gone")
    assert replica.complete.is_set()

    clock.now += 10.1
    replica._no_answer("gone")
    assert not replica.complete.is_set()
    assert replica.reasons == ("t: out of reach for 10 s (gone)",)


@pytest.mark.parametrize(
    ("step", "give_reason", "told"),
    [(0.6, True, "list ofac v2 is being applied: 1 of 4"), (0.3, True, ""), (0.6, False, "")],
)
async def test_a_publication_that_takes_longer_than_a_second_is_given_as_the_reason(
    monkeypatch: pytest.MonkeyPatch, step: float, give_reason: bool, told: str
) -> None:
    """The clock goes on by so much with each look, one an entry; four looks are the end of it."""

    class Steps:
        now = 16_000.0

        def monotonic(self) -> float:
            self.now += step
            return self.now

    class Over(turns.Turn):
        def is_over(self) -> bool:
            return True

    replica, _ = replica_at(12)
    replica.reasons = ()
    seen: list[tuple[str, ...]] = []
    apply = replica._table.change

    def change(key: str, value: bytes | None) -> Applied | None:
        seen.append(replica.reasons)
        return apply(key, value)

    monkeypatch.setattr(replica._table, "change", change)
    monkeypatch.setattr(replica_module, "time", Steps())
    monkeypatch.setattr(replica_module, "Turn", Over)
    entries = {f"ofac:{each}": designation_to_json(designation(str(each), "A")) for each in range(4)}
    marker = Marker(MarkerType.COMMIT, "ofac", "v2", 4, "")
    await replica._change_all(marker, entries, give_reason=give_reason)

    assert seen[2] == ((told,) if told else ())
    assert len(replica.screener) == 4


@pytest.mark.parametrize(("came_ms", "seconds"), [(999_500, 0.5), (1_000_500, 0.0)])
def test_a_change_is_told_with_how_long_ago_the_broker_took_it(
    monkeypatch: pytest.MonkeyPatch, came_ms: int, seconds: float
) -> None:
    monkeypatch.setattr(reporting, "time", SimpleNamespace(time=lambda: 1_000.0))
    metrics, feed, table = Metrics(process=False), Feed(), ListTable("t", Screener())
    report = ListReport(metrics, feed)
    table.screener.upsert(designation("1", "A"))
    told: list[tuple[str, str, float]] = []
    monkeypatch.setattr(feed, "designated", lambda entry, what, took: told.append((entry.id, what, took)))
    monkeypatch.setattr(feed, "delisted", lambda key, took: told.append((key, "removed", took)))
    for key in ("ofac:1", "ofac:2"):
        report.applied(table, Applied(key, "added", came_ms))
    report.applied(table, Applied("ofac:1", "added", 0))  # when is not known

    assert told == [("ofac:1", "added", seconds), ("ofac:2", "removed", seconds)]
    shown = metrics.registry.get_sample_value
    assert shown("interdict_designation_effective_seconds_count") == 2
    assert shown("interdict_designation_effective_seconds_sum") == 2 * seconds
