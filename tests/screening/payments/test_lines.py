"""Texts in lines: which fields are lines of one text, and how it reads."""

import pytest

from screening.payments.lines import in_lines
from screening.payments.model import Field


@pytest.mark.parametrize(
    ("paths", "joined"),
    [
        ((), []),
        (("/r/0",), []),
        (("/r/0", "/r/1"), ["0 1 @ /r/0"]),
        (("/U", "/U[2]"), ["0 1 @ /U"]),
        (("/U", "/U[2]", "/U[3]"), ["0 1 2 @ /U"]),
        (("/U", "/V", "/V[2]", "/W"), ["1 2 @ /V"]),
        (("/U", "/U[2]", "/V", "/V[2]"), ["0 1 @ /U", "2 3 @ /V"]),
        (("/a", "/b"), []),
        (("/r/0", "/s/1"), []),
        (("/r/0", "/r/0/1"), []),
        (("/r/x", "/r/1"), []),
        (("/U[2]", "/U[2]/V"), []),
        (("/x/Name", "/x/Name[2]/Part"), []),
        (("/10", "/100"), ["0 1 @ /10"]),
    ],
)
def test_fields_of_one_name_side_by_side_are_one_text(paths: tuple[str, ...], joined: list[str]) -> None:
    fields = [Field(f"{number}", path) for number, path in enumerate(paths)]

    assert [f"{value} @ {path}" for value, path in in_lines(fields)] == joined
