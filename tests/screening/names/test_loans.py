"""Foreign names in katakana, Hangul and Han find the Latin name that they spell."""

import pytest

from screening import Policy, compare
from screening.names.loans import agreement, frames, frames_heard

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
        ("米兰·佩特科维奇", "Milan PETKOVIC"),
        ("ミラン・ペトコヴィッチ", "Milan PETKOVIĆ"),
        ("加布里埃尔·塔瓦佐夫", "Gabriel TAVAZOV"),
        ("トム・タッケル", "Tom TACKEL"),
        ("유누조비치 밀란", "Milan JUNUZOVIC"),
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
    assert frames_heard("raburofu", "ラブロフ") <= frames("lavrov")
    assert frames_heard("kata", "カータ") <= frames("carter")
    assert agreement("raburofu", "ラブロフ", "lavrov") > agreement("raburofu", "ラブロフ", "liverov") > 0
    assert agreement("raburofu", "ラブロフ", "martin") == 0


def test_the_small_tsu_only_doubles_and_mandarin_has_one_letter_for_several_sounds() -> None:
    assert frames_heard("batku", "バック") == {"PK"}
    assert frames_heard("yiwannuoweiqi", "伊万诺维奇") & frames("ivanovic")
