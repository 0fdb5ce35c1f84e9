"""The parts of a list name that are names by themselves, and names of plain words, which are read faster."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.names import readings
from screening.names.forms import NameForm
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


WORDS = tuple(
    "Anna Mueller Qorvan Zuvavov Bakery Trading Ltd LLC GmbH Limited Company limifed Co SA S X Dr "  # noqa: SIM905
    "van bin al allah zada aka formerly and No five forty IV Kim Jong Li JC Versorlimited eldin "
    "OlegPUZANOVSKY".split()
)


def written(form: NameForm) -> dict[str, object]:
    """All that a form says, so that two that are made apart are equal."""
    said = {field.name: getattr(form, field.name) for field in fields(form)}
    glued = [(place, word.entry) for place, word in form.glued]
    return said | {"tokens": [(word.entry, word.text, word.weight) for word in form.tokens], "glued": glued}


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.sampled_from([str, str.upper, str.lower, str.title]),
    st.sampled_from(["", "B", "Bank of Qorvan and the Zorav Shore"]),
    st.sampled_from([None, "person", "organization"]),
    st.booleans(),
)
def test_a_name_of_plain_words_is_read_like_any_other(
    words: list[str], case: type[str], before: str, kind: str | None, listed: bool
) -> None:
    text = case(" ".join([*before.split(), *words]))

    plain = readings._of_plain_words(text, kind)

    if plain is not None:
        found = readings._readings.__wrapped__(text, kind, listed)
        assert [written(form) for form in found] == [written(plain)], text


@pytest.mark.parametrize("name", ["Anna MUELLER", "Mueller Bakery LLC", "Zuvavov Qorvan GmbH"])
def test_most_names_are_plain_words(name: str) -> None:
    assert readings._of_plain_words(name, None) is not None
