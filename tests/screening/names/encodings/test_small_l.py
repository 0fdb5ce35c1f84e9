"""Letters in the place of others: a capital I for a small l, and the keys of another alphabet."""

from collections.abc import Callable
from time import process_time

import pytest

from screening.matching.texts.line_readings import untitled_ways
from screening.names.encodings.keyboard import as_typed
from screening.names.encodings.small_l import with_small_l


@pytest.mark.parametrize("text", ["PETER III", "Sergey Ivanov", "IVAN", "Ivan|Anna", "Iraq Air"])
def test_other_capitals_and_strokes_stay(text: str) -> None:
    assert with_small_l(text) == text


@pytest.mark.parametrize(
    "text",
    ["Hans Schmidt GmbH", "Deutschland Rechtsschutz", "HDFC BANK LTD", "X Y Z Trading", "агентство ЗАО"],
)
def test_words_of_languages_are_typed_as_they_are_meant(text: str) -> None:
    assert as_typed(text) == text


@pytest.mark.parametrize("read", [with_small_l, as_typed, untitled_ways])
@pytest.mark.parametrize("piece", ["I|", "aI", "|", "bcdfg", "ь", "mrs", "mrsabc "])
def test_a_long_text_takes_linear_time(read: Callable[[str], object], piece: str) -> None:
    def seconds(times: int) -> float:
        before = process_time()
        read(piece * times)
        return process_time() - before

    seconds(100)
    assert seconds(8000) < 40 * max(seconds(1000), 0.001)
