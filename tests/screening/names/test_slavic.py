"""East Slavic names: three languages, six systems of romanisation, one name."""

import pytest

from screening import Policy, compare
from screening.names.slavic import folds, slavic_classes

THRESHOLD = Policy().threshold


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("ANDREJ DORWASOW", "Andrey DORVAZOV"),
        ("Viatcheslav Dorvazov", "Vyacheslav DORVAZOV"),
        ("Oleksandr Dorvazenko", "Aleksandr DORVAZENKO"),
        ("Tsimafei Dorvazenka", "Timofey DORVAZENKO"),
        ("Kateryna Dorvazenko", "Yekaterina DORVAZENKO"),
        ("Hryhorii Pavlovych Dorvazenko", "Grigory Pavlovich DORVAZENKO"),
        ("Wladislaw Dmitrijewitsch Dorvazov", "Vladislav Dmitrievich DORVAZOV"),
        ("Evgueni Dorvajine", "Yevgeny DORVAZHIN"),
    ],
)
def test_one_name_is_found_in_every_language_and_system(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person") >= THRESHOLD


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Mykola Dorvazenko", "Mykyta DORVAZENKO"),
        ("Oleh Dorvazenko", "Olena DORVAZENKO"),
        ("Serhii Pavlovych Dorvazenko", "Serhii Petrovych DORVAZENKO"),
        ("Volodymyr Dorvazenko", "Vsevolod DORVAZENKO"),
    ],
)
def test_another_name_is_another_person(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person") < THRESHOLD


def test_systems_of_romanisation_fall_together() -> None:
    assert set(folds("nikolajewitsch")) & set(folds("nikolayevich"))
    assert set(folds("prigojine")) & set(folds("prigozhin"))
    assert not set(folds("ivanov")) & set(folds("ivanenko"))


def test_a_father_is_no_namesake_of_his_son() -> None:
    assert slavic_classes("serhii") and slavic_classes("serhiiovych")
    assert slavic_classes("serhii").isdisjoint(slavic_classes("serhiiovych"))
    assert slavic_classes("smith") == frozenset()
