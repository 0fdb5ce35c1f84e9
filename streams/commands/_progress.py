"""Progress of long commands: a bar where stderr is a terminal, a line every ten seconds where it is none."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import rich_click as click
from rich.progress import track

EVERY_SECONDS = 10.0
Item = TypeVar("Item")


class Lines:
    """Says how far a command is, and how fast, for logs."""

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._what, self._clock = what, clock
        self._began = self._last = clock()

    def at(self, done: int, total: int | None, more: str = "") -> None:
        """A line where the last one was ten seconds ago."""
        now = self._clock()
        if now - self._last < EVERY_SECONDS:
            return
        self._last = now
        of = f" of {total:,}" if total else ""
        rate = done / (now - self._began)
        click.echo(f"{done:,}{of} {self._what}, {rate:,.0f} a second{more}", err=True)


def shown(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items as they are, with their progress on stderr."""
    if sys.stderr.isatty() and not sys.stdout.isatty():
        yield from track(items, what, total=total)
        return
    lines = Lines(what)
    for number, item in enumerate(items, 1):
        yield item
        if not sys.stderr.isatty():
            lines.at(number, total)
