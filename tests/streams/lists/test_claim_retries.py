"""A claim that others take is made anew, after a random wait that doubles, and not for ever."""

import asyncio
import random
from typing import Any, Self

import pytest

from screening import Designation, Name
from screening.ledger import Ledger
from streams.lists import publishing
from streams.lists.claimed_log import PublicationConflictError
from streams.lists.publishing import publish


class Taken:
    """A topic whose claim somebody else takes each time; nothing stands on it."""

    claims = 0

    def __init__(self, *_: object) -> None:
        self.ledger, self.entries, self.commit, self.seen = Ledger(), dict[str, bytes](), None, 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def refresh(self) -> None:
        return None

    async def claim(self) -> bool:
        Taken.claims += 1
        return False


async def test_a_claim_is_made_anew_after_a_random_wait_of_up_to_twice_as_long_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    bounds: list[tuple[float, float]] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    def uniform(low: float, high: float) -> float:
        bounds.append((low, high))
        return high / 2

    fake: Any = Taken
    monkeypatch.setattr(publishing, "ClaimedLog", fake)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(random, "uniform", uniform)
    Taken.claims = 0
    with pytest.raises(PublicationConflictError, match="list x: 5 times another publication took over"):
        await publish({}, [Designation("x:1", (Name("A"),))], list_name="x", topic="t")

    assert Taken.claims == 5
    assert bounds == [(0.0, 0.2), (0.0, 0.4), (0.0, 0.8), (0.0, 1.6)]
    assert slept == [0.1, 0.2, 0.4, 0.8]
