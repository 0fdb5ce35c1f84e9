"""Claims about the work list: what is open, by pair, the most urgent first, within its bounds."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from confluent_kafka import Producer

from config.settings import load_settings
from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from streams.console.opening import console_of
from streams.console.work import Order, WorkList
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.records.json import disposition_to_json

TOPICS = Topics()
START_MS = 1_700_000_000_000
DEADLINES = {"instant": 60.0, "any": 3600.0}


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(dict(TOPICS.partitions(2))) as embedded:
        yield embedded


@asynccontextmanager
async def work_of(
    broker: EmbeddedBroker, *, four_eyes: bool = False, most: int = 100
) -> AsyncIterator[WorkList]:
    desk = console_of(load_settings(broker=broker.bootstrap), ()).desk
    try:
        yield WorkList(desk, SuppressionRules(four_eyes), DEADLINES, most)
    finally:
        await desk.stop()


def write(broker: EmbeddedBroker, topic: str, *records: tuple[str, bytes | None]) -> None:
    """One a second."""
    producer = Producer({"bootstrap.servers": broker.bootstrap})
    for number, (key, value) in enumerate(records):
        producer.produce(topic, value, key.encode(), timestamp=START_MS + number * 1000)
    assert producer.flush(30) == 0


def alert(number: int, party: str, amount: str = "1", rail: str = "swift", **more: Any) -> tuple[str, bytes]:
    listed = {"id": "ofac:1", "name": "VERSOR", "fingerprint": "listed"}
    hit = {"alert_id": f"{number:032x}", "fingerprint": party, "designation": listed, "action": "review"}
    hit |= {"value": f"Party {party}"} | more.pop("hit", {})
    payment = {"amount": amount, "currency": "USD", "rail": rail}
    return f"P-{number}", orjson.dumps(
        {"payment_id": f"P-{number}", "hits": [hit], "payment": payment} | more
    )


def given(party: str, verdict: Verdict = Verdict.FALSE_POSITIVE, **more: Any) -> tuple[str, bytes]:
    told = Disposition(
        party,
        "ofac:1",
        more.pop("of_list", "listed"),
        verdict,
        "J. Doe",
        "why",
        datetime(2100, 1, 1, tzinfo=UTC),
    )
    return told.key, disposition_to_json(told)


def parties(rows: dict[str, Any]) -> list[str]:
    return [row["pair"].partition("|")[0] for row in rows["pairs"]]


async def test_alerts_of_one_pair_are_one_row(broker: EmbeddedBroker) -> None:
    write(broker, TOPICS.alerts, alert(1, "a", "10"), alert(2, "b"), alert(3, "a", "9.5"))
    async with work_of(broker) as work:
        rows = await work.rows(Order.AGE)

    assert [(row["pair"], row["alerts"], row["amount"]) for row in rows["pairs"]] == [
        ("a|ofac:1", 2, "10"),
        ("b|ofac:1", 1, "1"),
    ]
    assert (rows["alerts"], rows["not_shown"], rows["back_to"]) == (3, 0, None)
    assert rows["pairs"][0]["alert"]["id"] == f"{3:032x}"


@pytest.mark.parametrize(
    ("order", "expected"),
    [(Order.AGE, "abc"), (Order.AMOUNT, "bca"), (Order.ACTION, "cab"), (Order.DEADLINE, "bac")],
)
async def test_the_most_urgent_comes_first(broker: EmbeddedBroker, order: Order, expected: str) -> None:
    write(
        broker,
        TOPICS.alerts,
        alert(1, "a", "5"),
        alert(2, "b", "1000", rail="instant"),
        alert(3, "c", "20.5", hit={"action": "hold"}),
    )
    async with work_of(broker) as work:
        assert "".join(parties(await work.rows(order))) == expected


async def test_what_a_disposition_answers_is_no_work(broker: EmbeddedBroker) -> None:
    write(broker, TOPICS.alerts, *(alert(number, party) for number, party in enumerate("abcd")))
    write(
        broker,
        TOPICS.dispositions,
        given("a"),
        given("b", Verdict.TRUE_POSITIVE),
        given("c", of_list="as it was before"),
        given("d"),
        (given("d")[0], None),
    )
    async with work_of(broker) as work:
        assert parties(await work.rows(Order.AGE)) == ["c", "d"]


async def test_with_four_eyes_one_person_s_false_positive_stays_and_says_for_whom_it_waits(
    broker: EmbeddedBroker,
) -> None:
    write(broker, TOPICS.alerts, alert(1, "a"))
    write(broker, TOPICS.dispositions, given("a"))
    async with work_of(broker, four_eyes=True) as work:
        (row,) = (await work.rows(Order.AGE))["pairs"]

    assert row["waits_for_approval_of"] == "J. Doe"


async def test_an_alert_that_was_closed_is_no_work_and_a_delisted_one_says_so(broker: EmbeddedBroker) -> None:
    write(
        broker,
        TOPICS.alerts,
        alert(1, "a"),
        alert(2, "b"),
        alert(1, "a", update={"state": "closed"}),
        alert(2, "b", update={"state": "superseded"}),
    )
    async with work_of(broker) as work:
        (row,) = (await work.rows(Order.AGE))["pairs"]

    assert (row["pair"], row["states"]) == ("b|ofac:1", ["superseded"])


async def test_of_too_many_alerts_the_newest_are_shown_and_it_says_back_to_when(
    broker: EmbeddedBroker,
) -> None:
    write(broker, TOPICS.alerts, *(alert(number, f"p{number}") for number in range(3000)))
    async with work_of(broker, most=100) as work:
        rows = await work.rows(Order.AGE)

    assert len(rows["pairs"]) == 200
    assert rows["not_shown"] == rows["alerts"] - 200 > 0
    assert rows["back_to"] >= START_MS / 1000


async def test_what_is_no_alert_is_counted_and_hides_no_other(broker: EmbeddedBroker) -> None:
    wrong = alert(2, "b", amount="9" * 400 + "e9", hit={"value": None, "action": 7})
    write(broker, TOPICS.alerts, alert(1, "a"), ("P", b"{"), ("P", b'{"hits": [{}]}'), ("P", None), wrong)
    async with work_of(broker) as work:
        rows = await work.rows(Order.AMOUNT)

    assert sorted(parties(rows)) == ["a", "b"]
    assert rows["unreadable"] == 2
