"""Initials: however they are written, they answer the names that begin so, and no company's words."""

import pytest

from screening import Policy, compare
from screening.names.initials import bare, dotted
from screening.names.words import words_of

THRESHOLD = Policy().threshold


@pytest.mark.parametrize("kind", ["person", None])
@pytest.mark.parametrize(
    "written",
    [
        "DORVANOV E.A.",
        "DORVANOV E. A.",
        "E.A. Dorvanov",
        "Dorvanov, E.A.",
        "DORVANOV EA",
        "Дорванов Е.А.",
        "Е. А. Дорванов",
        "Dorvanov Ye.A.",
        "Dorvanov Y. A.",
    ],
)
def test_initials_are_found_however_they_are_written(written: str, kind: str | None) -> None:
    assert compare(written, "Yevgeniy Aleksandrovich DORVANOV", kind=kind) >= THRESHOLD


@pytest.mark.parametrize(
    "written", ["DORVANOV S.A.", "DORVANOV E.I.", "S. A. Dorvanov", "Дорванов И.А.", "Dorvanov K."]
)
def test_other_initials_are_another_person(written: str) -> None:
    assert compare(written, "Yevgeniy Aleksandrovich DORVANOV", kind="person") < THRESHOLD


def test_a_single_letter_joins_names_in_their_midst_and_is_an_initial_at_their_ends() -> None:
    assert compare("Jose Dorvaga y Gasset", "Jose DORVAGA GASSET", kind="person") >= THRESHOLD
    assert compare("Y Dorvaga", "Yusuf DORVAGA", kind="person") >= THRESHOLD
    assert compare("E Dorvaga", "Yusuf DORVAGA", kind="person") < THRESHOLD


def test_a_common_family_name_with_an_initial_is_no_hit() -> None:
    assert compare("A. Ali", "Ahmed ALI", kind="person") < THRESHOLD


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Dorvan Omega Union", "D.O.U. Ltd"),
        ("D. O. Union", "Dorvan Omega Union"),
        ("Dorvan Oil", "D. O. Oil Ltd"),
    ],
)
def test_letters_of_a_company_stand_for_no_words(written: str, listed: str) -> None:
    assert compare(written, listed, kind="organization") < THRESHOLD


def test_letters_are_parted_where_they_are_dotted_or_no_word() -> None:
    assert dotted("Dorvanov I.P.", ["dorvanov", "ip"]) == ["dorvanov", "i", "p"]
    assert dotted("Dr. Dorvanov", ["dr", "dorvanov"]) is None
    assert bare(["dorvanov", "ip"]) == ["dorvanov", "i", "p"]
    assert bare(["marten", "li"]) is None
    assert bare(["ip"]) is None


@pytest.mark.parametrize("written", ["Gordievsky SE", "SE Gordievsky", "MATRAIMOV RI", "Putin VV"])
def test_two_letters_beside_an_east_slavic_surname_are_initials_whatever_they_spell(written: str) -> None:
    assert sum(len(word) == 1 for word in bare(words_of(written)) or ()) == 2
