"""The EU's FSF XML 1.1: everything in attributes, weakness in two places, "00" for unknown."""

from datetime import date
from pathlib import Path

import pytest

from screening import Designation, Kind, ListError, NameType, Quality, parse_list
from screening.designations import Address, DateRange, Gender, Identifier
from screening.lists import list_issued
from tests.screening.lists.reading import listed, refusal, written
from tests.shared_data import SHARED_DATA, needs_shared_data


def document(inside: str, reference: str = "EU.27.28", code: str = "person") -> str:
    return (
        '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-05T10:00:00+01:00">'
        f'<sanctionEntity euReferenceNumber="{reference}" logicalId="13" designationDate="2014-03-17">'
        f'<regulation programme="UKR" entryIntoForceDate="2014-03-18"/><subjectType code="{code}"/>'
        f"{inside}</sanctionEntity></export>"
    )


def alias(name: str, **attributes: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<nameAlias wholeName="{name}"{more}/>'


def one(tmp_path: Path, inside: str, **options: str) -> Designation:
    (entry,) = listed("eu", tmp_path, "eu.xml", document(inside, **options))
    return entry


@needs_shared_data
def test_the_real_excerpt_is_read() -> None:
    mugabe, front = parse_list("eu", SHARED_DATA / "eu")

    assert (mugabe.id, mugabe.name, mugabe.programs) == ("eu:EU.36.64", "Robert Gabriel Mugabe", ("ZWE",))
    assert mugabe.birth_dates == (DateRange(date(1924, 2, 21), date(1924, 2, 21)),)
    assert mugabe.identifiers == (Identifier("passport", "AD001095"),)
    assert (front.kind, len(front.names)) == (Kind.ORGANIZATION, 5)


def test_weak_names_are_told_by_attribute_or_by_remark(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        alias("Ivan Petrov", strong="true", gender="M")
        + alias("Vanya", strong="false")
        + '<nameAlias wholeName="Petya" strong="true"><remark>low quality alias</remark></nameAlias>'
        + alias("Ivan Petrov", nameLanguage="BG")
        + '<nameAlias firstName="Ivan" middleName="" lastName="Petroff" wholeName=""/>',
    )

    assert [(name.text, name.type, name.quality) for name in entry.names] == [
        ("Ivan Petrov", NameType.PRIMARY, Quality.STRONG),
        ("Vanya", NameType.AKA, Quality.WEAK),
        ("Petya", NameType.AKA, Quality.WEAK),
        ("Ivan Petroff", NameType.AKA, Quality.STRONG),
    ]
    assert (entry.gender, entry.listed_on) == (Gender.MALE, date(2014, 3, 17))


def test_births_are_dates_years_or_ranges_and_other_calendars_are_not_misread(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        alias("Ivan Petrov")
        + '<birthdate calendarType="GREGORIAN" circa="true" year="1960" city="Omsk" countryIso2Code="RU" '
        'countryDescription="RUSSIAN FEDERATION"/>'
        '<birthdate yearRangeFrom="1961" yearRangeTo="1963" circa="false" countryIso2Code="00"/>'
        '<birthdate calendarType="ISLAMIC" year="1387"/>',
    )

    assert entry.birth_dates == (
        DateRange(date(1960, 1, 1), date(1960, 12, 31), circa=True),
        DateRange(date(1961, 1, 1), date(1963, 12, 31)),
    )
    assert entry.birth_places == ("Omsk, RUSSIAN FEDERATION",)


def test_identifiers_known_to_be_false_are_left_out(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        alias("Rossiya Bank")
        + '<identification identificationTypeCode="swiftbic" number="ROSYRU2P" countryIso2Code="RU"/>'
        '<identification identificationTypeCode="regnumber" number="" latinNumber="123" '
        'identificationTypeDescription="Registration Number" countryIso2Code="00"/>'
        '<identification identificationTypeCode="passport" number="FAKE" knownFalse="true"/>'
        '<address street="Nevsky 1" city="St Petersburg" zipCode="191000" countryIso2Code="RU"/>'
        '<citizenship countryIso2Code="RU"/><citizenship countryIso2Code="00"/>',
        code="enterprise",
    )

    assert entry.identifiers == (
        Identifier("bic", "ROSYRU2P", "RU"),
        Identifier("registration", "123", None, "Registration Number"),
    )
    assert entry.addresses == (Address("Nevsky 1", "St Petersburg", "", "191000", "RU"),)
    assert (entry.countries, entry.kind) == (("RU",), Kind.ORGANIZATION)


def test_an_entry_without_reference_number_keeps_its_logical_id(tmp_path: Path) -> None:
    assert one(tmp_path, alias("Ivan Petrov"), reference="").id == "eu:13"


def test_an_entry_without_a_name_is_refused(tmp_path: Path) -> None:
    assert "without reference or name" in refusal("eu", tmp_path, "eu.xml", document(alias("")))


def test_the_list_says_when_it_was_made(tmp_path: Path) -> None:
    path = written(tmp_path, "eu.xml", document(alias("Ivan Petrov")))

    assert list_issued("eu", path) == "2026-01-05T10:00:00+01:00"


def test_a_number_is_known_as_written_and_in_latin_letters(tmp_path: Path) -> None:
    number = '<identification identificationTypeCode="passport" number="АБ 123" latinNumber="{}"/>'

    for latin, found in (("AB 123", ["АБ 123", "AB 123"]), ("АБ 123", ["АБ 123"]), ("", ["АБ 123"])):
        entry = one(tmp_path, alias("Ivan Petrov") + number.format(latin))
        assert [code.value for code in entry.identifiers] == found


def test_a_name_that_is_weak_in_one_place_and_strong_in_another_alerts(tmp_path: Path) -> None:
    lowly = alias("Vanya Petrov", strong="false"), alias("Vanya Petrov", strong="true")

    for twice in (lowly, lowly[::-1]):
        entry = one(tmp_path, alias("Ivan Petrov") + "".join(twice))

        assert [(name.text, name.quality) for name in entry.names] == [
            ("Ivan Petrov", Quality.STRONG),
            ("Vanya Petrov", Quality.STRONG),
        ]


@pytest.mark.parametrize("day", ["soon", "05/01/2026", "5 January 2026"])
def test_a_date_of_the_list_that_cannot_be_read_is_refused(tmp_path: Path, day: str) -> None:
    text = document(alias("Ivan Petrov")).replace("2026-01-05T10:00:00+01:00", day)

    with pytest.raises(ListError, match=f"the file says that it is of '{day}', which is no date"):
        list_issued("eu", written(tmp_path, "eu.xml", text))
