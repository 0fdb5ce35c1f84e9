"""Payment messages in files: JSON lines, one JSON document, ISO 20022 XML or SWIFT MT, by their content."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from screening.payments.flat import is_flat
from screening.payments.mt.split import is_mt, split_bytes

STDIN = "-"
_BLANK = b" \t\r\n\v\f\x00"
_WHOLE_FILE = (b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<")
"""XML, also in UTF-16."""
_PRETTY_JSON = (b"{", b"[")
"""The first line of an indented JSON document. Any other first line is one event: were a broken line read
as the start of a document, it would take the good lines after it along."""


class FileMessage(NamedTuple):
    """One message and where it came from: `payments.jsonl:17`, or the file alone where it is one message."""

    origin: str
    raw: bytes


def messages_in(path: str) -> Iterator[FileMessage]:
    """Every message of a file, a folder (all files below it, by name) or standard input (`-`)."""
    if path == STDIN:
        yield from messages_of(sys.stdin.buffer, "stdin")
        return
    for file in _files(Path(path)):
        with file.open("rb") as stream:
            yield from messages_of(stream, str(file))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = (file for file in path.rglob("*") if file.is_file())
        return sorted(file for file in found if not file.name.startswith("."))
    return [path]


def messages_of(stream: BinaryIO, name: str) -> Iterator[FileMessage]:
    """Every message of one file that is open."""
    blank = 0
    for first in stream:
        if first.strip(_BLANK):
            break
        blank += 1
    else:
        return
    start = first.lstrip(b"\xef\xbb\xbf \t")
    if is_mt(first):
        messages = split_bytes(first + stream.read())
        for number, raw in enumerate(messages, 1):
            yield FileMessage(f"{name}:{number}" if len(messages) > 1 else name, raw)
    elif is_flat(first) or start.startswith(_WHOLE_FILE) or first.strip() in _PRETTY_JSON:
        yield FileMessage(name, first + stream.read())
    else:
        for line, raw in enumerate(chain([first], stream), blank + 1):
            if raw.strip():
                yield FileMessage(f"{name}:{line}", raw.rstrip(b"\r\n"))
