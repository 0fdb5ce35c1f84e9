"""The names of one cell of a private list, as people put several into one: "1) Ivan 2) Petr", "a.k.a. Ivan".

What nobody is called by ("N/A") is no name. What could be one name as well as two stays one: only where each
part can stand by itself is it several.
"""

import re
from collections.abc import Iterator

from screening.designations import Kind
from screening.lists.text import is_nobody, tidy
from screening.names.forms import parse

_PARTING = re.compile(r"[;|\r\n]")
_NUMBERED = re.compile(r"(?<!\S)(?:([0-9]{1,2})[.)]|\(?([a-z])\))\s*(?=\S)")
"""The mark before one of several: `1)`, `2.`, `a)`, `(b)`."""
_OTHERWISE = (
    r"[afn]\.\s?k\.\s?a\.?|[afn]ka|[afn]/k/a|also known as|formerly(?: known as)?|now known as|alias(?:es)?"
)
_LABEL = re.compile(rf"(?:{_OTHERWISE})(?:\s*:\s*|\s+)|(?i:{_OTHERWISE})\s*:\s*|[AFN](?:\.K\.A\.|/K/A)\s+")
"""What says of a name that it is another one."""
_CAPITALS = re.compile(r"[AFN]KA\s+(?=\S+\s)")
"""The same, or a word of a company's own."""
_SPREADSHEET_ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)|#+")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+")
FEWEST_WORDS = 2
"""Of each part that a comma parts: "ZUVAVOV, Ivan" is one name."""


def is_lost(cell: str) -> bool:
    """Whether a spreadsheet has lost what stood here: an error (`#N/A`), a number cut short (`1.23E+15`).

    >>> is_lost("#REF!"), is_lost("1.23457E+11"), is_lost("12E345")
    (True, True, False)
    """
    return bool(_SPREADSHEET_ERROR.fullmatch(cell) or _SCIENTIFIC.fullmatch(cell))


def names_of_cell(cell: str, kind: Kind | None) -> tuple[str, ...]:
    """Every name of a cell, each once.

    >>> names_of_cell("1) Petr Qorvel 2) a.k.a. Jan Tarvel; N/A", Kind.PERSON)
    ('Petr Qorvel', 'Jan Tarvel')
    """
    return tuple(dict.fromkeys(name for part in _parts(cell) for name in _separate(part, kind)))


def lines_of_name(cell: str) -> list[str]:
    """The name of a cell and, where each of its lines could be one, what stands in the other lines.

    >>> lines_of_name("Ivan\\nZuvavov"), lines_of_name("Ivan Zuvavov\\nPetr Qorvel")
    (['Ivan Zuvavov'], ['Ivan Zuvavov', 'Petr Qorvel'])
    """
    found = []
    for part in cell.split("|"):
        lines = [line for text in part.splitlines() if (line := tidy(text))]
        found += lines if all(len(line.split()) >= FEWEST_WORDS for line in lines) else [" ".join(lines)]
    return [name for name in found if name]


def _parts(cell: str) -> Iterator[str]:
    for line in _PARTING.split(_unnumbered(cell)):
        name = tidy(line)
        if not is_nobody(name) and any(map(str.isalnum, name)):
            yield _LABEL.sub("", name, count=1) if _LABEL.match(name) else name
            if _CAPITALS.match(name):
                yield _CAPITALS.sub("", name, count=1)


def _unnumbered(cell: str) -> str:
    """The cell with a line end for each mark, where several count up from the first on."""
    marks = list(_NUMBERED.finditer(cell))
    counted = [int(mark[1]) if mark[1] else ord(mark[2]) - ord("a") + 1 for mark in marks]
    if len(marks) < 2 or cell[: marks[0].start()].strip() or counted != list(range(1, len(marks) + 1)):
        return cell
    return _NUMBERED.sub("\n", cell)


def _separate(name: str, kind: Kind | None) -> tuple[str, ...]:
    """The parts between commas where each may be a whole name: of a company with its legal form, of a person
    with two words. Two such parts of a person may be surname and given names as well: all three are names.
    """
    parts = [part for text in name.split(",") if (part := text.strip())]
    if len(parts) < 2 or any(len(part.split()) < FEWEST_WORDS for part in parts):
        return (name,)
    legal = [bool(parse(part, Kind.ORGANIZATION).legal) for part in parts]
    if kind not in (Kind.PERSON, None) or any(legal):
        return tuple(parts) if all(legal) else (name,)
    if len(parts) > 2:
        return tuple(parts)
    return (name,) if parts[0].isupper() and not parts[1].isupper() else (name, *parts)
