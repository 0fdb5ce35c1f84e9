"""Words that stand for each other: abbreviations for their own name, pet forms for their own full form."""

import pytest

from screening import Policy, compare

THRESHOLD = Policy().threshold


@pytest.mark.parametrize(
    ("short", "name", "another"),
    [
        ("Mhd", "Mohammad", "Mahmoud"),
        ("Md.", "Muhammad", "Hamid"),
        ("Glez", "Gonzalez", "Gomez"),
        ("Mtz", "Martinez", "Mateos"),
        ("Thos", "Thomas", "Theodore"),
        ("Benj", "Benjamin", "Bernard"),
        ("Rich", "Richard", "Robert"),
        ("Bob", "Robert", "Roger"),
        ("Giannis", "Ioannis", "Georgios"),
        ("Jon", "Jonathan", "Nathan"),
        ("Jay", "Jalen", "Len"),
    ],
)
def test_a_short_form_stands_for_its_own_name_alone(short: str, name: str, another: str) -> None:
    assert compare(f"{short} Dorvastone", f"{name} DORVASTONE", kind="person") >= THRESHOLD
    assert compare(f"{short} Dorvastone", f"{another} DORVASTONE", kind="person") < THRESHOLD


@pytest.mark.parametrize(("one", "other"), [("Ivan", "Sean"), ("Juan", "Ian"), ("Nathan", "John")])
def test_cognates_are_two_names(one: str, other: str) -> None:
    assert compare(f"{one} Dorvastone", f"{other} DORVASTONE", kind="person") < THRESHOLD


@pytest.mark.parametrize("written", ["Aboubacar", "Abubakar", "Abu Bakar", "Aboubakr", "Abou Bekr"])
def test_abu_bakr_is_one_name(written: str) -> None:
    assert compare(f"{written} Dorvazi", "Abu Bakr DORVAZI", kind="person") >= THRESHOLD
    assert compare(f"{written} Dorvazi", "Abu Bashir DORVAZI", kind="person") < THRESHOLD


@pytest.mark.parametrize("written", ["K V T Trading", "K-V-T Trading", "K.V.T. Trading", "KVT Trading"])
@pytest.mark.parametrize("kind", ["organization", None])
def test_a_company_of_letters_is_found_however_they_stand(written: str, kind: str | None) -> None:
    assert compare(written, "KVT Trading", kind=kind) >= THRESHOLD
    assert compare(written, "KWT Trading", kind=kind) < THRESHOLD
