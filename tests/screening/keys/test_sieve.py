"""What passes the sieve: every key that a word of the list has, and few others; in the numbers of Python,
which are those that compiled code computes with."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.keys import sieve
from screening.keys.sieve import Sieve, key_of, keys_of, spread

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
WORDS = st.text("abcz0", min_size=3, max_size=12)


@given(WORDS, st.sampled_from([0, 1, 2]), st.sampled_from(["", "~", "-"]))
def test_a_key_has_one_number_whichever_letters_are_gone(text: str, gone: int, tag: str) -> None:
    gaps = (tag, text, gone)
    numbers = spread(gaps)
    written = [key_of(gaps, place) for place in range(len(numbers))]

    assert sorted(written) == sorted(keys_of(gaps))
    assert numbers == [spread((tag, key.removeprefix(tag), 0))[0] for key in written]


def test_what_was_noted_passes_and_little_else_does() -> None:
    dice = random.Random(5)
    words = ["".join(dice.choices(LETTERS, k=7)) for _ in range(400)]
    held = Sieve(17)
    for word in words[:200]:
        held.note(("-", word, 2))

    assert all(sorted(held.passed(("-", word, 2))) == sorted(keys_of(("-", word, 2))) for word in words[:200])
    assert sum(len(held.passed(("-", word, 2))) for word in words[200:]) < 200 * 21 / 20
    assert sum(len(held.passed((">", word, 2))) for word in words) < 400 * 21 / 20


def test_it_is_full_before_much_passes_that_was_not_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Sieve(8)
    for number in range(60):
        assert not held.is_full or number > 15
        held.note(("", f"w{number}", 0))
    assert held.is_full

    monkeypatch.setattr(sieve, "LARGEST", 8)

    assert not held.is_full
