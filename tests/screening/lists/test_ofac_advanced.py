"""OFAC's advanced XML: everything by reference, scripts, alias quality, typed relations."""

from datetime import date
from pathlib import Path

from screening import Designation, Kind, NameType, Quality, parse_list
from screening.designations import Address, DateRange, Gender, Identifier, Link
from screening.lists import list_issued
from tests.screening.lists.advanced_file import alias, born, document, feature, listing, party
from tests.screening.lists.reading import listed, refusal, written
from tests.shared_data import SHARED_DATA, needs_shared_data

ABBAS = party(2674, alias(2674, "ABBAS|Abu", primary=True))


def read(tmp_path: Path, text: str) -> dict[str, Designation]:
    return {entry.id: entry for entry in listed("ofac-advanced", tmp_path, "sdn_advanced.xml", text)}


@needs_shared_data
def test_the_file_in_the_real_shape_is_read() -> None:
    abbas, mar_azul = parse_list("ofac-advanced", SHARED_DATA / "ofac" / "sdn_advanced_shape.xml")

    assert [name.text for name in abbas.names] == ["Abu ABBAS", "ZAYDAN"]
    assert abbas.identifiers == (Identifier("passport", "040070827", "IQ"),)
    assert abbas.links == (Link("MAR AZUL", "associate", "ofac:4238"),)
    assert (abbas.programs, abbas.listed_on) == (("SDGT",), date(2001, 12, 4))
    assert (mar_azul.kind, mar_azul.countries) == (Kind.VESSEL, ("CU",))
    assert mar_azul.identifiers == (Identifier("imo", "8321785"),)


def test_a_name_comes_in_every_script_and_low_quality_is_weak(tmp_path: Path) -> None:
    aliases = (
        alias(7, "МКРТЫЧЕВ|Ашот", kind=1400)
        + alias(7, "MKRTYCHEV|Ashot", "Մկրտիչև|Աշոտ", primary=True)
        + alias(7, "ASH", kind=1400, weak=True)
        + alias(7, "OLD|Name", kind=1401)
    )
    entry = read(tmp_path, document(party(7, aliases), listing(7)))["ofac:7"]

    assert [(name.text, name.type, name.quality) for name in entry.names] == [
        ("Ashot MKRTYCHEV", NameType.PRIMARY, Quality.STRONG),
        ("Ашот МКРТЫЧЕВ", NameType.AKA, Quality.STRONG),
        ("Աշոտ Մկրտիչև", NameType.AKA, Quality.STRONG),
        ("ASH", NameType.AKA, Quality.WEAK),
        ("Name OLD", NameType.FKA, Quality.STRONG),
    ]


def test_a_party_without_a_sanctions_entry_never_comes_out(tmp_path: Path) -> None:
    off_list = party(8, alias(8, "SPOUSE|Innocent", primary=True))

    assert set(read(tmp_path, document(ABBAS + off_list, listing(2674)))) == {"ofac:2674"}


def test_an_entry_for_a_party_that_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    for profile in ("2675", ""):
        entry = listing(2675).replace("ProfileID='2675'", f"ProfileID='{profile}'")
        assert f"profile {profile or '?'} has a sanctions entry and is no party" in refusal(
            "ofac-advanced", tmp_path, "sdn_advanced.xml", document(ABBAS, listing(2674) + entry)
        )


def test_an_entry_of_the_list_that_repeats_the_others_does_not_count(tmp_path: Path) -> None:
    entries = listing(2674, "SDGT") + listing(2674, "NS-PLC", which=91507)

    assert read(tmp_path, document(ABBAS, entries))["ofac:2674"].programs == ("SDGT",)


def test_features_lead_to_birth_place_country_gender_wallet_and_address(tmp_path: Path) -> None:
    features = (
        born((1958, 1, 1), (1960, 12, 31), circa=True)
        + feature(9, "<VersionDetail DetailTypeID='1432'>Beirut, Lebanon</VersionDetail>")
        + feature(10, "<VersionLocation LocationID='25'/>")
        + feature(224, "<VersionDetail DetailTypeID='1431' DetailReferenceID='91526'/>")
        + feature(
            344, "<VersionDetail DetailTypeID='1432'>134r8iHv69xdT6p5qVKTsHrcUEuBVZAYak</VersionDetail>"
        )
        + feature(25, "<VersionLocation LocationID='26'/>")
    )
    locations = (
        "<Location ID='25'><LocationCountry CountryID='11143'/></Location><Location ID='26'>"
        "<LocationCountry CountryID='11073'/><LocationPart LocPartTypeID='1454'><LocationPartValue>"
        "<Value>Havana</Value></LocationPartValue></LocationPart></Location>"
    )
    person = party(7, alias(7, "X|Y", primary=True), features=features)
    entry = read(tmp_path, document(person, listing(7), locations=locations))["ofac:7"]

    assert entry.birth_dates == (DateRange(date(1958, 1, 1), date(1960, 12, 31), circa=True),)
    assert (entry.birth_places, entry.countries, entry.gender) == (
        ("Beirut, Lebanon",),
        ("IQ",),
        Gender.MALE,
    )
    assert entry.identifiers == (Identifier("wallet", "134r8iHv69xdT6p5qVKTsHrcUEuBVZAYak", note="XBT"),)
    assert entry.addresses == (Address(city="Havana", country="CU"),)


def test_relations_are_typed_and_former_ones_are_history(tmp_path: Path) -> None:
    company = party(9, alias(9, "VERSOR S.R.O.", primary=True), sub_type=3)
    relations = (
        "<ProfileRelationship ID='1' From-ProfileID='9' To-ProfileID='2674' RelationTypeID='1557'/>"
        "<ProfileRelationship ID='2' From-ProfileID='9' To-ProfileID='2674' "
        "RelationTypeID='91422' Former='true'/>"
        "<ProfileRelationship ID='3' From-ProfileID='9' To-ProfileID='4' RelationTypeID='15003'/>"
    )
    text = document(ABBAS + company, listing(2674) + listing(9), relations=relations)

    assert read(tmp_path, text)["ofac:9"].links == (Link("Abu ABBAS", "owned_by", "ofac:2674"),)
    assert read(tmp_path, text)["ofac:9"].kind is Kind.ORGANIZATION


def test_a_cut_file_and_a_party_without_name_are_refused(tmp_path: Path) -> None:
    whole = document(ABBAS, listing(2674))
    nameless = document(party(7, alias(7, "", primary=True)), listing(7))

    assert "cut off" in refusal("ofac-advanced", tmp_path, "a.xml", whole[: len(whole) * 2 // 3])
    assert "no name" in refusal("ofac-advanced", tmp_path, "a.xml", nameless)
    assert "no entries" in refusal("ofac-advanced", tmp_path, "a.xml", document(ABBAS, ""))


def test_the_list_says_when_it_was_issued(tmp_path: Path) -> None:
    path = written(tmp_path, "sdn_advanced.xml", document(ABBAS, listing(2674)))

    assert list_issued("ofac-advanced", path) == "2026-07-30"
