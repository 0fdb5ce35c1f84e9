"""East Slavic names: three languages, six systems of romanisation, one name."""

import pytest

from screening import Policy, compare
from screening.names import slavic
from screening.names.scripts import romanise
from screening.names.slavic import folds, slavic_classes
from screening.names.vocabulary import lines

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


@pytest.mark.parametrize("table", ["known_names.txt", "given_names.txt", "english_words.txt", "places.txt"])
def test_a_word_that_is_not_looked_for_has_no_name_among_its_folds(table: str) -> None:
    """The short way to say no is never wrong."""
    words = {romanise(word) for line in lines(table) for word in line.split()}
    short = [word for word in words if not slavic.may_fold_into(word, slavic._frames())]
    assert len(short) > len(words) / 20
    assert [word for word in short if any(folded in slavic._names() for folded in slavic._folds(word))] == []
    for word in short:
        frames = {slavic._frame(word), slavic._frame(word.replace("j", "y"))}
        assert {*map(slavic._frame, slavic._folds(word))} <= frames
