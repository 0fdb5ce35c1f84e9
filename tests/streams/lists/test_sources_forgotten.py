"""What a source gives again once what was accepted of it is not in force any more."""

from pathlib import Path
from typing import Any

import pytest

from streams.lists import downloads
from streams.lists.downloads import OfficialSource


def write(into: Path, text: str) -> None:
    into.write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_files_of_an_authority_are_given_once_and_again_when_they_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[Any]()

    async def fetch(url: str, into: Path, known: dict[str, str]) -> dict[str, str] | None:
        asked.append((url, dict(known)))
        if known:
            return None
        write(into, url)
        return {"etag": url}

    monkeypatch.setattr(downloads, "_fetch", fetch)
    source = OfficialSource(["https://a/one.csv", "https://a/two.csv"], tmp_path)

    async def given() -> Path | None:
        async with source.new() as path:
            return path

    assert await given() == tmp_path
    source.accept()
    assert await given() is None
    source.forget()
    assert await given() == tmp_path
    assert names(tmp_path) == ["one.csv", "two.csv"]
    assert asked[2:4] == [
        (f"https://a/{each}.csv", {"etag": f"https://a/{each}.csv"}) for each in ("one", "two")
    ]
