"""Sanctions lists: one module a list with `parse(path) -> Iterator[Designation]`, one line here each."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from screening.designations import Designation
from screening.lists import private
from screening.lists.errors import ListError

PARSERS: Mapping[str, Callable[[Path], Iterator[Designation]]] = {"csv": private.parse}

__all__ = ["PARSERS", "ListError", "parse_list"]


def parse_list(source: str, path: str | Path) -> Iterator[Designation]:
    """Every designation of a list file, folder or zip. Raises ListError for what must not be published."""
    try:
        parse = PARSERS[source]
    except KeyError:
        raise ListError(f"unknown list {source!r}; known are {', '.join(PARSERS)}") from None
    yield from parse(Path(path))
