"""Which words of a name are its legal form, and which are the name."""

import pytest

from screening.names.legal_forms import split_forms
from screening.names.words import words_of


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Общество с ограниченной ответственностью «М-Финанс»", ["м", "финанс"]),
        ("OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU 'M-FINANS'", ["m", "finans"]),
        ("Versor limi ted", ["versor"]),
        ("Versor comp any", ["versor"]),
    ],
)
def test_what_is_put_together_again_was_parted_and_takes_no_letter_of_the_name(
    written: str, name: list[str]
) -> None:
    assert split_forms(words_of(written))[0] == name
