"""Where watched lists come from: a place on disk, or a URL that is asked whether it changed."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

from streams.errors import CannotProceedError

LARGEST_BYTES = 2 << 30
"""The largest public list is 130 MB; a source that sends more than this sends something else."""
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)
SETTLE_SECONDS = 2.0
"""A copy writes at least once in so long, also over a slow network share."""
_CHUNK_BYTES = 1 << 16


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

        Raises OSError, aiohttp's ClientError and DownloadError.
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


class UrlSource:
    """A file behind an http(s) URL, sent only when it changed (ETag and Last-Modified, RFC 9110)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._offered: dict[str, str] = {}
        self._accepted: dict[str, str] = {}

    @asynccontextmanager
    async def new(self) -> AsyncIterator[Path | None]:
        with tempfile.TemporaryDirectory(prefix="interdict-") as folder:
            path = Path(folder) / _file_name(self._url)
            yield path if await self._download(path) else None

    def accept(self) -> None:
        self._accepted = self._offered

    def forget(self) -> None:
        self._accepted = {}

    async def _download(self, path: Path) -> bool:
        offered = await _fetch(self._url, path, self._accepted)
        if offered is not None:
            self._offered = offered
        return offered is not None


class OfficialSource:
    """The files of a list at the addresses of its authority, as one folder.

    Each is asked for on the condition that it changed; the others are kept in `folder` from the time before,
    so that it is always whole.
    """

    def __init__(self, urls: Sequence[str], folder: Path) -> None:
        self._urls = tuple(urls)
        self._folder = folder
        self._known: dict[str, dict[str, str]] = {}
        self._accepted = False

    @asynccontextmanager
    async def new(self) -> AsyncIterator[Path | None]:
        with tempfile.TemporaryDirectory(prefix="interdict-") as aside:
            fresh = Path(aside) / "fresh"
            for url in self._urls:
                offered = await _fetch(url, fresh, self._known.get(url, {}))
                if offered is not None:
                    shutil.move(fresh, self._folder / _file_name(url))
                    self._known[url] = offered
                    self._accepted = False
        yield None if self._accepted else self._folder

    def accept(self) -> None:
        self._accepted = True

    def forget(self) -> None:
        self._accepted = False


def _file_name(url: str) -> str:
    """The last part of the path in lower case; "list" where there is none ("…/content?token=")."""
    return (PurePosixPath(urlsplit(url).path).name or "list").lower()


async def _fetch(url: str, path: Path, conditions: Mapping[str, str]) -> dict[str, str] | None:
    """Writes the file and returns the conditions for the next time; None where it did not change.

    Raises DownloadError for any other answer, and aiohttp's ClientError.
    """
    headers = {"User-Agent": "interdict", **conditions}
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(url, headers=headers) as answer:
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise DownloadError(f"{url} answered {answer.status} {answer.reason or ''}".rstrip())
        size = 0
        with path.open("wb") as file:
            async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
                size += len(chunk)
                if size > LARGEST_BYTES:
                    raise DownloadError(f"{url} sends more than {LARGEST_BYTES >> 30} GiB")
                file.write(chunk)
        return _validators(answer.headers)


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    """The answer's validators as the next request's conditions."""
    conditions = {}
    if "ETag" in headers:
        conditions["If-None-Match"] = headers["ETag"]
    if "Last-Modified" in headers:
        conditions["If-Modified-Since"] = headers["Last-Modified"]
    return conditions
