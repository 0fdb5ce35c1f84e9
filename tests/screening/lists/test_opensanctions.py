"""OpenSanctions: FollowTheMoney entities, targets.simple.csv and Senzing records under one source."""

import json
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening import Designation, Kind, ListError, NameType, Quality, parse_list
from screening.designations import DateRange, Gender, Identifier, Link
from tests.screening.lists.reading import listed, refusal, written
from tests.shared_data import SHARED_DATA, needs_shared_data

HEADER = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,"
    "dataset,first_seen,last_seen,last_change"
)


def entity(key: str, schema: str, *, target: bool = False, **properties: list[str]) -> dict[str, Any]:
    caption = properties.get("name", [key])[0]
    return {"id": key, "caption": caption, "schema": schema, "properties": properties, "target": target}


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def read(tmp_path: Path, *records: dict[str, Any]) -> dict[str, Designation]:
    entries = listed("opensanctions", tmp_path, "entities.ftm.json", lines(*records))
    return {entry.id: entry for entry in entries}


TRX = "TXj5vUx8mQZ1c2r5RduZw9t8mCWwJ3bVhK"
PERSON = entity("NK-1", "Person", target=True, name=["Maria Osetrova"], topics=["sanction"])


@needs_shared_data
@pytest.mark.parametrize(
    ("file", "count"),
    [
        ("t1.entities.ftm.json", 6),
        ("zala.entities.ftm.json", 14),
        ("senzing_persons.jsonl", 3),
        ("peps_senzing.json", 3),
    ],
)
def test_the_real_excerpts_are_read(file: str, count: int) -> None:
    assert len(list(parse_list("opensanctions", SHARED_DATA / "opensanctions" / file))) == count


def test_names_keep_their_type_and_strength(tmp_path: Path) -> None:
    person = entity(
        "NK-1",
        "Person",
        name=["Maria Osetrova", "Мария Осетрова"],
        alias=["Mariya Osetrova"],
        weakAlias=["Masha"],
        previousName=["Maria Zakharova"],
        topics=["sanction"],
        gender=["female"],
        birthDate=["1988-01", "1988-01-07"],
        nationality=["ru", "suhh"],
    )
    entry = read(tmp_path, person)["opensanctions:NK-1"]

    assert [(name.text, name.type, name.quality) for name in entry.names] == [
        ("Maria Osetrova", NameType.PRIMARY, Quality.STRONG),
        ("Мария Осетрова", NameType.AKA, Quality.STRONG),
        ("Mariya Osetrova", NameType.AKA, Quality.STRONG),
        ("Maria Zakharova", NameType.FKA, Quality.STRONG),
        ("Masha", NameType.AKA, Quality.WEAK),
    ]
    assert (entry.kind, entry.gender, entry.countries) == (Kind.PERSON, Gender.FEMALE, ("RU",))
    assert entry.birth_dates == (
        DateRange(date(1988, 1, 1), date(1988, 1, 31)),
        DateRange(date(1988, 1, 7), date(1988, 1, 7)),
    )


def test_what_other_entities_say_comes_to_the_party_wherever_they_stand(tmp_path: Path) -> None:
    company = entity("C-1", "Company", name=["ZALA Aero"], topics=["sanction.linked"])
    entries = read(
        tmp_path,
        entity("s", "Sanction", entity=["NK-1"], programId=["EU-UKR"]),
        entity("p", "Passport", holder=["NK-1"], number=["72 1234567"]),
        entity("w", "CryptoWallet", holder=["NK-1"], publicKey=["1abc"], currency=["XBT"]),
        PERSON,
        entity("o", "Ownership", owner=["NK-1"], asset=["C-1"], percentage=["51%"]),
        entity("old", "Ownership", owner=["NK-1"], asset=["C-1"], percentage=["100"], endDate=["2020"]),
        company,
    )
    person = entries["opensanctions:NK-1"]

    assert person.programs == ("EU-UKR",)
    assert person.identifiers == (
        Identifier("passport", "72 1234567"),
        Identifier("wallet", "1abc", note="XBT"),
    )
    assert person.links == (Link("ZALA Aero", "owner", "opensanctions:C-1", 51.0),)
    assert entries["opensanctions:C-1"].links == (
        Link("Maria Osetrova", "owned_by", "opensanctions:NK-1", 51.0),
    )


def test_only_targets_come_out(tmp_path: Path) -> None:
    entries = read(
        tmp_path,
        PERSON,
        entity("N-1", "Person", target=True, name=["A Minister"], topics=["role.pep"]),
        entity("N-2", "Person", target=True, name=["No Topics"]),
        entity("N-3", "Person", name=["A Relative"]),
        entity("A-1", "Address", target=True, full=["Somewhere"]),
        entity("W-1", "CryptoWallet", name=["1abc"], publicKey=["1abc"], topics=["sanction"]),
    )

    assert set(entries) == {"opensanctions:NK-1", "opensanctions:N-2", "opensanctions:W-1"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (lines(PERSON)[:-10], "cut off or damaged"),
        (lines({"op": "ADD", "entity": PERSON}), "a delta alone is no list"),
        (lines({"id": "x"}), "no FollowTheMoney entity"),
        (lines(PERSON, PERSON), "stands twice"),
        ("{}\n[1]\n", "line 1: no FollowTheMoney"),
        (f"{HEADER}\n", "no entries"),
        (f"{HEADER}\n1,Person\n", "2 cells under 16 columns"),
        ("id,name\n1,X\n", "no column 'schema'"),
    ],
)
def test_what_must_not_be_published_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal("opensanctions", tmp_path, "targets.json", text)


def test_deltas_beside_the_whole_file_are_applied_in_the_order_of_their_versions(tmp_path: Path) -> None:
    other = entity("NK-2", "Person", name=["Other Person"], topics=["sanction"])
    renamed = entity("NK-1", "Person", name=["Maria Zakharova"], topics=["sanction"])
    new = entity("NK-3", "Company", name=["New Company"], topics=["sanction"])
    deltas = {
        "20240528.entities.delta.json": [
            {"op": "MOD", "entity": renamed},
            {"op": "DEL", "entity": {"id": "NK-3"}},
        ],
        "20240527.entities.delta.json": [{"op": "ADD", "entity": new}, {"op": "DEL", "entity": other}],
    }
    (tmp_path / "entities.ftm.json").write_text(lines(PERSON, other), encoding="utf-8")
    for name, changes in deltas.items():
        (tmp_path / name).write_text(lines(*changes), encoding="utf-8")

    assert [(entry.id, entry.name) for entry in parse_list("opensanctions", tmp_path)] == [
        ("opensanctions:NK-1", "Maria Zakharova")
    ]
    (tmp_path / "20240529.entities.delta.json").write_text('{"op": "ADD"}')
    with pytest.raises(ListError, match="no change"):
        list(parse_list("opensanctions", tmp_path))


def test_the_simple_csv_is_read_by_header_with_quoted_values_inside_cells(tmp_path: Path) -> None:
    row = (
        'NK-1,Company,"ZALA, Aero","ZALA;""ZALA; Aero Group""",,ru;by,"ul. 1; Izhevsk",IMO1,,+7,a@b.ru,'
        "US-RUSHAR;EU-UKR,x,2022-01-02T00:00:00,,"
    )
    (entry,) = listed("opensanctions", tmp_path, "targets.simple.csv", f"{HEADER}\n{row}\n")

    assert [name.text for name in entry.names] == ["ZALA, Aero", "ZALA", "ZALA; Aero Group"]
    assert (entry.programs, entry.countries) == (("US-RUSHAR", "EU-UKR"), ("RU", "BY"))
    assert entry.listed_on == date(2022, 1, 2)


def test_senzing_records_are_read_flat_or_with_lists(tmp_path: Path) -> None:
    flat = {"DATA_SOURCE": "T", "RECORD_ID": "1", "RECORD_TYPE": "PERSON", "NAME_FIRST": "John"}
    flat |= {
        "NAME_LAST": "Smith",
        "DATE_OF_BIRTH": "1985-03-15",
        "NATIONALITY": "US",
        "PASSPORT_NUMBER": "P1",
    }
    nested = {
        "DATA_SOURCE": "T",
        "RECORD_ID": "2",
        "NAMES": [
            {"NAME_TYPE": "ALIAS", "NAME_ORG": "Ministry"},
            {"NAME_TYPE": "PRIMARY", "NAME_FULL": "Ministry of Finance"},
        ],
        "RISKS": [{"TOPIC": "sanction"}],
    }
    person, ministry = listed("opensanctions", tmp_path, "senzing.json", lines(flat, nested))

    assert (person.name, person.countries) == ("John Smith", ("US",))
    assert person.identifiers == (Identifier("passport", "P1"),)
    assert [name.text for name in ministry.names] == ["Ministry of Finance", "Ministry"]
    assert ministry.programs == ("sanction",)


@pytest.mark.parametrize(
    ("prop", "value", "identifier"),
    [
        ("swiftBic", "TATRSKBX", Identifier("bic", "TATRSKBX")),
        ("imoNumber", "IMO9074729", Identifier("imo", "9074729")),
        ("mmsi", "273123456", Identifier("mmsi", "273123456")),
        ("leiCode", "5493001KJTIIGC8Y1R12", Identifier("lei", "5493001KJTIIGC8Y1R12")),
        ("passportNumber", "P1", Identifier("passport", "P1")),
        ("idNumber", "ID1", Identifier("national_id", "ID1")),
        ("innCode", "7707083893", Identifier("tax", "7707083893", note="INN")),
        ("ogrnCode", "1027700132195", Identifier("registration", "1027700132195", note="OGRN")),
    ],
)
def test_an_identifier_is_read_by_what_it_is(
    tmp_path: Path, prop: str, value: str, identifier: Identifier
) -> None:
    listed = entity("NK-1", "LegalEntity", name=["A"], topics=["sanction"])
    listed["properties"][prop] = [value]
    (entry,) = read(tmp_path, listed).values()

    assert entry.identifiers == (identifier,)


@pytest.mark.parametrize("text", [lines(PERSON), json.dumps([PERSON])])
def test_a_byte_order_mark_is_read_over(tmp_path: Path, text: str) -> None:
    assert [entry.id for entry in listed("opensanctions", tmp_path, "x.json", f"\ufeff{text}")] == [
        "opensanctions:NK-1"
    ]


def test_one_file_is_read_whatever_its_name_and_two_of_any_name_are_refused(tmp_path: Path) -> None:
    assert [entry.id for entry in listed("opensanctions", tmp_path, "people", lines(PERSON))] == [
        "opensanctions:NK-1"
    ]
    written(tmp_path, "others", lines(PERSON))

    with pytest.raises(ListError, match="0 whole files beside the deltas"):
        list(parse_list("opensanctions", tmp_path))


@pytest.mark.parametrize("first", ["DATA_SOURCE", "RECORD_ID"])
def test_a_senzing_record_is_told_by_either_of_its_keys_at_the_head(tmp_path: Path, first: str) -> None:
    far = {"NAME_FULL": "Maria Osetrova", "OTHER": "x" * 2048}
    record = {first: "A-1"} | far | {"RECORD_ID": "A-1", "DATA_SOURCE": "A-1"}

    (entry,) = listed("opensanctions", tmp_path, "people.json", lines(record))

    assert (entry.id, entry.names[0].text) == ("opensanctions:A-1", "Maria Osetrova")


def test_papers_wallets_and_programs_nested_in_an_entity_are_its_own(tmp_path: Path) -> None:
    wallet = entity("w", "CryptoWallet", publicKey=[TRX], holder=["NK-1"])
    passport = entity("p", "Passport", number=["N1234567"], holder=["NK-1"])
    sanction = entity("s", "Sanction", programId=["US-RUSHAR"], entity=["NK-1"])
    inside: dict[str, Any] = {"cryptoWallets": [wallet], "passports": [passport], "sanctions": [sanction]}
    person = {**PERSON, "properties": {**PERSON["properties"], **inside}}
    found = read(tmp_path, person)["opensanctions:NK-1"]

    assert {each[:2] for each in map(astuple, found.identifiers)} == {
        ("wallet", TRX),
        ("passport", "N1234567"),
    }
    assert found.programs == ("US-RUSHAR",)


def test_a_property_that_is_no_list_is_one_value_and_null_is_none(tmp_path: Path) -> None:
    properties: dict[str, Any] = {"name": "Maria Osetrova", "alias": [None], "topics": ["sanction"]}
    found = read(tmp_path, {**PERSON, "properties": properties})["opensanctions:NK-1"]

    assert [name.text for name in found.names] == ["Maria Osetrova"]


def test_a_property_without_a_value_says_nothing(tmp_path: Path) -> None:
    nested = entity("p", "Passport", holder=["NK-1"], number=["72 1234567"])
    empty: dict[str, Any] = {
        "birthDate": None,
        "passports": [None, {**nested, "caption": None}],
        "notes": None,
    }
    person = {**PERSON, "properties": {**PERSON["properties"], **empty}}

    (listed_person,) = listed("opensanctions", tmp_path, "entities.ftm.json", lines(person))

    assert [code.value for code in listed_person.identifiers] == ["72 1234567"]


def test_a_sanctioned_party_of_a_schema_that_is_new_is_listed_and_a_thing_is_not(tmp_path: Path) -> None:
    new = entity("G-1", "Gang", name=["Qwx Gang"], topics=["sanction"])
    known = entity("G-2", "Gang", target=True, name=["Other Gang"])
    paper = entity("S-1", "Security", name=["QWX 4.95 2027"], topics=["sanction"])

    found = listed("opensanctions", tmp_path, "entities.ftm.json", lines(PERSON, new, known, paper))

    assert [(each.id, each.kind) for each in found] == [
        ("opensanctions:NK-1", Kind.PERSON),
        ("opensanctions:G-1", None),
    ]


@pytest.mark.parametrize("schema", [None, "", 7, ["Person"]])
def test_an_entity_without_a_schema_is_refused_and_not_left_out(tmp_path: Path, schema: Any) -> None:
    nameless = {**PERSON, "id": "NK-9", "schema": schema}

    assert "no FollowTheMoney entity" in refusal(
        "opensanctions", tmp_path, "entities.ftm.json", lines(PERSON, nameless)
    )


def test_line_ends_inside_a_cell_of_the_simple_csv_are_blanks(tmp_path: Path) -> None:
    row = 'NK-1,Person,Ivan Zuvavov,"Petr\nQorvel;""Jan\r\nTarvel""",,ru,,,,,,,x,2022-01-02T00:00:00,,'

    (entry,) = listed("opensanctions", tmp_path, "targets.simple.csv", f"{HEADER}\n{row}\n")

    assert [name.text for name in entry.names] == ["Ivan Zuvavov", "Petr Qorvel", "Jan Tarvel"]


@pytest.mark.parametrize("caption", [None, 7, "Public body", "PublicBody"])
def test_a_caption_that_is_no_name_is_none(tmp_path: Path, caption: Any) -> None:
    body = entity("NK-5", "PublicBody", name=["Qorva Agency"], topics=["sanction"])
    nameless = entity("NK-6", "PublicBody", topics=["sanction"])

    found = read(tmp_path, body | {"caption": caption})

    assert [name.text for name in found["opensanctions:NK-5"].names] == ["Qorva Agency"]
    assert "NK-6 has no name" in refusal(
        "opensanctions", tmp_path, "entities.ftm.json", lines(nameless | {"caption": caption})
    )
