"""Every table that is made once from data, whole: how many it holds, and a hash of all that it says.

Such a table is made by whoever asks first, so that a test of what is read by it may never see it made.
`python -m tests.screening.test_tables` writes `tables.txt` anew, to be read before it is kept.
"""

import re
from collections.abc import Mapping, Set
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest

from screening.names.syllables import PINYIN, WADE_GILES
from tests.screening.said import kept, write, written
from tests.screening.test_constants import MODULES, source

SAID = Path(__file__).with_name("tables.txt")
KEPT = kept(SAID)
_MADE_ONCE = re.compile(r"^@cache\ndef (\w+)\((?:(system): int)?\)", re.MULTILINE)


def tables(module: str) -> list[str]:
    """What the tables of a module hold, each made anew."""
    held = import_module(module)
    return [
        f"{name}({', '.join(map(str, asked))}) {told(getattr(held, name).__wrapped__(*asked))}"
        for name, by_system in sorted(_MADE_ONCE.findall(source(module)))
        for asked in ([(PINYIN,), (WADE_GILES,)] if by_system else [()])
    ]


def told(table: object) -> str:
    """Of tables made together, each by itself."""
    if isinstance(table, tuple):
        return " ".join(map(told, table))
    size = len(table) if isinstance(table, Mapping | Set) else 1
    return f"{size} {sha256(written(table).encode()).hexdigest()[:12]}"


@pytest.mark.parametrize("module", KEPT)
def test_a_table_says_what_it_always_said(module: str) -> None:
    assert tables(module) == KEPT[module]


def test_every_table_is_said() -> None:
    assert {module for module in MODULES if tables(module)} == KEPT.keys()


if __name__ == "__main__":
    write(SAID, [(module, said) for module in MODULES if (said := tables(module))])
