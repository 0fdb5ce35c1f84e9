"""What one look through a fetch's batches finds, and where it must leave off: by records, bytes and time."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from streams.console.reading import backwards
from streams.console.reading.backwards import _search, _Way
from streams.console.reading.words import Words


@dataclass
class Held:
    """A record of a batch."""

    offset: int
    size: int = 10
    word: str = "odd"

    @property
    def time(self) -> float:
        return float(self.offset)


class Batch:
    def __init__(self, *held: Held) -> None:
        self.held = held
        self.first, self.last = held[0].offset, held[-1].offset
        self.first_ms = 1_000 * self.first

    def unpacked(self) -> bytes:
        return b" ".join(each.word.encode() for each in self.held)

    def records(self, partition: int, data: bytes) -> list[Held]:
        assert (partition, data) == (3, self.unpacked())
        return [*self.held]


BATCHES = (Batch(*map(Held, range(3))), Batch(*map(Held, range(3, 6))), Batch(*map(Held, range(6, 9))))


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Any:
    now = [0.0]

    def search(
        *held: Batch, limit: int = 100, end: int = 9, first: int = 0, late: bool = False, position: int = 0
    ) -> tuple[list[int], int, float]:
        sent: Any = type("Sent", (), {"batches": held, "aborted": ()})()
        way = _Way(3, first, end, 100, frontier=50.0)
        part = _search(sent, position, way, Words(), limit, -1.0 if late else 1.0)
        assert part.unread == 0
        return [record.offset for record in part.records], part.reached, part.oldest

    monkeypatch.setattr(backwards, "committed", lambda batches, _: batches)
    monkeypatch.setattr(backwards, "batches", lambda batches: batches)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(backwards, "MOST_BYTES", 1_000)
    monkeypatch.setattr(backwards, "LONGEST_PARSED", 500)
    return search


def test_it_looks_newest_first_and_has_reached_the_first_that_was_sent(found: Any) -> None:
    assert found(*BATCHES) == ([8, 7, 6, 5, 4, 3, 2, 1, 0], 0, 0.0)
    assert found(*BATCHES[1:], position=3) == ([8, 7, 6, 5, 4, 3], 3, 3.0)
    assert found(*BATCHES[1:], position=1) == ([8, 7, 6, 5, 4, 3], 1, 3.0)  # compaction took what was between
    assert found(*BATCHES[1:], position=5) == ([8, 7, 6, 5, 4, 3], 3, 3.0)  # a batch begins before its place


def test_what_is_outside_of_the_way_is_passed(found: Any) -> None:
    assert found(*BATCHES, end=7, first=5) == ([6, 5], 0, 0.0)
    assert found(*BATCHES, end=6) == ([5, 4, 3, 2, 1, 0], 0, 0.0)


def test_it_stops_at_its_limit_and_where_its_bytes_are_full(found: Any) -> None:
    assert found(*BATCHES, limit=4) == ([8, 7, 6, 5], 5, 5.0)
    large = [Batch(Held(0, 10), Held(1, 400)), Batch(Held(2, 300), Held(3, 300))]
    assert found(*large, end=4) == ([3, 2, 1], 1, 1.0)  # 1,000 bytes, and not one less
    larger = [Batch(Held(0), Held(1, 399)), large[1]]
    assert found(*larger, end=4) == ([3, 2, 1, 0], 0, 0.0)


def test_without_time_a_batch_is_looked_through_and_one_that_costs_much_in_parts(found: Any) -> None:
    assert found(*BATCHES, late=True) == ([8, 7, 6], 6, 6.0)
    costly = Batch(Held(0), Held(1, 499), Held(2, 1), Held(3, 1))
    assert found(costly, end=4, late=True) == ([3, 2, 1], 1, 1.0)
