"""Senzing records, flat or with feature lists, one a line or in one array."""

from collections.abc import Iterator, Mapping
from typing import Any

from screening.countries import country_code
from screening.designations import Address, Designation, Identifier, Kind, Name, NameType
from screening.lists.dates import date_range
from screening.lists.errors import ListError
from screening.lists.files import ListFiles
from screening.lists.genders import one_gender
from screening.lists.json_lines import json_lines
from screening.lists.text import tidy

Record = Mapping[str, Any]
_KINDS = {
    "PERSON": Kind.PERSON,
    "ORGANIZATION": Kind.ORGANIZATION,
    "VESSEL": Kind.VESSEL,
    "AIRCRAFT": Kind.AIRCRAFT,
}
_NAME_PARTS = ("NAME_PREFIX", "NAME_FIRST", "NAME_MIDDLE", "NAME_LAST", "NAME_SUFFIX")
_NUMBERS = (
    ("PASSPORT_NUMBER", "passport", "PASSPORT_COUNTRY"),
    ("NATIONAL_ID_NUMBER", "national_id", "NATIONAL_ID_COUNTRY"),
    ("SSN_NUMBER", "national_id", ""),
    ("SSN", "national_id", ""),
    ("TAX_ID_NUMBER", "tax", "TAX_ID_COUNTRY"),
    ("LEI_NUMBER", "lei", ""),
    ("DRIVERS_LICENSE_NUMBER", "other", ""),
    ("OTHER_ID_NUMBER", "other", "OTHER_ID_COUNTRY"),
    ("PHONE_NUMBER", "phone", ""),
    ("EMAIL_ADDRESS", "email", ""),
    ("WEBSITE_ADDRESS", "website", ""),
)
_COUNTRIES = ("NATIONALITY", "CITIZENSHIP", "COUNTRY_OF_ASSOCIATION", "REGISTRATION_COUNTRY")


def read(files: ListFiles, name: str) -> Iterator[Designation]:
    """Every record; which of them are sanctioned is for whoever made the file to say."""
    for where, record in json_lines(files, name):
        key, names = record.get("RECORD_ID"), tuple(_names(record))
        if not key or not names:
            raise ListError(f"{where}: no RECORD_ID or no name; is this a Senzing file?")
        features = list(_features(record))
        yield Designation(
            id=f"opensanctions:{key}",
            names=names,
            kind=_KINDS.get(_text(record, "RECORD_TYPE").upper()),
            programs=tuple(dict.fromkeys(value for item in features if (value := _text(item, "TOPIC")))),
            identifiers=tuple(dict.fromkeys(item for feature in features for item in _numbers(feature))),
            birth_dates=tuple(
                filter(None, (date_range(_text(feature, "DATE_OF_BIRTH")) for feature in features))
            ),
            countries=tuple(dict.fromkeys(code for feature in features for code in _codes(feature))),
            gender=one_gender(_text(feature, "GENDER") for feature in features),
            addresses=tuple(found for feature in features if (found := _address(feature)) != Address()),
        )


def _features(record: Record) -> Iterator[Record]:
    """The record itself and every item of its lists (NAMES, DATES, IDENTIFIERS, RISKS, FEATURES, ...)."""
    yield record
    for value in record.values():
        if isinstance(value, list):
            yield from (item for item in value if isinstance(item, dict))


def _text(feature: Record, key: str) -> str:
    value = feature.get(key)
    return tidy(str(value)) if value is not None else ""


def _names(record: Record) -> Iterator[Name]:
    seen: set[str] = set()
    features = sorted(_features(record), key=lambda feature: _text(feature, "NAME_TYPE") != "PRIMARY")
    for feature in features:
        parts = " ".join(filter(None, (_text(feature, part) for part in _NAME_PARTS)))
        for text in (_text(feature, "NAME_FULL"), _text(feature, "NAME_ORG"), parts):
            if text not in seen and any(map(str.isalnum, text)):
                yield Name(text, NameType.AKA if seen else NameType.PRIMARY)
                seen.add(text)


def _numbers(feature: Record) -> Iterator[Identifier]:
    for key, scheme, country in _NUMBERS:
        if value := _text(feature, key):
            yield Identifier(scheme, value, country_code(_text(feature, country)) if country else None)


def _codes(feature: Record) -> Iterator[str]:
    for key in _COUNTRIES:
        value = _text(feature, key)
        if code := country_code(value.upper() if len(value) == 2 else value):
            yield code


def _address(feature: Record) -> Address:
    lines = (_text(feature, key) for key in ("ADDR_FULL", "ADDR_LINE1", "ADDR_LINE2", "ADDR_LINE3"))
    return Address(
        ", ".join(filter(None, lines)),
        _text(feature, "ADDR_CITY"),
        _text(feature, "ADDR_STATE"),
        _text(feature, "ADDR_POSTAL_CODE"),
        country_code(_text(feature, "ADDR_COUNTRY")),
    )
