"""What is found of a list in texts and name fields, whole: which words, in which lines, how alike.

`texts.txt` holds it, a text each, against one small list; `python -m
tests.screening.matching.test_found_in_texts` writes it anew, to be read before it is kept.
"""

from pathlib import Path

import pytest

from screening import Designation, Kind, Name, NameType
from screening.matching.containment import names_in
from screening.matching.index import Index

SAID = Path(__file__).with_name("texts.txt")
NAMES = {
    Kind.PERSON: (
        "Ashot MKRTYCHEV",
        "Ali HASSAN",
        "Abdul RAHMAN",
        "Usama BIN LADEN",
        "WANG Xiaoming",
        "KIM Jong Un",
    ),
    Kind.ORGANIZATION: (
        *("VERSOR S.R.O.", "Chemical Group", "Luxi Avionics Group", "BANK MELLI IRAN", "LAZARUS GROUP"),
        *(
            "Islamic Revolutionary Guard Corps",
            "QWXANTIUM LLC",
            "HAMAS",
            "Rosneft Trading SA",
            "General Trading Group LLC",
        ),
    ),
    Kind.VESSEL: ("FOREST", "QWX STAR", "GRACE"),
    None: ("Иван ЗУВАВОВ", "محمد حسن آخوند"),
}


def index() -> Index:
    made = Index()
    numbered = ((kind, name) for kind, names in NAMES.items() for name in names)
    for number, (kind, name) in enumerate(numbered):
        made.put(Designation(f"t:{number}", (Name(name, NameType.PRIMARY),), kind))
    return made


LISTED = index()


def kept() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in SAID.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            lines = found[line.removeprefix("== ")] = []
        else:
            lines.append(line)
    return found


def told(text: str) -> list[str]:
    """A line for each that is found in `line / line`, as a text, as a whole field, and by the index alone."""
    lines = text.split(" / ")
    as_text = [
        f"  text {found.candidate.name.text} {found.points:.4f} {found.text!r} "
        f"{found.first_line}-{found.last_line}"
        for found in names_in(lines, LISTED, 0.85)
    ]
    as_field = [
        f"  field {found.candidate.name.text} {found.points:.4f} {found.text!r}"
        for found in names_in((lines[0],), LISTED, 0.85, whole=True)
    ]
    by_index = [
        f"  index {candidate.name.text} {points:.4f} {' '.join(form.plain)}"
        for candidate, points, form in LISTED.search(lines[0], None, 0.7)
    ]
    return [*as_text, *as_field, *by_index]


@pytest.mark.parametrize("text", kept())
def test_a_text_holds_what_it_always_held(text: str) -> None:
    assert told(text) == kept()[text]


if __name__ == "__main__":
    SAID.write_text("".join(f"== {said}\n" + "".join(f"{line}\n" for line in told(said)) for said in kept()))
