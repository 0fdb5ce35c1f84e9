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
    """The source did not send a complete file; the text says what it sent."""


FileStates = tuple[tuple[str, int, int, int], ...]


def states_of(path: Path) -> FileStates:
    """Name, inode, size and change time of a file, or of each file in a folder. Raises OSError.

    The time is the inode's, because copying a file can set the other one back.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    states = ((file.name, file.stat()) for file in files)
    return tuple((name, state.st_ino, state.st_size, state.st_ctime_ns) for name, state in states)


class ListSource(Protocol):
    """Is asked for new files, and told when they have become the list in force."""

    def new(self) -> AbstractAsyncContextManager[Path | None]:
        """A path that exists while the block lasts; None if nothing has changed.

        Raises OSError, TimeoutError and DownloadError.
        """
        ...

    def accept(self) -> None:
        """What `new` gave was published; until this is called it stays new."""
        ...

    def forget(self) -> None:
        """What was accepted is no longer in force: `new` gives it again."""
        ...


class FolderSource:
    """A file, or a folder into which somebody puts the files of one list.

    A change counts once the file has stopped changing: one that is still being copied is left for the next
    check.
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
