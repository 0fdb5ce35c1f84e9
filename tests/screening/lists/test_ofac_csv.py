"""OFAC's legacy CSV: every trap of the format."""

import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from screening import Designation, Kind, ListError, NameType, Quality, parse_list
from screening.designations import Address, DateRange, Gender, Identifier
from screening.lists import Tolerance
from screening.lists.ofac.csv import _as_wide
from tests.screening.lists.ofac_files import END, NULL, ofac_folder, rows, sdn
from tests.shared_data import SHARED_DATA, needs_shared_data


def parsed(folder: Path, designation_id: str) -> Designation:
    return {entry.id: entry for entry in parse_list("ofac", folder)}[designation_id]


def refusal(path: Path) -> str:
    with pytest.raises(ListError) as refused:
        list(parse_list("ofac", path))
    return str(refused.value)


@needs_shared_data
def test_the_whole_real_list_has_every_entry_alias_and_weak_alias() -> None:
    entries = list(parse_list("ofac", SHARED_DATA / "ofac"))
    names = Counter((name.type, name.quality) for entry in entries for name in entry.names)

    assert len(entries) == len({entry.id for entry in entries}) == 8_976 + 442
    assert Counter(entry.kind for entry in entries) == {
        Kind.PERSON: 4_699,
        Kind.ORGANIZATION: 4_036,
        Kind.VESSEL: 406,
        Kind.AIRCRAFT: 277,
    }
    assert names[NameType.PRIMARY, Quality.STRONG] == len(entries)
    assert sum(count for (_, quality), count in names.items() if quality is Quality.WEAK) > 2_415
    assert sum(link.to is not None for entry in entries for link in entry.links) > 3_000
    assert sum(identifier.scheme == "wallet" for entry in entries for identifier in entry.identifiers) == 97


def test_people_are_put_in_reading_order_and_companies_keep_their_commas(tmp_path: Path) -> None:
    folder = ofac_folder(
        tmp_path,
        [sdn(7, "MKRTYCHEV, Ashot", "individual"), sdn(8, "CECOEX, S.A.")],
        aliases=[(7, 1, "aka", "MKRTICHEV, Ashot", NULL)],
    )

    assert [name.text for name in parsed(folder, "ofac:7").names] == ["Ashot MKRTYCHEV", "Ashot MKRTICHEV"]
    assert parsed(folder, "ofac:8").name == "CECOEX, S.A."


def test_weak_aliases_come_from_the_remarks_and_former_names_stay_former(tmp_path: Path) -> None:
    folder = ofac_folder(
        tmp_path,
        [sdn(7, "BANCO NACIONAL", remarks="a.k.a. 'BNC'; f.k.a. 'OLD BANK'.")],
        aliases=[(7, 2, "fka", "BANCO VIEJO", NULL), (7, 1, "nka", "BANCO NUEVO", NULL)],
    )

    assert [(name.text, name.type, name.quality) for name in parsed(folder, "ofac:7").names] == [
        ("BANCO NACIONAL", NameType.PRIMARY, Quality.STRONG),
        ("BANCO NUEVO", NameType.AKA, Quality.STRONG),
        ("BANCO VIEJO", NameType.FKA, Quality.STRONG),
        ("BNC", NameType.AKA, Quality.WEAK),
        ("OLD BANK", NameType.FKA, Quality.WEAK),
    ]


def test_programs_are_split_at_their_brackets(tmp_path: Path) -> None:
    folder = ofac_folder(tmp_path, [sdn(7, "X TRADING", program="IRAN] [NPWMD] [IFSR")])

    assert parsed(folder, "ofac:7").programs == ("IRAN", "NPWMD", "IFSR")


def test_remarks_that_spill_into_the_comments_go_on_in_the_middle_of_a_word(tmp_path: Path) -> None:
    filler = "; ".join(f"Folio Mercantil No. {number:07}" for number in range(36))
    remarks = f"{filler}; a.k.a. 'SNOWSJO"
    folder = ofac_folder(
        tmp_path,
        [sdn(7, "TIAN, Yinyin", "individual", remarks=remarks), sdn(9, "LAZARUS GROUP")],
        comments=[(7, "HN'; Linked To: LAZARUS GROUP.")],
    )
    entry = parsed(folder, "ofac:7")

    assert len(remarks) >= 990
    assert entry.names[-1].text == "SNOWSJOHN"
    assert [(link.name, link.to) for link in entry.links] == [("LAZARUS GROUP", "ofac:9")]


def test_cut_remarks_without_their_comments_are_refused(tmp_path: Path) -> None:
    folder = ofac_folder(tmp_path, [sdn(7, "X TRADING", remarks="a.k.a. '" + "X" * 990)])

    assert "the remarks are cut" in refusal(folder)


def test_every_form_of_birth_date_is_a_range(tmp_path: Path) -> None:
    remarks = (
        "DOB 10 Dec 1948; alt. DOB 1950; alt. DOB circa 1951; alt. DOB 1953 to 1954; alt. DOB Mar 1956; "
        "alt. DOB 01 Jan 1957 to 03 Feb 1957; alt. DOB circa 02 May 1958; POB Beirut, Lebanon."
    )
    entry = parsed(ofac_folder(tmp_path, [sdn(7, "X, Y", "individual", remarks=remarks)]), "ofac:7")

    assert entry.birth_dates == (
        DateRange(date(1948, 12, 10), date(1948, 12, 10)),
        DateRange(date(1950, 1, 1), date(1950, 12, 31)),
        DateRange(date(1951, 1, 1), date(1951, 12, 31), circa=True),
        DateRange(date(1953, 1, 1), date(1954, 12, 31)),
        DateRange(date(1956, 3, 1), date(1956, 3, 31)),
        DateRange(date(1957, 1, 1), date(1957, 2, 3)),
        DateRange(date(1958, 5, 2), date(1958, 5, 2), circa=True),
    )
    assert entry.birth_places == ("Beirut, Lebanon",)


def test_identifiers_keep_scheme_value_country_and_label(tmp_path: Path) -> None:
    remarks = (
        "SWIFT/BIC HAVIGB2L; Passport 084010 (Egypt) issued 1998; Cedula No. 16247821 (Colombia); "
        "Digital Currency Address - XBT 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h; "
        "alt. Digital Currency Address - ETH 0x8576acc5c05d6ce88f4e49bf65bdf0c62f91353c; "
        "Tax ID No. 7707083893 (Russia); Legal Entity Number 253400WSS48YWMBUA688; "
        "nationality Egypt; citizen Syria; Gender Male; HAMAS - Gaza."
    )
    entry = parsed(ofac_folder(tmp_path, [sdn(7, "X, Y", "individual", remarks=remarks)]), "ofac:7")

    assert entry.identifiers == (
        Identifier("bic", "HAVIGB2L"),
        Identifier("passport", "084010", "EG"),
        Identifier("national_id", "16247821", "CO", "Cedula No."),
        Identifier("wallet", "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h", note="XBT"),
        Identifier("wallet", "0x8576acc5c05d6ce88f4e49bf65bdf0c62f91353c", note="ETH"),
        Identifier("tax", "7707083893", "RU", "Tax ID No."),
        Identifier("lei", "253400WSS48YWMBUA688", note="Legal Entity Number"),
    )
    assert (entry.countries, entry.gender, entry.remarks) == (("EG", "SY"), Gender.MALE, "HAMAS - Gaza")


def test_a_vessel_keeps_its_imo_call_sign_flag_and_owner(tmp_path: Path) -> None:
    vessel = sdn(
        7,
        "CHONG CHON GANG",
        "vessel",
        remarks="Vessel Registration Identification IMO 7937317.",
        call_sign="HMZF",
        flag="Korea, North",
        owner="Chongchongang Shipping",
    )
    entry = parsed(ofac_folder(tmp_path, [vessel, sdn(8, "CHONGCHONGANG SHIPPING")]), "ofac:7")

    assert entry.kind is Kind.VESSEL
    assert entry.identifiers == (Identifier("call_sign", "HMZF"), Identifier("imo", "7937317"))
    assert entry.countries == ("KP",)
    assert [(link.relation, link.to) for link in entry.links] == [("owned_by", "ofac:8")]


def test_a_link_to_a_name_that_two_entries_share_stays_a_name(tmp_path: Path) -> None:
    folder = ofac_folder(
        tmp_path,
        [sdn(7, "X TRADING", remarks="Linked To: HAMAS."), sdn(8, "HAMAS"), sdn(9, "HAMAS")],
    )

    assert [(link.name, link.to) for link in parsed(folder, "ofac:7").links] == [("HAMAS", None)]


def test_an_address_is_split_into_its_parts(tmp_path: Path) -> None:
    folder = ofac_folder(
        tmp_path,
        [sdn(7, "X TRADING")],
        addresses=[
            (7, 2, NULL, NULL, "undetermined", NULL),
            (7, 1, "Calle 5", "Garza Garcia, Nuevo Leon 66220", "Mexico", NULL),
        ],
    )

    assert parsed(folder, "ofac:7").addresses == (
        Address("Calle 5", "Garza Garcia", "Nuevo Leon", "66220", "MX"),
        Address(),
    )


def test_a_party_on_both_lists_keeps_both_entries(tmp_path: Path) -> None:
    hammad = sdn(7, "HAMMAD, Fathi", "individual", "SDGT] [NS-PLC")
    folder = ofac_folder(tmp_path, [hammad], consolidated=[hammad])

    assert [entry.id for entry in parse_list("ofac", folder)] == [
        *("ofac:1", "ofac:7"),
        *("ofac:2", "ofac:7-cons"),
    ]


def test_order_of_alias_and_address_rows_does_not_matter(tmp_path: Path) -> None:
    aliases = [(7, 1, "aka", "A ONE", NULL), (7, 2, "aka", "A TWO", NULL)]
    addresses = [(7, 1, "One", NULL, "Cuba", NULL), (7, 2, "Two", NULL, "Cuba", NULL)]
    entry = sdn(7, "X TRADING")
    forward = ofac_folder(tmp_path / "forward", [entry], aliases=aliases, addresses=addresses)
    backward = ofac_folder(tmp_path / "back", [entry], aliases=aliases[::-1], addresses=addresses[::-1])

    assert list(parse_list("ofac", forward)) == list(parse_list("ofac", backward))


def test_a_zip_and_a_folder_give_the_same_entries(tmp_path: Path) -> None:
    folder = ofac_folder(tmp_path / "ofac", [sdn(7, "X TRADING")])
    zipped = tmp_path / "ofac.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"SDALL/{file.name.upper()}")

    assert list(parse_list("ofac", zipped)) == list(parse_list("ofac", folder))


def test_one_main_file_alone_is_its_own_list(tmp_path: Path) -> None:
    folder = ofac_folder(tmp_path, [sdn(7, "X TRADING")])

    assert [entry.id for entry in parse_list("ofac", folder / "sdn.csv")] == ["ofac:1", "ofac:7"]


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("sdn.csv", rows(sdn(1, "FIRST"), sdn(7, "X")), "the end mark (Ctrl-Z) is missing"),
        ("sdn.csv", rows(sdn(1, "FIRST"))[:-30], "12 fields"),
        ("sdn.csv", rows(sdn(1, "FIRST"))[:-3] + '"' + END, "control characters"),
        ("sdn.csv", "", "the file is empty"),
        ("sdn.csv", END, "sdn_comments.csv speak of entry 1"),
        ("sdn.csv", "<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        ("sdn.csv", "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "an error message"),
        ("sdn.csv", '"uid","name"\r\n' + END, "12 fields"),
        ("sdn.csv", rows(sdn(1, "FIRST")) + END + "\r\n" + END, "text after the end mark"),
        ("sdn.csv", rows(sdn(1, "FIRST", "ship")) + END, "no type of entry"),
        ("sdn.csv", rows(sdn(1, "FIRST"), sdn(1, "FIRST")) + END, "ofac:1 stands twice"),
        ("sdn.csv", rows(sdn(1, "MÃ¼ller GmbH")) + END, "wrong encoding"),
        ("sdn.csv", rows(sdn(1, "FI\x00RST")) + END, "control characters"),
        ("alt.csv", rows((1, 1, "alias", "FIRST", NULL)) + END, "no type of alias"),
        ("alt.csv", rows((99, 1, "aka", "STRAY", NULL)) + END, "entry 99"),
        ("add.csv", "", "the file is empty"),
    ],
)
def test_what_must_not_be_published_is_refused_by_name(
    tmp_path: Path, file: str, text: str, reason: str
) -> None:
    assert reason in refusal(ofac_folder(tmp_path, [], replaced={file: text}))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = ofac_folder(tmp_path, [])
    (folder / "cons_alt.csv").unlink()

    assert "cons_alt.csv is missing" in refusal(folder)


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    folder = ofac_folder(tmp_path, [])
    (folder / "sdn.csv").write_bytes(rows(sdn(1, "M\u00fcller")).encode("latin-1") + END.encode())

    assert "not UTF-8" in refusal(folder)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    folder = ofac_folder(tmp_path / "ofac", [sdn(7, "X TRADING")])
    zipped = tmp_path / "ofac.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    raw = zipped.read_bytes()
    zipped.write_bytes(raw.replace(b"X TRADING", b"Y TRADING"))

    assert "the zip is damaged" in refusal(zipped)


BAD_COMMENT = Path(__file__).with_name("cases") / "ofac_bad_comment"


def test_a_malformed_comment_keeps_the_list_out_unless_the_publisher_allows_it() -> None:
    with pytest.raises(ListError, match=r"sdn_comments.csv line 2"):
        list(parse_list("ofac", BAD_COMMENT / "sdn.csv"))


def test_an_allowed_malformed_comment_is_named_and_what_it_says_is_kept() -> None:
    tolerance = Tolerance(most=1)

    entries = {entry.id: entry for entry in parse_list("ofac", BAD_COMMENT / "sdn.csv", tolerance=tolerance)}

    assert tolerance.rows == ["sdn_comments.csv line 2"]
    assert set(entries) == {"ofac:101", "ofac:102"}
    assert "x, y, z" in entries["ofac:102"].remarks.replace(",", ", ").replace("  ", " ")


@pytest.mark.parametrize(
    ("row", "wide"),
    [
        (["102", "x"], ["102", "x"]),
        (["102", "x", "y", "z"], ["102", "x, y, z"]),
        (["102"], ["102", ""]),
        (["102", " -0- "], ["102", ""]),
    ],
)
def test_a_row_has_the_columns_of_its_file(row: list[str], wide: list[str]) -> None:
    assert _as_wide(row, 2) == wide
    assert _as_wide(["1", *row], 3) == ["1", *wide]
    assert _as_wide(["1", "2", *row], 4) == ["1", "2", *wide]
    assert _as_wide([], 3) == ["", "", ""]
