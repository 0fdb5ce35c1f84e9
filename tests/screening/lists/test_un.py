"""The UN list: names in parts, empty placeholders, every form of date."""

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from screening import Designation, Kind, NameType, Quality, parse_list
from screening.designations import Address, DateRange, Gender, Identifier
from screening.lists import list_issued
from tests.screening.lists.reading import listed, refusal, written
from tests.shared_data import SHARED_DATA, needs_shared_data

HEAD = '<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">'


def document(individuals: str = "", entities: str = "") -> str:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{HEAD}<INDIVIDUALS>{individuals}</INDIVIDUALS>"
        f"<ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"
    )


def individual(inside: str = "", number: int = 1) -> str:
    return (
        f"<INDIVIDUAL><DATAID>{number}</DATAID><FIRST_NAME>ERIC</FIRST_NAME>"
        "<SECOND_NAME>BADEGE </SECOND_NAME>"
        f"<UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER>{inside}</INDIVIDUAL>"
    )


def one(tmp_path: Path, inside: str) -> Designation:
    (entry,) = listed("un", tmp_path, "un.xml", document(individual(inside)))
    return entry


@needs_shared_data
def test_the_whole_real_list_is_read_in_seconds() -> None:
    started = time.perf_counter()
    entries = list(parse_list("un", SHARED_DATA / "un"))

    assert time.perf_counter() - started < 3
    assert len(entries) == 1_003
    assert Counter(entry.kind for entry in entries) == {Kind.PERSON: 730, Kind.ORGANIZATION: 273}
    assert Counter(entry.programs for entry in entries)[("Iran",)] == 121
    assert list_issued("un", SHARED_DATA / "un") == "2026-02-27T00:00:09.554Z"


def test_a_person_is_read_whole(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        "<LISTED_ON>2012-12-31</LISTED_ON><GENDER>Male</GENDER><NAME_ORIGINAL_SCRIPT>إريك</NAME_ORIGINAL_SCRIPT>"
        "<COMMENTS1>Fled in March 2013.</COMMENTS1><DESIGNATION><VALUE>General</VALUE></DESIGNATION>"
        "<NATIONALITY><VALUE>Democratic Republic of the Congo</VALUE></NATIONALITY>"
        "<INDIVIDUAL_ADDRESS><CITY>Kigali</CITY><COUNTRY>Rwanda</COUNTRY></INDIVIDUAL_ADDRESS>"
        "<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Goma</CITY><COUNTRY>Democratic Republic of the Congo</COUNTRY>"
        "</INDIVIDUAL_PLACE_OF_BIRTH>",
    )

    assert (entry.id, entry.name, entry.kind) == ("un:1", "ERIC BADEGE", Kind.PERSON)
    assert [name.text for name in entry.names] == ["ERIC BADEGE", "إريك"]
    assert (entry.programs, entry.countries, entry.gender) == (("DRC",), ("CD",), Gender.MALE)
    assert entry.listed_on == date(2012, 12, 31)
    assert entry.addresses == (Address(city="Kigali", country="RW"),)
    assert entry.birth_places == ("Goma, Democratic Republic of the Congo",)
    assert entry.remarks == "CDi.001; General; Fled in March 2013."


def test_low_aliases_are_weak_joined_ones_are_several_and_empty_ones_are_none(tmp_path: Path) -> None:
    entry = one(
        tmp_path,
        "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Rumuli</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>A One; A Two</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>",
    )

    assert [(name.text, name.type, name.quality) for name in entry.names[1:]] == [
        ("Rumuli", NameType.AKA, Quality.WEAK),
        ("A One", NameType.AKA, Quality.STRONG),
        ("A Two", NameType.AKA, Quality.STRONG),
        ("Old", NameType.FKA, Quality.STRONG),
    ]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1970-10-08</DATE>",
            DateRange(date(1970, 10, 8), date(1970, 10, 8)),
        ),
        (
            "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1971</YEAR>",
            DateRange(date(1971, 1, 1), date(1971, 12, 31)),
        ),
        (
            "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1957</YEAR>",
            DateRange(date(1957, 1, 1), date(1957, 12, 31), circa=True),
        ),
        (
            "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1958</FROM_YEAR><TO_YEAR>1963</TO_YEAR>",
            DateRange(date(1958, 1, 1), date(1963, 12, 31)),
        ),
        ("<TYPE_OF_DATE/>", None),
    ],
)
def test_every_form_of_birth_date_is_a_range(tmp_path: Path, inside: str, expected: DateRange | None) -> None:
    entry = one(tmp_path, f"<INDIVIDUAL_DATE_OF_BIRTH>{inside}</INDIVIDUAL_DATE_OF_BIRTH>")

    assert entry.birth_dates == ((expected,) if expected else ())


def test_documents_are_told_in_every_language_and_across_line_breaks(tmp_path: Path) -> None:
    kinds = ("Passport", "Numéro de passeport ", "Número de pasaporte", "National\n   Identification Number")
    documents = "".join(
        f"<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>{kind}</TYPE_OF_DOCUMENT><NUMBER>N{number}</NUMBER>"
        "<ISSUING_COUNTRY>Mali</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>"
        for number, kind in enumerate(kinds)
    )
    entry = one(tmp_path, documents + "<INDIVIDUAL_DOCUMENT/>")

    assert entry.identifiers == (
        Identifier("passport", "N0", "ML"),
        Identifier("passport", "N1", "ML"),
        Identifier("passport", "N2", "ML"),
        Identifier("national_id", "N3", "ML", "National Identification Number"),
    )


def test_an_entity_has_its_imo_number_from_the_comments(tmp_path: Path) -> None:
    entity = (
        "<ENTITY><DATAID>9</DATAID><FIRST_NAME>OCEAN MARITIME</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
        "<COMMENTS1>International Maritime Organization (IMO) Number: 1790183.</COMMENTS1></ENTITY>"
    )
    (entry,) = listed("un", tmp_path, "un.xml", document(entities=entity))

    assert (entry.kind, entry.identifiers) == (Kind.ORGANIZATION, (Identifier("imo", "1790183"),))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (document(), "no entries"),
        (document(individual())[:-40], "cut off or damaged"),
        (document(individual() + individual()), "un:1 stands twice"),
        (document(individual().replace("<DATAID>1</DATAID>", "")), "without DATAID or name"),
        (document(individual()).replace("CONSOLIDATED_LIST", "export"), "the root is <export>"),
        ("<html><body>Sign in</body></html>", "a web page"),
        ("", "the file is empty"),
    ],
)
def test_what_must_not_be_published_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refusal("un", tmp_path, "un.xml", text)


def test_a_file_misread_as_latin_1_is_refused(tmp_path: Path) -> None:
    text = document(individual("<NAME_ORIGINAL_SCRIPT>محمد حسن</NAME_ORIGINAL_SCRIPT>"))
    misread = text.encode("utf-8").decode("latin-1").encode("utf-8")

    assert "wrong encoding" in refusal("un", tmp_path, "un.xml", misread)


def test_the_list_says_when_it_was_made(tmp_path: Path) -> None:
    assert list_issued("un", written(tmp_path, "un.xml", document(individual()))).startswith("2026-02-27")


def test_a_party_whose_only_name_is_in_its_original_script_has_that_name(tmp_path: Path) -> None:
    text = individual("<NAME_ORIGINAL_SCRIPT>Иван Зувавов</NAME_ORIGINAL_SCRIPT>")
    bare = text.replace("ERIC", "").replace("BADEGE ", "")

    (entry,) = listed("un", tmp_path, "un.xml", document(bare))

    assert [(name.text, name.type) for name in entry.names] == [("Иван Зувавов", NameType.PRIMARY)]


def test_what_says_that_there_is_no_alias_is_none(tmp_path: Path) -> None:
    aliases = "".join(
        f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{text}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        for text in ("N/A", "Unknown", "Real Aliasov")
    )

    entry = one(tmp_path, f"<NAME_ORIGINAL_SCRIPT>-</NAME_ORIGINAL_SCRIPT>{aliases}")

    assert [name.text for name in entry.names] == ["ERIC BADEGE", "Real Aliasov"]


@pytest.mark.parametrize(
    ("alias", "names"),
    [("Real Aliasov", [("Real Aliasov", NameType.PRIMARY)]), ("N/A", [("UNKNOWN", NameType.PRIMARY)])],
)
def test_a_party_of_an_authority_that_is_called_nothing_has_its_other_name_and_holds_up_no_list(
    tmp_path: Path, alias: str, names: list[tuple[str, NameType]]
) -> None:
    also = f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{alias}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    text = individual(also).replace("ERIC", "UNKNOWN").replace("BADEGE ", "")

    (entry,) = listed("un", tmp_path, "un.xml", document(text))

    assert [(name.text, name.type) for name in entry.names][: len(names)] == names
