"""XML of lists: nothing but plain, whole UTF-8 is read, in bounded memory."""

import tracemalloc
from pathlib import Path

import pytest

from screening import ListError
from screening.lists.files import ListFiles
from screening.lists.xml import entries, root_attributes

BOMB = '<!DOCTYPE list [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'


def read(tmp_path: Path, text: str | bytes) -> list[str]:
    path = tmp_path / "list.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [
        element.findtext("name", "") for element in entries(ListFiles(path), "list.xml", "list", ("entry",))
    ]


def test_entries_come_one_by_one_whatever_their_namespace(tmp_path: Path) -> None:
    text = '<x:list xmlns:x="urn:new"><x:entry><x:name>A</x:name></x:entry><x:entry/></x:list>'

    assert read(tmp_path, text) == ["A", ""]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"<?xml version='1.0'?>{BOMB}<list><entry><name>&c;</name></entry></list>", "document type"),
        ("<!DOCTYPE list SYSTEM 'file:///etc/passwd'><list/>", "document type"),
        ("<!--" + "x" * 200_000 + "--><!DOCTYPE list><list/>", "document type"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><list/>", "encoding ISO-8859-1"),
        ("<list><entry></list>", "cut off or damaged"),
        ("<list><entry/>", "cut off or damaged"),
        ("<list/>rest", "cut off or damaged"),
        ("<list>&unknown;</list>", "cut off or damaged"),
        ("<other/>", "the root is <other>"),
        ("<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "an error message"),
        ("<s:Fault xmlns:s='urn:soap'/>", "an error message"),
        ("uid,name,alias,born,more\n", "is no XML, it begins with 'uid,name,alias,born,'; is"),
        ("<list>" + " " * 57 + "\0</list>", "UTF-16 or UTF-32"),
        ("<list>" + " " * 58 + "\0</list>", "cut off or damaged"),
    ],
)
def test_anything_else_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ListError, match=reason):
        read(tmp_path, text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_utf_16_and_32_are_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(ListError, match="UTF-16 or UTF-32"):
        read(tmp_path, "<list><entry/></list>".encode(encoding))


def test_attributes_of_the_root_are_read_without_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    path.write_text('<list date="2026-01-02"><entry>never closed')

    assert root_attributes(ListFiles(path), "list.xml", "list") == {"date": "2026-01-02"}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    entry = f"<entry><name>{'A' * 500}</name></entry>\n"
    path.write_text("<list>" + entry * 20_000 + "</list>")
    tracemalloc.start()
    try:
        count = sum(1 for _ in entries(ListFiles(path), "list.xml", "list", ("entry",)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 20_000
    assert peak < path.stat().st_size / 4
