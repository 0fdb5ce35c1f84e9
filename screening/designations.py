"""A designation: one sanctioned party as a list publishes it, in one shape for every list.

What always holds: `names` is not empty and its first entry is the primary name; `id` is `source:uid`;
country codes are ISO 3166-1 alpha-2 in upper case; every value is immutable.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a designated or screened party is. `None` stands for unknown."""

    PERSON = "person"
    ORGANIZATION = "organization"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"


CRAFT = (Kind.VESSEL, Kind.AIRCRAFT)
"""Kinds that bear the names of people, places and things."""
THINGS = (Kind.ORGANIZATION, *CRAFT)
"""Kinds that are nobody: a company is called Petra or Petro, whatever people make of the two."""


class NameType(StrEnum):
    """How a list presents a name: its primary name, an alias, or a former name."""

    PRIMARY = "primary"
    AKA = "aka"
    FKA = "fka"


class Quality(StrEnum):
    """Alias strength. A weak alias is too common to alert by itself (OFAC FAQ 122-124)."""

    STRONG = "strong"
    WEAK = "weak"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a designation, in natural reading order ("Ashot Mkrtychev"), in any script."""

    text: str
    type: NameType = NameType.AKA
    quality: Quality = Quality.STRONG


@dataclass(frozen=True, slots=True)
class DateRange:
    """A date as lists state it: a day, a year, "circa 1960", "1958 to 1962". Both ends are included."""

    earliest: date
    latest: date
    circa: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or code that identifies a party by itself.

    `scheme` is a short lower-case word: bic, imo, mmsi, lei, iban, passport, national_id, tax, registration,
    email, phone, website, wallet, call_sign, aircraft_serial, aircraft_tail, other. `value` is as the list
    prints it; `note` keeps what the scheme does not say ("XBT", "Cedula No.").
    """

    scheme: str
    value: str
    country: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `text` holds the lines that are not city, region, postal code or country."""

    text: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another party.

    `relation` is linked_to, owner, owned_by, family, director, associate or acting_for. Read it as "this
    designation is <relation> of/to `name`". `percent` is the share held, if known. `to` is the other
    designation's id, or None if the list prints a name for which it has no entry.
    """

    name: str
    relation: str = "linked_to"
    to: str | None = None
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Designation:
    """One sanctioned party. Absent facts are empty tuples or None, never placeholders."""

    id: str
    names: tuple[Name, ...]
    kind: Kind | None = None
    programs: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    birth_dates: tuple[DateRange, ...] = ()
    birth_places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    gender: Gender | None = None
    addresses: tuple[Address, ...] = ()
    links: tuple[Link, ...] = ()
    listed_on: date | None = None
    remarks: str = ""

    @property
    def source(self) -> str:
        """The list that it is on: `ofac` for `ofac:44521`."""
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        """The primary name, as the list prints it."""
        return self.names[0].text
