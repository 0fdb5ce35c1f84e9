"""Every number by which something is decided, once more: bounds, thresholds, weights and columns by module.

A bound is tried on both sides by the tests of its module, which take it by its name; that it is the number
that was meant, only this says. `python -m tests.screening.test_constants` writes `constants.txt` anew, to be
read before it is kept.
"""

import pkgutil
import re
from collections.abc import Mapping
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest

import screening
from tests.screening.said import kept, write, written

SAID = Path(__file__).with_name("constants.txt")
KEPT = kept(SAID)
_ASSIGNED = re.compile(r"^([A-Z_]+(?:, [A-Z_]+)*)(?:: [^=]+)? = (?!\{\}$)", re.MULTILINE)
"""What begins empty is filled by what was asked before, and no number that was meant."""
NUMBERS = (int, float, range, timedelta, date)
MOST_VALUES = 40
"""Larger tables come from data."""


def numbers(module: str) -> list[str]:
    """The constants of a module that are numbers, or hold some, by their names."""
    held = import_module(module)
    own = [name for names in _ASSIGNED.findall(source(module)) for name in names.split(", ")]
    constants = {name: value for name in own if holds_numbers(value := getattr(held, name, None))}
    return [f"{name} = {written(value)}" for name, value in sorted(constants.items())]


def source(module: str) -> str:
    """The text of a module, compiled or not."""
    place = SAID.parents[2].joinpath(*module.split("."))
    return (place / "__init__.py" if place.is_dir() else place.with_suffix(".py")).read_text(encoding="utf-8")


def holds_numbers(value: object) -> bool:
    if isinstance(value, Mapping):
        return len(value) <= MOST_VALUES and any(map(holds_numbers, (*value.keys(), *value.values())))
    if isinstance(value, tuple | frozenset):
        return len(value) <= MOST_VALUES and any(map(holds_numbers, value))
    return isinstance(value, NUMBERS) and not isinstance(value, bool)


MODULES = sorted(module.name for module in pkgutil.walk_packages(screening.__path__, "screening."))


@pytest.mark.parametrize("module", [module for module in MODULES if KEPT.get(module)])
def test_the_numbers_of_a_module_are_those_that_were_meant(module: str) -> None:
    assert numbers(module) == KEPT[module]


def test_every_number_is_said() -> None:
    assert {module for module in MODULES if numbers(module)} == KEPT.keys()


if __name__ == "__main__":
    write(SAID, [(module, said) for module in MODULES if (said := numbers(module))])
