"""What strangers wrote, on its way to a terminal."""

from typing import Any

from rich import table as rich_table
from rich.console import RenderableType
from rich.text import Text

LONGEST = 200
"""Characters of one id or place: enough to know it again, and no flood."""


def printable(text: str, most: int = LONGEST) -> str:
    """On one line, without control characters, cut to `most` characters."""
    clean = "".join(char if char.isprintable() else "·" for char in text[: most + 1])
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


LONGEST_CELL = 4_000
"""Characters of a cell: as many as a disposition's reason may have."""


class Table(rich_table.Table):
    """A table whose cells are data and shown whole: `[/b]` in a name or a reason is no end of a style."""

    def add_column(self, *args: Any, **options: Any) -> None:
        super().add_column(*args, **({"overflow": "fold"} | options))

    def add_row(self, *cells: RenderableType | None, **style: Any) -> None:
        plain = (Text(printable(cell, LONGEST_CELL)) if isinstance(cell, str) else cell for cell in cells)
        super().add_row(*plain, **style)
