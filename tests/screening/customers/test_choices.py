"""Which texts a list name with an initial is looked for in, and which fields a text may fill."""

import pytest
from pyroaring import BitMap

from screening.customers.choices import MOST_WORDS_A_FIELD, Choices, Names, Place
from screening.customers.words import Answers
from screening.names.forms import parse

SURE, INITIAL, STUB, FILLING, FILLING_LONGER, OTHER = range(6)


def place(word: str, *, there: bool, stubs: tuple[int, ...] = ()) -> Place:
    """A word of a list name that every text has, or none."""
    (token,) = parse(word).tokens
    return Place.of(token, Answers(BitMap(range(6)) if there else BitMap(), 1.0), BitMap(stubs))


def names() -> Names:
    found = Names()
    found.add(INITIAL, 2.0, 1, b"")
    found.fills(FILLING, 4)
    found.fills(FILLING_LONGER, 5)
    return found


@pytest.mark.parametrize(
    ("there", "missing", "kept"),
    [
        ("qorvazi", "versor", {SURE, INITIAL, STUB, FILLING}),
        ("qorvazi tarvazov", "versor belvanin", {SURE, INITIAL, STUB, FILLING, FILLING_LONGER, OTHER}),
        ("qorvazi tarvazov", "versor belvanin zuvava", {SURE, INITIAL, STUB, FILLING, FILLING_LONGER}),
    ],
)
def test_a_name_with_another_initial_is_looked_for_where_its_words_alone_are_enough(
    there: str, missing: str, kept: set[int]
) -> None:
    answered = [
        place("j", there=True),
        *[place(word, there=True) for word in there.split()],
        *[place(word, there=False, stubs=(STUB,)) for word in missing.split()],
    ]
    choices = Choices(answered, 0.8, 0.8, names(), 0.5, BitMap((SURE,)))

    choices.follow()

    assert set(choices.inside) == kept


@pytest.mark.parametrize("words", [1, 3, MOST_WORDS_A_FIELD])
def test_a_field_is_filled_by_so_many_words_or_more(words: int) -> None:
    found = Names()
    found.fills(7, words)

    assert [number for number in range(1, 12) if 7 in found.filled_by(number)] == [*range(words, 12)]


def chosen(there: str, missing: str, share: float = 9.0) -> Choices:
    """`missing` are words that no name has; a name with nothing else is in one place."""
    held = Names()
    held.add(SURE, 0.0, 0, b"")
    answered = [place(word, there=True) for word in there.split()]
    choices = Choices(
        [*answered, *[place(word, there=False) for word in missing.split()]],
        *(0.8, 0.8, held, share, BitMap((SURE,))),
    )
    choices.follow()
    return choices


@pytest.mark.parametrize(
    ("missing", "found"), [("bantev", True), ("bantev zuvava", True), ("bantev zuvava qwxilm", False)]
)
def test_beside_two_rare_words_what_is_missing_counts_less(missing: str, found: bool) -> None:
    assert (SURE in chosen("qorvazi tarvazov", missing).like) is found


def test_of_a_long_name_the_lightest_word_is_taken_as_answered() -> None:
    rare = "qorvazi tarvazov zuvava bantev qwxilm mkrtych"
    found = chosen("maria " + " ".join(rare.split()[:3]), " ".join(rare.split()[3:]), share=4.0)

    assert not found.inside
