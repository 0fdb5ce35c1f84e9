"""Opens list files: a file, a folder and a zip look the same, and a file that is not a list is refused with
its kind."""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from screening.lists.errors import ListError
from screening.lists.text import has_control_characters

_SNIFFED_BYTES = 2048
_HTML = re.compile(rb"<!doctype\s+html|<html|<head\b", re.IGNORECASE)
_PACKED = (
    *((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"), (b"\x28\xb5\x2f\xfd", "zstd")),
    *((b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!", "rar")),
)
_ERROR_BODY = re.compile(rb"^\s*(?:<\?xml[^>]*\?>\s*)?<(?:\w+:)?(?:error|fault|exception)\b", re.IGNORECASE)
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
"""What a damaged zip raises; the last where a bit of its version or its compression was turned over."""
END_MARK = "\x1a"
"""Ctrl-Z, the one-byte record with which OFAC ends its CSV files."""


class ListFiles:
    """The files at a path by lower-case name, each opened only when it is read.

    `with ListFiles(Path("ofac.zip")).open("sdn.csv") as stream: ...`
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zipped = path.is_file() and zipfile.is_zipfile(path)
        if self._zipped:
            members = _members(path)
            workbook = not _SPREADSHEETS.isdisjoint(members)
            self._places = _by_name(path, members, may_repeat=workbook)
        elif path.is_file() and _begins_as_a_zip(path):
            raise ListError(f"{path}: the zip is cut off; fetch it again")
        elif path.is_dir():
            self._places = _by_name(path, [str(item) for item in sorted(path.iterdir()) if item.is_file()])
        else:
            self._places = {path.name.lower(): str(path)}
        for place in [path] if path.is_file() else map(Path, self._places.values()):
            _prove(place)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._places)

    def ending(self, suffix: str) -> tuple[str, ...]:
        """The files with such an ending, in order; a single file may have any name."""
        names = tuple(self._places)
        return names if len(names) == 1 else tuple(name for name in names if name.endswith(suffix))

    def only(self, *suffixes: str) -> str:
        """The name of the one file with such an ending; a single file may have any name."""
        if len(self._places) == 1:
            return next(iter(self._places))
        found = [name for name in self._places if name.endswith(suffixes)]
        if len(found) == 1:
            return found[0]
        wanted = " or ".join(suffixes)
        raise ListError(f"{self.path}: {len(found)} files end in {wanted}, one is expected; name it itself")

    @property
    def sha256(self) -> str:
        """The hash of the bytes at the path; for a folder, the hash over its files' names and hashes."""
        if self.path.is_file():
            return _file_sha256(self.path)
        whole = hashlib.sha256()
        for name, place in sorted(self._places.items()):
            whole.update(f"{name}\0{_file_sha256(Path(place))}\n".encode())
        return whole.hexdigest()

    @contextmanager
    def open(self, name: str, *, may_be_empty: bool = False) -> Iterator[IO[bytes]]:
        """The file's bytes. Refuses empty files, web pages, error bodies and broken zips."""
        where = f"{self.path}/{name}" if len(self._places) > 1 or self._zipped else str(self.path)
        try:
            if self._zipped:
                with zipfile.ZipFile(self.path) as archive, archive.open(self._places[name]) as member:
                    yield _sniffed(member, where, may_be_empty)
            else:
                with Path(self._places[name]).open("rb") as stream:
                    yield _sniffed(stream, where, may_be_empty)
        except ZIP_ERRORS as error:
            raise ListError(f"{where}: the zip is damaged ({error}); fetch it again") from error
        except OSError as error:
            raise ListError(f"{where}: {error.strerror or error}") from error


def _begins_as_a_zip(path: Path) -> bool:
    """Whether it begins like a zip, as no list does; a complete zip is recognised by its end, which lists its
    members."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


_SPREADSHEETS = frozenset(("[Content_Types].xml", "META-INF/manifest.xml"))
"""What every workbook of Excel, and every document of OpenDocument, holds."""
_STRAY = ("thumbs.db", "desktop.ini")


def is_spreadsheet(path: Path) -> bool:
    """Whether a file is a workbook of Excel or OpenDocument, each a zip of its parts. Raises ListError."""
    return path.is_file() and zipfile.is_zipfile(path) and not _SPREADSHEETS.isdisjoint(_members(path))


def _by_name(path: Path, places: Iterable[str], *, may_repeat: bool = False) -> dict[str, str]:
    """Files by their lower-case names, without those that systems and spreadsheets leave beside them. Raises
    ListError for two files with the same name: one of them would not be read."""
    found: dict[str, str] = {}
    for place in places:
        name = PurePosixPath(place).name.lower()
        if name.startswith((".", "~$")) or name in _STRAY or name.endswith(_PROOF):
            continue
        if name in found and not may_repeat:
            raise ListError(f"{path}: {found[name]} and {place} have one name; keep the one that is the list")
        found[name] = place
    return found


_PROOF = ".sha256"
_SHA256 = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")


def _prove(path: Path) -> None:
    """Raises ListError for a file that does not match the hash in `FILE.sha256` beside it.

    Nothing else shows that a CSV was truncated within its last cell.
    """
    beside = path.with_name(path.name + _PROOF)
    if not beside.is_file():
        return
    said = _SHA256.search(beside.read_text(encoding="utf-8", errors="replace")[:_SNIFFED_BYTES])
    if said is None:
        raise ListError(f"{beside}: no SHA-256 in it, as sha256sum writes it; write it again or take it away")
    if said[0].lower() != _file_sha256(path):
        raise ListError(f"{path}: its bytes are not those of {beside.name}; fetch both again")


def _members(path: Path) -> list[str]:
    """The files in a zip. Raises ListError."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except ZIP_ERRORS as error:
        raise ListError(f"{path}: the zip is damaged ({error}); fetch it again") from error
    if locked := [info.filename for info in members if info.flag_bits & 1]:
        raise ListError(f"{path}: {locked[0]} is encrypted; unpack it first")
    return [info.filename for info in members]


def _file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def csv_rows(files: ListFiles, name: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every row, including that of the end mark. Blank lines are skipped."""
    with files.open(name) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if row != [END_MARK] and has_control_characters("".join(row)):
                    raise ListError(
                        f"{name} line {reader.line_num}: control characters; the file is damaged, fetch it "
                        "again"
                    )
                if row:
                    yield reader.line_num, row
        except csv.Error as error:
            raise ListError(
                f"{name} line {reader.line_num}: {error}; the file is truncated or not CSV, fetch it again"
            ) from error
        except UnicodeDecodeError as error:
            raise ListError(
                f"{name} line {_undecodable(files, name)}: not UTF-8 ({error.reason}); fetch it again, or "
                "save it as UTF-8 where it is your own"
            ) from error
        finally:
            text.detach()


def _undecodable(files: ListFiles, name: str) -> int:
    """The number of the first line that is not UTF-8; the text is read in pieces, which end anywhere."""
    with files.open(name) as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0


class Vocabulary:
    """The names in a list's format: elements, `@attributes`, keys.

    `always` are those that every full list has, `known` all others, each separated by blanks.
    """

    def __init__(self, always: str, known: str) -> None:
        self._always = frozenset(always.split())
        self._known = self._always | frozenset(known.split())

    def refuse_renamed(self, file: str, found: Set[str]) -> None:
        """Raises ListError if names are missing while at least as many others are new.

        A renamed element would silently go unread. A new name alone is an addition; if more names are missing
        than new, the file is an excerpt, which has gaps of its own.
        """
        missing, new = sorted(self._always - found), sorted(found - self._known)
        if missing and len(missing) <= len(new):
            raise ListError(
                f"{file}: {', '.join(missing[:SHOWN_COLUMNS])} is missing, and "
                f"{', '.join(new[:SHOWN_COLUMNS])} is new: the publisher has renamed it, and it would "
                "go unread; take another form of the list (`interdict lists sources`) until this one is read"
            )


SHOWN_COLUMNS = 8
"""Of a header that is not the expected one."""


def records(
    files: ListFiles,
    name: str,
    required: Iterable[str],
    *,
    skip: int = 0,
    lacking: int = 0,
    delimiter: str = ",",
    column: Callable[[str], str] = str.strip,
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows of a CSV with a header, as mappings by column name; `skip` rows stand above the header.

    Up to `lacking` cells may be missing at the end of a row, for sources that publish such rows; more means
    that the file is truncated. `column` maps a header cell to the name of its column. Rows without a value
    are skipped, as spreadsheets leave them below a table.
    """
    rows = csv_rows(files, name, delimiter)
    for _ in range(skip):
        next(rows, None)
    _, cells = next(rows, (0, []))
    header = [column(cell) for cell in cells]
    _check_header(header, name, required)
    for line, row in rows:
        if not len(header) - lacking <= len(row) <= len(header):
            raise ListError(
                f"{name} line {line}: {len(row)} cells under {len(header)} columns; the file is cut off or a "
                "comma is not quoted"
            )
        if not any(map(str.strip, row)):
            continue
        if lost := next(
            (cell for above, cell in zip(header, row, strict=False) if cell.strip() and not above), ""
        ):
            raise ListError(
                f"{name} line {line}: {lost!r} stands under no column; give it a name in the header"
            )
        yield line, dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True))


def _check_header(header: Sequence[str], name: str, required: Iterable[str]) -> None:
    """Raises ListError for a column that is missing or there twice."""
    missing = [needed for needed in required if needed not in header]
    if missing:
        has = ", ".join(map(repr, header[:SHOWN_COLUMNS]))
        raise ListError(
            f"{name}: the header has no column {missing[0]!r}; is this the right format? It has {has}"
        )
    if twice := column_twice(header):
        raise ListError(f"{name}: two columns are called {twice!r}; one would be read in place of the other")


def column_twice(header: Sequence[str]) -> str:
    """A column's name that another column has, too; empty if there is none."""
    return next((column for column in header if column and header.count(column) > 1), "")


def distinct(rows: Iterable[Mapping[str, str]], column: str) -> Iterator[str]:
    """The values of one column in the rows of one entry, each once, in the file's order."""
    yield from dict.fromkeys(row[column] for row in rows if column in row)


def _sniffed(stream: IO[bytes], where: str, may_be_empty: bool) -> IO[bytes]:
    buffered = (
        stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    )
    head = buffered.peek(_SNIFFED_BYTES)[:_SNIFFED_BYTES]
    if not head.strip() and not may_be_empty:
        raise ListError(f"{where}: the file is empty; fetch it again")
    if packed := next((kind for sign, kind in _PACKED if head.startswith(sign)), ""):
        raise ListError(f"{where}: this is packed ({packed}); unpack it, or send a zip")
    if _HTML.search(head):
        raise ListError(f"{where}: this is a web page, not a list; check the address it came from")
    if _ERROR_BODY.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise ListError(f"{where}: this is an error message, not a list; check the address it came from")
    return buffered
