"""Words of other alphabets against Latin ones: what they are written as costs less than anything else."""

import pytest

from screening.names.transcription import (
    TOO_DEAR,
    cost,
    frames_in,
    frames_of,
    is_another_name,
    is_transcribed,
    read_as,
)
from screening.names.transcription.costs import BRIEF, _cheapest, _Latin
from screening.names.transcription.letters import ONE, letters_of


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
    assert not is_transcribed("ጊዮርጊስ")


def test_what_is_longer_than_any_name_is_not_spelt_out() -> None:
    assert is_transcribed("иван" * 25)
    assert not is_transcribed("иван" * 25 + "ы")


NATIVE = (  # noqa: SIM905
    "محمد خالد حامد ويتفيلد يوسف חיים לברוב שמו уодсворт юлия щербаков жан муци чази γεωργιου μπακης χαδα"
).split()
LATIN = (  # noqa: SIM905
    "mohammed khalid halid whitfield witfild yusuf yosefi chaim haimi lavrov lavro wadsworth julia yulija "
    "shcherbakov scherbackoff jean jane zan georgiou yeorgiu bakis mpakes hadid ahh aia a ee ll idd sch "
    "mucic casic hadad haddad mohamud mhammad hchem"
).split()


def test_what_a_word_costs_at_the_least_hides_none_that_costs_less() -> None:
    compared = 0
    for native in NATIVE:
        letters = letters_of(native)
        size = len(letters) + BRIEF
        every = [letter.spellings for letter in letters]
        for latin in LATIN:
            whole = _cheapest(every, _Latin(latin), sum([each[0].cost for each in every]), 0, ONE * size)
            if not is_another_name(native, latin):
                compared += whole < ONE * size
                assert min(cost(native, latin), TOO_DEAR) == min(whole / (ONE * size), TOO_DEAR)
        assert read_as(native, [*LATIN, ""]) == {
            place for place, latin in enumerate(LATIN) if cost(native, latin) < TOO_DEAR
        }
    assert compared > 20
