"""OpenSanctions' `targets.simple.csv`: columns by header, values joined by ";" and quoted like cells."""

import csv
from collections.abc import Iterator, Mapping

from screening.designations import Address, Designation, Identifier, Name, NameType
from screening.lists.dates import date_range, iso_day
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, records
from screening.lists.opensanctions.kinds import KINDS
from screening.lists.text import tidy

_REQUIRED = (
    *("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers"),
    *("sanctions", "phones", "emails"),
)


def read(files: ListFiles, name: str) -> Iterator[Designation]:
    """Every row. The form does not tell weak aliases, nor what an identifier is."""
    for line, row in records(files, name, _REQUIRED):
        if not tidy(row["id"]) or not any(map(str.isalnum, row["name"])):
            raise ListError(f"{name} line {line}: no id or no name; fetch the file again")
        yield Designation(
            id=f"opensanctions:{tidy(row['id'])}",
            names=tuple(
                dict.fromkeys(
                    [Name(tidy(row["name"]), NameType.PRIMARY), *map(Name, _values(row, "aliases"))]
                )
            ),
            kind=KINDS.get(row["schema"]),
            programs=tuple(_values(row, "program_ids") or _values(row, "sanctions")),
            identifiers=(
                *(Identifier("other", value) for value in _values(row, "identifiers")),
                *(Identifier("phone", value) for value in _values(row, "phones")),
                *(Identifier("email", value) for value in _values(row, "emails")),
            ),
            birth_dates=tuple(filter(None, map(date_range, _values(row, "birth_date")))),
            countries=tuple(value.upper() for value in _values(row, "countries") if len(value) == 2),
            addresses=tuple(map(Address, _values(row, "addresses"))),
            listed_on=iso_day(row.get("first_seen")),
        )


def _values(row: Mapping[str, str], column: str) -> list[str]:
    """'a;"b;c"' -> a, "b;c"; line ends inside a value are blanks."""
    cell = tidy(row.get(column))
    split = next(csv.reader([cell], delimiter=";"), []) if cell else []
    return list(
        dict.fromkeys(text for value in split if (text := tidy(value)) and any(map(str.isalnum, text)))
    )
