"""The parts of a list name that are names by themselves."""

import pytest

from screening.names.readings import listed_readings


@pytest.mark.parametrize(
    ("listed", "parts"),
    [
        ("FRONT OF QORVAN/ZORAV BANTEV/SYRIA", ["front qorvan", "zorav bantev"]),
        ("FRONT OF QORVAN/SYRIA/ZORAV BANTEV", ["front qorvan", "zorav bantev"]),
        ("FRONT OF QORVAN/QORV", ["front qorvan", "qorv"]),
        ("FRONT OF QORVAN/QORVA", ["front qorvan"]),
        ("FRONT OF QORVAN/ZORAVAN", ["front qorvan"]),
    ],
)
def test_a_lone_long_word_behind_a_longer_part_is_no_name(listed: str, parts: list[str]) -> None:
    found = [form for form in listed_readings(listed, "organization") if form.partial]

    assert [" ".join([token.text for token in form.tokens]) for form in found] == parts
