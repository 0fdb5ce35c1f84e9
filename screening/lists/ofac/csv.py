"""OFAC's legacy CSV: sdn, alt, add and sdn_comments, and the same four of the consolidated list (cons_*).

No header; "-0- " is null; the main, alias and address files end with a record of one Ctrl-Z. Aliases in the
alias file are strong; weak ones stand in the remarks. Remarks longer than 1,000 characters go on, in the
middle of a word, in the comments file. "Linked To" names a name, which is resolved within the same files.
A few parties stand on both lists under one number and with different remarks; both entries are kept, the
consolidated one as `ofac:9659-cons`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from screening.countries import country_code
from screening.designations import Address, Designation, Identifier, Kind, Link, Name, NameType, Quality
from screening.lists.errors import ListError, Tolerance
from screening.lists.files import END_MARK, ListFiles, csv_rows
from screening.lists.ofac.kinds import kind_of
from screening.lists.ofac.names import NamesToIds
from screening.lists.ofac.remarks import Remarks, read_remarks
from screening.lists.text import reading_order, tidy

_NULL = "-0-"
_SPILL_FROM = 990
"""Remarks this long that do not end in a full stop were cut, and must go on in the comments file."""
_ALIAS_TYPES = {"aka": NameType.AKA, "nka": NameType.AKA, "fka": NameType.FKA}
_REMARK_TYPES = {"a": NameType.AKA, "n": NameType.AKA, "f": NameType.FKA}


@dataclass(frozen=True, slots=True)
class Family:
    """The four files of one of the two lists."""

    main: str
    aliases: str
    addresses: str
    comments: str


SDN: Family = Family("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")
CONSOLIDATED: Family = Family("cons_prim.csv", "cons_alt.csv", "cons_add.csv", "cons_comments.csv")


@dataclass(slots=True)
class _Extras:
    """What stands about one entry in the files beside the main one."""

    aliases: list[tuple[int, str, str]] = field(default_factory=list)
    addresses: list[tuple[int, Address]] = field(default_factory=list)
    spill: str = ""


def read(
    files: ListFiles, families: tuple[Family, ...], tolerance: Tolerance | None = None
) -> Iterator[Designation]:
    """Every entry of the families, in the files' order. Raises ListError."""
    for family in families:
        for name in (family.main, family.aliases, family.addresses, family.comments):
            if name not in files:
                raise ListError(f"{files.path}: {name} is missing; the list is {_file_names(families)}")
    ids = _ids_by_name(files, families)
    sdn_numbers = {row[0] for _, row in _rows(files, SDN.main, 12)} if len(families) > 1 else set()
    for family in families:
        extras = _extras(files, family, tolerance or Tolerance())
        for line, row in _rows(files, family.main, 12):
            listed = _designation(row, extras.pop(row[0], _Extras()), ids, f"{family.main} line {line}")
            twice = family is CONSOLIDATED and row[0] in sdn_numbers
            yield replace(listed, id=f"{listed.id}-cons") if twice else listed
        if extras:
            stray = next(iter(extras))
            raise ListError(
                f"{family.aliases}, {family.addresses} or {family.comments} speak of entry {stray}, which "
                f"{family.main} does not have; fetch all files of the same day"
            )


def _file_names(families: tuple[Family, ...]) -> str:
    return ", ".join(
        name
        for family in families
        for name in (family.main, family.aliases, family.addresses, family.comments)
    )


def _rows(
    files: ListFiles, name: str, width: int, *, marked: bool = True, tolerance: Tolerance | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Rows up to the end mark, each with an entry number and `width` fields; null is "".

    A malformed row that is tolerated has its surplus in its last field, and what it lacks is empty.
    """
    ended = False
    for line, row in csv_rows(files, name):
        if ended:
            raise ListError(f"{name} line {line}: text after the end mark; fetch the file again")
        if row == [END_MARK]:
            ended = True
        elif len(row) != width or not row[0].isdecimal() or any('"' in field for field in row):
            if tolerance and row[0].isdecimal() and tolerance.accepts(f"{name} line {line}"):
                yield line, _as_wide(row, width)
                continue
            raise ListError(
                f"{name} line {line}: {width} fields beginning with a number, all quotes in pairs, are "
                "expected; the file is cut off or of another format"
            )
        else:
            yield line, ["" if field.strip() == _NULL else field for field in row]
    if marked and not ended:
        raise ListError(f"{name}: the end mark (Ctrl-Z) is missing, so the file is cut off; fetch it again")


def _as_wide(row: list[str], width: int) -> list[str]:
    """ "102", "x", "y", "z" -> "102", "x, y, z" where two fields are expected"""
    row = [*row[: width - 1], ", ".join(row[width - 1 :])]
    return [*("" if field.strip() == _NULL else field for field in row), *[""] * (width - len(row))]


def _ids_by_name(files: ListFiles, families: tuple[Family, ...]) -> NamesToIds:
    ids = NamesToIds()
    for family in families:
        for _, row in _rows(files, family.main, 12):
            ids.add(row[1], f"ofac:{row[0]}")
    return ids


def _extras(files: ListFiles, family: Family, tolerance: Tolerance) -> dict[str, _Extras]:
    extras: defaultdict[str, _Extras] = defaultdict(_Extras)
    for line, (entry, number, kind, name, _) in _rows(files, family.aliases, 5):
        if kind not in _ALIAS_TYPES or not number.isdecimal():
            raise ListError(f"{family.aliases} line {line}: {kind!r} is no type of alias (aka, fka, nka)")
        extras[entry].aliases.append((int(number), kind, name))
    for line, (entry, number, street, place, country, _) in _rows(
        files, family.addresses, 6, tolerance=tolerance
    ):
        if not number.isdecimal():
            raise ListError(f"{family.addresses} line {line}: {number!r} is no address number")
        extras[entry].addresses.append((int(number), _address(street, place, country)))
    for _, (entry, text) in _rows(files, family.comments, 2, marked=False, tolerance=tolerance):
        extras[entry].spill += text
    return extras


def _designation(row: list[str], extras: _Extras, ids: NamesToIds, where: str) -> Designation:
    entry, name, kind_text, programs, title, call_sign, vessel_type, _, _, flag, owner, text = row
    kind = Kind.ORGANIZATION if kind_text.strip() in ("", _NULL) else kind_of(kind_text)
    if kind is None:
        raise ListError(f"{where}: {kind_text!r} is no type of entry (individual, vessel, aircraft, {_NULL})")
    if len(text) >= _SPILL_FROM and not text.endswith(".") and not extras.spill:
        raise ListError(f"{where}: the remarks are cut, but no comments file goes on; fetch all files again")
    remarks = read_remarks(tidy(text + extras.spill))
    flags = [code for code in [country_code(flag)] if code]
    signs = [Identifier("call_sign", call_sign.strip())] if call_sign.strip() else []
    return Designation(
        id=f"ofac:{entry}",
        names=_names(name, kind, extras, remarks),
        kind=kind,
        programs=tuple(part for item in programs.split("] [") if (part := item.strip("[] "))),
        identifiers=tuple(dict.fromkeys([*signs, *remarks.identifiers])),
        birth_dates=tuple(dict.fromkeys(remarks.births)),
        birth_places=tuple(dict.fromkeys(remarks.places)),
        countries=tuple(dict.fromkeys([*remarks.countries, *flags])),
        gender=remarks.gender,
        addresses=tuple(address for _, address in sorted(extras.addresses, key=lambda item: item[0])),
        links=tuple(_links(remarks.linked_to, tidy(owner), ids)),
        remarks="; ".join(filter(None, [tidy(title), tidy(vessel_type), *remarks.rest])),
    )


def _names(primary: str, kind: Kind, extras: _Extras, remarks: Remarks) -> tuple[Name, ...]:
    names = [Name(reading_order(primary, kind), NameType.PRIMARY)]
    names += [Name(reading_order(name, kind), _ALIAS_TYPES[how]) for _, how, name in sorted(extras.aliases)]
    names += [
        Name(reading_order(name, kind), _REMARK_TYPES[how], Quality.WEAK) for how, name in remarks.aliases
    ]
    return tuple(dict.fromkeys(names))


def _links(linked_to: list[str], owner: str, ids: NamesToIds) -> Iterator[Link]:
    for name in dict.fromkeys(linked_to):
        yield Link(name, to=ids.get(name))
    if owner:
        yield Link(owner, relation="owned_by", to=ids.get(owner))


_POSTAL = re.compile(r"^(.*?),?\s*(?:C\.?P\.?\s+)?((?:[A-Z0-9-]*\d[A-Z0-9-]*\s?)+)$")


def _address(street: str, place: str, country: str) -> Address:
    """ "Garza Garcia, Nuevo Leon 66220" -> city, region, postal code."""
    place, postal_code = tidy(place), ""
    if found := _POSTAL.match(place):
        place, postal_code = found[1], found[2].strip()
    city, _, region = place.partition(", ")
    return Address(tidy(street), city, region, postal_code, country_code(country))
