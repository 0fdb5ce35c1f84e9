"""Canada's list: flat records, element names in one language or both, no id of its own."""

from datetime import date
from pathlib import Path

from screening import Designation, Kind, NameType
from screening.designations import DateRange, Identifier, Name
from tests.screening.lists.reading import listed, refusal

PERSON = (
    "<record><Country>Belarus / Bélarus</Country><LastName>Qorvazov</LastName><GivenName>Ivan</GivenName>"
    "<DateOfBirthOrShipBuildDate>1948-12-10</DateOfBirthOrShipBuildDate><Schedule>1, Part 1</Schedule>"
    "<Item>14</Item><DateOfListing>2020-09-29</DateOfListing>"
    "<Aliases>Ioann Qorvazov; Russian: Иван Корвазов</Aliases></record>"
)
SHIP = (
    "<record><Country-Pays>Russia / Russie</Country-Pays>"
    "<EntityOrShip-EntiteOuNavire>Qwx Star</EntityOrShip-EntiteOuNavire>"
    "<ShipIMONumber-NumeroOMIDuNavire>9074729</ShipIMONumber-NumeroOMIDuNavire>"
    "<Schedule-Annexe>4</Schedule-Annexe><Item-NumeroDarticle>7</Item-NumeroDarticle></record>"
)
COMPANY = (
    "<record><Country>Russia / Russie</Country><EntityOrShip>Qwx Invest</EntityOrShip>"
    "<Schedule>1</Schedule><Item>7</Item></record>"
)


def read(tmp_path: Path, *records: str) -> list[Designation]:
    return listed("canada", tmp_path, "sema-lmes.xml", f"<data-set>{''.join(records)}</data-set>")


def test_every_fact_of_a_full_record_is_read(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, PERSON)

    assert entry == Designation(
        id="canada:belarus-1-part-1-14",
        names=(Name("Ivan Qorvazov", NameType.PRIMARY), Name("Ioann Qorvazov"), Name("Иван Корвазов")),
        kind=Kind.PERSON,
        programs=("Belarus",),
        birth_dates=(DateRange(date(1948, 12, 10), date(1948, 12, 10)),),
        listed_on=date(2020, 9, 29),
        remarks="1, Part 1",
    )


def test_a_ship_under_names_in_both_languages_is_a_vessel_with_its_number(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, SHIP)

    assert entry.kind is Kind.VESSEL
    assert entry.name == "Qwx Star"
    assert entry.identifiers == (Identifier("imo", "9074729"),)


def test_two_records_under_one_item_keep_ids_of_their_own(tmp_path: Path) -> None:
    ids = [entry.id for entry in read(tmp_path, COMPANY, COMPANY.replace("Invest", "Trade"))]

    assert ids == ["canada:russia-1-7", "canada:russia-1-7-2"]


def test_a_record_without_a_name_is_refused(tmp_path: Path) -> None:
    nameless = "<record><Country>Iran</Country><Schedule>1</Schedule><Item>3</Item></record>"

    assert "has no name" in refusal("canada", tmp_path, "x.xml", f"<data-set>{nameless}</data-set>")
    assert "cut off" in refusal("canada", tmp_path, "x.xml", f"<data-set>{PERSON[:-20]}")
