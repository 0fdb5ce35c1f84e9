"""The `csv` form for private lists, and the sample list that ships in it."""

from datetime import date
from pathlib import Path

import pytest

from screening import Kind, ListError, NameType, Quality, Screener, parse_list
from screening.designations import Address, DateRange, Identifier, Link
from screening.lists import sample
from screening.lists.private.files import COLUMNS


def written(tmp_path: Path, *rows: str, header: str = "uid,name,kind,identifiers,links") -> Path:
    path = tmp_path / "own.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def test_every_column_is_read(tmp_path: Path) -> None:
    row = (
        "7,Jane Roe,person,J. Roe;Джейн Роу,Roe,Jane Doe,INTERNAL;FRAUD,circa 1948;1946 to 1948,Bratislava,"
        'Slovakia;CZE,female,wallet/XBT=1abc;passport=P1@SK;email=jane@roe.sk,"Hlavna 1, Bratislava @SK",'
        "owned_by=ofac:123@60.5;director=Some Company,2023-08-16,see case 9"
    )
    (entry,) = parse_list("csv", written(tmp_path, row, header=",".join(COLUMNS)), name="own")

    assert entry.id == "own:7"
    assert [(name.text, name.type, name.quality) for name in entry.names] == [
        ("Jane Roe", NameType.PRIMARY, Quality.STRONG),
        ("J. Roe", NameType.AKA, Quality.STRONG),
        ("Джейн Роу", NameType.AKA, Quality.STRONG),
        ("Jane Doe", NameType.FKA, Quality.STRONG),
        ("Roe", NameType.AKA, Quality.WEAK),
    ]
    assert entry.kind is Kind.PERSON
    assert entry.programs == ("INTERNAL", "FRAUD")
    assert entry.birth_dates == (
        DateRange(date(1948, 1, 1), date(1948, 12, 31), circa=True),
        DateRange(date(1946, 1, 1), date(1948, 12, 31)),
    )
    assert entry.countries == ("SK", "CZ")
    assert entry.identifiers == (
        Identifier("wallet", "1abc", note="XBT"),
        Identifier("passport", "P1", "SK"),
        Identifier("email", "jane@roe.sk"),
    )
    assert entry.addresses == (Address("Hlavna 1, Bratislava", country="SK"),)
    assert entry.links == (
        Link("ofac:123", "owned_by", "ofac:123", 60.5),
        Link("Some Company", "director"),
    )
    assert entry.listed_on == date(2023, 8, 16)
    assert entry.remarks == "see case 9"


@pytest.mark.parametrize(
    "header",
    ["uid;name;aliases", "UID\tName\tAliases", "\ufeffuid;name;aliases;;", "sep=;\nuid;name;aliases"],
)
def test_a_spreadsheets_own_delimiter_header_and_empty_cells_are_read(tmp_path: Path, header: str) -> None:
    between = "\t" if "\t" in header else ";"
    cells = ["7", "Jane Roe", '"J. Roe;Jane Doe"', *[""] * header.count(";;") * 2]
    empty = between.join([""] * len(cells))
    (entry,) = parse_list("csv", written(tmp_path, between.join(cells), empty, header=header))

    assert [name.text for name in entry.names] == ["Jane Roe", "J. Roe", "Jane Doe"]


def test_a_day_that_two_countries_read_differently_is_both(tmp_path: Path) -> None:
    rows = ("1,Jane Roe,10/12/1948", "2,Jane Doe,12/25/1948", "3,Joan Doe,10/10/1948")
    entries = parse_list("csv", written(tmp_path, *rows, header="uid,name,birth_dates"))

    assert [[str(born.earliest) for born in entry.birth_dates] for entry in entries] == [
        ["1948-12-10", "1948-10-12"],
        ["1948-12-25"],
        ["1948-10-10"],
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1.23E+15,Jane Roe,person,,", "line 2, column uid: '1.23E\\+15'; what the spreadsheet has lost"),
        ("1,#NAME?,person,,", "line 2, column name"),
        ("1,Jane Roe,person,passport=1.23457E+11,", "line 2, column identifiers: .*lost there, as text"),
        ("1,Jane Roe,,,\n1,Jane Doe,,,", "line 3: uid '1' stands in own.csv line 2, too"),
        ("1,Jane Roe,,,owner=#REF!;#REF!", "line 2, column links: '#REF!'; what the spreadsheet has lost"),
    ],
)
def test_what_a_spreadsheet_lost_and_a_doubled_uid_are_refused_with_their_line(
    tmp_path: Path, row: str, said: str
) -> None:
    with pytest.raises(ListError, match=said):
        list(parse_list("csv", written(tmp_path, row)))


def test_a_value_below_no_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="line 2: 'Jane Doe' stands under no column"):
        list(parse_list("csv", written(tmp_path, "1,Jane Roe,Jane Doe,", header="uid,name,,")))


def test_a_link_to_a_uid_of_the_file_gets_name_and_id_under_the_lists_own_name(tmp_path: Path) -> None:
    path = written(tmp_path, "a,Holding,,,", "b,Daughter,,,owned_by=a@51")
    _, daughter = parse_list("csv", path, name="owned")

    assert daughter.links == (Link("Holding", "owned_by", "owned:a", 51.0),)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Nobody,,,", "uid and name must not be empty"),
        ("7,X,ship,,", "line 2, column kind: 'ship'; person or organization or vessel or aircraft"),
        ("7,X,,swift=ABC,", "line 2, column identifiers: 'swift=ABC'"),
        ("7,X,,passport=P1@Atlantis,", "column identifiers: 'Atlantis'"),
        ("7,X,,,owned_by=a@0", "a share above 0 %"),
        ("7,X,,,owned_by=a@-5", "a share above 0 %"),
        ("7,X,,,owned_by=a@100.1", "a share above 0 %"),
        ("7,X,,,cousin_of=a", "column links: 'cousin_of=a'"),
        ("7,X,person", "3 cells under 5 columns"),
        ("7,X,,,,,", "7 cells under 5 columns"),
        ('7,"X,,,', "truncated"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(tmp_path: Path, row: str, reason: str) -> None:
    with pytest.raises(ListError) as refused:
        list(parse_list("csv", written(tmp_path, row)))

    assert reason in str(refused.value)


def test_a_header_without_uid_or_with_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="no column 'uid'"):
        list(parse_list("csv", written(tmp_path, "7,X", header="id,name")))
    with pytest.raises(ListError, match="unknown column 'dob'"):
        list(parse_list("csv", written(tmp_path, "7,X,1970", header="uid,name,dob")))
    with pytest.raises(ListError, match="two columns are called 'name'"):
        list(parse_list("csv", written(tmp_path, "7,Versor,Acme", header="uid,name,name")))


def test_a_header_alone_is_an_empty_list_and_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="no entries"):
        list(parse_list("csv", written(tmp_path)))


def test_the_sample_has_every_kind_and_no_company_of_the_august_designations() -> None:
    before = sample.before()
    schemes = {identifier.scheme for entry in before for identifier in entry.identifiers}

    assert {entry.kind for entry in before} == set(Kind)
    assert {"bic", "imo", "wallet"} <= schemes
    assert "sample:mkrtychev" in {entry.id for entry in before}
    assert not any("versor" in name.text.casefold() for entry in before for name in entry.names)


def test_the_august_designations_are_three_companies_linked_to_mkrtychev() -> None:
    new = set(sample.after()) - set(sample.before())

    assert {entry.id: entry.countries for entry in new} == {
        "sample:verus": ("RU",),
        "sample:defense-engineering": ("KZ",),
        "sample:versor": ("SK",),
    }
    assert {link.to for entry in new for link in entry.links} == {"sample:mkrtychev"}


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("VERSOR, s.r.o.", "sample:versor"),
        ("ООО «Верус»", "sample:verus"),
        ("Defence Engineering LLP", "sample:defense-engineering"),
    ],
)
def test_the_sample_finds_the_three_companies_as_the_world_spells_them(spelled: str, expected: str) -> None:
    screener = Screener()
    for entry in sample.after():
        screener.upsert(entry)

    assert expected in {hit.designation.id for hit in screener.match(spelled)}


def test_of_a_folder_only_its_csv_files_are_read_and_a_lone_file_may_be_called_anything(
    tmp_path: Path,
) -> None:
    written(tmp_path, "1,Jane Roe,,,")
    (tmp_path / "read me.txt").write_text("not a list")
    assert [entry.id for entry in parse_list("csv", tmp_path, name="own")] == ["own:1"]

    alone = tmp_path / "own.csv"
    alone = alone.rename(tmp_path / "own.list")
    assert [entry.id for entry in parse_list("csv", alone, name="own")] == ["own:1"]


@pytest.mark.parametrize(
    "cell", ["Ivan Zuvavov;Petr Orvin", "Ivan Zuvavov|Petr Orvin", '"Ivan Zuvavov\nPetr Orvin"']
)
def test_names_in_one_cell_are_told_apart_however_a_spreadsheet_parts_them(tmp_path: Path, cell: str) -> None:
    (entry,) = parse_list("csv", written(tmp_path, f"1,Anna Qorvel,{cell}", header="uid,name,aliases"))

    assert [name.text for name in entry.names] == ["Anna Qorvel", "Ivan Zuvavov", "Petr Orvin"]


@pytest.mark.parametrize("name", ["N/A", "unknown", "TBD", "None"])
def test_an_entry_that_is_called_nothing_is_refused_by_its_id(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ListError, match=f"line 2, column name: '{name}'; what the party is called is expected"
    ):
        list(parse_list("csv", written(tmp_path, f"7,{name},,,")))


def test_one_alias_of_several_that_the_spreadsheet_lost_is_named(tmp_path: Path) -> None:
    row = "7,Ivan Zuvavov,Petr Qorvel;#REF!"

    with pytest.raises(ListError, match="line 2, column aliases: '#REF!'; what the spreadsheet has lost"):
        list(parse_list("csv", written(tmp_path, row, header="uid,name,aliases")))
