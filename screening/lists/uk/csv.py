"""The UK Sanctions List as CSV.

Line 1 says the report date, line 2 the 58 columns; then one row for each name and address of an entry, which
are brought together by `Unique ID`. Name 6 is the family name, or the whole name of an organisation.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from screening.countries import country_code
from screening.designations import (
    Address,
    Designation,
    Identifier,
    Kind,
    Link,
    Name,
    Quality,
)
from screening.lists.dates import date_range
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, csv_rows, distinct, records
from screening.lists.genders import one_gender
from screening.lists.text import once_each, tidy

LIST = "uk"
_KINDS = {"individual": Kind.PERSON, "entity": Kind.ORGANIZATION, "ship": Kind.VESSEL}
_NAME_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_ADDRESS_LINES = tuple(f"Address Line {number}" for number in range(1, 7))
_REQUIRED = (
    *("Unique ID", "Name type", "Designation Type", "Regime Name", "Sanctions Imposed", *_NAME_PARTS),
    *("Alias strength", "Name non-latin script", "D.O.B", "Nationality(/ies)", "IMO number"),
    *("Passport number", "National Identifier number", "Business registration number (s)"),
    *(*_ADDRESS_LINES, "Address Postal Code", "Address Country", "Town of birth", "Country of birth"),
    *("Date Designated", "Phone number", "Website", "Email address", "Parent company"),
    *("Current owner/operator (s)", "Previous owner/operator (s)", "Current believed flag of ship"),
)
"""Of a column that is called otherwise, half a name or every number would be missing without a word."""
_BIC = re.compile(r"\b(?:BIC|SWIFT)[^A-Z0-9]{1,8}([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")
_INN = re.compile(r"\bINN\D{0,8}(\d{10}|\d{12})\b")
_IMO = re.compile(r"\d{7}")
_TIES = {
    "Parent company": "owned_by",
    "Current owner/operator (s)": "owned_by",
    "Previous owner/operator (s)": "linked_to",
}

Row = Mapping[str, str]


def read(files: ListFiles, file: str) -> Iterator[Designation]:
    """Every entry, in the order of its first row. Raises ListError."""
    report_date(files, file)
    grouped: dict[str, list[Row]] = {}
    for line, row in records(files, file, _REQUIRED, skip=1, lacking=1):  # published rows lack a last cell
        if not row["Unique ID"].strip():
            raise ListError(f"{file} line {line}: no Unique ID; fetch the file again")
        cells = {column: found for column, cell in row.items() if (found := tidy(cell))}
        grouped.setdefault(cells["Unique ID"], []).append(cells)
    for number in list(grouped):
        yield designation(number, grouped.pop(number))


def report_date(files: ListFiles, file: str) -> date:
    """Of line 1. Raises ListError."""
    _, first = next(csv_rows(files, file), (0, [""]))
    if first[0].strip() == "Last Updated" and date_range("".join(first[1:2])):
        gone = "OFSI's Consolidated List, which ended on 28 January 2026"
        raise ListError(f"{file}: this is {gone}; fetch the UK Sanctions List")
    label, _, day = first[0].partition(":")
    found = date_range(day.strip().replace("-", " "))
    if label.strip().lower() != "report date" or found is None:
        raise ListError(
            f"{file}: line 1 is no 'Report Date: 13-Feb-2026'; is this the UK Sanctions List as CSV?"
        )
    return found.earliest


def designation(number: str, rows: list[Row]) -> Designation:
    """One entry of its rows, each a mapping of the CSV's columns. Raises ListError."""
    kinds = list(distinct(rows, "Designation Type"))
    if not kinds or kinds[0].lower() not in _KINDS:
        raise ListError(f"{number}: {kinds} is no Designation Type (Individual, Entity, Ship)")
    places = zip(
        *(list(distinct(rows, column)) or [""] for column in ("Town of birth", "Country of birth")),
        strict=False,
    )
    designated = next((date_range(day) for day in distinct(rows, "Date Designated")), None)
    countries = [
        country_code(value)
        for column in ("Nationality(/ies)", "Current believed flag of ship")
        for value in distinct(rows, column)
    ]
    return Designation(
        id=f"{LIST}:{number}",
        names=_names(number, rows),
        kind=_KINDS[kinds[0].lower()] if len(kinds) == 1 else None,  # where rows differ, nobody knows
        programs=tuple(_programs(rows)),
        identifiers=tuple(dict.fromkeys(_identifiers(rows))),
        birth_dates=tuple(filter(None, map(date_range, distinct(rows, "D.O.B")))),
        birth_places=tuple(place for parts in places if (place := ", ".join(filter(None, parts)))),
        countries=tuple(dict.fromkeys(filter(None, countries))),
        gender=one_gender(distinct(rows, "Gender")),
        addresses=tuple(dict.fromkeys(_addresses(rows))),
        links=tuple(
            Link(name, relation) for column, relation in _TIES.items() for name in distinct(rows, column)
        ),
        listed_on=designated.earliest if designated else None,
        remarks="; ".join(
            text
            for column in ("Position", "Sanctions Imposed", "Other Information")
            for text in distinct(rows, column)
        ),
    )


def _names(number: str, rows: list[Row]) -> tuple[Name, ...]:
    """The primary name first, wherever its row stands."""
    in_order = sorted(rows, key=lambda row: row.get("Name type", "").lower() != "primary name")
    names = once_each(name for row in in_order for name in _names_of(row))
    if not names:
        raise ListError(f"{number} has no name; fetch the file again")
    return names


def _names_of(row: Row) -> Iterator[Name]:
    quality = Quality.WEAK if "low" in row.get("Alias strength", "").lower() else Quality.STRONG
    for text in (
        " ".join(row[part] for part in _NAME_PARTS if part in row),
        row.get("Name non-latin script"),
    ):
        if text:
            yield Name(text, quality=quality)


def _programs(rows: list[Row]) -> Iterator[str]:
    """The regime; one without asset freeze (a ship kept out of ports) says so, for policies to tell apart.

    An entry that states no measure at all may be frozen, and is taken for it.
    """
    measures = list(distinct(rows, "Sanctions Imposed"))
    frozen = not measures or any("asset freeze" in text.lower() for text in measures)
    for regime in distinct(rows, "Regime Name"):
        yield regime if frozen else f"{regime} (no asset freeze)"


def _identifiers(rows: list[Row]) -> Iterator[Identifier]:
    for text in distinct(rows, "IMO number"):
        yield from (Identifier("imo", imo) for imo in _IMO.findall(text))
    for column, scheme in (("Passport number", "passport"), ("National Identifier number", "national_id")):
        yield from (Identifier(scheme, number) for number in distinct(rows, column))
    for text in distinct(rows, "Business registration number (s)"):
        yield from (Identifier("bic", bic) for bic in _BIC.findall(text))
        yield from (Identifier("tax", inn, note="INN") for inn in _INN.findall(text))
        yield Identifier("registration", text)
    for column, scheme in (("Phone number", "phone"), ("Website", "website"), ("Email address", "email")):
        yield from (Identifier(scheme, value) for value in distinct(rows, column))


def _addresses(rows: Iterable[Row]) -> Iterator[Address]:
    for row in rows:
        lines = ", ".join(row[line] for line in _ADDRESS_LINES if line in row)
        found = Address(
            lines,
            postal_code=row.get("Address Postal Code", ""),
            country=country_code(row.get("Address Country", "")),
        )
        if found != Address():
            yield found
