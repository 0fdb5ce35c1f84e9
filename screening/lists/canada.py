"""Canada: the Consolidated Canadian Autonomous Sanctions List of Global Affairs Canada as XML.

One `record` a party, flat, with element names in English or in both languages (`LastName-NomDeFamille`). A
party is known by its regulation, schedule and item: the file has no other id. Countries stand in both
languages too ("Belarus / Bélarus") and name the regulation, not the party's nationality.
"""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from screening.designations import Designation, Identifier, Kind, Name, NameType
from screening.lists.dates import date_range, iso_day
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.text import tidy
from screening.lists.xml import entries, root_attributes

LIST = "canada"
_ROOT = "data-set"
_FORM = Vocabulary(
    "Country Schedule Item LastName GivenName EntityOrShip Aliases DateOfBirthOrShipBuildDate DateOfListing",
    "Title TitleOrShip TitleOrShipType ShipIMONumber",
)
_IMO = re.compile(r"\b(\d{7})\b")
_SHIP = re.compile(r"\b(?:ship|vessel|tanker|cargo|carrier|navire)\b", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"^(?:Russian|Ukrainian|Belarusian|Persian|Arabic|Spanish|English|French|Chinese)\s*:\s*"
)
"""Some aliases say which language they are in: "Russian: Олег"."""

Record = Mapping[str, str]


def parse(path: Path) -> Iterator[Designation]:
    """Every record. Raises ListError."""
    files = ListFiles(path)
    seen: Counter[str] = Counter()
    cells: set[str] = set()
    file = files.only(".xml")
    for element in entries(files, file, _ROOT, ("record",)):
        cells.update([_cell(child) for child in element])
        record = _record(element)
        uid = _uid(record)
        seen[uid] += 1
        yield _designation(record, uid if seen[uid] == 1 else f"{uid}-{seen[uid]}")
    _FORM.refuse_renamed(file, cells)


def issued(path: Path) -> str:
    """The file's own date, where its root tells one."""
    files = ListFiles(path)
    attributes = root_attributes(files, files.only(".xml"), _ROOT)
    day = next(filter(None, map(iso_day, attributes.values())), None)
    return day.isoformat() if day else ""


def _record(element: ET.Element) -> Record:
    """Cells by their English name."""
    return {_cell(child): found for child in element if (found := tidy(child.text))}


def _cell(element: ET.Element) -> str:
    """ "LastName-NomDeFamille" is LastName."""
    return element.tag.partition("-")[0]


def _uid(record: Record) -> str:
    """ "Belarus / Bélarus", schedule 1, part 2, item 14 -> belarus-1-part-2-14"""
    parts = (record.get("Country", "").partition("/")[0], record.get("Schedule", ""), record.get("Item", ""))
    return "-".join(re.sub(r"\W+", "-", part).strip("-").lower() for part in parts if part.strip())


def _designation(record: Record, uid: str) -> Designation:
    if not uid:
        raise ListError(
            "a record has neither Country, Schedule nor Item to be known by; fetch the file again"
        )
    kind = _kind(record)
    born = date_range(record.get("DateOfBirthOrShipBuildDate", ""))
    imo = _IMO.search(record.get("ShipIMONumber", ""))
    return Designation(
        id=f"{LIST}:{uid}",
        names=tuple(_names(record, uid)),
        kind=kind,
        programs=tuple(filter(None, (record.get("Country", "").partition("/")[0].strip(),))),
        identifiers=(Identifier("imo", imo[1]),) if imo else (),
        birth_dates=(born,) if born and kind is Kind.PERSON else (),
        listed_on=iso_day(record.get("DateOfListing")),
        remarks="; ".join(
            record[cell] for cell in ("Title", "TitleOrShip", "TitleOrShipType", "Schedule") if cell in record
        ),
    )


def _kind(record: Record) -> Kind | None:
    if record.get("LastName") or record.get("GivenName"):
        return Kind.PERSON
    titles = " ".join(record.get(cell, "") for cell in ("TitleOrShip", "TitleOrShipType"))
    return Kind.VESSEL if record.get("ShipIMONumber") or _SHIP.search(titles) else Kind.ORGANIZATION


def _names(record: Record, uid: str) -> Iterator[Name]:
    person = " ".join(filter(None, (record.get("GivenName"), record.get("LastName"))))
    primary = person or record.get("EntityOrShip", "")
    if not primary:
        raise ListError(f"{LIST}:{uid} has no name; fetch the file again")
    yield Name(primary, NameType.PRIMARY)
    for text in dict.fromkeys(_aliases(record.get("Aliases", ""))):
        if text != primary:
            yield Name(text)


def _aliases(cell: str) -> Iterator[str]:
    for part in cell.split(";"):
        text = _LANGUAGE.sub("", part.strip())
        if any(map(str.isalnum, text)):
            yield text
