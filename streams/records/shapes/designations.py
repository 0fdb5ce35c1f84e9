"""What stands on the topic of designations."""

from typing import NotRequired, TypedDict


class NameRecord(TypedDict):
    text: str
    type: NotRequired[str]
    quality: NotRequired[str]


class IdentifierRecord(TypedDict):
    scheme: str
    value: str
    country: NotRequired[str]
    note: NotRequired[str]


class DateRangeRecord(TypedDict):
    earliest: str
    latest: str
    circa: NotRequired[bool]


class AddressRecord(TypedDict, total=False):
    text: str
    city: str
    region: str
    postal_code: str
    country: str


class LinkRecord(TypedDict):
    name: str
    relation: NotRequired[str]
    to: NotRequired[str]
    percent: NotRequired[float]


class DesignationRecord(TypedDict):
    """`designations`, under `source:uid`."""

    id: str
    names: list[NameRecord]
    kind: NotRequired[str]
    programs: NotRequired[list[str]]
    identifiers: NotRequired[list[IdentifierRecord]]
    birth_dates: NotRequired[list[DateRangeRecord]]
    birth_places: NotRequired[list[str]]
    countries: NotRequired[list[str]]
    gender: NotRequired[str]
    addresses: NotRequired[list[AddressRecord]]
    links: NotRequired[list[LinkRecord]]
    listed_on: NotRequired[str]
    remarks: NotRequired[str]


class PublicationRecord(TypedDict):
    """What every marker of one publication says."""

    list: str
    version: str
    count: int
    sha256: str
    run: NotRequired[str]
    reason: NotRequired[str]
    by: NotRequired[str]
    source_date: NotRequired[str]
    source_sha256: NotRequired[str]


class MarkerRecord(PublicationRecord):
    """`designations`, the markers of a publication."""

    marker: str
    published_at: str
