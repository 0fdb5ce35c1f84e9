"""Several names in one cell of a private list, as people write them."""

import pytest

from screening import Designation, Kind, Name, Party, Role, Screener
from screening.lists.private.name_cells import is_lost, lines_of_name, names_of_cell
from screening.payments import Payment
from screening.payments.model import Field


@pytest.mark.parametrize(
    ("cell", "kind", "names"),
    [
        ("Petr Qorvel; Jan Tarvel", None, ["Petr Qorvel", "Jan Tarvel"]),
        ("1) Petr Qorvel 2) Jan Tarvel", None, ["Petr Qorvel", "Jan Tarvel"]),
        ("1. Petr Qorvel\n2. Jan Tarvel", None, ["Petr Qorvel", "Jan Tarvel"]),
        ("(a) Petr Qorvel; (b) Jan Tarvel", None, ["Petr Qorvel", "Jan Tarvel"]),
        ("1. FC Tarvel", None, ["1. FC Tarvel"]),
        ("A. B. Qorvel", None, ["A. B. Qorvel"]),
        *(
            (f"{label} Petr Qorvel", None, ["Petr Qorvel"])
            for label in ("a.k.a.", "AKA:", "f.k.a.", "A.K.A.", "alias")
        ),
        ("AKA Petr Qorvel", None, ["AKA Petr Qorvel", "Petr Qorvel"]),
        ("AKA Tarvel", None, ["AKA Tarvel"]),
        ("N/A", None, []),
        ("unknown; Petr Qorvel; -", None, ["Petr Qorvel"]),
        ("Petr Qorvel, Jan Tarvel, Ivo Zorv", Kind.PERSON, ["Petr Qorvel", "Jan Tarvel", "Ivo Zorv"]),
        ("Petr Qorvel, Jan Tarvel", Kind.PERSON, ["Petr Qorvel, Jan Tarvel", "Petr Qorvel", "Jan Tarvel"]),
        ("QORVEL TARV, Jan Ivo", Kind.PERSON, ["QORVEL TARV, Jan Ivo"]),
        ("QORVEL, Jan", Kind.PERSON, ["QORVEL, Jan"]),
        ("Qorvel Trading LLC, Tarvel Bank JSC", None, ["Qorvel Trading LLC", "Tarvel Bank JSC"]),
        ("Qorvel Trading Co., Ltd.", Kind.ORGANIZATION, ["Qorvel Trading Co., Ltd."]),
        ("Qorvel Trading LLC, Dubai Branch", None, ["Qorvel Trading LLC, Dubai Branch"]),
        ("Qorvel Design, Tarvel Works", Kind.ORGANIZATION, ["Qorvel Design, Tarvel Works"]),
    ],
)
def test_a_cell_holds_the_names_that_can_stand_by_themselves(
    cell: str, kind: Kind | None, names: list[str]
) -> None:
    assert list(names_of_cell(cell, kind)) == names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Ivan\nZuvavov", ["Ivan Zuvavov"]),
        ("Ivan Zuvavov\nPetr Qorvel", ["Ivan Zuvavov", "Petr Qorvel"]),
        ("Ivan Zuvavov | Zuvav", ["Ivan Zuvavov", "Zuvav"]),
    ],
)
def test_lines_of_a_name_are_names_where_each_could_be_one(cell: str, names: list[str]) -> None:
    assert lines_of_name(cell) == names


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#NAME?", "####", "1.23457E+11", "1,2E+15", "9E+15"])
def test_what_a_spreadsheet_lost_is_known(cell: str) -> None:
    assert is_lost(cell)


@pytest.mark.parametrize("cell", ["", "N/A Trading", "12E345", "E+15", "#1 Traders"])
def test_what_it_did_not_lose_is_kept(cell: str) -> None:
    assert not is_lost(cell)


@pytest.mark.parametrize(
    "cell", ["1) Petr Qorvel 2) Jan Tarvel", "a.k.a. Petr Qorvel", "Petr Qorvel, Jan Tarvel"]
)
def test_a_name_of_a_cell_is_found_in_texts(cell: str) -> None:
    screener = Screener()
    names = tuple(map(Name, names_of_cell(cell, None)))
    screener.upsert(Designation("own:1", (Name("Ivo Zorvatin"), *names), Kind.PERSON))
    party = Party(Role.REMITTANCE, texts=(Field("rent Petr Qorvel march", "/remittance/0"),))

    assert screener.screen(Payment("P-1", (party,))).hits
