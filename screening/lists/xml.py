"""List files in XML, read entry by entry: bounded memory, no entities, local names only.

Namespaces move (OFAC changed its own), so tags are compared by their local name. A document type is refused
whatever it says: no list has one, and it is where entity bombs and external files come in.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator, Mapping
from typing import IO, cast

from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.text import tidy

_CHUNK_BYTES = 1 << 16
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")


def entries(
    files: ListFiles, name: str, root: str, tags: Collection[str], form: Vocabulary | None = None
) -> Iterator[ET.Element]:
    """Every element with one of these tags, complete, in order; it is emptied when the next is asked for.

    Raises ListError for another root, a document type, an encoding other than UTF-8, XML that is cut off, and
    behind the last element where one of the form is called otherwise.
    """
    path: list[ET.Element] = []
    found: set[str] = set()
    for event, element in _events(files, name, root):
        if event == "start":
            path.append(element)
            if form is not None:
                found.add(element.tag)
                found.update([f"@{attribute}" for attribute in element.attrib if attribute[0] != "{"])
            continue
        path.pop()
        if element.tag in tags:
            yield element
            path[-1].remove(element)
    if form is not None:
        form.refuse_renamed(name, found)


def root_attributes(files: ListFiles, name: str, root: str) -> Mapping[str, str]:
    """The attributes of the root element, read without the rest of the file."""
    for _, element in _events(files, name, root):
        return dict(element.attrib)
    raise ListError(f"{name}: no <{root}>; is this the right format?")


def text(element: ET.Element, path: str) -> str:
    """The tidied text at a path below; "" where there is none."""
    return tidy(element.findtext(path))


def texts(element: ET.Element, path: str) -> list[str]:
    """The tidied texts at a path below, without the empty ones."""
    return [found for item in element.iterfind(path) if (found := tidy(item.text))]


def _events(files: ListFiles, name: str, root: str) -> Iterator[tuple[str, ET.Element]]:
    """Start and end of every element, its tag already local."""
    with files.open(name) as stream:
        try:
            yield from _parsed(stream, name, root)
        except ET.ParseError as error:
            raise ListError(f"{name}: {error}; the file is cut off or damaged, fetch it again") from error


def _parsed(stream: IO[bytes], name: str, root: str) -> Iterator[tuple[str, ET.Element]]:
    """The same; raises ET.ParseError where the file is no XML."""
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    prolog, begun = b"", False
    for chunk in _chunks(stream):
        if not begun:
            prolog += chunk
            _refuse_prolog(prolog, name)
        parser.feed(chunk)
        for event, element in cast(Iterator[tuple[str, ET.Element]], parser.read_events()):
            if event == "start":
                element.tag = element.tag.rpartition("}")[2]
                if not begun and element.tag != root:
                    wrong = f"the root is <{element.tag}>, not <{root}>"
                    raise ListError(f"{name}: {wrong}; is this the right format?")
                begun = True
            yield event, element
    parser.close()


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK_BYTES):
        yield chunk


def _refuse_prolog(prolog: bytes, name: str) -> None:
    """A document type can only stand before the root element."""
    if b"\0" in prolog[:64]:
        raise ListError(f"{name}: UTF-16 or UTF-32; lists are UTF-8, fetch the file again")
    begin = prolog.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin and not begin.startswith(b"<"):
        shown = begin[:20].decode(errors="replace")
        raise ListError(f"{name}: is no XML, it begins with {shown!r}; is this the right format?")
    declared = _ENCODING.match(begin)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise ListError(f"{name}: encoding {declared[1].decode(errors='replace')}; lists are UTF-8")
    if b"<!DOCTYPE" in prolog:
        raise ListError(f"{name}: a document type (DOCTYPE) is not accepted; no list has one")
