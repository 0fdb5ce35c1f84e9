"""OFAC's sdn_advanced.xml and cons_advanced.xml: every script of a name, alias quality, typed relations.

Everything is by reference, and in an awkward order: reference values, locations and documents come before the
parties they belong to, relations, programs and dates of listing after them. So the file is read once, the
small parts are kept by their ids, and the designations come out at its end. A party without a sanctions entry
is on no list and never comes out.
"""

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
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
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.genders import one_gender
from screening.lists.ofac.kinds import kind_of, relation_of
from screening.lists.ofac.remarks import read_identifier
from screening.lists.ofac.together import together
from screening.lists.text import tidy
from screening.lists.xml import entries, text, texts

LIST = "ofac"
_ROOT = "Sanctions"
_REFERENCES = frozenset(
    {
        *("AliasType", "Country", "DetailReference", "FeatureType", "IDRegDocType", "List", "LocPartType"),
        *("NamePartType", "PartySubType", "PartyType", "RelationType"),
    }
)
_READ = _REFERENCES | {"Location", "IDRegDocument", "DistinctParty", "ProfileRelationship", "SanctionsEntry"}
_DUPLICATE_LIST = "Consolidated List"
"""A list id that repeats entries of the other lists."""
_PART_ORDER = (
    "first name",
    "middle name",
    "patronymic",
    "nickname",
    "last name",
    "maiden name",
    "matronymic",
)
_FORM = Vocabulary(
    """
    Sanctions DateOfIssue Year Month Day AliasType Country DetailReference FeatureType IDRegDocType
    LocPartType NamePartType PartySubType PartyType RelationType List Location LocationCountry
    LocationPart LocationPartValue Value IDRegDocument IDRegistrationNo DistinctParty Profile Identity
    Alias DocumentedName DocumentedNamePart NamePartValue MasterNamePartGroup NamePartGroup Feature
    FeatureVersion VersionDetail VersionLocation DatePeriod Start From To End SanctionsEntry EntryEvent
    Date SanctionsMeasure Comment @ID @AliasTypeID @Primary @LowQuality @NamePartGroupID @NamePartTypeID
    @FeatureTypeID @DetailReferenceID @LocationID @LocPartTypeID @CountryID @IDRegDocTypeID @IdentityID
    @PartyTypeID @PartySubTypeID @ProfileID @ListID @Approximate
    """,
    """
    AliasTypeValues CountryValues DetailReferenceValues FeatureTypeValues IDRegDocTypeValues ListValues
    LocPartTypeValues NamePartTypeValues PartySubTypeValues PartyTypeValues RelationTypeValues
    ScriptValues Script ReferenceValueSets Locations IDRegDocuments DistinctParties NamePartGroups
    ProfileRelationships ProfileRelationship SanctionsEntries IssuingAuthority IdentityReference
    DocumentDate @Version @CalendarTypeID @ScriptCode @CountryRelevanceID @IssuedBy-CountryID
    @ValidityID @FixedRef @False @DocNameStatusID @ScriptID @ScriptStatusID @Acronym @ReliabilityID
    @YearFixed @MonthFixed @DayFixed @IdentityFeatureLinkTypeID @DetailTypeID @From-ProfileID
    @To-ProfileID @RelationTypeID @RelationQualityID @Former @SanctionsEntryID @EntryEventTypeID
    @LegalBasisID @SanctionsTypeID @ISO2
    """,
)
_COUNTRY_FEATURES = ("nationality", "citizenship", "vessel flag")


@dataclass(slots=True)
class _File:
    """What was read so far, by the ids that the file refers with."""

    values: dict[tuple[str, str], str] = field(default_factory=dict)
    countries: dict[str, str | None] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)
    locations: dict[str, Address] = field(default_factory=dict)
    documents: defaultdict[str, list[Identifier]] = field(default_factory=lambda: defaultdict(list))
    parties: dict[str, Designation] = field(default_factory=dict)
    relations: defaultdict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    programs: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    listed_on: dict[str, date] = field(default_factory=dict)

    def value(self, kind: str, key: str | None) -> str:
        return self.values.get((kind, key or ""), "")


def parse(path: Path) -> Iterator[Designation]:
    """Every party with a sanctions entry, of all advanced files at the path. Raises ListError.

    A party that stands in two files under one number keeps both entries, as in OFAC's other forms.
    """
    files = ListFiles(path)
    return together(_listed(_read(files, name)) for name in files.ending(".xml"))


def issued(path: Path) -> str:
    """The date of issue at the head of the file."""
    files = ListFiles(path)
    days = (_issued(files, name) for name in files.ending(".xml"))
    return max((day.isoformat() for day in days if day), default="")


def _issued(files: ListFiles, name: str) -> date | None:
    return next((_day(head) for head in entries(files, name, _ROOT, ("DateOfIssue",))), None)


def _read(files: ListFiles, name: str) -> _File:
    read = _File()
    for element in entries(files, name, _ROOT, _READ, _FORM):
        if element.tag in _REFERENCES:
            _reference(element, read)
        elif element.tag == "DistinctParty":
            _party(element, read)
        else:
            _ABOUT_PARTIES[element.tag](element, read)
    if lacking := sorted(read.programs.keys() - read.parties.keys()):
        raise ListError(
            f"{name}: profile {lacking[0] or '?'} has a sanctions entry and is no party of the file; "
            "fetch the file again"
        )
    return read


def _listed(read: _File) -> Iterator[Designation]:
    """Parties leave the table as they come out, so that memory shrinks while the caller's grows."""
    names = {profile: (party.id, party.name) for profile, party in read.parties.items()}
    for profile in list(read.parties):
        party = read.parties.pop(profile)
        if profile not in read.programs:
            continue
        ties = [
            Link(names[to][1], relation, names[to][0])
            for to, relation in read.relations.get(profile, ())
            if to in names
        ]
        yield replace(
            party,
            programs=tuple(dict.fromkeys(read.programs[profile])),
            links=tuple(dict.fromkeys([*party.links, *ties])),
            listed_on=read.listed_on.get(profile),
        )


def _reference(element: ET.Element, read: _File) -> None:
    key = element.get("ID", "")
    read.values[element.tag, key] = tidy(element.text)
    if element.tag == "Country":
        read.countries[key] = country_code(element.get("ISO2", "")) or country_code(tidy(element.text))
    elif element.tag == "PartySubType":
        read.party_types[key] = element.get("PartyTypeID", "")


def _location(element: ET.Element, read: _File) -> None:
    country = element.find("LocationCountry")
    lines, city, region, postal_code = [], "", "", ""
    for part in element.iterfind("LocationPart"):
        kind = read.value("LocPartType", part.get("LocPartTypeID")).lower()
        value = text(part, "LocationPartValue/Value")
        if kind == "city":
            city = value
        elif "state" in kind or kind == "region":
            region = value
        elif "postal" in kind:
            postal_code = value
        elif value:
            lines.append(value)
    code = read.countries.get(country.get("CountryID", "")) if country is not None else None
    read.locations[element.get("ID", "")] = Address(", ".join(lines), city, region, postal_code, code)


def _document(element: ET.Element, read: _File) -> None:
    label = read.value("IDRegDocType", element.get("IDRegDocTypeID"))
    found = read_identifier(f"{label} {text(element, 'IDRegistrationNo')}")
    if found:
        country = read.countries.get(element.get("IssuedBy-CountryID", ""))
        country = None if found.scheme == "imo" else country
        read.documents[element.get("IdentityID", "")].append(replace(found, country=country))


def _relationship(element: ET.Element, read: _File) -> None:
    if element.get("Former") == "true":
        return
    relation = relation_of(read.value("RelationType", element.get("RelationTypeID")))
    read.relations[element.get("From-ProfileID", "")].append((element.get("To-ProfileID", ""), relation))


def _entry(element: ET.Element, read: _File) -> None:
    if read.value("List", element.get("ListID")) == _DUPLICATE_LIST:
        return
    profile = element.get("ProfileID", "")
    read.programs[profile] += texts(element, "SanctionsMeasure/Comment")
    for event in element.iterfind("EntryEvent/Date"):
        day = _day(event)
        if day:
            read.listed_on[profile] = min(day, read.listed_on.get(profile, day))


_ABOUT_PARTIES = {
    "Location": _location,
    "IDRegDocument": _document,
    "ProfileRelationship": _relationship,
    "SanctionsEntry": _entry,
}


def _party(element: ET.Element, read: _File) -> None:
    number = element.get("FixedRef", "")
    for profile in element.iterfind("Profile"):
        names: list[Name] = []
        identities: list[str] = []
        for identity in profile.iterfind("Identity"):
            if identity.get("False") != "true":
                identities.append(identity.get("ID", ""))
                names += _names(identity, read)
        if not number or not names:
            raise ListError(f"party {number or '?'} has no number or no name; fetch the file again")
        names.sort(key=lambda name: name.type is not NameType.PRIMARY)
        party = Designation(
            id=f"{LIST}:{number}",
            names=tuple(dict.fromkeys(names)),
            kind=_kind(profile.get("PartySubTypeID", ""), read),
            identifiers=tuple(item for key in identities for item in read.documents.pop(key, ())),
            remarks=text(element, "Comment"),
        )
        for feature in profile.iterfind("Feature"):
            party = _with_feature(party, feature, read)
        read.parties[profile.get("ID", "")] = party


def _kind(sub_type: str, read: _File) -> Kind | None:
    """Sub types 3 and 4 are called "Unknown"; there the type says which."""
    return kind_of(read.value("PartySubType", sub_type)) or kind_of(
        read.value("PartyType", read.party_types.get(sub_type))
    )


def _names(identity: ET.Element, read: _File) -> Iterator[Name]:
    """One alias may hold a name in several scripts. The groups that say what a part is come last."""
    kinds = {
        group.get("ID"): read.value("NamePartType", group.get("NamePartTypeID")).lower()
        for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    for alias in identity.iterfind("Alias"):
        primary = alias.get("Primary") == "true" and identity.get("Primary") == "true"
        former = read.value("AliasType", alias.get("AliasTypeID")).startswith("F")
        quality = Quality.WEAK if alias.get("LowQuality") == "true" else Quality.STRONG
        for documented in alias.iterfind("DocumentedName"):
            parts = documented.findall("DocumentedNamePart/NamePartValue")
            parts.sort(key=lambda part: _rank(kinds.get(part.get("NamePartGroupID"), "")))
            name = tidy(" ".join(part.text or "" for part in parts))
            if any(map(str.isalnum, name)):
                kind = NameType.PRIMARY if primary else NameType.FKA if former else NameType.AKA
                yield Name(name, kind, quality)
                primary = False


def _rank(kind: str) -> int:
    return _PART_ORDER.index(kind) if kind in _PART_ORDER else len(_PART_ORDER)


def _with_feature(party: Designation, feature: ET.Element, read: _File) -> Designation:
    label = read.value("FeatureType", feature.get("FeatureTypeID"))
    kind = label.lower()
    for version in feature.iterfind("FeatureVersion"):
        value = _detail(version, read)
        places = [read.locations[key] for key in _location_ids(version) if key in read.locations]
        if kind == "birthdate":
            born = tuple(filter(None, map(_period, version.iterfind("DatePeriod"))))
            party = replace(party, birth_dates=(*party.birth_dates, *born))
        elif kind == "place of birth":
            where = value or "; ".join(map(_place, places))
            party = replace(party, birth_places=(*party.birth_places, *filter(None, [where])))
        elif kind.startswith(_COUNTRY_FEATURES):
            codes = [country_code(value), *(place.country for place in places)]
            countries = dict.fromkeys(filter(None, (*party.countries, *codes)))
            party = replace(party, countries=tuple(countries))
        elif kind == "gender":
            said = [party.gender, value] if party.gender else [value]
            party = replace(party, gender=one_gender(said))
        elif kind == "location":
            party = replace(party, addresses=(*party.addresses, *places))
        elif kind == "vessel owner" and value:
            party = replace(party, links=(*party.links, Link(value, "owned_by")))
        elif found := _identifier(label, value):
            party = replace(party, identifiers=(*party.identifiers, found))
    return party


def _identifier(label: str, value: str) -> Identifier | None:
    if label.lower() == "vessel call sign" and value:
        return Identifier("call_sign", value)
    return read_identifier(f"{label} {value}")


def _detail(version: ET.Element, read: _File) -> str:
    """A version says its value as text or by reference."""
    for detail in version.iterfind("VersionDetail"):
        if found := tidy(detail.text) or read.value("DetailReference", detail.get("DetailReferenceID")):
            return found
    return ""


def _location_ids(version: ET.Element) -> Iterator[str]:
    for location in version.iterfind("VersionLocation"):
        yield location.get("LocationID", "")


def _place(address: Address) -> str:
    return ", ".join(filter(None, (address.text, address.city, address.region, address.country)))


def _period(period: ET.Element) -> DateRange | None:
    first, last = period.find("Start/From"), period.find("End/To")
    earliest, latest = _day(first), _day(last)
    if earliest is None or latest is None:
        return None
    circa = any(end.get("Approximate") == "true" for end in period)
    return DateRange(min(earliest, latest), max(earliest, latest), circa)


def _day(element: ET.Element | None) -> date | None:
    try:
        return (
            date(*(int(text(element, part)) for part in ("Year", "Month", "Day")))
            if element is not None
            else None
        )
    except ValueError:
        return None
