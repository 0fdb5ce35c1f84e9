"""The US Consolidated Screening List of the Department of Commerce, as JSON or CSV.

It brings together lists of Treasury (OFAC), Commerce (BIS: Entity, Denied Persons, Unverified, Military End
User) and State. `programs` begins with the list an entry is from, so that a policy can tell them apart: what
a BIS entry asks of a bank is not what an OFAC one does. An entry that is on two of them has two ids here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from screening.countries import country_code
from screening.designations import Address, Designation, Identifier, Kind, Name, NameType
from screening.lists.dates import date_range, iso_day
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary, records
from screening.lists.ofac.kinds import kind_of
from screening.lists.text import reading_order, tidy

LIST = "csl"
_REQUIRED = (
    *("_id", "source", "type", "name", "alt_names", "ids", "programs", "addresses", "citizenships"),
    *("nationalities", "dates_of_birth", "places_of_birth", "call_sign", "vessel_flag"),
)
_FORM = Vocabulary(
    """
    source type name alt_names ids programs addresses nationalities citizenships dates_of_birth
    places_of_birth number country address city
    """,
    """
    _id id entity_number title federal_register_notice start_date end_date standard_order
    license_requirement license_policy call_sign vessel_type gross_tonnage gross_registered_tonnage
    vessel_flag vessel_owner remarks source_list_url source_information_url state postal_code issue_date
    expiration_date
    """,
)
_SCHEMES = (
    ("imo", re.compile(r"\bIMO\b|vessel registration", re.IGNORECASE)),
    ("mmsi", re.compile(r"\bMMSI\b", re.IGNORECASE)),
    ("bic", re.compile(r"SWIFT|\bBIC\b", re.IGNORECASE)),
    ("lei", re.compile(r"\bLEI\b|legal entity", re.IGNORECASE)),
    ("passport", re.compile(r"passport", re.IGNORECASE)),
    ("wallet", re.compile(r"digital currency", re.IGNORECASE)),
    ("tax", re.compile(r"\btax\b", re.IGNORECASE)),
    ("registration", re.compile(r"registration|company number|commercial reg", re.IGNORECASE)),
    ("email", re.compile(r"e-?mail", re.IGNORECASE)),
    ("website", re.compile(r"website", re.IGNORECASE)),
    ("phone", re.compile(r"phone", re.IGNORECASE)),
    ("national_id", re.compile(r"\bid\b|identification|cedula|\bssn\b|curp|rfc|\bnit\b", re.IGNORECASE)),
)
_NO_NUMBER = re.compile(
    r"gender|secondary sanctions|sanctions information|effective date|listing date", re.IGNORECASE
)
_LARGEST_BYTES = 256 << 20
"""The file has 50 MB; JSON of one object cannot be read piece by piece."""

Cells = Mapping[str, Any]


def parse(path: Path) -> Iterator[Designation]:
    """Every entry. Raises ListError."""
    files = ListFiles(path)
    file = files.only(".json", ".csv")
    if _is_json(files, file):
        keys: set[str] = set()
        for where, record in _json(files, file):
            keys |= record.keys()
            for value in record.values():
                keys.update([key for item in _listed(value) if isinstance(item, dict) for key in item])
            yield _designation(record, where, _listed)
        _FORM.refuse_renamed(file, keys)
    else:
        for line, row in records(files, file, _REQUIRED):
            yield _designation(row, f"{file} line {line}", _split)


def issued(path: Path) -> str:
    """Neither form says when it was made."""
    del path
    return ""


def _is_json(files: ListFiles, file: str) -> bool:
    with files.open(file) as stream:
        return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _json(files: ListFiles, file: str) -> Iterator[tuple[str, Cells]]:
    with files.open(file) as stream:
        raw = stream.read(_LARGEST_BYTES)
    if len(raw) == _LARGEST_BYTES:
        raise ListError(
            f"{file}: more than {_LARGEST_BYTES >> 20} MiB; is this the Consolidated Screening List?"
        )
    try:
        whole = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ListError(f"{file}: {error}; the file is cut off or damaged, fetch it again") from None
    found = whole.get("results")
    if not isinstance(found, list):
        raise ListError(f"{file}: no `results`; is this the Consolidated Screening List as JSON?")
    if (total := whole.get("total", len(found))) != len(found):
        raise ListError(
            f"{file}: {len(found)} entries where the file says {total}; it is cut, or one page of an answer "
            "of the search API. Fetch the whole list"
        )
    for number, record in enumerate(found, 1):
        if not isinstance(record, dict):
            raise ListError(f"{file} record {number}: no object; fetch the file again")
        yield f"{file} record {number}", record


def _listed(value: Any) -> list[Any]:
    """JSON has lists."""
    return value if isinstance(value, list) else [value] if value else []


def _split(value: Any) -> list[Any]:
    """CSV has cells of values parted by semicolons."""
    return [part for part in map(tidy, str(value or "").split(";")) if part]


def _designation(cells: Cells, where: str, several: Callable[[Any], list[Any]]) -> Designation:
    uid, name = tidy(str(cells.get("_id") or cells.get("id") or "")), tidy(str(cells.get("name") or ""))
    if not uid or not name:
        raise ListError(f"{where}: an entry needs id and name; fetch the file again")
    kind = kind_of(tidy(str(cells.get("type") or "")))
    return Designation(
        id=f"{LIST}:{uid}",
        names=tuple(_names(name, several(cells.get("alt_names")), kind)),
        kind=kind,
        programs=tuple(
            dict.fromkeys(filter(None, [_source(cells), *map(tidy, several(cells.get("programs")))]))
        ),
        identifiers=tuple(dict.fromkeys(_identifiers(cells, several))),
        birth_dates=tuple(filter(None, map(date_range, map(tidy, several(cells.get("dates_of_birth")))))),
        birth_places=tuple(map(tidy, several(cells.get("places_of_birth")))),
        countries=tuple(dict.fromkeys(_countries(cells, several))),
        addresses=tuple(_addresses(several(cells.get("addresses")))),
        listed_on=iso_day(str(cells.get("start_date") or "")),
        remarks="; ".join(
            text
            for cell in ("title", "license_requirement", "remarks")
            if (text := tidy(str(cells.get(cell) or "")))
        ),
    )


def _source(cells: Cells) -> str:
    """ "Entity List (EL) - Bureau of Industry and Security" -> "EL"; the whole where it has no letters."""
    source = tidy(str(cells.get("source") or ""))
    letters = re.search(r"\(([A-Z]{2,6})\)", source)
    return letters[1] if letters else source


def _names(primary: str, others: list[Any], kind: Kind | None) -> Iterator[Name]:
    yield Name(reading_order(primary, kind), NameType.PRIMARY)
    for text in dict.fromkeys(tidy(str(other)) for other in others):
        if text and text != primary and any(map(str.isalnum, text)):
            yield Name(reading_order(text, kind))


def _countries(cells: Cells, several: Callable[[Any], list[Any]]) -> Iterator[str]:
    for cell in ("citizenships", "nationalities"):
        yield from filter(None, (country_code(str(value)) for value in several(cells.get(cell))))
    if flag := country_code(str(cells.get("vessel_flag") or "")):
        yield flag


def _addresses(found: list[Any]) -> Iterator[Address]:
    for item in found:
        if isinstance(item, dict):
            part = {key: tidy(str(value or "")) for key, value in item.items()}
            yield Address(
                part.get("address", ""),
                part.get("city", ""),
                part.get("state", ""),
                part.get("postal_code", ""),
                country_code(part.get("country", "")),
            )
        else:
            text = tidy(str(item))
            yield Address(text, country=country_code(text.rpartition(",")[2].strip()))


def _identifiers(cells: Cells, several: Callable[[Any], list[Any]]) -> Iterator[Identifier]:
    if sign := tidy(str(cells.get("call_sign") or "")):
        yield Identifier("call_sign", sign)
    for item in several(cells.get("ids")):
        if isinstance(item, dict):
            label, number = tidy(str(item.get("type") or "")), tidy(str(item.get("number") or ""))
            country = country_code(str(item.get("country") or ""))
        else:
            country, label, number = _written(tidy(str(item)))
        if number and not _NO_NUMBER.search(label):
            yield _identifier(label, number, country)


def _written(text: str) -> tuple[str | None, str, str]:
    """ "RU, Passport, 12345" or "Passport, 12345" -> country, label, number"""
    parts = [part.strip() for part in text.split(",")]
    country = country_code(parts[0]) if len(parts) > 2 else None
    if len(parts) < 2:
        return None, "", parts[0]
    return country, parts[-2], parts[-1]


def _identifier(label: str, number: str, country: str | None) -> Identifier:
    scheme = next((scheme for scheme, sign in _SCHEMES if sign.search(label)), "other")
    if scheme == "imo":
        digits = re.search(r"\d{7}", number)
        return Identifier("imo", digits[0]) if digits else Identifier("registration", number, country, label)
    note = (
        label.rpartition(" - ")[2]
        if scheme == "wallet"
        else label
        if scheme in ("national_id", "other")
        else ""
    )
    return Identifier(scheme, number, country, note)
