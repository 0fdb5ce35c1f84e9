"""Claims about the feed: browsers are told, the agent is never slowed."""

from datetime import UTC, datetime

import orjson

from screening.decisions import Outcome
from screening.designations import Designation, Link, Name
from streams.console.feed import ALERTS_KEPT, QUEUE, SENT_A_SECOND, Feed

NOON = datetime(2023, 8, 16, 12, tzinfo=UTC)
VERUS = Designation(
    "ofac:44519", (Name("VERUS"),), links=(Link("MKRTYCHEV, Ashot", "linked_to", "ofac:41563"),)
)


async def test_a_tick_tells_rates_and_percentiles_of_its_second() -> None:
    feed = Feed()
    with feed.subscribe() as (_, browser):
        for latency in (0.001, 0.002, 0.003, 0.4):
            feed.decided(Outcome.CLEAR, latency)
        feed.decided(Outcome.HIT, 0.005)
        feed.tick(NOON, 1.0, {"ready": True})

        tick, status = await browser.get(), await browser.get()

    assert tick and status
    told = orjson.loads(tick.data)
    assert (told["payments"], told["hits"]) == (5, 1)
    assert told["latency"] == {"p50": 0.003, "p95": 0.4, "p99": 0.4}
    assert (status.kind, orjson.loads(status.data)) == ("status", {"ready": True})


async def test_a_tick_starts_from_zero() -> None:
    feed = Feed()
    feed.decided(Outcome.CLEAR, 0.001)
    feed.tick(NOON, 1.0, {})

    with feed.subscribe() as (_, browser):
        feed.tick(NOON, 1.0, {})
        tick = await browser.get()

    assert tick and orjson.loads(tick.data)["payments"] == 0


def test_a_browser_that_comes_later_sees_the_last_alerts() -> None:
    feed = Feed()
    feed.designated(VERUS, "added", 0.02)
    feed.alert(b'{"payment_id":"P-1"}')

    with feed.subscribe() as (lately, _):
        assert [event.kind for event in lately] == ["designation", "alert"]
        assert orjson.loads(lately[0].data)["designation"]["links"][0]["to"] == "ofac:41563"


async def test_a_browser_that_does_not_read_loses_the_oldest_and_holds_no_more() -> None:
    feed = Feed()
    with feed.subscribe() as (_, browser):
        for number in range(QUEUE + 5):  # two events each
            feed.tick(NOON, float(number), {})
        first = await browser.get()

    assert browser.dropped == feed.dropped == QUEUE + 10
    assert first and orjson.loads(first.data)["seconds"] == QUEUE / 2 + 5


def test_a_flood_of_alerts_is_counted_but_told_in_part() -> None:
    feed = Feed()
    for number in range(1000):
        feed.alert(b'{"payment_id":"P-%d"}' % number)
    with feed.subscribe() as (lately, _):
        assert len(lately) == SENT_A_SECOND <= ALERTS_KEPT

    feed.tick(NOON, 1.0, {})
    with feed.subscribe() as (lately, _):
        assert orjson.loads(lately[-1].data)["alerts"] == 1000


async def test_close_ends_every_subscription() -> None:
    feed = Feed()
    with feed.subscribe() as (_, browser):
        feed.close()

        assert await browser.get() is None
    assert feed.browsers == 0


def test_an_event_is_one_line_of_data() -> None:
    feed = Feed()
    feed.alert(orjson.dumps({"value": "line\nbreak\r\nevent: forged"}))

    with feed.subscribe() as (lately, _):
        assert lately[0].encode().count(b"\n") == 3
