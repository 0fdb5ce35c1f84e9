"""OFAC: the SDN list and the consolidated (non-SDN) list, which are one list here.

PATH is a folder or zip with OFAC's CSV files (both lists, eight files), or one main CSV with its companions
beside it.
"""

from collections.abc import Iterator
from pathlib import Path

from screening.designations import Designation
from screening.lists import ofac_csv
from screening.lists.errors import ListError
from screening.lists.files import ListFiles

LIST = "ofac"
_FAMILIES = (ofac_csv.SDN, ofac_csv.CONSOLIDATED)


def parse(path: Path) -> Iterator[Designation]:
    """Every entry of both lists, or of the one whose main file is named. Raises ListError."""
    alone = [family for family in _FAMILIES if path.is_file() and path.name.lower() == family.main]
    if alone:
        return ofac_csv.read(ListFiles(path.parent), tuple(alone))
    files = ListFiles(path)
    if not any(family.main in files for family in _FAMILIES):
        raise ListError(f"{path}: neither {_FAMILIES[0].main} nor sdn.xml is there; fetch OFAC's files")
    return ofac_csv.read(files, _FAMILIES)


def issued(path: Path) -> str:
    """The CSV form does not say when it was made."""
    del path
    return ""
