"""The UK list as XML says what its CSV says."""

from pathlib import Path

from screening import Designation, Kind, NameType, Quality
from screening.designations import Address, Identifier, Name
from screening.lists import list_issued
from tests.screening.lists.reading import listed, refusal, written

ENTRY = """<Designation><LastUpdated>26/01/2026</LastUpdated><DateDesignated>26/01/2022</DateDesignated>
<UniqueID>RUS0123</UniqueID><OFSIGroupID>14000</OFSIGroupID>
<Names><Name><Name6>QORVAZOFF</Name6><Name1>Ivan</Name1><NameType>Alias</NameType>
<AliasStrength>Low quality a.k.a</AliasStrength></Name>
<Name><Name6>QORVAZOV</Name6><Name1>Ivan</Name1><Name2>Petrovich</Name2><NameType>Primary Name</NameType>
</Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>Иван Корвазов</NameNonLatinScript></NonLatinName>
</NonLatinNames>
<RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName>
<IndividualEntityShip>Individual</IndividualEntityShip>
<SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
<OtherInformation>Oligarch</OtherInformation>
<Addresses><Address><AddressLine1>1 Qwx Street</AddressLine1><AddressPostalCode>101000</AddressPostalCode>
<AddressCountry>Russia</AddressCountry></Address></Addresses>
<IndividualDetails><Individual><DOBs><DOB>10/12/1948</DOB></DOBs>
<Nationalities><Nationality>Russia</Nationality></Nationalities>
<BirthDetails><Location><TownOfBirth>Perm</TownOfBirth><CountryOfBirth>Russia</CountryOfBirth></Location>
</BirthDetails>
<PassportDetails><Passport><PassportNumber>P123456</PassportNumber></Passport></PassportDetails>
<Genders><Gender>Male</Gender></Genders></Individual></IndividualDetails></Designation>"""
SHIP = """<Designation><UniqueID>RUS0999</UniqueID><Names><Name><Name6>QWX STAR</Name6>
<NameType>Primary Name</NameType></Name></Names><RegimeName>Russia</RegimeName>
<IndividualEntityShip>Ship</IndividualEntityShip>
<SanctionsImposed>Prohibition of port entry</SanctionsImposed>
<ShipDetails><Ship><IMONumbers><IMONumber>IMO9826902</IMONumber></IMONumbers></Ship></ShipDetails>
</Designation>"""


def document(*entries: str) -> str:
    return f"<Designations><DateGenerated>2026-02-13</DateGenerated>{''.join(entries)}</Designations>"


def test_every_fact_of_an_entry_is_read(tmp_path: Path) -> None:
    (entry,) = listed("uk", tmp_path, "UK-Sanctions-List.xml", document(ENTRY))

    assert isinstance(entry, Designation)
    assert entry.id == "uk:RUS0123"
    assert entry.names == (
        Name("Ivan Petrovich QORVAZOV", NameType.PRIMARY),
        Name("Ivan QORVAZOFF", quality=Quality.WEAK),
        Name("Иван Корвазов"),
    )
    assert entry.kind is Kind.PERSON
    assert entry.programs == ("The Russia (Sanctions) (EU Exit) Regulations 2019",)
    assert entry.identifiers == (Identifier("passport", "P123456"),)
    assert [(born.earliest.isoformat(), born.latest.isoformat()) for born in entry.birth_dates] == [
        ("1948-12-10", "1948-12-10")
    ]
    assert entry.birth_places == ("Perm, Russia",)
    assert entry.countries == ("RU",)
    assert entry.gender == "male"
    assert entry.addresses == (Address("1 Qwx Street", postal_code="101000", country="RU"),)
    assert entry.listed_on is not None
    assert entry.listed_on.isoformat() == "2022-01-26"


def test_a_ship_kept_out_of_ports_has_no_asset_freeze(tmp_path: Path) -> None:
    (entry,) = listed("uk", tmp_path, "uk.xml", document(SHIP))

    assert entry.kind is Kind.VESSEL
    assert entry.programs == ("Russia (no asset freeze)",)
    assert entry.identifiers == (Identifier("imo", "9826902"),)


def test_the_file_says_when_it_was_made(tmp_path: Path) -> None:
    assert list_issued("uk", written(tmp_path, "uk.xml", document(ENTRY))) == "2026-02-13"
    behind = f"<Designations>{ENTRY}<DateGenerated>2026-02-13</DateGenerated></Designations>"
    assert list_issued("uk", written(tmp_path, "behind.xml", behind)) == ""


def test_the_list_that_was_given_up_is_refused_by_name(tmp_path: Path) -> None:
    frozen = "<ArrayOfFinancialSanctionsTarget><FinancialSanctionsTarget/></ArrayOfFinancialSanctionsTarget>"

    assert "frozen since 28 January 2026" in refusal("uk", tmp_path, "ConList.xml", frozen)


def test_a_lone_file_of_any_name_is_told_by_its_first_sign(tmp_path: Path) -> None:
    for name, before in (("a", "\ufeff" + " " * 60), ("b", " " * 63)):
        (entry,) = listed("uk", tmp_path, name, before + document(ENTRY))
        assert entry.id == "uk:RUS0123"

    assert "line 1 is no 'Report Date" in refusal("uk", tmp_path, "c", " " * 64 + document(ENTRY))
