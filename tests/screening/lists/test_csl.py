"""The US Consolidated Screening List: one reading of its JSON and of its CSV."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from screening import Designation, Kind, NameType
from screening.designations import Address, DateRange, Identifier, Name
from screening.lists import csl
from tests.screening.lists.reading import listed, refusal

PERSON: dict[str, Any] = {
    "id": "abc1",
    "source": "Specially Designated Nationals (SDN) - Treasury Department",
    "entity_number": "23456",
    "type": "Individual",
    "programs": ["SDGT", "DPRK4"],
    "name": "QORVAZOV, Ivan",
    "title": "Director",
    "addresses": [
        {"address": "1 Qwx Street", "city": "Minsk", "state": "", "postal_code": "220000", "country": "BY"}
    ],
    "start_date": "2023-08-16",
    "call_sign": None,
    "vessel_flag": None,
    "remarks": "(Linked To: X)",
    "alt_names": ["QORVAZOFF, Ivan", "QORVAZOV, Ivan"],
    "citizenships": ["BY"],
    "nationalities": ["RU"],
    "dates_of_birth": ["1948-12-10"],
    "places_of_birth": ["Minsk, Belarus"],
    "ids": [
        {"type": "Passport", "number": "P123456", "country": "BY", "issue_date": None},
        {"type": "Gender", "number": "Male", "country": None},
        {"type": "Digital Currency Address - XBT", "number": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
    ],
}
COMPANY: dict[str, Any] = {
    "id": "abc2",
    "source": "Entity List (EL) - Bureau of Industry and Security",
    "type": None,
    "programs": None,
    "name": "Qwx Avionics, Ltd.",
    "license_requirement": "For all items subject to the EAR",
    "addresses": None,
    "alt_names": [],
    "ids": None,
}


def in_json(tmp_path: Path, *records: dict[str, Any]) -> list[Designation]:
    return listed(
        "csl", tmp_path, "consolidated.json", orjson.dumps({"total": len(records), "results": records})
    )


def in_cells(record: dict[str, Any]) -> dict[str, str]:
    """A record like PERSON as the CSV has it."""
    columns = {"_id": record["id"], **{key: value for key, value in record.items() if key != "id"}}
    return {
        **{key: "" if value is None else str(value) for key, value in columns.items()},
        "programs": "SDGT; DPRK4",
        "alt_names": "QORVAZOFF, Ivan; QORVAZOV, Ivan",
        "addresses": "1 Qwx Street, Minsk, 220000, BY",
        "citizenships": "BY",
        "nationalities": "RU",
        "dates_of_birth": "1948-12-10",
        "places_of_birth": "Minsk, Belarus",
        "ids": "BY, Passport, P123456; Gender, Male",
    }


def test_every_fact_of_a_full_entry_is_read(tmp_path: Path) -> None:
    (entry,) = in_json(tmp_path, PERSON)

    assert entry == Designation(
        id="csl:abc1",
        names=(Name("Ivan QORVAZOV", NameType.PRIMARY), Name("Ivan QORVAZOFF")),
        kind=Kind.PERSON,
        programs=("SDN", "SDGT", "DPRK4"),
        identifiers=(
            Identifier("passport", "P123456", "BY"),
            Identifier("wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", note="XBT"),
        ),
        birth_dates=(DateRange(date(1948, 12, 10), date(1948, 12, 10)),),
        birth_places=("Minsk, Belarus",),
        countries=("BY", "RU"),
        addresses=(Address("1 Qwx Street", "Minsk", "", "220000", "BY"),),
        listed_on=date(2023, 8, 16),
        remarks="Director; (Linked To: X)",
    )


def test_an_entry_says_which_agency_s_list_it_is_from(tmp_path: Path) -> None:
    (entry,) = in_json(tmp_path, COMPANY)

    assert entry.programs == ("EL",)
    assert entry.kind is None
    assert entry.names == (Name("Qwx Avionics, Ltd.", NameType.PRIMARY),)


def test_the_csv_says_the_same_as_the_json(tmp_path: Path) -> None:
    text = io.StringIO()
    row = in_cells(PERSON)
    writer = csv.DictWriter(text, row)
    writer.writeheader()
    writer.writerow(row)
    (by_json,) = in_json(tmp_path, PERSON)

    (by_csv,) = listed("csl", tmp_path, "consolidated.csv", text.getvalue())

    assert by_csv.names == by_json.names
    assert by_csv.programs == by_json.programs
    assert by_csv.birth_dates == by_json.birth_dates
    assert by_csv.countries == by_json.countries
    assert by_csv.identifiers == (Identifier("passport", "P123456", "BY"),)
    assert by_csv.addresses == (Address("1 Qwx Street, Minsk, 220000, BY", country="BY"),)


def test_a_file_that_is_cut_off_or_another_is_refused(tmp_path: Path) -> None:
    whole = orjson.dumps({"results": [PERSON]})

    assert "cut off" in refusal("csl", tmp_path, "cut.json", whole[:200])
    assert "no `results`" in refusal("csl", tmp_path, "other.json", b'{"entries": []}')
    page = orjson.dumps({"total": 12_000, "results": [PERSON]})
    assert "1 entries where the file says 12000" in refusal("csl", tmp_path, "page.json", page)
    assert "needs id and name" in refusal("csl", tmp_path, "x.json", b'{"results": [{"id": "1"}]}')
    number = orjson.dumps({"results": [PERSON | {"programs": [7]}]})
    assert "a value is of another kind" in refusal("csl", tmp_path, "number.json", number)


def test_a_vessel_is_of_the_country_of_its_flag(tmp_path: Path) -> None:
    vessel = COMPANY | {"id": "v", "type": "Vessel", "name": "QWX STAR", "vessel_flag": "Panama"}
    (entry,) = in_json(tmp_path, vessel)

    assert entry.countries == ("PA",)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("IR, Passport, 12345", ("IR", "Passport", "12345")),
        ("IR, 12345", (None, "IR", "12345")),
        ("12345", (None, "", "12345")),
        ("A, IR, Passport, 12345", (None, "Passport", "12345")),
    ],
)
def test_a_number_is_written_with_its_country_in_front_of_its_kind(
    text: str, read: tuple[str | None, str, str]
) -> None:
    assert csl._written(text) == read
