"""Claims about a topic read from its end: newest first over all partitions, nothing lost, nothing twice."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from confluent_kafka import Producer

from streams.console.reading.backwards import Found, newest
from streams.console.reading.words import Words
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.raw.compression import MOST_UNCOMPRESSED
from streams.kafka.raw.raw_log import RawLog

TOPIC = "screening.alerts"
START_MS = 1_700_000_000_000
EVERYTHING = Words()


def write(bootstrap: str, numbers: Iterable[int], partitions: int = 3) -> None:
    """One record a millisecond, over the partitions in turn; batches of ten at most."""
    producer = Producer({"bootstrap.servers": bootstrap, "batch.num.messages": 10, "compression.type": "lz4"})
    for number in numbers:
        value = b'{"n": "P-%d-%s"}' % (number, b"even" if number % 2 == 0 else b"odd")
        producer.produce(TOPIC, value, b"%d" % number, number % partitions, timestamp=START_MS + number)
    assert producer.flush(30) == 0


@asynccontextmanager
async def log_of(numbers: Iterable[int]) -> AsyncIterator[tuple[RawLog, str]]:
    with EmbeddedBroker({TOPIC: 3}) as broker:
        write(broker.bootstrap, numbers)
        log = RawLog({"bootstrap_servers": broker.bootstrap})
        try:
            yield log, broker.bootstrap
        finally:
            await log.stop()


def numbers_of(found: Found) -> list[int]:
    return [int(record.key) for record in found.records]


async def test_the_newest_of_all_partitions_come_first() -> None:
    async with log_of(range(300)) as (log, _):
        found = await newest(log, TOPIC, EVERYTHING, 20)

    assert numbers_of(found) == list(range(299, 279, -1))
    assert found.looked.of == 300


@pytest.mark.parametrize("limit", [1, 7, 100])
async def test_page_after_page_shows_every_record_once(limit: int) -> None:
    async with log_of(range(300)) as (log, _):
        seen: list[int] = []
        found = await newest(log, TOPIC, EVERYTHING, limit)
        seen += numbers_of(found)
        while found.looked.next:
            found = await newest(log, TOPIC, EVERYTHING, limit, until=found.looked.next)
            seen += numbers_of(found)

    assert seen == list(range(299, -1, -1))
    assert found.looked.back_to is None


async def test_a_search_looks_through_everything_and_says_so() -> None:
    async with log_of(range(900)) as (log, _):
        found = await newest(log, TOPIC, Words.of("p-3-odd"), 20)

    assert numbers_of(found) == [3]
    assert (found.looked.records, found.looked.of, found.looked.back_to) == (900, 900, None)


async def test_a_search_without_time_says_how_far_back_it_looked_and_goes_on_from_there() -> None:
    async with log_of(range(900)) as (log, _):
        found = await newest(log, TOPIC, Words.of("p-3-odd"), 20, seconds=0)
        assert found.looked.records < 900
        assert found.looked.back_to is not None
        rounds = 0
        while not found.records:
            found = await newest(log, TOPIC, Words.of("p-3-odd"), 20, until=found.looked.next, seconds=0)
            rounds += 1

    assert numbers_of(found) == [3]
    assert rounds < 900


async def test_what_came_since_is_found_after_the_ends() -> None:
    async with log_of(range(30)) as (log, bootstrap):
        before = await newest(log, TOPIC, EVERYTHING, 5)
        write(bootstrap, range(30, 60))
        since = await newest(log, TOPIC, Words.of("even"), 100, after=before.looked.ends)

    assert numbers_of(since) == list(range(58, 29, -2))


async def test_an_empty_topic_has_nothing_and_all_of_it_was_looked_at() -> None:
    async with log_of(()) as (log, _):
        found = await newest(log, TOPIC, EVERYTHING, 5)

    assert (found.records, found.looked.of, found.looked.back_to, found.looked.next) == ([], 0, None, {})


async def test_large_records_are_read_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.console.reading.backwards.FETCH_BYTES", 50)
    async with log_of(range(200)) as (log, _):
        found = await newest(log, TOPIC, EVERYTHING, 200)

    assert numbers_of(found) == list(range(199, -1, -1))


async def test_an_answer_ends_where_its_bytes_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.console.reading.backwards.MOST_BYTES", 100)
    async with log_of(range(200)) as (log, _):
        found = await newest(log, TOPIC, EVERYTHING, 200)
        rest = await newest(log, TOPIC, EVERYTHING, 200, until=found.looked.next)

    assert 1 <= len(found.records) < 20
    assert numbers_of(rest)[0] == numbers_of(found)[-1] - 1


async def test_a_batch_that_unpacks_to_too_much_hides_no_other_record() -> None:
    async with log_of(range(10)) as (log, bootstrap):
        large = Producer(
            {"bootstrap.servers": bootstrap, "compression.type": "zstd", "message.max.bytes": 1 << 28}
        )
        large.produce(TOPIC, bytes(MOST_UNCOMPRESSED + 1), b"large", 0)
        assert large.flush(60) == 0
        write(bootstrap, range(10, 20))
        found = await newest(log, TOPIC, EVERYTHING, 100)

    assert sorted(numbers_of(found)) == list(range(20))
    assert (found.looked.unread, found.looked.back_to) == (1, None)


async def test_a_costly_record_does_not_keep_an_answer_from_coming() -> None:
    """Each is looked at, a few in a call; the next call goes on."""
    async with log_of(()) as (log, bootstrap):
        producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 500})
        for number in range(40):
            producer.produce(TOPIC, b"[" + b"1," * 10_000 + b'"odd"]', b"%d" % number, 0)
        assert producer.flush(30) == 0
        found, seen, rounds = await newest(log, TOPIC, Words.of("odd"), 100, seconds=0), 0, 1
        while found.looked.next:
            seen += len(found.records)
            found = await newest(log, TOPIC, Words.of("odd"), 100, until=found.looked.next, seconds=0)
            rounds += 1

    assert seen + len(found.records) == 40
    assert rounds >= 10
