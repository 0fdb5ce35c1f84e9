"""The UN Security Council's consolidated list (consolidated.xml).

People's names come in up to four parts, in reading order. `QUALITY` of an alias is Good or Low for people and
a.k.a. or f.k.a. for others; hundreds of alias, document and date elements are empty placeholders. Vessels
have no entries of their own: their IMO numbers stand in the comments of their owners.
"""

import re
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
    Name,
    NameType,
    Quality,
)
from screening.lists.dates import date_range, iso_day, year_range
from screening.lists.errors import ListError
from screening.lists.files import ListFiles, Vocabulary
from screening.lists.genders import one_gender
from screening.lists.text import tidy
from screening.lists.xml import entries, root_attributes, text, texts

LIST = "un"
_ROOT = "CONSOLIDATED_LIST"
_KINDS = {"INDIVIDUAL": Kind.PERSON, "ENTITY": Kind.ORGANIZATION}
_FORM = Vocabulary(
    """
    CONSOLIDATED_LIST INDIVIDUALS ENTITIES INDIVIDUAL ENTITY DATAID UN_LIST_TYPE REFERENCE_NUMBER
    LISTED_ON FIRST_NAME SECOND_NAME THIRD_NAME FOURTH_NAME NAME_ORIGINAL_SCRIPT INDIVIDUAL_ALIAS
    ENTITY_ALIAS ALIAS_NAME QUALITY INDIVIDUAL_DOCUMENT TYPE_OF_DOCUMENT NUMBER ISSUING_COUNTRY
    INDIVIDUAL_DATE_OF_BIRTH TYPE_OF_DATE DATE YEAR FROM_YEAR TO_YEAR INDIVIDUAL_PLACE_OF_BIRTH
    INDIVIDUAL_ADDRESS ENTITY_ADDRESS STREET CITY STATE_PROVINCE COUNTRY NATIONALITY VALUE COMMENTS1
    GENDER @dateGenerated
    """,
    """
    VERSIONNUM LIST_TYPE LAST_DAY_UPDATED NOTE SORT_KEY SORT_KEY_LAST_MOD DESIGNATION TITLE
    TYPE_OF_DOCUMENT2 DATE_OF_ISSUE COUNTRY_OF_ISSUE CITY_OF_ISSUE CITY_OF_BIRTH COUNTRY_OF_BIRTH
    DATE_OF_BIRTH ZIP_CODE
    """,
)
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_IMO = re.compile(r"\bIMO\b[^0-9.]{0,20}(\d{7})\b")


def parse(path: Path) -> Iterator[Designation]:
    """Every individual and entity. Raises ListError."""
    files = ListFiles(path)
    for element in entries(files, files.only(".xml"), _ROOT, _KINDS, _FORM):
        yield _designation(element)


def issued(path: Path) -> str:
    """The day the file was generated."""
    files = ListFiles(path)
    return root_attributes(files, files.only(".xml"), _ROOT).get("dateGenerated", "")


def _designation(element: ET.Element) -> Designation:
    number = text(element, "DATAID")
    originals = texts(element, "NAME_ORIGINAL_SCRIPT")
    primary = tidy(" ".join(text(element, part) for part in _NAME_PARTS)) or next(iter(originals), "")
    if not number.isdecimal() or not primary:
        raise ListError(
            f"an {element.tag} without DATAID or name ({number or primary}); fetch the file again"
        )
    comments = text(element, "COMMENTS1")
    positions = texts(element, "TITLE/VALUE") + texts(element, "DESIGNATION/VALUE")
    return Designation(
        id=f"{LIST}:{number}",
        names=tuple(dict.fromkeys([Name(primary, NameType.PRIMARY), *_aliases(element, primary)])),
        kind=_KINDS[element.tag],
        programs=tuple(texts(element, "UN_LIST_TYPE")),
        identifiers=tuple(
            dict.fromkeys([*_documents(element), *(Identifier("imo", imo) for imo in _IMO.findall(comments))])
        ),
        birth_dates=tuple(dict.fromkeys(_births(element))),
        birth_places=tuple(dict.fromkeys(_places(element))),
        countries=tuple(dict.fromkeys(filter(None, map(country_code, texts(element, "NATIONALITY/VALUE"))))),
        gender=one_gender([text(element, "GENDER")]),
        addresses=tuple(dict.fromkeys(_addresses(element))),
        listed_on=iso_day(text(element, "LISTED_ON")),
        remarks="; ".join([text(element, "REFERENCE_NUMBER"), *positions, *filter(None, [comments])]),
    )


def _aliases(element: ET.Element, primary: str) -> Iterator[Name]:
    """Also the name in its original script, which is the primary one of a party that has no other; some
    aliases are several, joined by "; "."""
    for original in texts(element, "NAME_ORIGINAL_SCRIPT"):
        if original != primary:
            yield Name(original)
    for alias in element.iterfind(f"{element.tag}_ALIAS"):
        how = text(alias, "QUALITY").lower()
        for name in text(alias, "ALIAS_NAME").split("; "):
            if any(map(str.isalnum, name)):
                former = NameType.FKA if how == "f.k.a." else NameType.AKA
                yield Name(name, former, Quality.WEAK if how == "low" else Quality.STRONG)


def _documents(element: ET.Element) -> Iterator[Identifier]:
    for document in element.iterfind("INDIVIDUAL_DOCUMENT"):
        number = text(document, "NUMBER")
        if number:
            how = text(document, "TYPE_OF_DOCUMENT") or text(document, "TYPE_OF_DOCUMENT2")
            country = text(document, "ISSUING_COUNTRY") or text(document, "COUNTRY_OF_ISSUE")
            scheme = _scheme(how.lower())
            yield Identifier(scheme, number, country_code(country), "" if scheme == "passport" else how)


def _scheme(how: str) -> str:
    if "pass" in how or "pasaporte" in how:
        return "passport"
    return "national_id" if "national" in how or "identi" in how else "other"


def _births(element: ET.Element) -> Iterator[DateRange]:
    for birth in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        circa = text(birth, "TYPE_OF_DATE") == "APPROXIMATELY"
        if first := text(birth, "FROM_YEAR"):
            found = year_range(first, text(birth, "TO_YEAR") or first, circa=circa)
        else:
            found = date_range(("circa " if circa else "") + (text(birth, "DATE") or text(birth, "YEAR")))
        if found:
            yield found


def _places(element: ET.Element) -> Iterator[str]:
    for place in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        if parts := [part for part in (tidy(item.text) for item in place) if part]:
            yield ", ".join(parts)


def _addresses(element: ET.Element) -> Iterator[Address]:
    for address in element.iterfind(f"{element.tag}_ADDRESS"):
        found = Address(
            text(address, "STREET"),
            text(address, "CITY"),
            text(address, "STATE_PROVINCE"),
            text(address, "ZIP_CODE"),
            country_code(text(address, "COUNTRY")),
        )
        if found != Address():
            yield found
