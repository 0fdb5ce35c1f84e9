"""OpenSanctions: FollowTheMoney entities as JSON lines, `targets.simple.csv`, and Senzing records.

The three are distinguished by their first bytes. In the FollowTheMoney form sanctions, passports, wallets,
ownership and family are entities of their own that point at the parties, in any order: the file is read
twice, first for these, then for the parties. A party is a target when its topics say sanction, or, without
topics, when the file says target.

Deltas (`*.delta.json`, a version each) stand beside the whole file they go on from, in one folder or zip, and
are applied in the order of their versions, those that are older than the whole file left out: it holds their
changes already. A delta without a line says that nothing changed. Alone they are no list: a party's programs
and papers may be unchanged entities that a delta leaves out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from screening.designations import (
    Address,
    Designation,
    Identifier,
    Link,
    Name,
    NameType,
    Quality,
)
from screening.lists.dates import date_range, iso_day
from screening.lists.errors import ListError
from screening.lists.files import ListFiles
from screening.lists.genders import one_gender
from screening.lists.json_lines import json_lines
from screening.lists.opensanctions import csv as opensanctions_csv
from screening.lists.opensanctions import senzing
from screening.lists.opensanctions.kinds import KINDS
from screening.lists.text import tidy

LIST = "opensanctions"
_SUFFIXES = (".json", ".jsonl", ".csv")
_DELTA = ".delta.json"
_OPERATIONS = ("ADD", "MOD", "DEL")
_NO_PARTIES = frozenset(("Security", "RealEstate", "BankAccount", "Vehicle", "Asset", "Address", "Position"))
"""Schemas of what may be sanctioned and is nobody who could be paid."""
_NAMES = (
    ("name", NameType.AKA, Quality.STRONG),
    ("alias", NameType.AKA, Quality.STRONG),
    ("previousName", NameType.FKA, Quality.STRONG),
    ("abbreviation", NameType.AKA, Quality.WEAK),
    ("weakAlias", NameType.AKA, Quality.WEAK),
)
_IDENTIFIERS = (
    ("swiftBic", "bic", ""),
    ("imoNumber", "imo", ""),
    ("mmsi", "mmsi", ""),
    ("callSign", "call_sign", ""),
    ("leiCode", "lei", ""),
    ("passportNumber", "passport", ""),
    ("idNumber", "national_id", ""),
    ("socialSecurityNumber", "national_id", "SSN"),
    ("innCode", "tax", "INN"),
    ("taxNumber", "tax", ""),
    ("vatCode", "tax", "VAT"),
    ("ogrnCode", "registration", "OGRN"),
    ("registrationNumber", "registration", ""),
    ("uscCode", "registration", "USCC"),
    ("serialNumber", "aircraft_serial", ""),
    ("email", "email", ""),
    ("phone", "phone", ""),
    ("website", "website", ""),
    ("publicKey", "wallet", ""),
)
_COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "flag")


@dataclass(slots=True)
class _Around:
    """What other entities say about the parties, by the party's id."""

    programs: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    identifiers: defaultdict[str, list[Identifier]] = field(default_factory=lambda: defaultdict(list))
    links: defaultdict[str, list[tuple[str, str, float | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    names: dict[str, str] = field(default_factory=dict)
    """Of the parties that links point at."""


def parse(path: Path) -> Iterator[Designation]:
    """Every sanctioned party, or owned by one ("sanction.linked"). Raises ListError."""
    files = ListFiles(path)
    name = _whole_file(files)
    with files.open(name) as stream:
        head = stream.read(2048).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith((b"{", b"[")):
        return opensanctions_csv.read(files, name)
    if b'"DATA_SOURCE"' in head or b'"RECORD_ID"' in head:
        return senzing.read(files, name)
    return _entities(files, name)


def issued(path: Path) -> str:
    """None of the three forms says when it was made."""
    del path
    return ""


def _whole_file(files: ListFiles) -> str:
    whole = [name for name in files.names if name.endswith(_SUFFIXES) and not name.endswith(_DELTA)]
    if len(whole) == 1 or len(files.names) == 1:
        return (whole or list(files.names))[0]
    raise ListError(f"{files.path}: {len(whole)} whole files beside the deltas, one is expected")


def _entities(files: ListFiles, name: str) -> Iterator[Designation]:
    around = _read_around(files, name)
    for where, entity in _lines(files, name):
        if _is_target(entity):
            yield _designation(entity, around, where)


def _lines(files: ListFiles, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entities of the whole file, as the deltas beside it left them."""
    changed: dict[str, tuple[str, Mapping[str, Any]] | None] = {}
    for delta in _newer_deltas(files, name):
        for where, line in json_lines(files, delta, may_be_empty=True):
            entity = line.get("entity")
            if line.get("op") not in _OPERATIONS or not isinstance(entity, dict) or "id" not in entity:
                raise ListError(f"{where}: no change (op ADD, MOD or DEL, entity); fetch the delta again")
            changed[entity["id"]] = None if line["op"] == "DEL" else (where, entity)
    for where, entity in _valid(json_lines(files, name)):
        if entity["id"] not in changed:
            yield where, entity
    yield from _valid(change for change in changed.values() if change)


def _newer_deltas(files: ListFiles, name: str) -> list[str]:
    """The deltas that go on from the whole file, in the order of their versions."""
    versions = {
        found: _version(files, found) for found in files.names if found.endswith(_DELTA) and found != name
    }
    if not versions:
        return []
    made = max((_last_told(entity) for _, entity in json_lines(files, name)), default="")
    return sorted(
        (delta for delta in versions if versions[delta] > made), key=lambda delta: (versions[delta], delta)
    )


_VERSION = re.compile(r"(?<!\d)(\d{8}|\d{14})(?!\d)")
"""20261120000000-abe: the time of an export, and three letters against collisions."""


def _version(files: ListFiles, delta: str) -> str:
    """The time a delta was made, as digits: of its name, else the newest that its entities tell."""
    if found := _VERSION.search(delta):
        return found[1].ljust(14, "9")
    changes = json_lines(files, delta, may_be_empty=True)
    latest = max(
        (_last_told(line["entity"]) for _, line in changes if isinstance(line.get("entity"), dict)),
        default="",
    )
    if latest:
        return latest
    raise ListError(
        f"{delta}: neither its name nor its entities say when it was made, so it may be older than the whole "
        "file; put its version (20240527194702-wnk) into its name"
    )


def _last_told(entity: Mapping[str, Any]) -> str:
    """When the export last saw or changed the entity, as the digits of a version; "": it does not say."""
    times = (entity.get(which) for which in ("last_change", "last_seen"))
    return max(
        ("".join(filter(str.isdigit, time))[:14] for time in times if isinstance(time, str)), default=""
    )


def _valid(
    entities: Iterable[tuple[str, Mapping[str, Any]]],
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for where, entity in entities:
        if "op" in entity:
            raise ListError(f"{where}: a delta alone is no list; put it beside its entities.ftm.json")
        told = entity.get("id"), entity.get("schema")
        if not all(isinstance(each, str) and each for each in told) or not isinstance(
            entity.get("properties"), dict
        ):
            raise ListError(f"{where}: no FollowTheMoney entity (id, schema, properties); fetch it again")
        yield where, entity


def _is_target(entity: Mapping[str, Any]) -> bool:
    """Of schemas that are named nowhere here, which may be parties, those that are sanctioned themselves."""
    topics = _values(entity, "topics")
    if any(topic.startswith("sanction") for topic in topics):
        return entity["schema"] not in _NO_PARTIES
    return entity["schema"] in KINDS and not topics and entity.get("target") is True


def _values(entity: Mapping[str, Any], name: str) -> list[str]:
    """The distinct values of a property; in the file's nested form a value may be an entity with an id."""
    found = entity["properties"].get(name) or ()
    if isinstance(found, str):
        found = [found]
    texts = (value.get("id", "") if isinstance(value, dict) else value for value in found)
    return list(dict.fromkeys(text for value in texts if value and (text := tidy(str(value)))))


def _nested(entity: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The entity and, in the file's nested form, those inside it: its sanctions, papers and wallets."""
    yield entity
    for values in entity["properties"].values():
        for value in values or ():
            if isinstance(value, dict) and isinstance(value.get("properties"), dict) and "id" in value:
                yield from _nested(value)


def _read_around(files: ListFiles, name: str) -> _Around:
    around = _Around()
    for entity in (each for _, line in _lines(files, name) for each in _nested(line)):
        schema = entity.get("schema", "")
        if schema == "Sanction":
            programs = _values(entity, "programId") or _values(entity, "program")
            for party in _values(entity, "entity"):
                around.programs[party] += programs
        elif schema in ("Passport", "Identification"):
            scheme = "passport" if schema == "Passport" else "national_id"
            for holder in _values(entity, "holder"):
                found = [Identifier(scheme, value) for value in _values(entity, "number")]
                around.identifiers[holder] += found
        elif schema == "CryptoWallet":
            note = next(iter(_values(entity, "currency")), "")
            for holder in _values(entity, "holder"):
                found = [Identifier("wallet", value, note=note) for value in _values(entity, "publicKey")]
                around.identifiers[holder] += found
        elif schema in _TIES:
            _tie(entity, around, *_TIES[schema])
        elif caption := _caption(entity):
            around.names[entity["id"]] = caption
    return around


_TIES = {
    "Ownership": ("owner", "asset", "owner", "owned_by"),
    "Directorship": ("director", "organization", "director", "linked_to"),
    "Family": ("person", "relative", "family", "family"),
    "Associate": ("person", "associate", "associate", "associate"),
    "Representation": ("agent", "client", "acting_for", "linked_to"),
    "UnknownLink": ("subject", "object", "linked_to", "linked_to"),
}
"""Schema -> property of one end, of the other, and how each end is tied to the other."""


def _tie(entity: Mapping[str, Any], around: _Around, one: str, other: str, there: str, back: str) -> None:
    """Ties that ended are history, not a reason to stop a payment."""
    if _values(entity, "endDate"):
        return
    percent = _percent(entity)
    for left in _values(entity, one):
        for right in _values(entity, other):
            around.links[left].append((right, there, percent))
            around.links[right].append((left, back, percent))


def _percent(entity: Mapping[str, Any]) -> float | None:
    for value in _values(entity, "percentage"):
        try:
            share = float(value.rstrip(" %").replace(",", "."))
        except ValueError:
            continue
        if 0 < share <= 100:
            return share
    return None


def _designation(entity: Mapping[str, Any], around: _Around, where: str) -> Designation:
    key, schema = entity["id"], entity["schema"]
    names = _names(entity)
    if not names:
        raise ListError(f"{where}: {key} has no name; fetch the file again")
    programs = _values(entity, "programId") + around.programs.get(key, [])
    listed = [iso_day(day) for day in _values(entity, "createdAt")]
    return Designation(
        id=f"{LIST}:{key}",
        names=names,
        kind=KINDS.get(schema),
        programs=tuple(dict.fromkeys(programs)),
        identifiers=tuple(dict.fromkeys([*_identifiers(entity), *around.identifiers.get(key, ())])),
        birth_dates=tuple(filter(None, map(date_range, _values(entity, "birthDate")))),
        birth_places=tuple(_values(entity, "birthPlace")),
        countries=tuple(dict.fromkeys(code for name in _COUNTRIES for code in _codes(entity, name))),
        gender=one_gender(_values(entity, "gender")),
        addresses=tuple(Address(text) for text in _values(entity, "address")),
        links=tuple(
            Link(around.names.get(other, other), relation, f"{LIST}:{other}", percent)
            for other, relation, percent in dict.fromkeys(around.links.get(key, ()))
        ),
        listed_on=min(filter(None, listed), default=None),
        remarks="; ".join(_values(entity, "position") + _values(entity, "notes")),
    )


def _caption(entity: Mapping[str, Any]) -> str:
    """What the party is called. An entity without a name has its schema ("Public body") for a caption, which
    is nobody's."""
    told = entity.get("caption")
    caption = tidy(told) if isinstance(told, str) else ""
    is_schema = caption.replace(" ", "").casefold() == str(entity.get("schema")).casefold()
    return "" if is_schema and caption not in _values(entity, "name") else caption


def _names(entity: Mapping[str, Any]) -> tuple[Name, ...]:
    """The caption is the primary name."""
    caption = _caption(entity)
    names = {caption: Name(caption, NameType.PRIMARY)} if caption else {}
    for prop, kind, quality in _NAMES:
        for text in _values(entity, prop):
            names.setdefault(text, Name(text, kind if names else NameType.PRIMARY, quality))
    return tuple(name for name in names.values() if any(map(str.isalnum, name.text)))


def _identifiers(entity: Mapping[str, Any]) -> Iterator[Identifier]:
    for prop, scheme, note in _IDENTIFIERS:
        for value in _values(entity, prop):
            number = value.upper().removeprefix("IMO").strip() if scheme == "imo" else value
            yield Identifier(scheme, number, note=note)


def _codes(entity: Mapping[str, Any], name: str) -> Iterator[str]:
    """Alpha-2 codes in lower case; their own codes for states that fell apart are longer and left out."""
    yield from (value.upper() for value in _values(entity, name) if len(value) == 2 and value.isalpha())
