"""`csv`, our own form for private lists: one designation a line under a header.

| column | holds |
| --- | --- |
| `uid` | the entry's id within the list; required |
| `name` | the primary name in reading order; required |
| `kind` | person, organization, vessel or aircraft; empty: unknown |
| `aliases`, `weak_aliases`, `former_names` | more names |
| `programs` | sanctions programs |
| `birth_dates` | `1948-12-10`, `10.12.1948`, `12/1948`, `1948`, `circa 1948`, `1946 to 1948` |
| `birth_places`, `countries` | places as text; countries as names or ISO 3166 codes |
| `gender` | male or female |
| `identifiers` | `scheme=value`; with a note `wallet/XBT=1A1z...`, with a country `passport=P123@SK` |
| `addresses` | text; with its country `Hlavna 1, Bratislava @SK` |
| `links` | a tie and a uid of this file, an id or a name; `owned_by=ofac:123@60` with the share in % |
| `listed_on` | `2023-08-16` |
| `remarks` | free text |

Columns may stand in any order and all but two may be left out; several values in one cell are separated by ;,
names by a line end or | as well, or counted ("1) Ivan 2) Petr"). A day as 10/12/1948 is read both ways round.
Commas, semicolons or tabs stand between the cells, as the header says.
The CSV files of a folder or zip are one list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from screening.countries import country_code
from screening.designations import (
    Address,
    DateRange,
    Designation,
    Gender,
    Identifier,
    Kind,
    Link,
    Name,
    NameType,
    Quality,
)
from screening.lists.dates import date_range, iso_day
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, records
from screening.lists.private.name_cells import is_lost, lines_of_name, names_of_cell
from screening.lists.text import is_nobody, tidy

LIST = "csv"
COLUMNS = (
    *("uid", "name", "kind", "aliases", "weak_aliases", "former_names", "programs", "birth_dates"),
    *("birth_places", "countries", "gender", "identifiers", "addresses", "links", "listed_on", "remarks"),
)
SCHEMES = (
    *("bic", "imo", "mmsi", "lei", "iban", "passport", "national_id", "tax", "registration", "email"),
    *("phone", "website", "wallet", "call_sign", "aircraft_serial", "aircraft_tail", "other"),
)
_EITHER_WAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
"""A day and a month, or a month and a day: whose spreadsheet it was, nobody says."""
_DELIMITERS = ",;\t"
_NEEDED = ("uid", "name")
RELATIONS = ("linked_to", "owner", "owned_by", "family", "director", "associate", "acting_for")


def parse(path: Path) -> Iterator[Designation]:
    """Every line as a designation under `csv:`; `parse_list(..., name=)` gives the list its own name."""
    files = ListFiles(path)
    names = {line.text("uid"): line.text("name") for line in _lines(files)}
    for line in _lines(files):
        yield line.designation(names)


def issued(path: Path) -> str:
    """A private list carries no date of its own."""
    del path
    return ""


def _lines(files: ListFiles) -> Iterator["_Line"]:
    where: dict[str, str] = {}
    for file in files.ending(".csv"):
        skip, delimiter = _written_with(files, file)
        rows = records(files, file, _NEEDED, skip=skip, delimiter=delimiter, column=_column)
        for number, row in rows:
            unknown = [column for column in row if column and column not in COLUMNS]
            if unknown:
                raise ListError(f"{file}: unknown column {unknown[0]!r}; known are {', '.join(COLUMNS)}")
            line = _Line(f"{file} line {number}", row)
            uid = line.text("uid")
            if uid and uid in where:
                raise ListError(
                    f"{line.where}: uid {uid!r} stands in {where[uid]}, too; each entry needs its own"
                )
            where[uid] = line.where
            yield line


def _column(cell: str) -> str:
    """`birth_dates` of "Birth Dates"."""
    return "_".join(cell.strip('"').lower().split())


def _written_with(files: ListFiles, file: str) -> tuple[int, str]:
    """How many lines stand above the header, and what stands between its cells; Excel says so in line 1."""
    with files.open(file) as stream:
        first = stream.readline().decode("utf-8", "replace").strip("\ufeff\r\n")
    if said := re.fullmatch(r"sep=(.)", first):
        return 1, said[1]
    return 0, next(
        (mark for mark in _DELIMITERS if {*map(_column, first.split(mark))}.issuperset(_NEEDED)), ","
    )


@dataclass(frozen=True, slots=True)
class _Line:
    where: str
    row: Mapping[str, str]

    def designation(self, names: Mapping[str, str]) -> Designation:
        if not self.text("uid") or not self.text("name"):
            raise ListError(f"{self.where}: uid and name must not be empty")
        for column in self.row:
            parts = () if column == "remarks" else self.values(column)
            if lost := next(filter(is_lost, (self.text(column), *parts)), ""):
                raise self.wrong(column, lost, "what the spreadsheet has lost there, as text,")
        if self.text("uid").startswith("@"):
            raise self.wrong(
                "uid", self.text("uid"), "an id that does not begin with @ (such keys are markers)"
            )
        listed_on = iso_day(self.text("listed_on"))
        if self.text("listed_on") and listed_on is None:
            raise self.wrong("listed_on", self.text("listed_on"), "a day such as 2023-08-16")
        return Designation(
            id=f"{LIST}:{self.text('uid')}",
            names=self.names(),
            kind=Kind(self.one_of("kind", Kind)) if self.text("kind") else None,
            programs=self.values("programs"),
            identifiers=tuple(map(self.identifier, self.values("identifiers"))),
            birth_dates=tuple(day for value in self.values("birth_dates") for day in self.births(value)),
            birth_places=self.values("birth_places"),
            countries=tuple(self.country("countries", value) for value in self.values("countries")),
            gender=Gender(self.one_of("gender", Gender)) if self.text("gender") else None,
            addresses=tuple(map(self.address, self.values("addresses"))),
            links=tuple(self.link(value, names) for value in self.values("links")),
            listed_on=listed_on,
            remarks=self.text("remarks"),
        )

    def text(self, column: str) -> str:
        return tidy(self.row.get(column))

    def values(self, column: str) -> tuple[str, ...]:
        return tuple(value for part in self.text(column).split(";") if (value := part.strip()))

    def wrong(self, column: str, value: str, wanted: str) -> ListError:
        return ListError(f"{self.where}, column {column}: {value!r}; {wanted} is expected")

    def one_of(self, column: str, known: Iterable[str]) -> str:
        value = self.text(column).lower()
        if value not in set(known):
            raise self.wrong(column, value, " or ".join(known))
        return value

    def names(self) -> tuple[Name, ...]:
        kind = Kind(self.one_of("kind", Kind)) if self.text("kind") else None
        primary, *others = lines_of_name(self.row["name"])
        if is_nobody(primary):
            raise self.wrong("name", primary, "what the party is called")
        return (
            Name(primary, NameType.PRIMARY),
            *(Name(text) for text in others),
            *(Name(text) for text in self.several("aliases", kind)),
            *(Name(text, NameType.FKA) for text in self.several("former_names", kind)),
            *(Name(text, quality=Quality.WEAK) for text in self.several("weak_aliases", kind)),
        )

    def several(self, column: str, kind: Kind | None) -> tuple[str, ...]:
        return names_of_cell(self.row.get(column) or "", kind)

    def births(self, value: str) -> tuple[DateRange, ...]:
        found = date_range(value)
        if written := _EITHER_WAY.fullmatch(value):
            day, month, year = written.groups()
            turned = date_range(f"{month}/{day}/{year}")
            return tuple(dict.fromkeys(filter(None, (found, turned)))) or self.no_birth(value)
        return (found,) if found else self.no_birth(value)

    def no_birth(self, value: str) -> NoReturn:
        raise self.wrong("birth_dates", value, "1948-12-10, 1948, circa 1948 or 1946 to 1948")

    def country(self, column: str, value: str) -> str:
        code = country_code(value)
        if code is None:
            raise self.wrong(column, value, "a country's name or ISO 3166 code")
        return code

    def identifier(self, value: str) -> Identifier:
        """ "passport=P123@SK", "wallet/XBT=1A1z..."; an e-mail address keeps its @."""
        label, _, number = value.partition("=")
        scheme, _, note = label.partition("/")
        country = None
        if "@" in number and scheme != "email":
            number, _, last = number.rpartition("@")
            country = self.country("identifiers", last)
        if is_lost(number):
            raise self.wrong("identifiers", value, "what the spreadsheet has lost there, as text,")
        if scheme not in SCHEMES or not number:
            raise self.wrong("identifiers", value, f"scheme=value, the scheme one of {', '.join(SCHEMES)},")
        return Identifier(scheme, number, country, note)

    def address(self, value: str) -> Address:
        text, at, country = value.rpartition("@")
        return Address(text.strip(), country=self.country("addresses", country)) if at else Address(value)

    def link(self, value: str, names: Mapping[str, str]) -> Link:
        """ "owned_by=ofac:123@60" """
        relation, _, target = value.partition("=")
        target, at, share = target.partition("@")
        percent = self.percent(value, share) if at else None
        if relation not in RELATIONS or not target:
            raise self.wrong("links", value, f"tie=uid, id or name, the tie one of {', '.join(RELATIONS)},")
        if target in names:
            return Link(names[target], relation, f"{LIST}:{target}", percent)
        is_id = ":" in target and " " not in target
        return Link(target, relation, target if is_id else None, percent)

    def percent(self, value: str, share: str) -> float:
        try:
            percent = float(share)
        except ValueError:
            percent = 0.0
        if not 0 < percent <= 100:
            raise self.wrong("links", value, "a share above 0 % and up to 100 %")
        return percent
