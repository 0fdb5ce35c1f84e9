"""OFAC's sdn.xml: namespaces that moved, a promised count, a catch-all for identifiers."""

from datetime import date
from pathlib import Path

import pytest

from screening import Designation, Kind, ListError, NameType, Quality, parse_list
from screening.designations import Address, DateRange, Gender, Identifier, Link
from screening.lists import list_issued
from tests.screening.lists.reading import listed, refusal, written

NEW = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"
OLD = "http://tempuri.org/sdnList.xsd"


def entry(number: int, last: str, inside: str = "", kind: str = "Entity", first: str = "") -> str:
    given = f"<firstName>{first}</firstName>" if first else ""
    return (
        f"<sdnEntry><uid>{number}</uid>{given}<lastName>{last}</lastName><sdnType>{kind}</sdnType>"
        f"<programList><program>DPRK3</program><program>CYBER2</program></programList>{inside}</sdnEntry>"
    )


def document(*entries: str, promised: int | None = None, namespace: str = NEW) -> str:
    count = len(entries) if promised is None else promised
    return (
        f'<?xml version="1.0" standalone="yes"?><sdnList xmlns="{namespace}"><publshInformation>'
        f"<Publish_Date>08/16/2023</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>"
        f"{''.join(entries)}</sdnList>"
    )


def first(tmp_path: Path, *entries: str) -> Designation:
    return listed("ofac", tmp_path, "sdn.xml", document(*entries))[0]


def identifier(kind: str, number: str, country: str = "") -> str:
    where = f"<idCountry>{country}</idCountry>" if country else ""
    return f"<id><idType>{kind}</idType><idNumber>{number}</idNumber>{where}</id>"


@pytest.mark.parametrize("namespace", [NEW, OLD])
def test_both_namespaces_are_read(tmp_path: Path, namespace: str) -> None:
    entries = listed("ofac", tmp_path, "sdn.xml", document(entry(7, "X TRADING"), namespace=namespace))

    assert [(item.id, item.kind, item.programs) for item in entries] == [
        ("ofac:7", Kind.ORGANIZATION, ("DPRK3", "CYBER2"))
    ]


def test_aliases_say_themselves_whether_they_are_weak_and_empty_ones_are_dropped(tmp_path: Path) -> None:
    aliases = (
        "<akaList><aka><type>a.k.a.</type><category>strong</category><lastName>TIEN</lastName>"
        "<firstName>Yin</firstName></aka><aka><type>a.k.a.</type><category>weak</category><lastName>snowsjohn"
        "</lastName></aka><aka><type>f.k.a.</type><category>strong</category><lastName>OLD</lastName></aka>"
        "<aka><type>a.k.a.</type><category>strong</category></aka></akaList>"
    )
    person = first(tmp_path, entry(7, "TIAN", aliases, "Individual", "Yinyin"))

    assert [(name.text, name.type, name.quality) for name in person.names] == [
        ("Yinyin TIAN", NameType.PRIMARY, Quality.STRONG),
        ("Yin TIEN", NameType.AKA, Quality.STRONG),
        ("snowsjohn", NameType.AKA, Quality.WEAK),
        ("OLD", NameType.FKA, Quality.STRONG),
    ]


def test_facts_of_a_person_are_read_and_what_identifies_nobody_is_left_out(tmp_path: Path) -> None:
    inside = (
        "<remarks>(Linked To: LAZARUS GROUP)</remarks><idList>"
        + identifier("Passport", "290333974", "Korea, North")
        + identifier("Digital Currency Address - XBT", "134r8iHv69xdT6p5qVKTsHrcUEuBVZAYak")
        + identifier("Gender", "Male")
        + identifier("Secondary sanctions risk:", "North Korea Sanctions Regulations")
        + "</idList><addressList><address><address1>Main St 1</address1><city>Nanjing</city><stateOrProvince>"
        "Jiangsu</stateOrProvince><postalCode>210000</postalCode><country>China</country></address></addressList>"
        "<nationalityList><nationality><country>China</country></nationality></nationalityList>"
        "<dateOfBirthList><dateOfBirthItem><dateOfBirth>circa 1986</dateOfBirth></dateOfBirthItem>"
        "</dateOfBirthList><placeOfBirthList><placeOfBirthItem><placeOfBirth>Wuxi, China</placeOfBirth>"
        "</placeOfBirthItem></placeOfBirthList>"
    )
    person = first(tmp_path, entry(7, "TIAN", inside, "Individual", "Yinyin"), entry(9, "LAZARUS GROUP"))

    assert person.identifiers == (
        Identifier("passport", "290333974", "KP"),
        Identifier("wallet", "134r8iHv69xdT6p5qVKTsHrcUEuBVZAYak", note="XBT"),
    )
    assert (person.gender, person.countries) == (Gender.MALE, ("CN",))
    assert person.addresses == (Address("Main St 1", "Nanjing", "Jiangsu", "210000", "CN"),)
    assert person.birth_dates == (DateRange(date(1986, 1, 1), date(1986, 12, 31), circa=True),)
    assert person.birth_places == ("Wuxi, China",)
    assert person.links == (Link("LAZARUS GROUP", to="ofac:9"),)


def test_a_vessel_keeps_call_sign_imo_flag_and_owner(tmp_path: Path) -> None:
    inside = (
        f"<idList>{identifier('Vessel Registration Identification', 'IMO 7937317')}</idList><vesselInfo>"
        "<callSign>HMZF</callSign><vesselFlag>Korea, North</vesselFlag><vesselOwner>OWNER CO</vesselOwner>"
        "</vesselInfo>"
    )
    vessel = first(tmp_path, entry(7, "CHONG CHON GANG", inside, "Vessel"))

    assert vessel.identifiers == (Identifier("call_sign", "HMZF"), Identifier("imo", "7937317"))
    assert (vessel.countries, vessel.links) == (("KP",), (Link("OWNER CO", "owned_by"),))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (document(entry(7, "X"), promised=2), "1 entries, but the file says 2"),
        (document(entry(7, "X"))[:-20], "cut off or damaged"),
        (document(entry(7, "X")).replace("<uid>7</uid>", ""), "lacks uid, type or name"),
        (document(entry(7, "X", kind="Ship")), "lacks uid, type or name"),
        (document(entry(7, "X"), entry(7, "Y")), "ofac:7 stands twice"),
        (document(), "no entries"),
    ],
)
def test_what_must_not_be_published_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal("ofac", tmp_path, "sdn.xml", text)


def test_a_folder_holds_both_lists_or_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "sdn.xml", document(entry(7, "X")))
    with pytest.raises(ListError, match=r"consolidated\.xml is missing"):
        (tmp_path / "other.txt").write_text("x")
        list(parse_list("ofac", tmp_path))
    written(tmp_path, "consolidated.xml", document(entry(7, "X"), entry(8, "Y")))

    assert [item.id for item in parse_list("ofac", tmp_path)] == ["ofac:7", "ofac:7-cons", "ofac:8"]
    (tmp_path / "sdn.xml").unlink()
    with pytest.raises(ListError, match=r"neither sdn\.csv nor sdn\.xml is there"):
        list(parse_list("ofac", tmp_path))


def test_the_list_says_when_it_was_published(tmp_path: Path) -> None:
    assert list_issued("ofac", written(tmp_path, "sdn.xml", document(entry(7, "X")))) == "2023-08-16"


@pytest.mark.parametrize(("said", "gender"), [("Female", Gender.FEMALE), ("unknown to us", None)])
def test_a_gender_is_one_that_is_known_or_none(tmp_path: Path, said: str, gender: Gender | None) -> None:
    documents = f"<idList>{identifier('Passport', 'P1')}{identifier('Gender', said)}</idList>"

    assert first(tmp_path, entry(7, "DOE", documents, "Individual", "Jane")).gender is gender
