"""How long a test may take before it counts as stuck, on a machine that may be busy."""

import math
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

SLOWER = 6.0
"""How much longer than once tests may take before they count as stuck, where the machine is idle."""


def slower() -> float:
    """How many times as long as it took a test may take now."""
    return max(SLOWER, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


def mover(said: Path, limits: Mapping[str, float]) -> Callable[[], bool]:
    """Tells whether the test that runs is not stuck by itself: there may be many behind it.

    `limits` are seconds by the test's name, which stands beside `said` since it began.
    """
    blamed = said.with_suffix(".blamed")
    blamed.write_text("")

    def moves() -> bool:
        return time.time() - blamed.stat().st_mtime < limits.get(blamed.read_text(), math.inf)

    return moves
