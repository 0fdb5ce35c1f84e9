"""Watched sources: what is new, and that nothing half there is taken for a list."""

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from screening import ListError
from streams.lists import downloads
from streams.lists.downloads import OfficialSource, UrlSource
from streams.lists.files import ListFile
from streams.lists.sources import (
    DownloadError,
    FileStates,
    FolderSource,
    ListSource,
)


async def offered(source: ListSource) -> bytes | None:
    async with source.new() as path:
        if path is None:
            return None
        return path.read_bytes() if path.is_file() else b"".join(p.read_bytes() for p in path.iterdir())


@asynccontextmanager
async def serving(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/sdn.csv", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/sdn.csv"))


async def test_a_folder_is_new_until_accepted_and_again_when_it_changes(tmp_path: Path) -> None:
    source = FolderSource(tmp_path, settle_seconds=0)
    assert await offered(source) is None

    (tmp_path / "list.csv").write_text("one")
    assert await offered(source) == b"one"
    assert await offered(source) == b"one"
    source.accept()
    assert await offered(source) is None
    (tmp_path / "list.csv").write_text("other")
    assert await offered(source) == b"other"


async def test_a_file_that_is_still_growing_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"

    class Copied(FolderSource):
        looks = 0

        def _look(self) -> FileStates:
            self.looks += 1
            file.write_text("x" * min(self.looks, 3))
            return super()._look()

    source = Copied(tmp_path, settle_seconds=0)

    assert await offered(source) is None


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_changes_while_it_is_read_is_no_list(tmp_path: Path, replaced: bool) -> None:
    """Half of it would be of the old file and half of the new one, which no reader of the format can see."""
    path = tmp_path / "list.csv"
    path.write_text("uid,name\n" + "".join(f"{number},Party {number}\n" for number in range(9)))
    entries = ListFile("csv", path, "own").designations()
    next(entries)

    fresh = tmp_path / "fresh" if replaced else path
    fresh.write_text("uid,name\n" + "".join(f"{number},Other {number}\n" for number in range(9)))
    fresh.rename(path)

    with pytest.raises(ListError, match="changed while it was read"):
        list(entries)


async def test_a_path_that_is_away_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        await offered(FolderSource(tmp_path / "nowhere", settle_seconds=0))


async def test_a_url_is_asked_whether_it_changed_once_its_file_was_accepted() -> None:
    asked = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.headers.get("If-None-Match"))
        if asked[-1] == '"v1"':
            return web.Response(status=304)
        return web.Response(body=b"list", headers={"ETag": '"v1"'})

    async with serving(handler) as url:
        source = UrlSource(url)
        assert await offered(source) == b"list"
        assert await offered(source) == b"list"
        source.accept()
        assert await offered(source) is None

    assert asked == [None, None, '"v1"']


async def test_an_answer_other_than_200_is_an_error_that_says_which() -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=503)

    async with serving(handler) as url:
        with pytest.raises(DownloadError, match="answered 503"):
            await offered(UrlSource(url))


async def test_a_download_that_breaks_off_is_an_error_and_no_list() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b"half a list")
        assert request.transport is not None
        request.transport.close()
        return answer

    async with serving(handler) as url:
        with pytest.raises(DownloadError, match="not completed"):
            await offered(UrlSource(url))


LIST = b"uid,name\n" + b"".join(b"%d,Party %d\n" % (number, number) for number in range(1000))
PACKED = gzip.compress(LIST)


async def packed(body: bytes, how: str = "gzip") -> bytes | None:
    """What is fetched of a body that is said to be packed."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": how})

    async with serving(handler) as url:
        return await offered(UrlSource(url))


async def test_packed_content_is_unpacked_in_parts_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    two = gzip.compress(LIST[:5000]) + gzip.compress(LIST[5000:])

    assert [await packed(body) for body in (PACKED, two)] == [LIST, LIST]
    assert [await packed(LIST, "identity"), await packed(PACKED, "x-gzip")] == [LIST, LIST]
    for size in (1, 7, len(LIST)):
        monkeypatch.setattr(downloads, "_UNPACKED_BYTES", size)
        assert await packed(PACKED) == LIST


async def test_packed_content_that_is_cut_off_or_damaged_is_no_list() -> None:
    for length in (0, 5, len(PACKED) // 2, len(PACKED) - 1):
        with pytest.raises(DownloadError, match="cut off"):
            await packed(PACKED[:length])
    with pytest.raises(DownloadError, match="damaged"):
        await packed(LIST)
    with pytest.raises(DownloadError, match="packs its content as br"):
        await packed(PACKED, "br")


async def test_addresses_that_lead_to_each_other_are_an_error_that_says_so() -> None:
    async def handler(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.path)

    async with serving(handler) as url:
        with pytest.raises(DownloadError, match="leads from one address to the next without end"):
            await offered(UrlSource(url))


async def test_an_official_list_is_whole_though_only_one_of_its_files_changed(tmp_path: Path) -> None:
    versions = {"/SDN.XML": 1, "/CONSOLIDATED.XML": 1}
    fetched: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        tag = f'"{versions[request.path]}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        fetched.append(request.path)
        return web.Response(text=f"{request.path} {tag}", headers={"ETag": tag})

    app = web.Application()
    app.router.add_get("/{name}", handler)
    async with TestServer(app) as server:
        source = OfficialSource([str(server.make_url(path)) for path in versions], tmp_path)
        async with source.new() as folder:
            assert folder is not None
            assert sorted(path.name for path in folder.iterdir()) == ["consolidated.xml", "sdn.xml"]
        source.accept()
        assert await offered(source) is None
        fetched.clear()
        versions["/SDN.XML"] = 2
        async with source.new() as folder:
            assert folder is not None
            assert (folder / "sdn.xml").read_text() == '/SDN.XML "2"'
            assert (folder / "consolidated.xml").read_text() == '/CONSOLIDATED.XML "1"'
        assert fetched == ["/SDN.XML"]


async def test_an_official_file_that_fails_leaves_the_list_as_it_was(tmp_path: Path) -> None:
    status = 200

    async def handler(_: web.Request) -> web.Response:
        return web.Response(text="whole", status=status)

    app = web.Application()
    app.router.add_get("/{name}", handler)
    async with TestServer(app) as server:
        source = OfficialSource([str(server.make_url("/list.xml"))], tmp_path)
        assert await offered(source) == b"whole"
        source.accept()
        status = 500
        with pytest.raises(DownloadError, match="answered 500"):
            await offered(source)
        status = 200
        assert await offered(source) == b"whole"


@pytest.mark.parametrize(("most", "taken"), [(4, True), (3, False)])
async def test_a_download_is_taken_up_to_its_bound(
    monkeypatch: pytest.MonkeyPatch, most: int, taken: bool
) -> None:
    monkeypatch.setattr(downloads, "LARGEST_BYTES", most)

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b"list")

    async with serving(handler) as url:
        if taken:
            assert await offered(UrlSource(url)) == b"list"
        else:
            with pytest.raises(DownloadError, match=f"{url} sends more than 0 GiB"):
                await offered(UrlSource(url))


async def test_who_asks_says_so_and_an_error_names_its_reason() -> None:
    asked = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.headers["User-Agent"])
        return web.Response(status=404)

    async with serving(handler) as url:
        with pytest.raises(DownloadError, match=r"sdn\.csv answered 404 Not Found$"):
            await offered(UrlSource(url))
    assert asked == ["interdict"]
    assert downloads.LARGEST_BYTES == 2_147_483_648
