"""How far the customer book is read, by whom, and what becomes of it over rebalances; without a broker."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import TopicAuthorizationFailedError

from screening import Policy
from screening.customers.book import Book
from streams.customers import reading as module
from streams.customers.reading import CustomerReader, Received
from streams.customers.shelf import Shelf, Trigger
from tests.streams.customers.test_shelf_updates import PROOF, Record
from tests.streams.turns import turns_of_others


class Desk:
    """What the reader sees of the desk: its shelves, and which of them were loaded."""

    def __init__(self) -> None:
        self.shelves: dict[int, Shelf] = {}
        self.told_loaded: list[int] = []

    def take(self, shelf: Shelf) -> None:
        self.shelves[shelf.partition] = shelf

    def loaded(self, shelf: Shelf) -> None:
        shelf.loaded = True
        self.told_loaded.append(shelf.partition)


@dataclass
class Consumer:
    """The group's member: what it has, where it stands, and what it fetches."""

    _client = SimpleNamespace(get_random_node=lambda: None)
    ends: dict[int, int] = field(default_factory=dict)
    at: dict[int, int] = field(default_factory=dict)
    coming: list[dict[int, list[Record]]] = field(default_factory=list)
    sought: list[tuple[int, int]] = field(default_factory=list)
    given_up: set[int] = field(default_factory=set)
    """Partitions that are taken away while the broker is asked where they end."""
    told: list[str] = field(default_factory=list)
    fails: Exception | None = None

    def assignment(self) -> set[TopicPartition]:
        return {partition(number) for number in self.at}

    async def end_offsets(self, partitions: list[TopicPartition]) -> Mapping[TopicPartition, int]:
        for each in partitions:
            if each.partition in self.given_up:
                del self.at[each.partition]
        return {each: self.ends[each.partition] for each in partitions}

    async def position(self, at: TopicPartition) -> int:
        return self.at[at.partition]

    def seek(self, at: TopicPartition, offset: int) -> None:
        self.sought.append((at.partition, offset))
        if at.partition in self.at:
            self.at[at.partition] = offset

    def subscribe(self, topics: list[str], listener: Any) -> None:
        self.topics, self.listener = topics, listener

    async def start(self) -> None:
        self.told.append("started")

    async def stop(self) -> None:
        self.told.append("stopped")

    async def getmany(self, **bounds: int) -> dict[TopicPartition, list[Record]]:
        assert bounds == {"timeout_ms": 100, "max_records": 500}
        await asyncio.sleep(0)
        if not self.coming:
            raise self.fails or asyncio.CancelledError
        fetched = self.coming.pop(0)
        for number, records in fetched.items():
            if number in self.at:
                self.at[number] = max(record.offset for record in records) + 1
        return {partition(number): records for number, records in fetched.items()}


def partition(number: int) -> TopicPartition:
    return TopicPartition("customers", number)


def customer(offset: int, at: int = 0) -> Record:
    return Record(f"C-{offset}".encode(), b'{"name": "Acme"}', offset, partition=at)


PROOFS = SimpleNamespace(known={0: PROOF})


@dataclass
class Reading:
    desk: Desk
    consumer: Consumer
    reader: CustomerReader
    given_up: list[int]
    options: list[dict[str, Any]]

    @property
    def shelves(self) -> dict[int, Shelf]:
        return self.desk.shelves

    def shelve(self, *numbers: int) -> None:
        for number in numbers:
            self.desk.take(Shelf(number, Book(Policy())))
            self.consumer.at[number] = 0

    async def look(self) -> None:
        consumer: Any = self.consumer
        await self.reader._look_where(consumer)

    async def put(self, shelf: Shelf, *records: Record) -> None:
        given: Any = list(records)
        await self.reader._put_all(shelf, given)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    desk, consumer, given_up, options = Desk(), Consumer(), list[int](), list[dict[str, Any]]()

    def opened(client: object, **more: Any) -> Consumer:
        assert client == {"bootstrap_servers": "b:1"}
        options.append(more)
        return consumer

    async def well_set(*_: object) -> str:
        return ""

    parts: Any = {"desk": desk, "proofs": PROOFS, "outbox": None}
    monkeypatch.setattr(module, "wrong_cleanup", well_set)
    monkeypatch.setattr(module, "new_consumer", opened)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    reader = CustomerReader(
        "customers",
        "dead",
        client={"bootstrap_servers": "b:1"},
        group="g",
        session_seconds=12.0,
        policy=Policy(),
        on_given_up=given_up.append,
        **parts,
    )
    return Reading(desk, consumer, reader, given_up, options)


def test_a_record_keeps_all_that_a_dead_letter_is_made_of() -> None:
    record: Any = Record(b"k", b"v", 7, (("h", b"1"),), "t", 3, 1_500)
    received = Received(record)

    assert vars(received) == {
        "topic": "t",
        "partition": 3,
        "offset": 7,
        "timestamp": 1.5,
        "key": b"k",
        "value": b"v",
        "headers": [("h", b"1")],
    }


async def test_it_reads_within_its_group_and_says_why_it_does_not(
    reading: Reading, caplog: pytest.LogCaptureFixture
) -> None:
    reading.consumer.fails = TopicAuthorizationFailedError("customers")
    assert reading.reader.reason == "customers: not read yet"

    async def stops() -> None:
        reading.consumer.fails = None
        while len(reading.options) < 2:  # noqa: ASYNC110  it is opened again by nobody who could say so
            await asyncio.sleep(0)

    with caplog.at_level(logging.WARNING):
        follow = asyncio.create_task(reading.reader._follow(reading.reader))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await stops()
        follow.cancel()
        await asyncio.gather(follow, return_exceptions=True)

    own = {"fetch_max_wait_ms": 20, "session_timeout_ms": 12_000, "heartbeat_interval_ms": 3_000}
    assert reading.options[0] == {"group": "g"} | own
    assert reading.consumer.topics == ["customers"]
    assert reading.consumer.told[:3] == ["started", "stopped", "started"]
    assert reading.reader.reason.startswith("customers: TopicAuthorizationFailedError")
    assert reading.reader.reason.endswith("; is the broker up, and may we read the topic?")
    assert caplog.messages[0] == f"customers are not read: {reading.reader.reason}"


async def test_what_is_fetched_is_put_on_its_own_shelf_and_what_has_none_on_none(reading: Reading) -> None:
    reading.shelve(0, 2)
    reading.consumer.ends = {0: 9, 2: 9}
    reading.consumer.coming = [{1: [customer(1, 1)], 0: [customer(0), customer(1)], 2: [customer(4, 2)]}]
    with pytest.raises(asyncio.CancelledError):
        await reading.reader._read()

    assert {at: (len(shelf.book), shelf.offset) for at, shelf in reading.shelves.items()} == {
        0: (2, 2),
        2: (1, 5),
    }
    assert reading.consumer.told == ["started", "stopped"]


async def test_records_before_the_shelfs_place_are_passed_and_those_of_another_shelf_are_not_put(
    reading: Reading,
) -> None:
    reading.shelve(0)
    shelf = reading.shelves[0]
    shelf.offset = 5
    await reading.put(shelf, customer(4), customer(5), customer(7))
    assert (len(shelf.book), shelf.offset) == (2, 8)

    reading.shelve(0)
    await reading.put(shelf, customer(8))
    assert (len(shelf.book), len(reading.shelves[0].book)) == (2, 0)


async def test_reading_a_long_fetch_gives_the_event_loop_its_turn(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading.shelve(0)
    seen = {}
    for seconds in (0.0, 60.0):
        monkeypatch.setattr(module, "SLICE_SECONDS", seconds)
        async with turns_of_others() as turns:
            await reading.put(reading.shelves[0], *(customer(offset) for offset in range(20)))
            reading.shelves[0].offset, seen[seconds] = 0, turns()

    assert seen == {0.0: 20, 60.0: 0}


@pytest.mark.parametrize(("position", "loaded"), [(8, False), (9, True), (10, True)])
async def test_a_shelf_is_loaded_when_it_is_read_to_where_it_ended(
    reading: Reading, position: int, loaded: bool
) -> None:
    """Records that nobody sees, such as a transaction's end, are passed as well."""
    reading.shelve(0)
    reading.consumer.ends, reading.consumer.at = {0: 9}, {0: position}
    await reading.look()
    reading.consumer.ends = {0: 100}  # what comes later is no part of the load
    await reading.look()

    assert (reading.shelves[0].load_until, reading.shelves[0].offset) == (9, position)
    assert reading.desk.told_loaded == ([0] if loaded else [])
    assert reading.reader.reason == ""


@pytest.mark.parametrize("seen", [False, True])
async def test_a_partition_that_was_recreated_is_read_from_its_beginning_and_nothing_is_proved_of_it(
    reading: Reading, seen: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Its records were passed as known, up to where the old one was read; the last of them were screened."""
    reading.desk.take(old := Shelf(0, Book(Policy()), PROOF, offset=3))
    reading.consumer.ends, reading.consumer.at = {0: 5}, {0: 0}
    anew = [customer(offset) for offset in range(5)]
    reading.consumer.coming = [{0: anew}, {0: anew}] if seen else [{0: anew}]
    if not seen:
        await reading.look()
    with pytest.raises(asyncio.CancelledError):
        await reading.reader._read()

    shelf = reading.shelves[0]
    assert (shelf is not old, shelf.proof, shelf.offset, len(shelf.book)) == (True, None, 5, 5)
    assert len(shelf.waiting[Trigger.CUSTOMER]) == 5
    assert reading.consumer.sought == [(0, 0)]
    assert reading.desk.told_loaded == [0]
    assert [each for each in caplog.messages if "was recreated" in each] == [
        "customers-0 was recreated; it is read from its beginning"
    ]


async def test_all_of_a_topic_that_was_recreated_is_read_again_though_it_is_longer_by_then(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that stood still meanwhile went on at its old place: the customers below it were on no
    shelf, and the proof did not miss them."""
    ids = iter([b"1" * 16, b"2" * 16])

    async def topic_id(client: object, topic: str) -> bytes:
        del client, topic
        return next(ids, b"2" * 16)

    monkeypatch.setattr("streams.faust_internals.identity.topic_id", topic_id)
    monkeypatch.setattr("streams.faust_internals.identity.LOOKS_EVERY_SECONDS", -1.0)
    reading.desk.take(old := Shelf(0, Book(Policy()), PROOF, offset=3))
    reading.consumer.ends, reading.consumer.at = {0: 5}, {0: 3}
    anew = [customer(offset) for offset in range(5)]
    reading.consumer.coming = [{0: anew[3:]}, {0: anew}]
    with pytest.raises(asyncio.CancelledError):
        await reading.reader._read()

    shelf = reading.shelves[0]
    assert (shelf is not old, shelf.proof, shelf.offset, len(shelf.book)) == (True, None, 5, 5)


async def test_one_that_is_taken_away_meanwhile_is_not_asked_about(reading: Reading) -> None:
    reading.shelve(0)
    reading.consumer.ends, reading.consumer.given_up = {0: 0}, {0}
    await reading.look()

    assert reading.desk.told_loaded == []
    assert reading.reader.reason == "customers: not read yet"


async def test_without_a_partition_there_is_a_reason_and_without_a_shelf_the_others_are_looked_at(
    reading: Reading,
) -> None:
    await reading.look()
    assert reading.reader.reason == "customers: no partition is assigned yet"

    reading.shelve(1, 2)
    del reading.shelves[1]
    reading.consumer.ends = {2: 0}
    await reading.look()
    assert (reading.desk.told_loaded, reading.reader.reason) == ([2], "")


def test_a_shelf_that_stays_is_kept_one_that_goes_is_given_up_and_one_that_comes_is_read_whole(
    reading: Reading,
) -> None:
    reading.shelve(1, 2)
    kept = reading.shelves[2]
    kept.offset = 5
    consumer: Any = reading.consumer
    listener = module._Assignments(reading.reader, consumer)
    listener.on_partitions_revoked({partition(1), partition(2)})
    assert set(reading.shelves) == {1, 2}
    listener.on_partitions_assigned([partition(2), partition(0), partition(3)])

    assert set(reading.shelves) == {0, 2, 3}
    assert reading.shelves[2] is kept
    assert reading.given_up == [1]
    assert reading.consumer.sought == [(2, 5), (0, 0), (3, 0)]
    assert (reading.shelves[0].proof, reading.shelves[3].proof) == (PROOF, None)
