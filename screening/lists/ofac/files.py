"""OFAC: the SDN list and the consolidated (non-SDN) list, which are one list here.

PATH is a folder or zip with OFAC's XML files (sdn.xml, consolidated.xml) or its CSV files (both lists, eight
files), or one main file; a lone sdn.csv needs its companions beside it. XML is preferred where both are:
it says which aliases are weak and what each identifier is.
"""

from collections.abc import Iterator
from pathlib import Path

from screening.designations import Designation
from screening.lists.errors import ListError, Tolerance
from screening.lists.files import ListFiles
from screening.lists.ofac import csv as ofac_csv
from screening.lists.ofac import xml as ofac_xml
from screening.lists.ofac.together import together

LIST = "ofac"
_FAMILIES = (ofac_csv.SDN, ofac_csv.CONSOLIDATED)
_XML = ("sdn.xml", "consolidated.xml")


def parse(path: Path, tolerance: Tolerance | None = None) -> Iterator[Designation]:
    """Every entry of both lists, or of the one whose main file is named. Raises ListError.

    `tolerance` concerns the comments and addresses of the CSV form.
    """
    files = ListFiles(path)
    if xml := _xml_files(files):
        return together(ofac_xml.read(files, name) for name in xml)
    alone = tuple(family for family in _FAMILIES if path.is_file() and path.name.lower() == family.main)
    if alone:
        return ofac_csv.read(ListFiles(path.parent), alone, tolerance)
    if not any(family.main in files for family in _FAMILIES):
        raise ListError(f"{path}: neither {_FAMILIES[0].main} nor {_XML[0]} is there; fetch OFAC's files")
    return ofac_csv.read(files, _FAMILIES, tolerance)


def issued(path: Path) -> str:
    """The day of the younger XML file; the CSV form does not say when it was made."""
    files = ListFiles(path)
    return max((ofac_xml.published(files, name) for name in _xml_files(files)), default="")


def _xml_files(files: ListFiles) -> tuple[str, ...]:
    """Both XML files of a folder or zip, or a lone XML file, whatever its name."""
    if len(files.names) == 1:
        return tuple(name for name in files.names if name.endswith(".xml"))
    if _XML[0] in files and _XML[1] not in files:
        raise ListError(
            f"{files.path}: {_XML[1]} is missing beside {_XML[0]}; without it the consolidated list would be "
            f"delisted. Fetch both, or name {_XML[0]} itself"
        )
    return _XML if _XML[0] in files else ()
