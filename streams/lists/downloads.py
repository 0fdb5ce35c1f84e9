"""Lists behind http(s) URLs: a source is asked whether its file has changed, and sends it only then."""

import shutil
import tempfile
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import aiohttp

from streams.lists.sources import DownloadError

LARGEST_BYTES = 2 << 30
"""The largest public list is 130 MB; a source that sends more than this sends something else."""
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)
_CHUNK_BYTES = 1 << 16
_UNPACKED_BYTES = 1 << 22
"""Unpacked at once: a small file may hold any number of zeros."""
_GZIP = zlib.MAX_WBITS | 16
"""Content in the form of gzip, with its head and its sum."""


class UrlSource:
    """A file behind an http(s) URL, fetched only when it has changed (ETag and Last-Modified, RFC 9110)."""

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
    """The files of a list at its authority's addresses, as one folder.

    Each is fetched only if it has changed; the others are kept in `folder` from before, so that it is always
    complete.
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
    """The last part of the path in lower case; "list" if there is none ("…/content?token=")."""
    return (PurePosixPath(urlsplit(url).path).name or "list").lower()


async def _fetch(url: str, path: Path, conditions: Mapping[str, str]) -> dict[str, str] | None:
    """Write the file and return the conditions for the next request; None if it has not changed.

    Raises DownloadError for any other answer and for none, OSError and TimeoutError.
    """
    try:
        return await _get(url, path, conditions)
    except aiohttp.TooManyRedirects:
        raise DownloadError(f"{url} leads from one address to the next without end") from None
    except aiohttp.ClientError as error:
        raise DownloadError(str(error) or type(error).__name__) from error


async def _get(url: str, path: Path, conditions: Mapping[str, str]) -> dict[str, str] | None:
    headers = {"User-Agent": "interdict", "Accept-Encoding": "gzip", **conditions}
    # aiohttp takes packed content that is cut off for a whole, and rows that are missing are not seen
    session = aiohttp.ClientSession(timeout=TIMEOUT, auto_decompress=False)
    async with session, session.get(url, headers=headers) as answer:
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise DownloadError(f"{url} answered {answer.status} {answer.reason or ''}".rstrip())
        size = 0
        with path.open("wb") as file:
            async for chunk in _unpacked(url, answer):
                size += len(chunk)
                if size > LARGEST_BYTES:
                    raise DownloadError(f"{url} sends more than {LARGEST_BYTES >> 30} GiB")
                file.write(chunk)
        return _validators(answer.headers)


async def _unpacked(url: str, answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The content piece by piece. Raises DownloadError for packed content that is damaged or not whole."""
    packing = answer.headers.get("Content-Encoding", "").lower()
    if packing in ("", "identity"):
        async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
            yield chunk
        return
    if packing not in ("gzip", "x-gzip"):
        raise DownloadError(f"{url} packs its content as {packing}; gzip or nothing was asked for")
    unpacking = zlib.decompressobj(_GZIP)
    try:
        async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
            more = True
            while more:
                if chunk and unpacking.eof:  # one packed file may follow another
                    unpacking = zlib.decompressobj(_GZIP)
                part = unpacking.decompress(chunk, _UNPACKED_BYTES)
                yield part
                chunk = unpacking.unconsumed_tail or unpacking.unused_data
                more = bool(chunk) or len(part) == _UNPACKED_BYTES
    except zlib.error as error:
        raise DownloadError(f"{url} sends packed content that is damaged ({error})") from None
    if not unpacking.eof:
        raise DownloadError(f"{url} sends packed content that is cut off")


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    """The response's validators as conditions of the next request."""
    conditions = {}
    if "ETag" in headers:
        conditions["If-None-Match"] = headers["ETag"]
    if "Last-Modified" in headers:
        conditions["If-Modified-Since"] = headers["Last-Modified"]
    return conditions
