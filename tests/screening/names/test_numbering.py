"""Numbers and company words: however they are marked, shortened or translated."""

import pytest

from screening import Policy, compare
from screening.names.numbering import unmarked

THRESHOLD = Policy().threshold


@pytest.mark.parametrize(
    "mark", ["No. 30", "№30", "№ 30", "N30", "Nr. 30", "nomer 30", "number thirty", "30"]
)
def test_a_number_is_the_same_however_it_is_marked(mark: str) -> None:
    assert compare(f"Dorvat Works {mark}", "Dorvat Works No. 30", kind="organization") >= THRESHOLD
    assert compare(f"Dorvat Works {mark}", "Dorvat Works No. 31", kind="organization") < THRESHOLD


def test_a_roman_letter_is_a_number_behind_a_mark_only() -> None:
    assert unmarked(["yard", "no", "x"]) == ["yard", "10"]
    assert unmarked(["yard", "x"]) == ["yard", "x"]
    assert unmarked(["no", "30"]) == ["no", "30"]


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("บริษัท ดอวา จำกัด (มหาชน)", "ดอวา"),
        ("Dorvat Sanayi ve Ticaret Anonim Şirketi", "DORVAT SAN TIC AS"),
        ("Cty CP Dorvat", "Công ty cổ phần Dorvat"),
        ("(유)도르바", "유한회사 도르바"),
        ("上海多瓦国际贸易有限公司", "Shanghai Duowa International Trading Co Ltd"),
        ("多瓦物流", "DUOWA LOGISTICS"),
        ("Dorvat Engg & Constr", "Dorvat Engineering and Construction"),
        ("Sankt Dorvat Shipping", "St. Dorvat Shipping"),
    ],
)
def test_a_company_is_found_by_its_name_whatever_its_form_and_trade_are_called(
    written: str, listed: str
) -> None:
    assert compare(written, listed, kind="organization") >= THRESHOLD


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("上海多瓦国际贸易有限公司", "Shanghai Linfei International Trading Co Ltd"),
        ("บริษัท ดอวา จำกัด", "บริษัท นิวมา จำกัด"),
        ("(주)도르바", "주식회사 나림"),
    ],
)
def test_form_trade_and_town_are_not_the_name(written: str, listed: str) -> None:
    assert compare(written, listed, kind="organization") < THRESHOLD
