"""Texts that are sent in lines: a name may end one line and go on in the next."""

from collections.abc import Iterator, Sequence

from screening.payments.model import Field

_NUMBERED = ("]", *"0123456789")


def in_lines(fields: Sequence[Field]) -> Sequence[Field]:
    """Lines of one text, as one text with a blank between each two.

    Lines are fields of one name side by side: `.../Ustrd`, `.../Ustrd[2]`, or `.../Ustrd/0`, `.../Ustrd/1`.
    """
    for _, path in fields:
        if path.endswith(_NUMBERED):  # most fields are no lines, and are not looked at one by one
            return tuple(_joined(fields))
    return ()


LONGEST_OF_A_LIST = 1_000
"""Characters of a list's values that are read as one: a remittance has 140 a line, a list of tags is none."""


def with_lines(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Fields of any list, and those as one that are short enough to be lines of one text."""
    return (*fields, *(text for text in in_lines(fields) if len(text.value) <= LONGEST_OF_A_LIST))


def _joined(fields: Sequence[Field]) -> Iterator[Field]:
    begun, lines = fields[0], [fields[0].value]
    base = _line_of(begun.path)
    for field in fields[1:]:
        if field.path.startswith(base) and _line_of(field.path) == base:
            lines.append(field.value)
            continue
        if len(lines) > 1:
            yield Field(" ".join(lines), begun.path)
        begun, lines = field, [field.value]
        base = _line_of(begun.path)
    if len(lines) > 1:
        yield Field(" ".join(lines), begun.path)


def _line_of(path: str) -> str:
    """A path without the number of its line."""
    if path.endswith("]"):
        return path[: path.rfind("[")]
    base, _, last = path.rpartition("/")
    return base if last.isdigit() else path
