"""Our own `csv` form, for private lists: one designation a row, told by column name.

| column | holds |
| --- | --- |
| `uid` | required, unique in the file |
| `name` | required: the primary name |
| `kind` | person, organization, vessel, aircraft, or empty |
| `aliases`, `weak_aliases`, `former_names` | names, `;` between |
| `programs`, `countries`, `birth_places` | values, `;` between; countries as ISO 3166 alpha-2 |
| `birth_dates` | `1967-03-01`, `1967-03`, `1967` or `1958/1962`, `;` between; `~` before it for circa |
| `gender` | male, female, or empty |
| `identifiers` | `scheme=value` or `scheme=value@CC`, `;` between |
| `addresses` | free text, `;` between |
| `links` | `relation=uid` or `relation=uid@percent`, `;` between; the uid is of this file |
| `listed_on` | `2023-08-16`, or empty |
| `remarks` | free text |

Columns may come in any order and may be left out, but for `uid` and `name`; an unknown column is an error,
since a misspelt one would silently lose what it holds. UTF-8, comma-separated, quoted as in RFC 4180.
"""

import calendar
import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

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
from screening.lists.errors import ListError

COLUMNS = frozenset(
    [
        "uid",
        "name",
        "kind",
        "aliases",
        "weak_aliases",
        "former_names",
        "programs",
        "countries",
        "birth_places",
        "birth_dates",
        "gender",
        "identifiers",
        "addresses",
        "links",
        "listed_on",
        "remarks",
    ]
)
_DATE = re.compile(r"(?P<circa>~?)(?P<from>[\d-]+)(?:/(?P<to>[\d-]+))?")


def parse(path: Path, source: str = "csv") -> Iterator[Designation]:
    """The designations of a private list under the name `source`. Raises ListError with the line."""
    yield from parse_text(path.read_bytes(), source, str(path))


def parse_text(raw: bytes, source: str, origin: str) -> Iterator[Designation]:
    """The same from bytes; `origin` names them in errors."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListError(f"{origin}: {error}; save it as UTF-8") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = set(rows.fieldnames or ())
    if missing := {"uid", "name"} - columns:
        raise ListError(f"{origin}:1: no column {', '.join(sorted(missing))}; a header row is needed")
    if unknown := columns - COLUMNS:
        raise ListError(f"{origin}:1: unknown column {', '.join(sorted(unknown))}")
    names: dict[str, str] = {}
    read: list[tuple[int, dict[str, str]]] = []
    try:
        for row in rows:
            if None in row or None in row.values():
                raise ListError(f"{origin}:{rows.line_num}: not as many cells as the header has columns")
            if not row["uid"] or not row["name"]:
                raise ListError(f"{origin}:{rows.line_num}: uid and name must not be empty")
            if row["uid"] in names:
                raise ListError(f"{origin}:{rows.line_num}: uid {row['uid']} stands twice")
            names[row["uid"]] = row["name"]
            read.append((rows.line_num, row))
    except csv.Error as error:
        raise ListError(f"{origin}:{rows.line_num}: {error}") from None
    for line, row in read:
        try:
            yield _designation(row, source, names)
        except ValueError as error:
            raise ListError(f"{origin}:{line}: {error}") from None


def _designation(row: dict[str, str], source: str, names: dict[str, str]) -> Designation:
    def values(column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row.get(column, "").split(";") if part.strip())

    return Designation(
        id=f"{source}:{row['uid']}",
        names=(
            Name(row["name"], NameType.PRIMARY),
            *(Name(text) for text in values("aliases")),
            *(Name(text, NameType.FKA) for text in values("former_names")),
            *(Name(text, quality=Quality.WEAK) for text in values("weak_aliases")),
        ),
        kind=Kind(row["kind"]) if row.get("kind") else None,
        programs=values("programs"),
        countries=tuple(_country(code) for code in values("countries")),
        birth_places=values("birth_places"),
        birth_dates=tuple(map(_dates, values("birth_dates"))),
        gender=Gender(row["gender"]) if row.get("gender") else None,
        identifiers=tuple(map(_identifier, values("identifiers"))),
        addresses=tuple(Address(text) for text in values("addresses")),
        links=tuple(_link(text, source, names) for text in values("links")),
        listed_on=date.fromisoformat(row["listed_on"]) if row.get("listed_on") else None,
        remarks=row.get("remarks", ""),
    )


def _country(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code):
        raise ValueError(f"country {code!r}: two capital letters are expected")
    return code


def _dates(text: str) -> DateRange:
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(f"birth date {text!r}: YYYY, YYYY-MM, YYYY-MM-DD or FROM/TO is expected")
    earliest, latest = _span(found["from"])
    if found["to"]:
        latest = _span(found["to"])[1]
    return DateRange(earliest, latest, bool(found["circa"]))


def _span(text: str) -> tuple[date, date]:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        year, month = parts
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(*parts), date(*parts)


def _identifier(text: str) -> Identifier:
    scheme, equals, value = text.partition("=")
    if not equals or not value:
        raise ValueError(f"identifier {text!r}: scheme=value is expected")
    number, _, country = value.rpartition("@") if re.search("@[A-Z]{2}$", value) else (value, "", "")
    return Identifier(scheme.strip(), number.strip(), country or None)


def _link(text: str, source: str, names: dict[str, str]) -> Link:
    relation, equals, target = text.partition("=")
    uid, _, percent = target.partition("@")
    if not equals or uid not in names:
        raise ValueError(f"link {text!r}: relation=uid of a row of this file is expected")
    return Link(names[uid], relation, f"{source}:{uid}", float(percent) if percent else None)
