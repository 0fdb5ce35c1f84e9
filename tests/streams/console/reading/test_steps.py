"""How a search goes back through one partition: what a step takes over, and how far the next one reaches."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.console.reading import backwards
from streams.console.reading.backwards import FETCH_BYTES, LARGEST_CHUNK, _fetch_before, _Part, _step, _Way

HALF = FETCH_BYTES // 2


@pytest.mark.parametrize(
    ("size", "sent", "next_size"),
    [
        (64, 0, 128),
        (64, HALF - 1, 128),
        (64, HALF, 64),
        (64, HALF + 1, 64),
        (LARGEST_CHUNK, 0, LARGEST_CHUNK),
        (LARGEST_CHUNK - 1, 0, LARGEST_CHUNK),
    ],
)
async def test_a_step_reaches_twice_as_far_as_the_last_while_what_is_fetched_is_small(
    size: int, sent: int, next_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = _Way(1, 10, 500, size, frontier=9.0, unread=2)
    records: Any = ["new", "old"]
    asked: list[Any] = []

    async def before(*given: object) -> Any:
        asked.append(given)
        return SimpleNamespace(batches=bytes(sent), aborted=()), 300

    def search(*given: Any) -> _Part:
        asked.append(given[1:])
        return _Part(records, 7, 4.0, 3)

    monkeypatch.setattr(backwards, "_fetch_before", before)
    monkeypatch.setattr(backwards, "_search", search)
    log: Any = "log"
    words: Any = "words"
    await _step(log, "t", way, words, 20, 99.0)

    assert asked == [("log", "t", way), (300, way, "words", 20, 99.0)]
    assert [*way.found] == records
    assert (way.end, way.frontier, way.unread, way.size) == (10, 4.0, 5, next_size)


async def test_what_retention_took_meanwhile_is_looked_at_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> Any:
        raise OffsetOutOfRangeError

    monkeypatch.setattr(backwards, "_fetch_before", gone)
    way = _Way(1, 10, 500, 64)
    log: Any = "log"
    words: Any = "words"
    await _step(log, "t", way, words, 20, 99.0)

    assert way.done and not way.found


@pytest.mark.parametrize(
    ("size", "lasts", "asked"),
    [
        (64, [99], [36]),
        (200, [99], [0]),
        (64, [50, 99], [36, 68]),
        (64, [98, 99], [36, 68]),
        (200, [50, 99], [0, 1]),
        (64, [70, 70, 99], [36, 68, 84]),
        (1, [50], [99]),
        (2, [98, 98], [98, 99]),
        (64, [None], [36]),
    ],
)
async def test_a_fetch_that_ends_before_the_way_does_is_made_nearer_to_it(
    size: int, lasts: list[int | None], asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred records; each fetch brings batches up to a last offset, or none."""
    left, positions = [*lasts], list[int]()

    class Log:
        async def fetch(self, topic: str, partition: int, position: int, most: int) -> Any:
            assert (topic, partition, most) == ("t", 1, FETCH_BYTES)
            positions.append(position)
            last = left.pop(0)
            return SimpleNamespace(batches=[] if last is None else [SimpleNamespace(last=last)])

    monkeypatch.setattr(backwards, "batches", lambda sent: sent)
    log: Any = Log()
    sent, position = await _fetch_before(log, "t", _Way(1, 0, 100, size))

    assert positions == asked and position == asked[-1]
    assert not left and sent is not None


@pytest.mark.parametrize(("end", "unread"), [(30, 10), (25, 5), (21, 1), (20, 0), (19, 0), (15, 0)])
def test_of_a_batch_that_nobody_reads_only_what_is_before_the_end_counts(
    end: int, unread: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreadable:
        first, last, first_ms = 20, 29, 1_000

        def unpacked(self) -> bytes:
            raise KafkaError

    monkeypatch.setattr(backwards, "committed", lambda *_: [Unreadable()])
    monkeypatch.setattr(backwards, "batches", lambda _: [])
    sent: Any = SimpleNamespace(batches=b"", aborted=())
    words: Any = "words"
    part = backwards._search(sent, 10, _Way(1, 10, end, 64), words, 20, float("inf"))

    assert (part.records, part.reached, part.unread) == ([], 10, unread)
