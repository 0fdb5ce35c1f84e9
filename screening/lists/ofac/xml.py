"""OFAC's sdn.xml and consolidated.xml: aliases with their strength, typed identifiers, entry by entry.

`publshInformation` (so spelled) carries the date and the number of entries, which is checked. The idList
holds everything that has a label and a value, so labels are read by the same table as the CSV's remarks.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime

from screening.countries import country_code
from screening.designations import (
    Address,
    DateRange,
    Designation,
    Identifier,
    Link,
    Name,
    NameType,
    Quality,
)
from screening.lists.dates import date_range
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.genders import one_gender
from screening.lists.ofac.kinds import kind_of
from screening.lists.ofac.names import NamesToIds
from screening.lists.ofac.remarks import read_identifier
from screening.lists.text import tidy
from screening.lists.xml import entries, text, texts

ROOT = "sdnList"
_HEAD = "publshInformation"
_FORM = Vocabulary(
    """
    sdnList publshInformation Publish_Date Record_Count sdnEntry uid sdnType firstName lastName
    programList program akaList aka type category idList id idType idNumber idCountry addressList
    address address1 city country dateOfBirthList dateOfBirthItem dateOfBirth placeOfBirthList
    placeOfBirthItem placeOfBirth
    """,
    """
    title remarks address2 address3 stateOrProvince postalCode issueDate expirationDate mainEntry
    nationalityList nationality citizenshipList citizenship vesselInfo callSign vesselType vesselFlag
    vesselOwner tonnage grossRegisteredTonnage @standalone
    """,
)


def read(files: ListFiles, name: str) -> Iterator[Designation]:
    """Every entry of one file. Raises ListError, also when there are not as many as the file says."""
    names = NamesToIds()
    for element in entries(files, name, ROOT, ("sdnEntry",)):
        names.add(_printed_name(element), f"ofac:{text(element, 'uid')}")
    promised, count = 0, 0
    for element in entries(files, name, ROOT, (_HEAD, "sdnEntry"), _FORM):
        if element.tag == _HEAD:
            promised = _count(element, name)
        else:
            count += 1
            yield _designation(element, name, names)
    if count != promised:
        raise ListError(f"{name}: {count} entries, but the file says {promised}; fetch it again")


def published(files: ListFiles, name: str) -> str:
    """The file's publication day, ISO 8601."""
    for element in entries(files, name, ROOT, (_HEAD,)):
        day = text(element, "Publish_Date")
        try:
            return datetime.strptime(day, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007  a day has no zone
        except ValueError:
            raise ListError(f"{name}: publication date {day!r}, MM/DD/YYYY is expected") from None
    raise ListError(f"{name}: no {_HEAD}; fetch the file again")


def _count(head: ET.Element, name: str) -> int:
    number = text(head, "Record_Count")
    if not number.isdecimal():
        raise ListError(f"{name}: record count {number!r} is no number; fetch the file again")
    return int(number)


def _designation(entry: ET.Element, file: str, names: NamesToIds) -> Designation:
    number, kind = text(entry, "uid"), kind_of(text(entry, "sdnType"))
    name = _name(entry)
    if not number.isdecimal() or kind is None or not name:
        raise ListError(f"{file}: entry {number or '?'} lacks uid, type or name; fetch the file again")
    documents = [item for item in entry.iterfind("idList/id") if text(item, "idType")]
    vessel = entry.find("vesselInfo")
    flag = country_code(text(vessel, "vesselFlag")) if vessel is not None else None
    countries = texts(entry, "nationalityList/nationality/country")
    countries += texts(entry, "citizenshipList/citizenship/country")
    return Designation(
        id=f"ofac:{number}",
        names=tuple(dict.fromkeys([Name(name, NameType.PRIMARY), *_aliases(entry)])),
        kind=kind,
        programs=tuple(dict.fromkeys(texts(entry, "programList/program"))),
        identifiers=tuple(dict.fromkeys(_identifiers(documents, vessel))),
        birth_dates=tuple(dict.fromkeys(_births(entry))),
        birth_places=tuple(dict.fromkeys(texts(entry, "placeOfBirthList/placeOfBirthItem/placeOfBirth"))),
        countries=tuple(dict.fromkeys(filter(None, [*map(country_code, countries), flag]))),
        gender=one_gender(text(item, "idNumber") for item in documents if text(item, "idType") == "Gender"),
        addresses=tuple(dict.fromkeys(map(_address, entry.iterfind("addressList/address")))),
        links=tuple(_links(entry, vessel, names)),
        remarks="; ".join(filter(None, [text(entry, "title"), text(entry, "remarks")])),
    )


def _name(element: ET.Element) -> str:
    return tidy(f"{text(element, 'firstName')} {text(element, 'lastName')}")


def _printed_name(entry: ET.Element) -> str:
    """As other entries' remarks print it: "MKRTYCHEV, Ashot"."""
    first = text(entry, "firstName")
    return f"{text(entry, 'lastName')}, {first}" if first else text(entry, "lastName")


def _aliases(entry: ET.Element) -> Iterator[Name]:
    """Alias blocks without a name occur; an empty alias would match everybody."""
    for alias in entry.iterfind("akaList/aka"):
        name = _name(alias)
        if any(map(str.isalnum, name)):
            former = NameType.FKA if text(alias, "type").startswith("f") else NameType.AKA
            yield Name(name, former, Quality.WEAK if text(alias, "category") == "weak" else Quality.STRONG)


def _identifiers(documents: list[ET.Element], vessel: ET.Element | None) -> Iterator[Identifier]:
    if vessel is not None and text(vessel, "callSign"):
        yield Identifier("call_sign", text(vessel, "callSign"))
    for item in documents:
        label, number, country = text(item, "idType"), text(item, "idNumber"), text(item, "idCountry")
        where = f" ({country})" if country_code(country) else ""
        if found := read_identifier(f"{label} {number}{where}"):
            yield found


def _births(entry: ET.Element) -> Iterator[DateRange]:
    for day in texts(entry, "dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        if found := date_range(day):
            yield found


def _address(address: ET.Element) -> Address:
    lines = (text(address, f"address{number}") for number in (1, 2, 3))
    return Address(
        ", ".join(filter(None, lines)),
        text(address, "city"),
        text(address, "stateOrProvince"),
        text(address, "postalCode"),
        country_code(text(address, "country")),
    )


def _links(entry: ET.Element, vessel: ET.Element | None, names: NamesToIds) -> Iterator[Link]:
    """ "(Linked To: LAZARUS GROUP)" in the remarks, and a vessel's owner; both are names."""
    for clause in text(entry, "remarks").split("(Linked To: ")[1:]:
        name = clause.rpartition(")")[0] or clause
        yield Link(name, to=names.get(name))
    if vessel is not None and (owner := text(vessel, "vesselOwner")):
        yield Link(owner, "owned_by", names.get(owner))
