"""The EU's consolidated financial sanctions list, FSF XML 1.1. Everything stands in attributes.

An entry lists each name with up to twenty translations into EU languages; the first is the primary name.
Weak names are marked `strong="false"` or by a remark. Country code "00" means unknown.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from screening.designations import (
    Address,
    DateRange,
    Designation,
    Identifier,
    Kind,
    Name,
    Quality,
)
from screening.lists.dates import date_range, iso_day, year_range
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.genders import one_gender
from screening.lists.text import once_each, tidy
from screening.lists.xml import entries, root_attributes, texts

LIST = "eu"
_ROOT = "export"
_KINDS = {"person": Kind.PERSON, "enterprise": Kind.ORGANIZATION}
_SCHEMES = {
    "passport": "passport",
    "diplomaticpassport": "passport",
    "id": "national_id",
    "ssn": "national_id",
    "residentperm": "national_id",
    "imo": "imo",
    "swiftbic": "bic",
    "regnumber": "registration",
    "tradelic": "registration",
    "fiscalcode": "tax",
}
_FORM = Vocabulary(
    """
    export sanctionEntity regulation subjectType nameAlias birthdate citizenship address identification
    @generationDate @euReferenceNumber @logicalId @programme @code @wholeName @firstName @middleName
    @lastName @strong @gender @function @birthdate @year @circa @calendarType @number @latinNumber
    @identificationTypeCode @identificationTypeDescription @knownFalse @countryIso2Code
    @countryDescription @city @street @zipCode @place @region @poBox
    """,
    """
    publicationUrl regulationSummary remark contactInfo @globalFileId @designationDate
    @designationDetails @unitedNationId @regulationType @organisationType @publicationDate
    @entryIntoForceDate @numberTitle @classificationCode @title @nameLanguage @regulationLanguage
    @publicationUrl @dayOfMonth @monthOfYear @yearRangeFrom @yearRangeTo @asAtListingTime @diplomatic
    @knownExpired @reportedLost @revokedByIssuer @issuedBy @issuedDate @validFrom @validTo
    @nameOnDocument @key @value
    """,
)
_GREGORIAN = ("", "GREGORIAN")


def parse(path: Path) -> Iterator[Designation]:
    """Every sanctionEntity. Raises ListError."""
    files = ListFiles(path)
    for element in entries(files, files.only(".xml"), _ROOT, ("sanctionEntity",), _FORM):
        yield _designation(element)


def issued(path: Path) -> str:
    """When the file was generated."""
    files = ListFiles(path)
    return root_attributes(files, files.only(".xml"), _ROOT).get("generationDate", "")


def _designation(element: ET.Element) -> Designation:
    number = _attribute(element, "euReferenceNumber") or _attribute(element, "logicalId")
    names = once_each(_names(element))
    if not number or not names:
        raise ListError(f"a sanctionEntity without reference or name ({number}); fetch the file again")
    subject = element.find("subjectType")
    genders = [_attribute(alias, "gender") for alias in element.iterfind("nameAlias")]
    functions = [_attribute(alias, "function") for alias in element.iterfind("nameAlias")]
    citizenships = [_country(item) for item in element.iterfind("citizenship")]
    return Designation(
        id=f"{LIST}:{number}",
        names=names,
        kind=_KINDS.get(_attribute(subject, "code")) if subject is not None else None,
        programs=tuple(
            dict.fromkeys(
                filter(None, (_attribute(item, "programme") for item in element.iterfind("regulation")))
            )
        ),
        identifiers=tuple(dict.fromkeys(_identifiers(element))),
        birth_dates=tuple(dict.fromkeys(_births(element))),
        birth_places=tuple(dict.fromkeys(_places(element))),
        countries=tuple(dict.fromkeys(filter(None, citizenships))),
        gender=one_gender(genders),
        addresses=tuple(dict.fromkeys(_addresses(element))),
        listed_on=iso_day(_attribute(element, "designationDate")) or _first_in_force(element),
        remarks="; ".join(dict.fromkeys([*filter(None, functions), *texts(element, "remark")])),
    )


def _attribute(element: ET.Element | None, name: str) -> str:
    return tidy(element.get(name)) if element is not None else ""


def _country(element: ET.Element) -> str | None:
    code = _attribute(element, "countryIso2Code").upper()
    return code if len(code) == 2 and code.isalpha() else None


def _names(element: ET.Element) -> Iterator[Name]:
    for alias in element.iterfind("nameAlias"):
        parts = (_attribute(alias, part) for part in ("firstName", "middleName", "lastName"))
        name = _attribute(alias, "wholeName") or tidy(" ".join(parts))
        if not any(map(str.isalnum, name)):
            continue
        weak = alias.get("strong") == "false" or any(
            "low quality" in remark.lower() for remark in texts(alias, "remark")
        )
        yield Name(name, quality=Quality.WEAK if weak else Quality.STRONG)


def _identifiers(element: ET.Element) -> Iterator[Identifier]:
    """As written and in Latin letters. Numbers known to be false identify nobody and are left out."""
    for item in element.iterfind("identification"):
        if item.get("knownFalse") == "true":
            continue
        for number in filter(None, (_attribute(item, "number"), _attribute(item, "latinNumber"))):
            scheme = _SCHEMES.get(_attribute(item, "identificationTypeCode"), "other")
            described = scheme in ("passport", "imo", "bic")
            note = "" if described else _attribute(item, "identificationTypeDescription")
            yield Identifier(scheme, number, _country(item), note)


def _births(element: ET.Element) -> Iterator[DateRange]:
    """Dates of other calendars than ours are left out rather than misread."""
    for birth in element.iterfind("birthdate"):
        if _attribute(birth, "calendarType") not in _GREGORIAN:
            continue
        circa = birth.get("circa") == "true"
        first, last = _attribute(birth, "yearRangeFrom"), _attribute(birth, "yearRangeTo")
        if first or last:
            found = year_range(first or last, last or first, circa=circa)
        else:
            day = _attribute(birth, "birthdate") or _attribute(birth, "year")
            found = date_range(("circa " if circa else "") + day)
        if found:
            yield found


def _places(element: ET.Element) -> Iterator[str]:
    for birth in element.iterfind("birthdate"):
        parts = [_attribute(birth, name) for name in ("city", "place", "region")]
        if _country(birth):
            parts.append(_attribute(birth, "countryDescription"))
        if any(parts):
            yield ", ".join(filter(None, parts))


def _addresses(element: ET.Element) -> Iterator[Address]:
    for item in element.iterfind("address"):
        street = ", ".join(filter(None, (_attribute(item, name) for name in ("street", "poBox", "place"))))
        found = Address(
            street,
            _attribute(item, "city"),
            _attribute(item, "region"),
            _attribute(item, "zipCode"),
            _country(item),
        )
        if found != Address():
            yield found


def _first_in_force(element: ET.Element) -> date | None:
    days = [iso_day(_attribute(item, "entryIntoForceDate")) for item in element.iterfind("regulation")]
    return min(filter(None, days), default=None)
