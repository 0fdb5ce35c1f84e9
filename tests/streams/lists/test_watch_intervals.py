"""When a watcher looks again: at its usual interval, and sooner after a look that came to nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from streams.lists import watching
from streams.lists.watching import FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS, Watcher


class OverError(Exception):
    """The test has seen enough."""


@pytest.mark.parametrize(
    ("looks", "waits"),
    [
        ([""], [600.0]),
        (["down", "down", "", "down"], [1.0, 2.0, 600.0, 1.0]),
        (
            ["down"] * 16,
            [min(2.0**place, LAST_RETRY_SECONDS / FIRST_RETRY_SECONDS, 600) for place in range(16)],
        ),
    ],
)
async def test_it_looks_again_after_its_interval_and_sooner_and_sooner_not_after_a_failure(
    looks: list[str], waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    left = [*looks]

    class Looking(Watcher):
        def __init__(self) -> None:
            self._failures = 0

        async def look(self) -> str:
            if not left:
                raise OverError
            found = left.pop(0)
            self._failures = self._failures + 1 if found else 0
            return found

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(watching, "asyncio", SimpleNamespace(sleep=sleep))
    spread: list[Any] = []

    def uniform(*between: Any) -> float:
        spread.append(between)
        return 1.0

    monkeypatch.setattr(watching, "random", SimpleNamespace(uniform=uniform))
    every = 600.0 * FIRST_RETRY_SECONDS
    with pytest.raises(OverError):
        await Looking().run(every)

    assert slept == [pytest.approx(wait * FIRST_RETRY_SECONDS) for wait in waits]
    assert spread == [(0.8, 1.2)] * sum(map(bool, looks))
