"""The UK Sanctions List of the FCDO, the only UK source since OFSI's list was retired in January 2026.

PATH is the CSV or the XML file, or a folder or zip with one of them; XML is preferred where both are: it
keeps what belongs to one name, address or birth together.
"""

from collections.abc import Iterator
from pathlib import Path

from screening.designations import Designation
from screening.lists.errors import ListError
from screening.lists.files import ListFiles
from screening.lists.uk import csv as uk_csv
from screening.lists.uk import xml as uk_xml

LIST = "uk"
_RETIRED = b"ArrayOfFinancialSanctionsTarget"


def parse(path: Path) -> Iterator[Designation]:
    """Every entry, in the file's order. Raises ListError."""
    files = ListFiles(path)
    if file := _xml_file(files):
        _refuse_retired(files, file)
        return uk_xml.read(files, file)
    return uk_csv.read(files, files.only(".csv"))


def issued(path: Path) -> str:
    """The CSV's report date, the XML's date of generation."""
    files = ListFiles(path)
    if file := _xml_file(files):
        return uk_xml.generated(files, file)
    return uk_csv.report_date(files, files.only(".csv")).isoformat()


def _xml_file(files: ListFiles) -> str:
    """The XML file, recognised by its first byte where its name says nothing; "" where there is none."""
    named = [name for name in files.names if name.endswith(".xml")]
    if named:
        return files.only(".xml")
    if len(files.names) == 1:
        (lone,) = files.names
        with files.open(lone) as stream:
            return lone if stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else ""
    return ""


def _refuse_retired(files: ListFiles, file: str) -> None:
    with files.open(file) as stream:
        if _RETIRED in stream.read(2048):
            raise ListError(
                f"{file}: this is OFSI's consolidated list, frozen since 28 January 2026; fetch the UK "
                "Sanctions List of the FCDO (`interdict lists sources` has its address)"
            )
