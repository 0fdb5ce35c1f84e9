"""A form whose publisher calls something otherwise: refused, for it would go unread without a word."""

import re
import shutil
from pathlib import Path

import pytest

from screening import ListError, parse_list
from tests.screening.lists.test_full_entries import FILES, FULL


def renamed(form: str, name: str) -> str:
    """The full file of a form in which an element, `@attribute` or key is called otherwise."""
    text = (FULL / form).read_text(encoding="utf-8")
    if form.endswith(".json"):
        return text.replace(f'"{name}":', f'"{name}New":')
    if name.startswith("@"):
        return re.sub(rf'(\s{name[1:]})="', r'\1New="', text)
    return re.sub(rf"(</?{name})(?=[\s>/])", r"\1New", text)


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("un.xml", "ENTITY SECOND_NAME ALIAS_NAME NAME_ORIGINAL_SCRIPT NUMBER YEAR UN_LIST_TYPE"),
        ("eu.xml", "identification @strong @number @year @programme @lastName birthdate"),
        ("uk.xml", "Name3 NameNonLatinScript PassportNumber IMONumber DOB RegimeName"),
        ("seco.xml", "spelling-variant number sanctions-set-id @order @quality @year"),
        ("canada.xml", "Aliases DateOfBirthOrShipBuildDate DateOfListing"),
        ("csl.json", "alt_names ids number programs dates_of_birth"),
        ("sdn.xml", "akaList aka category firstName idNumber dateOfBirth program"),
        ("sdn_enhanced.xml", "isLowQuality documentNumber sanctionsProgram feature"),
        ("sdn_advanced.xml", "NamePartType IDRegistrationNo SanctionsMeasure @LowQuality @IdentityID"),
    ],
)
def test_what_the_publisher_calls_otherwise_is_refused_by_both_names(
    tmp_path: Path, form: str, names: str
) -> None:
    for name in names.split():
        (tmp_path / form).write_text(renamed(form, name), encoding="utf-8")
        with pytest.raises(ListError, match=f"{name}.* is missing, and .*{name}New is new"):
            list(parse_list(FILES[form], tmp_path / form))


def test_a_new_element_beside_those_that_are_known_is_an_addition(tmp_path: Path) -> None:
    whole = (FULL / "sdn.xml").read_text(encoding="utf-8")
    shutil.copy(FULL / "sdn.xml", tmp_path / "sdn.xml")
    entries = list(parse_list("ofac", tmp_path / "sdn.xml"))
    (tmp_path / "sdn.xml").write_text(whole.replace("</uid>", "</uid><riskScore>7</riskScore>"), "utf-8")

    assert list(parse_list("ofac", tmp_path / "sdn.xml")) == entries


def test_an_excerpt_with_an_addition_is_read(tmp_path: Path) -> None:
    entry = "<uid>1</uid><lastName>VERSOR</lastName><sdnType>Entity</sdnType>"
    programs = "<programList><program>DPRK</program></programList>"
    head = "<publshInformation><Publish_Date>08/16/2023</Publish_Date><Record_Count>1</Record_Count>"
    (tmp_path / "sdn.xml").write_text(
        f"<sdnList>{head}</publshInformation>"
        f"<sdnEntry>{entry}{programs}<riskScore>7</riskScore></sdnEntry></sdnList>"
    )

    assert [each.name for each in parse_list("ofac", tmp_path / "sdn.xml")] == ["VERSOR"]
