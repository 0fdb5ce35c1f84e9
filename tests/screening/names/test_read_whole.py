"""What is made of a name, whole: its words with their class, weight and sound, and what counts nothing.

`said.txt` holds it for a name of each kind, a line a word. A change of how names are read shows there as a
diff; `python -m tests.screening.names.test_read_whole` writes it anew, to be read before it is kept.
"""

from collections.abc import Iterator
from pathlib import Path

from screening.designations import Kind
from screening.names.forms import NOT_TOLD, NameForm, parse
from screening.names.readings import listed_readings, readings
from screening.names.tokens import Token
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("said.txt")
KEPT = kept(SAID)


def read(said: str) -> list[str]:
    """A line for each thing that is read of `name | kind`."""
    name, _, kind = said.partition(" | ")
    lines = [*of_form(parse(name, kind or None))]
    for what, forms in (
        ("asked", readings(name)),
        ("listed", listed_readings(name, Kind(kind) if kind else None)),
    ):
        for form in forms:
            places = f"{form.paternal} {form.spare} {form.languages}".replace("-1", "-")
            lines.append(f"  {what} {' '.join(form.plain)} | {places}{' syllabic' if form.syllabic else ''}")
    return lines


def of_form(form: NameForm) -> Iterator[str]:
    for token in form.tokens:
        yield of_token(token)
    for place, token in form.glued:
        yield f"  glued {place} {of_token(token).strip()}"
    if form.legal:
        yield "  legal " + " ".join(f"{legal.family}:{legal.form}" for legal in form.legal)
    if form.soft:
        yield f"  soft {' '.join(form.soft)}"
    marks = [
        mark for mark in ("cut", "partial", "company", "syllabic", "ends_in_stub") if getattr(form, mark)
    ]
    if marks:
        yield f"  is {' '.join(marks)}"
    places = [form.paternal, form.spare, *form.fathers]
    if places != [NOT_TOLD, NOT_TOLD]:
        yield f"  paternal {form.paternal} spare {form.spare} fathers {form.fathers}"
    yield f"  unspaced {form.unspaced} brief {form.brief} languages {form.languages}"


def of_token(token: Token) -> str:
    spelt = "" if token.text == token.native else f"{token.text} "
    said = f"  {token.native} {spelt}{token.script} {token.cls} {token.weight:.3f}"
    return f"{said} {token.skeleton} {token.consonants or '-'}"


def test_a_name_is_read_as_it_always_was() -> None:
    assert changed(KEPT, read) == {}


if __name__ == "__main__":
    write(SAID, [(said, read(said)) for said in KEPT])
