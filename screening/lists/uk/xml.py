"""The UK Sanctions List as XML: the same facts as the CSV, nested; read entry by entry.

Every entry becomes rows of the CSV's columns, so that both formats have one meaning.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date

from screening.designations import Designation
from screening.lists.dates import date_range
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.text import tidy
from screening.lists.uk.csv import Row, designation
from screening.lists.xml import entries, text

_ROOT = "Designations"
_PARTS = "123456"
"""Of a name, and lines of an address."""
_FORM = Vocabulary(
    """
    Designations Designation UniqueID RegimeName IndividualEntityShip SanctionsImposed DateDesignated
    Name Name1 Name2 Name3 Name4 Name5 Name6 NameType NameNonLatinScript Address AddressLine1
    AddressCountry DOB Nationality PassportNumber NationalIdentifierNumber BusinessRegistrationNumber
    IMONumber
    """,
    """
    AliasStrength Names NonLatinNames NonLatinName AddressLine2 AddressLine3 AddressLine4 AddressLine5
    AddressLine6 AddressPostalCode Addresses OtherInformation DateGenerated LastUpdated OFSIGroupID
    UNReferenceNumber DesignationSource UKStatementofReasons Titles Title BirthDetails Location
    TownOfBirth CountryOfBirth DOBs Nationalities Gender Genders Position Positions Passport
    PassportDetails NationalIdentifier NationalIdentifierDetails PhoneNumber PhoneNumbers EmailAddress
    EmailAddresses Website Websites BusinessRegistrationNumbers ParentCompany ParentCompanies
    CurrentOwnerOperator CurrentOwnerOperators PreviousOwnerOperator PreviousOwnerOperators
    CurrentBelievedFlagOfShip CurrentBelievedFlagOfShips IMONumbers Individual IndividualDetails Entity
    EntityDetails Ship ShipDetails NonLatinScriptType NonLatinScriptLanguage SanctionsImposedIndicators
    AssetFreeze ArmsEmbargo TargetedArmsEmbargo CharteringOfShips ClosureOfRepresentativeOffices
    CrewServicingOfShipsAndAircraft Deflag PreventionOfBusinessArrangements ProhibitionOfPortEntry TravelBan
    PreventionOfCharteringOfShips PreventionOfCharteringOfShipsAndAircraft
    TechnicalAssistanceRelatedToAircraft TrustServicesSanctions DirectorDisqualificationSanction
    PassportAdditionalInformation NationalIdentifierAdditionalInformation TypeOfEntities TypeOfEntity
    Subsidiaries Subsidiary PreviousFlags PreviousFlag TypeOfShipDetails TypeOfShip TonnageOfShipDetails
    TonnageOfShip LengthOfShipDetails LengthOfShip YearsBuilt YearBuilt
    """,
)
_ONCE = {
    "UniqueID": "Unique ID",
    "RegimeName": "Regime Name",
    "IndividualEntityShip": "Designation Type",
    "SanctionsImposed": "Sanctions Imposed",
    "OtherInformation": "Other Information",
    "DateDesignated": "Date Designated",
}
_MANY = {
    "DOB": "D.O.B",
    "Nationality": "Nationality(/ies)",
    "Gender": "Gender",
    "Position": "Position",
    "PassportNumber": "Passport number",
    "NationalIdentifierNumber": "National Identifier number",
    "PhoneNumber": "Phone number",
    "EmailAddress": "Email address",
    "Website": "Website",
    "BusinessRegistrationNumber": "Business registration number (s)",
    "ParentCompany": "Parent company",
    "CurrentOwnerOperator": "Current owner/operator (s)",
    "PreviousOwnerOperator": "Previous owner/operator (s)",
    "CurrentBelievedFlagOfShip": "Current believed flag of ship",
    "IMONumber": "IMO number",
}
"""Elements that hold one value each, wherever they stand, and the column of the CSV with the same meaning."""


def read(files: ListFiles, file: str) -> Iterator[Designation]:
    """Every entry. Raises ListError."""
    for entry in entries(files, file, _ROOT, ("Designation",), _FORM):
        number = text(entry, "UniqueID")
        if not number:
            raise ListError(f"{file}: a Designation has no UniqueID; fetch the file again")
        yield designation(number, list(_rows(entry)))


def generated(files: ListFiles, file: str) -> str:
    """The day on which the file was made, in ISO form; "" where it does not say."""
    for element in entries(files, file, _ROOT, ("DateGenerated", "Designation")):
        if element.tag == "DateGenerated":
            day = _day(tidy(element.text))
            return day.isoformat() if day else ""
        break
    return ""


def _day(value: str) -> date | None:
    found = date_range(value.partition(" ")[0]) or date_range(value.replace("-", " "))
    return found.earliest if found else None


def _rows(entry: ET.Element) -> Iterator[Row]:
    once = {column: found for tag, column in _ONCE.items() if (found := text(entry, tag))}
    for name in entry.iter("Name"):
        parts = {f"Name {place}": text(name, f"Name{place}") for place in _PARTS}
        own = {"Name type": text(name, "NameType"), "Alias strength": text(name, "AliasStrength")}
        yield once | _filled(parts | own)
    for written in entry.iter("NameNonLatinScript"):
        yield once | _filled({"Name non-latin script": tidy(written.text), "Name type": "Alias"})
    for address in entry.iter("Address"):
        lines = {f"Address Line {line}": text(address, f"AddressLine{line}") for line in _PARTS}
        rest = {
            "Address Postal Code": text(address, "AddressPostalCode"),
            "Address Country": text(address, "AddressCountry"),
        }
        yield once | _filled(lines | rest)
    for place in entry.iter("Location"):
        born = {
            "Town of birth": text(place, "TownOfBirth"),
            "Country of birth": text(place, "CountryOfBirth"),
        }
        yield once | _filled(born)
    for tag, column in _MANY.items():
        yield from (once | {column: found} for value in entry.iter(tag) if (found := tidy(value.text)))


def _filled(row: dict[str, str]) -> dict[str, str]:
    return {column: value for column, value in row.items() if value}
