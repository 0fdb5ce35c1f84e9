"""Variations of names are made the same way on every run: an auditor's figures can be had again.

`said.txt` holds them for a name of each kind; `python -m tests.screening.evaluation.test_variations` writes
it anew, to be read before it is kept.
"""

from pathlib import Path

from screening.designations import Kind
from screening.evaluation.variations import KINDS, variations, vary
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("said.txt")
KEPT = kept(SAID)


def varied(said: str) -> list[str]:
    """A line for each kind that applies to `seed | kind | name`."""
    seed, kind, name = said.split(" | ")
    return [
        f"  {label}: {text}" for label, text in variations(name, Kind(kind) if kind != "-" else None, seed)
    ]


def test_a_name_is_varied_as_it_always_was() -> None:
    assert changed(KEPT, varied) == {}


def test_every_kind_applies_to_one_of_the_names_and_changes_it() -> None:
    labels = {line.strip().partition(":")[0] for lines in KEPT.values() for line in lines}

    assert labels == KINDS.keys()
    assert vary("Ivan Ivanov", Kind.PERSON, "exact", "1") == "Ivan Ivanov"
    assert [label for label in KINDS if vary("X", None, label, "1") == "X"] == ["exact"]


if __name__ == "__main__":
    write(SAID, [(said, varied(said)) for said in KEPT])
