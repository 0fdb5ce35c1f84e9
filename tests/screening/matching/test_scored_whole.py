"""The score of two names and its reasons, whole: which word answers which, by what, and what is left over.

Behind it what is left of the score at the second look, for a listed party of each kind: the first reading of
its name as one of that kind.

`said.txt` holds it for pairs of each kind. A change of the scorer shows there as a diff; `python -m
tests.screening.matching.test_scored_whole` writes it anew, to be read before it is kept.
"""

from pathlib import Path

from screening.designations import Kind
from screening.matching.explanation import explain
from screening.matching.score import score
from screening.matching.second_look import assess
from screening.names.forms import parse
from screening.names.readings import listed_readings
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("said.txt")
KEPT = kept(SAID)
KINDS = (Kind.PERSON, Kind.ORGANIZATION, Kind.VESSEL, None)


def scored(pair: str) -> list[str]:
    """The score of `kind | query | name`, and a line for each row of its explanation."""
    kind, said, listed = pair.split(" | ")
    query, name = parse(said, kind), parse(listed, kind)
    rows = explain(query, name, said, listed)
    again = [f"{of or 'unknown'} {assess(query, listed_readings(listed, of)[0], of):.4f}" for of in KINDS]
    return [
        f"  {score(query, name):.4f} back {score(name, query):.4f} without runs "
        f"{score(query, name, with_runs=False):.4f}",
        f"  second look {' '.join(again)} back {assess(name, query, None):.4f}",
        *(
            f"    {row.query or '-'} ~ {row.matched or '-'} {row.how} {row.weight} {row.similarity}"
            for row in rows
        ),
    ]


def test_two_names_are_scored_as_they_always_were() -> None:
    assert changed(KEPT, scored) == {}


if __name__ == "__main__":
    write(SAID, [(said, scored(said)) for said in KEPT])
