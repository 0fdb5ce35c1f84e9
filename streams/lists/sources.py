"""Where watched lists come from: a place on disk, or a URL that is asked whether it changed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

import aiohttp

LARGEST_BYTES = 2 << 30
"""The largest public list is 130 MB; a source that sends more than this sends something else."""
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)
SETTLE_SECONDS = 2.0
"""A copy writes at least once in so long, also over a slow network share."""
_CHUNK_BYTES = 1 << 16


class DownloadError(RuntimeError):
    """The source gave no whole file; the text says what it gave."""


class ListSource(Protocol):
    """A source is asked for what is new, and told when that has become the list in force."""

    def new(self) -> AbstractAsyncContextManager[Path | None]:
        """A path that is there while the block lasts; None when nothing changed.

        Raises OSError, aiohttp's ClientError and DownloadError.
        """
        ...

    def accept(self) -> None:
        """What `new` gave was published; until then it stays new."""
        ...


class FolderSource:
    """A file, or a folder that somebody drops the files of one list into.

    A change counts once it stands still: a file that is still being copied is left for the next look.
    """

    def __init__(self, path: Path, settle_seconds: float = SETTLE_SECONDS) -> None:
        self._path = path
        self._settle_seconds = settle_seconds
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._accepted: tuple[tuple[str, int, int], ...] = ()

    @asynccontextmanager
    async def new(self) -> AsyncIterator[Path | None]:
        self._seen = self._look()
        changed = bool(self._seen) and self._seen != self._accepted
        if changed:
            await asyncio.sleep(self._settle_seconds)
        yield self._path if changed and self._look() == self._seen else None

    def accept(self) -> None:
        self._accepted = self._seen

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        files = sorted(self._path.iterdir()) if self._path.is_dir() else [self._path]
        states = ((file.name, file.stat()) for file in files)
        return tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)


class UrlSource:
    """A file behind an http(s) URL, sent only when it changed (ETag and Last-Modified, RFC 9110)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._offered: dict[str, str] = {}
        self._accepted: dict[str, str] = {}

    @asynccontextmanager
    async def new(self) -> AsyncIterator[Path | None]:
        with tempfile.TemporaryDirectory(prefix="interdict-") as folder:
            name = PurePosixPath(urlsplit(self._url).path).name or "list"
            path = Path(folder) / name
            yield path if await self._download(path) else None

    def accept(self) -> None:
        self._accepted = self._offered

    async def _download(self, path: Path) -> bool:
        headers = {"User-Agent": "interdict", **self._accepted}
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(self._url, headers=headers) as answer,
        ):
            if answer.status == 304:
                return False
            if answer.status != 200:
                raise DownloadError(f"{self._url} answered {answer.status} {answer.reason or ''}".rstrip())
            size = 0
            with path.open("wb") as file:
                async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
                    size += len(chunk)
                    if size > LARGEST_BYTES:
                        raise DownloadError(f"{self._url} sends more than {LARGEST_BYTES >> 30} GiB")
                    file.write(chunk)
            self._offered = _validators(answer.headers)
        return True


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    """The answer's validators as the next request's conditions."""
    conditions = {}
    if "ETag" in headers:
        conditions["If-None-Match"] = headers["ETag"]
    if "Last-Modified" in headers:
        conditions["If-Modified-Since"] = headers["Last-Modified"]
    return conditions
