"""Where the newest record of a designation stands: read once, then what came, and anew where it must."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.console import listed
from streams.console.listed import Listed
from streams.console.reading.forwards import RecreatedError
from streams.kafka.raw.batches import Record


def record(key: str, offset: int, value: bytes | None = b"{}") -> Record:
    return Record(0, offset, 1.0, key.encode(), value, ())


class Forwards:
    """Gives these records at each look; the first look of a topic that was recreated fails."""

    looks: list[list[Record] | Exception]
    until: list[float]

    def __init__(self, log: object, topic: str, take: Any) -> None:
        assert (log, topic) == (None, "t")
        self.take, self.left = take, 0

    async def read(self, give_up_at: float) -> None:
        self.until.append(give_up_at)
        look = self.looks.pop(0)
        if isinstance(look, Exception):
            raise look
        for each in look:
            self.take(each)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(listed, "Forwards", Forwards)
    monkeypatch.setattr(listed, "time", SimpleNamespace(monotonic=lambda: 100.0))
    Forwards.looks, Forwards.until = [], []
    log: Any = None
    made: Any = Listed(log, "t")

    async def found(partition: int, offset: int) -> tuple[int, int]:
        return partition, offset

    made._record = found
    return made


async def test_the_newest_record_of_each_id_is_known_and_a_delisted_one_is_not(held: Any) -> None:
    Forwards.looks = [[record("x:1", 3), record("x:2", 4), record("x:1", 5)], [record("x:2", 6, None)], []]

    assert await held.newest("x:1") == (0, 5)
    assert await held.newest("x:2") is None
    assert await held.newest("x:3") is None
    assert held.knows_all
    assert Forwards.until == [101.5] * 3


async def test_a_topic_that_was_recreated_is_read_from_its_beginning(held: Any) -> None:
    Forwards.looks = [[record("x:1", 3)], RecreatedError(), [record("x:2", 0)], []]

    assert await held.newest("x:1") == (0, 3)
    assert await held.newest("x:1") is None
    assert await held.newest("x:2") == (0, 0)
    assert Forwards.until == [101.5] * 4


async def test_more_than_is_kept_is_not_all_that_is_known(held: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "MOST_PLACES", 2)
    Forwards.looks = [[record("x:1", 1), record("x:2", 2), record("x:1", 3)], [record("x:3", 4)], []]

    assert await held.newest("x:1") == (0, 3)
    assert held.knows_all
    assert await held.newest("x:3") is None
    assert not held.knows_all
    assert await held.newest("x:2") == (0, 2)
    held._whole, held._forwards.left = True, 1
    assert not held.knows_all
