"""Australia's workbook: a party over several rows, dates as text."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from screening import Designation, Kind, ListError, NameType, Quality, parse_list
from screening.designations import Address, Identifier, Name
from tests.screening.lists.reading import refusal

HEADER = [
    *("Reference", "Name of Individual or Entity", "Type", "Name Type", "Alias Strength", "Date of Birth"),
    *("Place of Birth", "Citizenship", "Address", "Additional Information", "IMO Number", "Committees"),
    "Control Date",
]
ROWS = [
    *(["12a", "Ioann Qorvazov", "Individual", "Alias", "Weak"],),
    [
        *("12", "Ivan Qorvazov", "Individual", "Primary Name", "", "10 Dec 1948; circa 1950", "Minsk"),
        *("Belarus", "1 Qwx Street, Minsk", "Passport no: P1234567 (Belarus)", "", "Autonomous (Belarus)"),
        "2022-05-01",
    ],
    *(["13", "Qwx Star", "Vessel", "Primary Name", "", "", "", "", "", "", "IMO 9074729", "1718 (DPRK)"],),
]


def workbook(path: Path, rows: list[list[str]]) -> Path:
    """The smallest xlsx that holds these rows as inline text."""
    sheet = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="List" '
        'sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return path


def read(tmp_path: Path, rows: list[list[str]]) -> list[Designation]:
    return list(parse_list("australia", workbook(tmp_path / "list.xlsx", rows)))


def test_the_workbook_may_stand_in_a_folder_or_a_zip(tmp_path: Path) -> None:
    """Where `lists watch --official` puts what it fetched."""
    folder = tmp_path / "official"
    folder.mkdir()
    book = workbook(folder / "list.xlsx", [HEADER, *ROWS])
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.write(book, "list.xlsx")

    alone, in_folder, in_zip = (
        [entry.id for entry in parse_list("australia", place)]
        for place in (book, folder, tmp_path / "list.zip")
    )

    assert alone == in_folder == in_zip == ["australia:12", "australia:13"]


def test_the_rows_of_a_party_are_one_entry(tmp_path: Path) -> None:
    person, ship = read(tmp_path, [HEADER, *ROWS])

    assert person.id == "australia:12"
    assert person.names == (
        Name("Ivan Qorvazov", NameType.PRIMARY),
        Name("Ioann Qorvazov", quality=Quality.WEAK),
    )
    assert person.kind is Kind.PERSON
    assert [(born.earliest.year, born.circa) for born in person.birth_dates] == [(1948, False), (1950, True)]
    assert person.countries == ("BY",)
    assert person.addresses == (Address("1 Qwx Street, Minsk"),)
    assert person.identifiers == (Identifier("passport", "P1234567"),)
    assert ship.kind is Kind.VESSEL
    assert ship.identifiers == (Identifier("imo", "9074729"),)


def test_a_column_that_is_gone_is_named(tmp_path: Path) -> None:
    without = [
        [cell for cell in row if cell not in ("Type", "Individual", "Vessel")] for row in [HEADER, *ROWS]
    ]

    with pytest.raises(ListError, match="no column 'Type'"):
        read(tmp_path, without)


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    assert "the zip is cut off" in refusal("australia", tmp_path, "list.xlsx", b"PK\x03\x04 cut")
    assert "no workbook" in refusal("australia", tmp_path, "list.xlsx", b"a workbook of 1997")
    assert "web page" in refusal("australia", tmp_path, "list.xlsx", b"<html>Sign in</html>")
