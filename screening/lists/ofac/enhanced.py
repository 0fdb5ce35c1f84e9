"""OFAC's SDN_ENHANCED.XML and CONS_ENHANCED.XML: names put together and looked up, entry by entry.

The facts of the advanced form without its references: each `entity` holds its names with every script and
their strength, typed documents, features with dates, and relationships that name the other entity's id.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from screening.countries import country_code
from screening.designations import (
    Address,
    DateRange,
    Designation,
    Identifier,
    Kind,
    Link,
    Name,
    NameType,
    Quality,
)
from screening.lists.dates import date_range, iso_day
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.genders import one_gender
from screening.lists.ofac.kinds import kind_of, relation_of
from screening.lists.ofac.remarks import read_identifier
from screening.lists.ofac.together import together
from screening.lists.text import once_each, reading_order, tidy
from screening.lists.xml import entries, text, texts

LIST = "ofac"
_ROOT = "sanctionsData"
_COUNTRY_FEATURES = (
    "nationality country",
    "citizenship country",
    "vessel flag",
    "nationality",
    "citizenship",
)
_FORM = Vocabulary(
    """
    entities entity entityType sanctionsProgram name translation isPrimary aliasType isLowQuality
    address addressPart type value feature valueDate fromDateBegin identityDocument documentNumber
    """,
    """
    sanctionsData publicationInfo dataAsOf generalInfo sanctionsPrograms names translations addresses
    country addressParts features identityDocuments issuingCountry sanctionsLists sanctionsList
    formattedFullName formattedFirstName formattedLastName nameParts namePart fromDateEnd toDateBegin
    toDateEnd isApproximate isDateRange relationships relationship relatedEntity remarks title script
    identityId sanctionsTypes sanctionsType legalAuthorities legalAuthority filters referenceValues
    referenceValue detail isValid issueDate expirationDate issuingLocation versionId reliability
    comments @id @entityId @datePublished @version @refId @action
    """,
)
_PLACE = ("city", "state/province", "region", "postal code")


def parse(path: Path) -> Iterator[Designation]:
    """Every entity of all enhanced files at the path. Raises ListError.

    A party that stands in two files under one number keeps both entries, as in OFAC's other forms.
    """
    files = ListFiles(path)
    return together(_entities(files, name) for name in files.ending(".xml"))


def _entities(files: ListFiles, name: str) -> Iterator[Designation]:
    for entity in entries(files, name, _ROOT, ("entity",), _FORM):
        if entity.get("action") is not None:
            raise ListError(f"{name}: this is a delta, which holds only what changed; fetch SDN_ENHANCED.XML")
        if entity.get("id") is not None:  # without: an empty reference of another section
            yield _designation(entity, name)


def issued(path: Path) -> str:
    """The day the youngest file's data is of."""
    files = ListFiles(path)
    return max((_as_of(files, name) for name in files.ending(".xml")), default="")


def _as_of(files: ListFiles, name: str) -> str:
    for element in entries(files, name, _ROOT, ("publicationInfo", "entity")):
        day = iso_day(text(element, "dataAsOf")) if element.tag == "publicationInfo" else None
        return day.isoformat() if day else ""
    return ""


def _designation(entity: ET.Element, file: str) -> Designation:
    number, kind = entity.get("id", ""), kind_of(text(entity, "generalInfo/entityType"))
    names = once_each(_names(entity, kind))
    if not number or kind is None or not names:
        raise ListError(f"{file}: entity {number or '?'} lacks id, type or name; fetch the file again")
    features = list(entity.iterfind("features/feature"))
    listed = [iso_day(item.get("datePublished")) for item in entity.iterfind("sanctionsLists/sanctionsList")]
    return Designation(
        id=f"{LIST}:{number}",
        names=names,
        kind=kind,
        programs=tuple(dict.fromkeys(texts(entity, "sanctionsPrograms/sanctionsProgram"))),
        identifiers=tuple(dict.fromkeys([*_documents(entity), *_numbers(features)])),
        birth_dates=tuple(dict.fromkeys(filter(None, map(_birth, _of(features, "birthdate"))))),
        birth_places=tuple(dict.fromkeys(_values(features, "place of birth"))),
        countries=tuple(dict.fromkeys(_countries(features))),
        gender=one_gender(_values(features, "gender")),
        addresses=tuple(dict.fromkeys(_addresses(entity))),
        links=tuple(_links(entity)),
        listed_on=min(filter(None, listed), default=None),
        remarks="; ".join([*texts(entity, "generalInfo/title"), *texts(entity, "generalInfo/remarks")]),
    )


def _names(entity: ET.Element, kind_of_party: Kind | None) -> Iterator[Name]:
    """The primary name first; each name in every script it is written in."""
    names = sorted(entity.iterfind("names/name"), key=lambda name: text(name, "isPrimary") != "true")
    for name in names:
        weak = text(name, "isLowQuality") == "true"
        former = text(name, "aliasType").upper().startswith("F.K.A")
        for written in name.iterfind("translations/translation"):
            full = reading_order(text(written, "formattedFullName"), kind_of_party)
            if full:
                kind = NameType.FKA if former else NameType.AKA
                yield Name(full, kind, Quality.WEAK if weak else Quality.STRONG)


def _documents(entity: ET.Element) -> Iterator[Identifier]:
    for document in entity.iterfind("identityDocuments/identityDocument"):
        label, number = text(document, "type"), text(document, "documentNumber")
        country = text(document, "issuingCountry")
        where = f" ({country})" if country_code(country) else ""
        if found := read_identifier(f"{label} {number}{where}"):
            yield found


def _numbers(features: list[ET.Element]) -> Iterator[Identifier]:
    for feature in features:
        if found := read_identifier(f"{text(feature, 'type')} {text(feature, 'value')}"):
            yield found


def _of(features: list[ET.Element], label: str) -> Iterator[ET.Element]:
    return (feature for feature in features if text(feature, "type").lower() == label)


def _values(features: list[ET.Element], label: str) -> Iterator[str]:
    return (found for feature in _of(features, label) if (found := text(feature, "value")))


def _birth(feature: ET.Element) -> DateRange | None:
    """The printed value where it can be read ("circa 1960"), else the dates that bound it."""
    if found := date_range(text(feature, "value")):
        return found
    first = iso_day(text(feature, "valueDate/fromDateBegin"))
    last = iso_day(text(feature, "valueDate/toDateEnd")) or iso_day(text(feature, "valueDate/fromDateEnd"))
    if first is None:
        return None
    return DateRange(first, last or first, text(feature, "valueDate/isApproximate") == "true")


def _countries(features: list[ET.Element]) -> Iterator[str]:
    for label in _COUNTRY_FEATURES:
        yield from filter(None, map(country_code, _values(features, label)))


def _addresses(entity: ET.Element) -> Iterator[Address]:
    for address in entity.iterfind("addresses/address"):
        parts = {
            tidy(part.findtext("type")).lower(): text(part, "value") for part in address.iter("addressPart")
        }
        lines = ", ".join(value for label, value in parts.items() if label not in _PLACE and value)
        found = Address(
            lines,
            parts.get("city", ""),
            parts.get("state/province", "") or parts.get("region", ""),
            parts.get("postal code", ""),
            country_code(text(address, "country")),
        )
        if found != Address():
            yield found


def _links(entity: ET.Element) -> Iterator[Link]:
    for tie in entity.iterfind("relationships/relationship"):
        other = tie.find("relatedEntity")
        if other is None:
            continue
        relation = relation_of(text(tie, "type"))
        number = other.get("entityId", "")
        yield Link(tidy(other.text) or number, relation, f"{LIST}:{number}" if number else None)
