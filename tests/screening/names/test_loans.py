"""Foreign names in katakana, Hangul and Han find the Latin name that they spell."""

import pytest

from screening import Policy, compare
from screening.names.loans import agreement, frame, frames

THRESHOLD = Policy().threshold


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("ロベルト・マルティネス", "Roberto MARTINEZ"),
        ("アレクサンドル・ルカシェンコ", "Aleksandr LUKASHENKO"),
        ("로베르토 마르티네스", "Roberto MARTINEZ"),
        ("드미트리 메드베데프", "Dmitry MEDVEDEV"),
        ("羅伯特·馬丁內斯", "Roberto MARTINEZ"),
        ("德米特里·梅德韦杰夫", "Dmitry MEDVEDEV"),
    ],
)
def test_a_foreign_name_is_found_by_its_consonants_and_vowels(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person") >= THRESHOLD


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("ロベルト・マルティネス", "Ricardo MARTINEZ"),
        ("로베르토 마르티네스", "Roberto MENDOZA"),
        ("羅伯特·馬丁內斯", "Roberto MORALES"),
        ("신윤서", "JANUS"),
        ("이진호", "SNOW"),
        ("木村充", "SANTOS"),
    ],
)
def test_another_name_and_a_native_one_are_not(written: str, listed: str) -> None:
    assert compare(written, listed) < THRESHOLD


def test_what_the_scripts_cannot_tell_apart_falls_together() -> None:
    assert frame("raburofu") in frames("lavrov")
    assert frame("kata") in frames("carter")
    assert agreement("raburofu", "lavrov") > agreement("raburofu", "liverov") > 0
    assert agreement("raburofu", "martin") == 0
