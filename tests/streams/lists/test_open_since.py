"""Since when somebody else's transaction stands open on the list topic: what the broker shows of it."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.lists import claimed_log
from streams.lists.claimed_log import ClaimedLog


class Reader:
    """Sees records that are not committed, up to `end`; `last` is the time of the one before it, in ms."""

    def __init__(self, end: int, last: int | None) -> None:
        self.end, self.last, self.did = end, last, list[Any]()

    async def start(self) -> None:
        self.did.append("start")

    async def stop(self) -> None:
        self.did.append("stop")

    async def end_offsets(self, partitions: list[str]) -> dict[str, int]:
        return dict.fromkeys(partitions, self.end)

    def assign(self, partitions: list[str]) -> None:
        self.did.append(partitions)

    def seek(self, partition: str, offset: int) -> None:
        self.did.append((partition, offset))

    async def getone(self) -> Any:
        if self.last is None:
            raise TimeoutError
        return SimpleNamespace(timestamp=self.last)


@pytest.mark.parametrize(
    ("stable", "end", "last", "since", "sought"),
    [
        ([7], 7, 5_500, 0.0, False),  # nothing stands open
        ([7], 6, 5_500, 0.0, False),
        ([7], 9, 5_500, 5.5, True),
        ([7, 9], 9, None, 0.0, True),  # it came to its end while we looked
        ([7, 8], 9, None, 1_000.0, True),  # only its markers are there: it was just now
    ],
)
async def test_the_last_record_of_an_open_transaction_says_since_when(
    monkeypatch: pytest.MonkeyPatch,
    stable: list[int],
    end: int,
    last: int | None,
    since: float,
    sought: bool,
) -> None:
    ends, reader = list(stable), Reader(end, last)

    async def end_offsets(partitions: list[str]) -> dict[str, int]:
        return dict.fromkeys(partitions, ends.pop(0))

    def opened(isolation: str) -> Reader:
        assert isolation == "read_uncommitted"
        return reader

    log: Any = object.__new__(ClaimedLog)
    log._consumer, log._partition, log._reader = SimpleNamespace(end_offsets=end_offsets), "p", opened
    monkeypatch.setattr(claimed_log, "time", SimpleNamespace(time=lambda: 1_000.0))

    assert await log._open_since() == since
    assert reader.did == ["start", *([["p"], ("p", end - 1)] if sought else []), "stop"]
    assert ends == []
