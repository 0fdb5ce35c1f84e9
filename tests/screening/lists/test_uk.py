"""The UK Sanctions List: one row for each name and address, ragged rows, placeholders in dates."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from screening import Designation, Kind, NameType, Quality, parse_list
from screening.designations import Address, DateRange, Identifier, Link
from screening.lists import list_issued
from tests.screening.lists.reading import listed, refusal, written
from tests.shared_data import SHARED_DATA, needs_shared_data

COLUMNS = (
    *("Last Updated", "Unique ID", "OFSI Group ID", "Name 6", *(f"Name {n}" for n in range(1, 6))),
    *(
        "Name type",
        "Alias strength",
        "Name non-latin script",
        "Regime Name",
        "Designation Type",
        "Sanctions Imposed",
    ),
    *(f"Address Line {n}" for n in range(1, 7)),
    *("Address Postal Code", "Address Country", "Phone number", "Website", "Email address"),
    *("Date Designated", "D.O.B", "Town of birth", "Country of birth", "Parent company"),
    *(
        "Nationality(/ies)",
        "National Identifier number",
        "Passport number",
        "Business registration number (s)",
        "IMO number",
    ),
    *("Current owner/operator (s)", "Previous owner/operator (s)", "Current believed flag of ship"),
    *("Year Built", "Hull"),
)
AKHUND = {
    "Unique ID": "AFG0006",
    "Name 6": "AKHUND",
    "Name 1": "MOHAMMAD",
    "Name 2": "HASSAN",
    "Name type": "Primary Name",
    "Regime Name": "Afghanistan",
    "Designation Type": "Individual",
    "Sanctions Imposed": "Asset freeze|Travel Ban",
}


def document(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    text.write("Report Date: 13-Feb-2026\n")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def one(tmp_path: Path, *rows: dict[str, str]) -> Designation:
    (entry,) = listed("uk", tmp_path, "uk.csv", document(*rows))
    return entry


@needs_shared_data
def test_the_real_excerpt_is_read() -> None:
    akhund, ship = parse_list("uk", SHARED_DATA / "uk")

    assert [name.text for name in akhund.names] == ["MOHAMMAD HASSAN AKHUND", "محمد حسن آخوند"]
    assert (ship.kind, ship.identifiers) == (Kind.VESSEL, (Identifier("imo", "9826902"),))
    assert ship.links == (Link("Stream Ship Management FZCO", "owned_by"),)
    assert list_issued("uk", SHARED_DATA / "uk") == "2026-02-13"


def test_rows_of_one_entry_come_together_with_the_primary_name_first(tmp_path: Path) -> None:
    alias = AKHUND | {"Name 1": "", "Name 2": "", "Name 6": "HASAN", "Name type": "Alias"}
    weak = alias | {"Name 6": "MULLAH", "Alias strength": "Low quality a.k.a"}
    entry = one(tmp_path, alias, AKHUND | {"Address Line 1": "Kandahar"}, weak, AKHUND)

    assert [(name.text, name.type, name.quality) for name in entry.names] == [
        ("MOHAMMAD HASSAN AKHUND", NameType.PRIMARY, Quality.STRONG),
        ("HASAN", NameType.AKA, Quality.STRONG),
        ("MULLAH", NameType.AKA, Quality.WEAK),
    ]
    assert entry.addresses == (Address("Kandahar"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01/02/1958", DateRange(date(1958, 2, 1), date(1958, 2, 1))),
        ("dd/02/1958", DateRange(date(1958, 2, 1), date(1958, 2, 28))),
        ("dd/mm/1968", DateRange(date(1968, 1, 1), date(1968, 12, 31))),
    ],
)
def test_placeholders_in_birth_dates_widen_the_range(tmp_path: Path, text: str, expected: DateRange) -> None:
    assert one(tmp_path, AKHUND | {"D.O.B": text}).birth_dates == (expected,)


def test_a_measure_short_of_an_asset_freeze_is_told_apart(tmp_path: Path) -> None:
    ship = {"Sanctions Imposed": "Shipping sanctions: (see 'Other information')", "Designation Type": "Ship"}

    assert one(tmp_path, AKHUND).programs == ("Afghanistan",)
    assert one(tmp_path, AKHUND | ship).programs == ("Afghanistan (no asset freeze)",)


def test_numbers_hidden_in_the_registration_text_are_found(tmp_path: Path) -> None:
    entry = one(tmp_path, AKHUND | {"Business registration number (s)": "INN: 7707083893; BIC: SABRRUMM"})

    assert entry.identifiers == (
        Identifier("bic", "SABRRUMM"),
        Identifier("tax", "7707083893", note="INN"),
        Identifier("registration", "INN: 7707083893; BIC: SABRRUMM"),
    )


def test_a_row_may_lack_its_last_cell_but_no_more(tmp_path: Path) -> None:
    whole = document(AKHUND).rstrip("\n")

    assert len(listed("uk", tmp_path, "uk.csv", whole[:-1] + "\n")) == 1
    assert "cut off" in refusal("uk", tmp_path, "uk.csv", whole[:-3] + "\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (document(AKHUND).partition("\n")[2], "line 1 is no 'Report Date"),
        (
            "Last Updated,13/02/2026\nName 6,Name 1\nROE,JANE\n",
            "which ended on 28 January 2026; fetch the UK",
        ),
        (document(AKHUND | {"Unique ID": ""}), "line 3: no Unique ID"),
        (document(AKHUND | {"Designation Type": "Tank"}), "no Designation Type"),
        (document(AKHUND | {"Name 6": "", "Name 1": "", "Name 2": ""}), "has no name"),
        ("Report Date: 13-Feb-2026\na,b\n", "no column 'Unique ID'"),
        (document(), "no entries"),
    ],
)
def test_what_must_not_be_published_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal("uk", tmp_path, "uk.csv", text)


@pytest.mark.parametrize(
    "column", ["Name 1", "Name 5", "Alias strength", "D.O.B", "IMO number", "Passport number"]
)
def test_a_column_of_names_or_numbers_that_is_called_otherwise_is_missed(tmp_path: Path, column: str) -> None:
    text = document(AKHUND).replace(f",{column},", f",{column} (1),")

    assert f"the header has no column {column!r}" in refusal("uk", tmp_path, "uk.csv", text)


def test_the_report_date_is_the_lists_date(tmp_path: Path) -> None:
    assert list_issued("uk", written(tmp_path, "uk.csv", document(AKHUND))) == "2026-02-13"


def test_a_name_with_a_weak_row_and_a_strong_one_is_strong(tmp_path: Path) -> None:
    alias = AKHUND | {"Name 6": "LOWLY", "Name type": "Alias"}
    weak = alias | {"Alias strength": "Low quality a.k.a"}

    entry = one(tmp_path, AKHUND, weak, alias)

    assert [name.quality for name in entry.names] == [Quality.STRONG, Quality.STRONG]


def test_an_entry_whose_rows_say_two_kinds_may_be_either(tmp_path: Path) -> None:
    assert one(tmp_path, AKHUND, AKHUND | {"Name 6": "X", "Designation Type": "Entity"}).kind is None
