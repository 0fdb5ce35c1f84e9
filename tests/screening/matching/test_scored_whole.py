"""The score of two names and its reasons, whole: which word answers which, by what, and what is left over.

`said.txt` holds it for pairs of each kind. A change of the scorer shows there as a diff; `python -m
tests.screening.matching.test_scored_whole` writes it anew, to be read before it is kept.
"""

from pathlib import Path

import pytest

from screening.matching.score import explain, score
from screening.names.forms import parse

SAID = Path(__file__).with_name("said.txt")


def kept() -> dict[str, list[str]]:
    """What the file says, by the pair and its kind."""
    found: dict[str, list[str]] = {}
    for line in SAID.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            lines = found[line.removeprefix("== ")] = []
        else:
            lines.append(line)
    return found


def scored(pair: str) -> list[str]:
    """The score of `kind | query | name`, and a line for each row of its explanation."""
    kind, said, listed = pair.split(" | ")
    query, name = parse(said, kind), parse(listed, kind)
    rows = explain(query, name, said, listed)
    return [
        f"  {score(query, name):.4f} back {score(name, query):.4f} without runs "
        f"{score(query, name, with_runs=False):.4f}",
        *(
            f"    {row.query or '-'} ~ {row.matched or '-'} {row.how} {row.weight} {row.similarity}"
            for row in rows
        ),
    ]


@pytest.mark.parametrize("pair", kept())
def test_two_names_are_scored_as_they_always_were(pair: str) -> None:
    assert scored(pair) == kept()[pair]


if __name__ == "__main__":
    text = "".join(f"== {pair}\n" + "".join(f"{line}\n" for line in scored(pair)) for pair in kept())
    SAID.write_text(text, encoding="utf-8")
