"""What all kinds of variation are: a function from a name to how it is written."""

import random
from collections.abc import Callable

from screening.designations import Kind

Make = Callable[[str, Kind | None, random.Random], str | None]
"""From a name, the kind of its bearer and chance; None where it does not apply."""


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """ "ph>f" -> ("ph", "f")"""
    return tuple((spelling, other) for spelling, _, other in (pair.partition(">") for pair in text.split()))
