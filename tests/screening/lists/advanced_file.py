"""Writes sdn_advanced.xml in the real file's shape, of any size, everything by reference."""

from collections.abc import Iterator
from pathlib import Path

NAMESPACE = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML"
LATIN, CYRILLIC = 215, 220
REFERENCES = {
    "AliasType": {1400: "A.K.A.", 1401: "F.K.A.", 1403: "Name"},
    "FeatureType": {
        3: "Vessel Flag",
        8: "Birthdate",
        9: "Place of Birth",
        10: "Nationality Country",
        13: "SWIFT/BIC",
        25: "Location",
        224: "Gender",
        344: "Digital Currency Address - XBT",
        1: "Vessel Call Sign",
    },
    "DetailReference": {91526: "Male"},
    "IDRegDocType": {1571: "Passport", 1626: "Vessel Registration Identification"},
    "List": {1550: "SDN List", 91507: "Consolidated List"},
    "LocPartType": {1451: "ADDRESS1", 1454: "CITY", 1455: "STATE/PROVINCE", 1456: "POSTAL CODE"},
    "NamePartType": {1520: "Last Name", 1521: "First Name", 1525: "Entity Name", 1526: "Vessel Name"},
    "PartyType": {1: "Individual", 2: "Entity", 4: "Transport"},
    "RelationType": {
        15003: "Associate Of",
        1557: "Owned or Controlled By",
        91422: "Acting for or on behalf of",
    },
}


def references() -> str:
    values = ""
    for kind, texts in REFERENCES.items():
        items = "".join(f"<{kind} ID='{key}'>{text}</{kind}>" for key, text in texts.items())
        values += f"<{kind}Values>{items}</{kind}Values>"
    return (
        f"<ReferenceValueSets>{values}<CountryValues><Country ID='11143' ISO2='IQ'>Iraq</Country>"
        "<Country ID='11073'>Cuba</Country></CountryValues><PartySubTypeValues>"
        "<PartySubType ID='1' PartyTypeID='4'>Vessel</PartySubType>"
        "<PartySubType ID='3' PartyTypeID='2'>Unknown</PartySubType>"
        "<PartySubType ID='4' PartyTypeID='1'>Unknown</PartySubType></PartySubTypeValues>"
        "</ReferenceValueSets>"
    )


def alias(number: int, *names: str, kind: int = 1403, primary: bool = False, weak: bool = False) -> str:
    """One alias; each name is 'LAST|First' for a person or one part, and may be in another script."""
    documented = ""
    for name in names:
        parts = "".join(
            f"<DocumentedNamePart><NamePartValue NamePartGroupID='{number}{order}' ScriptID='{LATIN}' "
            f"ScriptStatusID='1' Acronym='false'>{part}</NamePartValue></DocumentedNamePart>"
            for order, part in enumerate(name.split("|"))
        )
        documented += (
            f"<DocumentedName ID='{number}' FixedRef='{number}' DocNameStatusID='1'>{parts}</DocumentedName>"
        )
    return (
        f"<Alias FixedRef='{number}' AliasTypeID='{kind}' Primary='{str(primary).lower()}' "
        f"LowQuality='{str(weak).lower()}'>{documented}</Alias>"
    )


def party(number: int, aliases: str, *, sub_type: int = 4, features: str = "") -> str:
    first, second = (1520, 1521) if sub_type == 4 else (1525, 1525)
    groups = "".join(
        f"<MasterNamePartGroup><NamePartGroup ID='{number}{order}' NamePartTypeID='{kind}'/>"
        "</MasterNamePartGroup>"
        for order, kind in enumerate((first, second))
    )
    return (
        f"<DistinctParty FixedRef='{number}'><Comment/><Profile ID='{number}' PartySubTypeID='{sub_type}'>"
        f"<Identity ID='{number}' FixedRef='{number}' Primary='true' False='false'>{aliases}"
        f"<NamePartGroups>{groups}</NamePartGroups></Identity>{features}</Profile></DistinctParty>\n"
    )


def feature(kind: int, inside: str) -> str:
    return (
        f"<Feature ID='{kind}' FeatureTypeID='{kind}'><FeatureVersion ID='1'><Comment/>{inside}"
        "</FeatureVersion><IdentityReference IdentityID='1' IdentityFeatureLinkTypeID='1'/></Feature>"
    )


def day(tag: str, year: int, month: int, number: int) -> str:
    return f"<{tag}><Year>{year}</Year><Month>{month}</Month><Day>{number}</Day></{tag}>"


def born(first: tuple[int, int, int], last: tuple[int, int, int], *, circa: bool = False) -> str:
    about = str(circa).lower()
    start, end = (day("From", *one) + day("To", *one) for one in (first, last))
    return feature(
        8,
        f"<DatePeriod CalendarTypeID='1'><Start Approximate='{about}'>{start}</Start>"
        f"<End Approximate='{about}'>{end}</End></DatePeriod>",
    )


def listing(number: int, program: str = "SDGT", which: int = 1550) -> str:
    return (
        f"<SanctionsEntry ID='{number}' ProfileID='{number}' ListID='{which}'><EntryEvent ID='{number}'>"
        f"{day('Date', 2001, 12, 4)}</EntryEvent><SanctionsMeasure ID='1' SanctionsTypeID='1'>"
        f"<Comment>{program}</Comment></SanctionsMeasure></SanctionsEntry>"
    )


def document(
    parties: str, entries: str, *, locations: str = "", documents: str = "", relations: str = ""
) -> str:
    return "".join(_sections([parties], [entries], [locations], [documents], relations))


def _sections(
    parties: Iterator[str] | list[str],
    entries: Iterator[str] | list[str],
    locations: Iterator[str] | list[str],
    documents: Iterator[str] | list[str],
    relations: str,
) -> Iterator[str]:
    yield f"<?xml version='1.0' encoding='utf-8'?><Sanctions xmlns='{NAMESPACE}' Version='3'>"
    yield day("DateOfIssue", 2026, 7, 30) + references()
    sections = {"Locations": locations, "IDRegDocuments": documents, "DistinctParties": parties}
    for tag, texts in sections.items():
        yield f"<{tag}>"
        yield from texts
        yield f"</{tag}>"
    yield f"<ProfileRelationships>{relations}</ProfileRelationships><SanctionsEntries>"
    yield from entries
    yield "</SanctionsEntries></Sanctions>"


def write_large(path: Path, parties: int, padding: int) -> None:
    """So many people, each with address, passport, birth date and about `padding` bytes of aliases."""
    numbers = range(1_000, 1_000 + parties)
    per_alias = 430  # bytes of one alias in this shape
    with path.open("w", encoding="utf-8") as file:
        file.writelines(
            _sections(
                (
                    party(
                        number,
                        alias(number, f"FAMILY{number}|Given", primary=True)
                        + "".join(
                            alias(number, f"ALIAS{number}N{order}|Given", kind=1400)
                            for order in range(padding // per_alias)
                        ),
                        features=born((1948, 12, 10), (1948, 12, 10))
                        + feature(25, f"<VersionLocation LocationID='{number}'/>"),
                    )
                    for number in numbers
                ),
                (listing(number) for number in numbers),
                (
                    f"<Location ID='{number}'><LocationCountry CountryID='11143'/>"
                    f"<LocationPart LocPartTypeID='1454'><LocationPartValue><Value>City {number}</Value>"
                    "</LocationPartValue></LocationPart>"
                    "</Location>"
                    for number in numbers
                ),
                (
                    f"<IDRegDocument ID='{number}' IDRegDocTypeID='1571' IdentityID='{number}' "
                    f"IssuedBy-CountryID='11143'><Comment/><IDRegistrationNo>P{number}</IDRegistrationNo>"
                    "</IDRegDocument>"
                    for number in numbers
                ),
                "",
            )
        )
