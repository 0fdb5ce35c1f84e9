"""Where the CPU time of a worker goes: the innermost stage counts, not who called it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stream.sampled import OTHER, STAGES, stage_of

ROOT = Path(__file__).parents[2]


def calling(file: str, function: str, called: Callable[[], str]) -> Callable[[], str]:
    """A function of that name, in a file of that name, which calls another."""
    space: dict[str, Any] = {"called": called}
    exec(compile(f"def {function}(): return called()", f"/here/{file}", "exec"), space)  # noqa: S102  ours
    found: Callable[[], str] = space[function]
    return found


def now() -> str:
    return stage_of(sys._getframe())


@pytest.mark.parametrize(
    ("stack", "stage"),
    [
        ((("streams/worker/desk.py", "_decide"),), "desk: headers, budget, metrics"),
        ((("streams/worker/desk.py", "_decide"), ("screening/judge.py", "judged")), "screen, judge"),
        ((("screening/judge.py", "judged"), ("screening/names/words.py", "words_of")), "screen, judge"),
        ((("asyncio/events.py", "_run"), ("streams/worker/delivery.py", "_batch")), "seal, batch"),
        ((("asyncio/events.py", "_run"), ("streams/worker/delivery.py", "delivered")), "produce"),
        ((("prometheus_client/values.py", "inc"),), OTHER),
    ],
)
def test_the_innermost_stage_of_a_stack_is_the_one(stack: tuple[tuple[str, str], ...], stage: str) -> None:
    innermost = now
    for file, function in reversed(stack):
        innermost = calling(file, function, innermost)

    assert innermost() == stage


def test_every_stage_of_ours_is_in_a_file_that_is_there() -> None:
    ours = [file for file, _, _ in STAGES if file.startswith(("screening/", "streams/"))]

    assert ours and all((ROOT / file).exists() for file in ours)
