"""Where watched lists come from: what a source is, and one that is a place on disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from streams.errors import CannotProceedError

SETTLE_SECONDS = 2.0
"""A copy writes at least once in so long, also over a slow network share."""


class DownloadError(CannotProceedError):
    """The source gave no whole file; the text says what it gave."""


FileStates = tuple[tuple[str, int, int, int], ...]


def states_of(path: Path) -> FileStates:
    """Name, inode, size and time of the last change of a file, or of each in a folder. Raises OSError.

    The time is that of the inode: copying a file can set the other one back.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    states = ((file.name, file.stat()) for file in files)
    return tuple((name, state.st_ino, state.st_size, state.st_ctime_ns) for name, state in states)


class ListSource(Protocol):
    """A source is asked for what is new, and accepts it when that has become the list in force."""

    def new(self) -> AbstractAsyncContextManager[Path | None]:
        """A path that is there while the block lasts; None when nothing changed.

        Raises OSError, TimeoutError and DownloadError.
        """
        ...

    def accept(self) -> None:
        """What `new` gave was published; until then it stays new."""
        ...

    def forget(self) -> None:
        """What was accepted is not in force any more: `new` gives it again."""
        ...


class FolderSource:
    """A file, or a folder that somebody drops the files of one list into.

    A change counts once it stands still: a file that is still being copied is left for the next look.
    """

    def __init__(self, path: Path, settle_seconds: float = SETTLE_SECONDS) -> None:
        self._path = path
        self._settle_seconds = settle_seconds
        self._seen: FileStates = ()
        self._accepted: FileStates = ()

    @asynccontextmanager
    async def new(self) -> AsyncIterator[Path | None]:
        self._seen = self._look()
        changed = bool(self._seen) and self._seen != self._accepted
        if changed:
            await asyncio.sleep(self._settle_seconds)
        yield self._path if changed and self._look() == self._seen else None

    def accept(self) -> None:
        self._accepted = self._seen

    def forget(self) -> None:
        self._accepted = ()

    def _look(self) -> FileStates:
        return states_of(self._path)
