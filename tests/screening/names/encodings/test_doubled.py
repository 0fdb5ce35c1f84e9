"""Words whose vowels or consonants are all written twice."""

import pytest

from screening import Designation, Kind, Name, Party, Role, Screener
from screening.names.encodings.doubled import undoubled_words
from screening.payments import Payment
from screening.payments.model import Field


@pytest.mark.parametrize("text", ["Aaron Lee Moon", "Hannah Mitchell", "ZUVAVA BOOKKEEPING", "Otto Anna"])
def test_words_with_some_letters_twice_stay(text: str) -> None:
    assert undoubled_words(text) == text


@pytest.mark.parametrize(
    "written", ["NIIKOOLAAII SHAAMAALOOV", "NNikkollai SShhammallovv", "NNiikkoollaaii SShhaammaalloovv"]
)
@pytest.mark.parametrize("around", ["{}", "{}, 12 PALM ST, DUBAI", "rent for {} flat 3"])
def test_a_name_is_found_with_its_letters_twice(written: str, around: str) -> None:
    screener = Screener()
    screener.upsert(Designation(id="eu:1", names=(Name("Nikolai SHAMALOV"),), kind=Kind.PERSON))
    field = Field(around.format(written), "/f")
    party = (
        Party(Role.REMITTANCE, texts=(field,)) if "rent" in around else Party(Role.CREDITOR, names=(field,))
    )
    assert screener.screen(Payment("P-1", (party,))).hits
