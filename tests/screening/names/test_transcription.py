"""Words of other alphabets against Latin ones: what they are written as costs less than anything else."""

import pytest

from screening.names.transcription import (
    TOO_DEAR,
    cost,
    frames_in,
    frames_of,
    is_another_name,
    is_transcribed,
)


@pytest.mark.parametrize(
    ("native", "latin", "other"),
    [
        ("ويتفيلد", "whitfield", "winfield"),
        ("سعيدي", "saeedi", "saeed"),
        ("حسين", "husayn", "hasan"),
        ("לברוב", "lavrov", "larov"),
        ("חיים", "chaim", "hamid"),
        ("פירסטנברג", "firstenberg", "rosenberg"),
        ("уодсворт", "wadsworth", "woodward"),
        ("гильен", "guillen", "gillian"),
        ("кершоу", "kershaw", "kirsch"),
    ],
)
def test_a_word_costs_less_than_its_neighbour_and_can_be_looked_up(
    native: str, latin: str, other: str
) -> None:
    assert cost(native, latin) < 0.8
    assert cost(native, latin) + 0.1 < cost(native, other)
    assert not frames_of(native).isdisjoint(frames_in(latin))


@pytest.mark.parametrize(
    ("native", "own", "other"),
    [
        ("محمد", "mohammed", "mahmoud"),
        ("حسن", "hassan", "hussein"),
        ("سعيد", "saeed", "saud"),
        ("عمر", "omar", "amir"),
        ("رشيد", "rachid", "rashad"),
        ("מחמוד", "mahmud", "muhammad"),
    ],
)
def test_a_known_name_is_no_other_known_name_whatever_its_consonants(
    native: str, own: str, other: str
) -> None:
    assert not is_another_name(native, own)
    assert is_another_name(native, other)
    assert cost(native, own) < cost(native, other) == TOO_DEAR


def test_a_name_that_no_table_knows_is_told_by_its_letters_alone() -> None:
    assert not is_another_name("محمد", "mehmudi")
    assert not is_transcribed("გიორგი")
