"""A company's name in a text is told by the legal form that stands right beside it."""

import pytest

from screening import Designation, Name
from screening.matching.name_sets import Candidate
from screening.matching.texts.houses import legal_beside
from screening.matching.texts.stretches import Stretch
from screening.matching.texts.text_words import text_words
from screening.names.forms import parse


@pytest.mark.parametrize(
    ("text", "families"),
    [
        *(
            ("ooo Versor", {"limited"}),
            ("paid Versor llc today", {"limited"}),
            ("paid Versor co", {"company"}),
        ),
        *(("limited liability company Versor", {"limited"}), ("paid ooo Versor today", {"limited"})),
        *(("ooo / Versor", set()), ("Versor / ooo", set()), ("ooo paid Versor today ooo", set())),
        ("Versor llc today ooo", {"limited"}),
        ("paid Versor joint stock company today", {"stock"}),
        ("paid Versor joint venture today", set()),
    ],
)
def test_legal_forms_stand_right_beside(text: str, families: set[str]) -> None:
    words = text_words([text])
    (at,) = [at for at, word in enumerate(words) if word.native == "versor"]
    listed = Name("Versor")
    candidate = Candidate(Designation("acme:1", (listed,)), listed, parse("Versor"), 0.0, 0.0)

    assert legal_beside(Stretch(words, at, at, parse("Versor"), candidate, 0.0)) == families
