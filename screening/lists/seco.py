"""The Swiss SECO sanctions list in XML.

The file keeps targets that were de-listed: the `modification` that took effect last tells the status.
Modifications nest old copies of an identity, so only the identities directly under the target count. Names
are ordered parts, each with spelling variants by language and script. IMO numbers, BICs and tax numbers stand
in free text.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from screening.countries import country_code
from screening.designations import (
    Address,
    DateRange,
    Designation,
    Identifier,
    Kind,
    Name,
    NameType,
    Quality,
)
from screening.lists.dates import date_range, iso_day
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.genders import one_gender
from screening.lists.text import tidy
from screening.lists.xml import entries, root_attributes, text, texts

LIST = "seco"
_ROOT = "swiss-sanctions-list"
_PARTIES = {"individual": Kind.PERSON, "entity": Kind.ORGANIZATION, "object": None}
_DELISTED = "de-listed"
_FORM = Vocabulary(
    """
    swiss-sanctions-list sanctions-program program-key sanctions-set target sanctions-set-id individual
    entity identity name name-part value spelling-variant day-month-year nationality country place
    location place-of-birth address address-details identification-document number issuer justification
    other-information modification @ssid @date @name-type @quality @order @lang @script @year @month
    @day @place-id @document-type @code @iso-code @modification-type @effective-date @main
    """,
    """
    program-name origin foreign-identifier object added removed area c-o p-o-box zip-code remark
    date-of-issue expiry-date relation generic-attribute @list-type @version-date
    @predecessor-version-date @name-part-type @spelling-variant-type @calendar @enactment-date
    @publication-date @object-type @sex @target-id @relation-type @version
    """,
)
_OBJECTS = {"vessel": Kind.VESSEL, "aircraft": Kind.AIRCRAFT}
_NAME_TYPES = {"primary-name": NameType.PRIMARY, "formerly-known-as": NameType.FKA}
_FREE_TEXT = (
    ("imo", re.compile(r"\bIMO\b\D{0,20}(\d{7})\b")),
    ("bic", re.compile(r"\b(?:SWIFT|BIC)\b[^A-Z0-9]{1,10}([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")),
    ("tax", re.compile(r"\bINN\b\D{0,20}(\d{10}|\d{12})\b")),
)


@dataclass(slots=True)
class _Shared:
    """What targets only refer to: programs by sanctions set, and places."""

    programs: dict[str, str] = field(default_factory=dict)
    places: dict[str, Address] = field(default_factory=dict)


def parse(path: Path) -> Iterator[Designation]:
    """Every target that is listed today. Raises ListError."""
    files = ListFiles(path)
    file = files.only(".xml")
    shared = _shared(files, file)
    issued_on = iso_day(root_attributes(files, file, _ROOT).get("date"))
    for target in entries(files, file, _ROOT, ("target",), _FORM):
        if _is_listed(target, issued_on):
            yield _designation(target, shared)


def _is_listed(target: ET.Element, issued_on: date | None) -> bool:
    """The status on the day the list was issued, whatever the order of the modifications.

    A de-listing that takes effect later is none yet; a listing that does is one already, and so is one on
    the day of a de-listing: in doubt the party stays listed. Undated, the file's order decides: newest first.
    """
    changes = target.findall("modification")
    days = [_effective(change) for change in changes]
    if not all(days):
        return not changes or changes[0].get("modification-type") != _DELISTED
    delisted = [
        day
        for day, change in zip(days, changes, strict=True)
        if day and change.get("modification-type") == _DELISTED and (issued_on is None or day <= issued_on)
    ]
    other = [
        day
        for day, change in zip(days, changes, strict=True)
        if day and change.get("modification-type") != _DELISTED
    ]
    return not delisted or (bool(other) and max(other) >= max(delisted))


def _effective(change: ET.Element) -> date | None:
    dates = (change.get(f"{which}-date") for which in ("effective", "enactment", "publication"))
    return next(filter(None, map(iso_day, dates)), None)


def issued(path: Path) -> str:
    """The list's own date."""
    files = ListFiles(path)
    return root_attributes(files, files.only(".xml"), _ROOT).get("date", "")


def _shared(files: ListFiles, file: str) -> _Shared:
    """Programs stand before the targets and places after them, so the file is read twice."""
    shared = _Shared()
    for element in entries(files, file, _ROOT, ("sanctions-program", "place", "target")):
        if element.tag == "sanctions-program":
            keys = texts(element, "program-key[@lang='eng']") or texts(element, "program-key")
            for group in element.iterfind("sanctions-set"):
                shared.programs[group.get("ssid", "")] = keys[0] if keys else ""
        elif element.tag == "place":
            country = element.find("country")
            shared.places[element.get("ssid", "")] = Address(
                city=text(element, "location"),
                region=text(element, "area"),
                country=_country(country) if country is not None else None,
            )
    return shared


def _country(element: ET.Element) -> str | None:
    return country_code(element.get("iso-code", "")) or country_code(tidy(element.text))


def _designation(target: ET.Element, shared: _Shared) -> Designation:
    number = target.get("ssid", "")
    party = next((child for child in target if child.tag in _PARTIES), None)
    if not number or party is None:
        raise ListError(f"target {number or '?'}: no individual, entity or object; fetch the file again")
    identities = sorted(party.findall("identity"), key=lambda identity: identity.get("main") != "true")
    names = tuple(dict.fromkeys(name for identity in identities for name in _names(identity)))
    if not names:
        raise ListError(f"target {number}: no name; fetch the file again")
    notes = texts(party, "justification") + texts(party, "other-information")
    sets = texts(target, "sanctions-set-id")
    return Designation(
        id=f"{LIST}:{number}",
        names=(Name(names[0].text, NameType.PRIMARY, names[0].quality), *names[1:]),
        kind=_PARTIES[party.tag] or _OBJECTS.get(party.get("object-type", "")),
        programs=tuple(dict.fromkeys(program for key in sets if (program := shared.programs.get(key)))),
        identifiers=tuple(dict.fromkeys([*_documents(identities), *_free_text(notes)])),
        birth_dates=tuple(dict.fromkeys(born for one in identities for born in _births(one))),
        birth_places=tuple(dict.fromkeys(place for one in identities for place in _places(one, shared))),
        countries=tuple(
            dict.fromkeys(
                code
                for one in identities
                for item in one.iterfind("nationality/country")
                if (code := _country(item))
            )
        ),
        gender=one_gender([party.get("sex", "")]),
        addresses=tuple(dict.fromkeys(found for one in identities for found in _addresses(one, shared))),
        listed_on=_listed_on(target),
        remarks="; ".join(notes),
    )


def _names(identity: ET.Element) -> Iterator[Name]:
    """The primary name first; each name also in every language and script it has variants in."""
    in_order = sorted(identity.findall("name"), key=lambda name: name.get("name-type") != "primary-name")
    for name in in_order:
        kind = _NAME_TYPES.get(name.get("name-type", ""), NameType.AKA)
        quality = Quality.WEAK if name.get("quality") == "low" else Quality.STRONG
        parts = sorted(name.findall("name-part"), key=lambda part: int(part.get("order", "0")))
        spelled = [" ".join(text(part, "value") for part in parts)]
        variants = dict.fromkeys(
            _variant(item) for part in parts for item in part.iterfind("spelling-variant")
        )
        spelled += [" ".join(_spelling(part, variant) for part in parts) for variant in variants]
        for number, whole in enumerate(dict.fromkeys(map(tidy, spelled))):
            if any(map(str.isalnum, whole)):
                yield Name(whole, NameType.AKA if number and kind is NameType.PRIMARY else kind, quality)


def _variant(element: ET.Element) -> tuple[str, str]:
    return element.get("lang", ""), element.get("script", "")


def _spelling(part: ET.Element, variant: tuple[str, str]) -> str:
    """A part as this language and script spell it, else as the list does."""
    for item in part.iterfind("spelling-variant"):
        if _variant(item) == variant and tidy(item.text):
            return tidy(item.text)
    return text(part, "value")


def _documents(identities: list[ET.Element]) -> Iterator[Identifier]:
    for identity in identities:
        for document in identity.iterfind("identification-document"):
            number, how = text(document, "number"), document.get("document-type", "")
            if not number:
                continue
            issuer = document.find("issuer")
            country = country_code(issuer.get("code", "")) if issuer is not None else None
            if "passport" in how:
                yield Identifier("passport", number, country)
            else:
                yield Identifier("national_id" if how.startswith("id") else "other", number, country, how)


def _free_text(notes: list[str]) -> Iterator[Identifier]:
    for note in notes:
        for scheme, pattern in _FREE_TEXT:
            for value in pattern.findall(note):
                yield Identifier(scheme, value, note="INN" if scheme == "tax" else "")


def _births(identity: ET.Element) -> Iterator[DateRange]:
    """Whole dates, months or years; other calendars than ours are left out rather than misread."""
    for born in identity.iterfind("day-month-year"):
        if born.get("calendar", "Gregorian").casefold() != "gregorian" or not born.get("year"):
            continue
        numbers = [born.get(part) for part in ("year", "month", "day")]
        known = numbers[: numbers.index(None)] if None in numbers else numbers
        text_form = "-".join(number.zfill(2) for number in known if number)
        circa = "circa " if born.get("quality") == "low" else ""
        if found := date_range(circa + text_form):
            yield found


def _places(identity: ET.Element, shared: _Shared) -> Iterator[str]:
    for born in identity.iterfind("place-of-birth"):
        place = shared.places.get(born.get("place-id", ""), Address())
        if found := ", ".join(filter(None, (place.city, place.region, place.country))):
            yield found


def _addresses(identity: ET.Element, shared: _Shared) -> Iterator[Address]:
    for item in identity.iterfind("address"):
        place = shared.places.get(item.get("place-id", ""), Address())
        lines = ", ".join(filter(None, (text(item, tag) for tag in ("c-o", "address-details", "p-o-box"))))
        found = Address(lines, place.city, place.region, text(item, "zip-code"), place.country)
        if found != Address():
            yield found


def _listed_on(target: ET.Element) -> date | None:
    listed = [
        day
        for change in target.iterfind("modification")
        if change.get("modification-type") == "listed" and (day := iso_day(change.get("effective-date")))
    ]
    return max(listed, default=None)
