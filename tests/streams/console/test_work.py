"""Claims about the work list on its topics: by pair, the most urgent first, from question to question."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import Producer

from config.settings import load_settings
from screening.cases.dispositions import SuppressionRules
from streams.console import work
from streams.console.opening import console_of
from streams.console.work import SECONDS, Order, WorkList
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from tests.streams.open_alerts import alert, given

START_MS = 1_700_000_000_000
DEADLINES = {"instant": 60.0, "any": 3600.0}
NAMES = ("order", "since", "slow")


@pytest.fixture(scope="module")
def bootstrap() -> Iterator[str]:
    """One broker, with topics of its own for each test."""
    topics: dict[str, int] = {}
    for name in NAMES:
        topics |= Topics(f"{name}.").partitions(2)
    with EmbeddedBroker(topics) as embedded:
        yield embedded.bootstrap


@asynccontextmanager
async def work_of(bootstrap: str, name: str, seconds: float = SECONDS) -> AsyncIterator[WorkList]:
    desk = console_of(load_settings(broker=bootstrap, topic_prefix=f"{name}."), ()).desk
    try:
        yield WorkList(desk, SuppressionRules(), DEADLINES, seconds=seconds)
    finally:
        await desk.stop()


def write(bootstrap: str, topic: str, *records: tuple[str, bytes | None]) -> None:
    """One a second, each a batch of its own."""
    producer = Producer({"bootstrap.servers": bootstrap, "batch.num.messages": 1})
    for number, (key, value) in enumerate(records):
        producer.produce(topic, value, key.encode(), timestamp=START_MS + number * 1000)
    assert producer.flush(30) == 0


def parties(rows: dict[str, Any]) -> str:
    return "".join(row["pair"].partition("|")[0] for row in rows["pairs"])


async def test_alerts_of_one_pair_are_one_row_and_the_most_urgent_comes_first(bootstrap: str) -> None:
    write(
        bootstrap,
        Topics("order.").alerts,
        alert(1, "a", "5"),
        alert(2, "b", "1000", rail="instant"),
        alert(3, "c", "20.5", hit={"action": "hold"}),
        alert(4, "a", "4.5"),
    )
    async with work_of(bootstrap, "order") as work:
        rows = {order: await work.rows(order) for order in Order}

    assert {order: parties(each) for order, each in rows.items()} == {
        Order.AGE: "abc",
        Order.AMOUNT: "bca",
        Order.ACTION: "cab",
        Order.DEADLINE: "bac",
    }
    first, told = rows[Order.AGE]["pairs"][0], rows[Order.AGE]
    assert (first["pair"], first["alerts"], first["amount"]) == ("a|ofac:1", 2, "5")
    assert first["alert"]["id"] == f"{4:032x}"
    assert (told["alerts"], told["not_shown"], told["behind"], told["read_to"]) == (4, 0, 0, None)


async def test_what_came_since_is_shown_and_what_was_answered_is_not(bootstrap: str) -> None:
    topics = Topics("since.")
    write(bootstrap, topics.alerts, alert(1, "a"), alert(2, "b"))
    async with work_of(bootstrap, "since") as work:
        assert parties(await work.rows(Order.AGE)) == "ab"
        write(bootstrap, topics.dispositions, given("a"))
        write(bootstrap, topics.alerts, alert(3, "c"), alert(4, "a"))
        work.forget()
        assert sorted(parties(await work.rows(Order.AGE))) == ["b", "c"]
        write(bootstrap, topics.dispositions, (given("a")[0], None))
        work.forget()
        assert sorted(parties(await work.rows(Order.AGE))) == ["a", "b", "c"]


async def test_without_time_it_says_how_much_is_not_read_and_goes_on_with_the_next_question(
    bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.console.reading.forwards.FETCH_BYTES", 1_000)
    write(bootstrap, Topics("slow.").alerts, *(alert(number, f"p{number}-") for number in range(20)))
    async with work_of(bootstrap, "slow", seconds=0) as work:
        rows = await work.rows(Order.AGE)
        assert rows["behind"] > 0
        assert rows["read_to"] is not None
        for _ in range(20):
            if not rows["behind"]:
                break
            rows = await work.rows(Order.AGE)

    assert (len(rows["pairs"]), rows["behind"], rows["read_to"]) == (20, 0, None)


@pytest.mark.parametrize("behind", [False, True])
async def test_what_was_read_is_shown_again_for_five_seconds_if_it_was_all(
    behind: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, reads = [1_000.0], list[float]()

    class Read(WorkList):
        def __init__(self) -> None:
            self._kept, self._turn = None, asyncio.Lock()

        async def _read(self) -> None:
            reads.append(now[0])

        def _open_pairs(self) -> Any:
            return {"behind": behind}, []

    monkeypatch.setattr(work, "time", SimpleNamespace(monotonic=lambda: now[0]))
    listed = Read()
    for now[0] in (1_000.0, 1_000.0, 1_004.9, 1_005.0, 1_005.1, 1_005.2):
        assert (await listed.rows(Order.AGE))["behind"] is behind

    every = [1_000.0, 1_000.0, 1_004.9, 1_005.0, 1_005.1, 1_005.2]
    assert reads == (every if behind else [1_000.0, 1_005.1])
