"""Australia: the Consolidated List of the Department of Foreign Affairs and Trade as a workbook (xlsx).

One sheet. A party is a number; its names are rows of their own under 12, 12a, 12b, which repeat the party's
other facts. Dates of birth are free text.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from screening.countries import country_code
from screening.designations import Address, Designation, Identifier, Kind, Name, NameType, Quality
from screening.lists.dates import date_range
from screening.lists.errors import ListError
from screening.lists.files import ZIP_ERRORS, ListFiles, column_twice, distinct
from screening.lists.text import once_each, tidy

LIST = "australia"
_REQUIRED = ("Reference", "Name of Individual or Entity", "Type", "Name Type")
_KINDS = {
    "individual": Kind.PERSON,
    "entity": Kind.ORGANIZATION,
    "vessel": Kind.VESSEL,
    "ship": Kind.VESSEL,
}
_REFERENCE = re.compile(r"(\d+)(?:\.0)?\s*([a-z]*)", re.IGNORECASE)
_PASSPORT = re.compile(r"passport(?:\s+(?:no|number)s?)?[.:#]*\s*([A-Z0-9]{5,12})\b", re.IGNORECASE)
_IMO = re.compile(r"\b(\d{7})\b")
_DATES = re.compile(r"(?:;|,|\bor\b|\n|\b[a-z]\)|\([ivx]+\))+", re.IGNORECASE)
_LARGEST_BYTES = 512 << 20
"""Unpacked: the workbook has 10 MB; one that grows to more is no list."""

Row = Mapping[str, str]


def parse(path: Path) -> Iterator[Designation]:
    """Every party, in the order of its first row. Raises ListError."""
    grouped: dict[str, list[Row]] = {}
    for line, row in _rows(path):
        reference = _REFERENCE.fullmatch(row.get("Reference", ""))
        if reference is None:
            raise ListError(
                f"{path} row {line}: {row.get('Reference', '')!r} is no reference such as 12 or 12a"
            )
        grouped.setdefault(reference[1], []).append(row)
    for number, rows in grouped.items():
        yield _designation(number, rows)


def issued(path: Path) -> str:
    """The newest control date: the file has no other."""
    days = (date_range(row.get("Control Date", "")) for _, row in _rows(path))
    return max((day.latest.isoformat() for day in days if day), default="")


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Rows that hold anything, by the header's column names."""
    header: list[str] = []
    for line, cells in enumerate(_sheet(path), 1):
        texts = [_text(cell) for cell in cells]
        if not header:
            header = texts if "Reference" in texts else []
            missing = [column for column in _REQUIRED if header and column not in header]
            if missing:
                raise ListError(f"{path}: the header has no column {missing[0]!r}; is this DFAT's list?")
            if twice := column_twice(header):
                raise ListError(f"{path}: two columns are called {twice!r}; one would be read in its place")
        elif any(texts):
            yield line, {column: text for column, text in zip(header, texts, strict=False) if text}
    if not header:
        raise ListError(f"{path}: no row begins with 'Reference'; is this DFAT's Consolidated List?")


def _bytes(path: Path) -> bytes:
    """Of the workbook itself, or of the one in a folder or zip; a workbook is a zip, too."""
    files = ListFiles(path)
    if path.is_file() and "workbook.xml" in files:
        return path.read_bytes()
    with files.open(files.only(".xlsx")) as stream:
        return stream.read()


def _sheet(path: Path) -> list[list[object]]:
    raw = _bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
        if unpacked > _LARGEST_BYTES:
            raise ListError(f"{path}: {unpacked >> 20} MiB unpacked; no list is that large")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheet = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (*ZIP_ERRORS, CalamineError) as error:
        raise ListError(f"{path}: no workbook (xlsx): {error}; fetch the file again") from None
    return [list(row) for row in sheet]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else tidy(str(cell))


def _designation(number: str, rows: list[Row]) -> Designation:
    kind = next((_KINDS.get(row["Type"].lower()) for row in rows if "Type" in row), None)
    return Designation(
        id=f"{LIST}:{number}",
        names=_names(number, rows),
        kind=kind,
        programs=tuple(distinct(rows, "Committees")),
        identifiers=tuple(dict.fromkeys(_identifiers(rows))),
        birth_dates=tuple(
            dict.fromkeys(
                found
                for text in distinct(rows, "Date of Birth")
                for part in _DATES.split(text)
                if (found := date_range(tidy(part).strip(". ")))
            )
        ),
        birth_places=tuple(distinct(rows, "Place of Birth")),
        countries=tuple(
            dict.fromkeys(
                code
                for text in distinct(rows, "Citizenship")
                for part in re.split(r"[;,/]|\band\b", text)
                if (code := country_code(part.strip()))
            )
        ),
        addresses=tuple(Address(text) for text in distinct(rows, "Address")),
        listed_on=next(
            (found.earliest for text in distinct(rows, "Control Date") if (found := date_range(text))), None
        ),
        remarks="; ".join(
            text
            for column in ("Additional Information", "Listing Information")
            for text in distinct(rows, column)
        ),
    )


def _names(number: str, rows: list[Row]) -> tuple[Name, ...]:
    """The primary name first, wherever its row stands."""
    in_order = sorted(rows, key=lambda row: not row.get("Name Type", "").lower().startswith("primary"))
    names = once_each(name for row in in_order for name in _name_of(row))
    if not names:
        raise ListError(f"{LIST}:{number} has no name; fetch the file again")
    return names


def _name_of(row: Row) -> Iterator[Name]:
    if text := row.get("Name of Individual or Entity", ""):
        kind = NameType.FKA if "former" in row.get("Name Type", "").lower() else NameType.AKA
        weak = "weak" in row.get("Alias Strength", "").lower()
        yield Name(text, kind, Quality.WEAK if weak else Quality.STRONG)


def _identifiers(rows: list[Row]) -> Iterator[Identifier]:
    for text in distinct(rows, "IMO Number"):
        yield from (Identifier("imo", number) for number in _IMO.findall(text))
    for text in distinct(rows, "Additional Information"):
        yield from (Identifier("passport", number) for number in _PASSPORT.findall(text))
