"""The bounds keep every name that the scorer would keep, however long and however odd the query."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from screening import Designation, parse_list
from screening.matching.gathering import BRANCHED_WORDS, _most_added
from screening.matching.words.lexicon import Expansion
from tests.screening.full_scan import entry, found, index_of, scan
from tests.shared_data import SHARED_DATA, needs_shared_data

WORDS = tuple(
    word
    for line in (
        "ali mohammed hassan abu bakr abubakr al j a.b. m",
        "petrov petroff ivan 44 trading llc van der vander",
    )
    for word in line.split()
)
LONG = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)

NAME = tuple(
    word
    for line in (
        "Osama Mohammed Awad Binladin Yemeni Sanaa",
        "Hadhrami Qatari Tamimi Shammari Dosari Harbi",
    )
    for word in line.split()
)


@given(listed=st.lists(LONG, min_size=1, max_size=6), query=LONG)
@settings(max_examples=300)
def test_the_index_finds_what_a_full_scan_finds_however_many_words_a_query_has(
    listed: list[str], query: str
) -> None:
    designations = [entry(number, text) for number, text in enumerate(listed)]

    assert found(index_of(designations), query) == scan(designations, query)


@pytest.mark.parametrize("words", range(BRANCHED_WORDS - 1, 13))
def test_a_name_of_many_words_is_found_by_all_of_them_and_with_one_left_out(words: int) -> None:
    listed = [entry(1, " ".join(NAME[:words]))]
    index = index_of(listed)

    for query in (NAME[:words], NAME[: words - 1], reversed(NAME[:words])):
        assert found(index, " ".join(query)) == {("test:1", listed[0].name)}


def odd(names: list[str], chance: random.Random) -> Iterator[str]:
    """Names said together, by their initials, twice, over and over, and run together."""
    for name in names:
        words = name.split()
        yield f"{name} {chance.choice(names)}"
        yield " ".join([f"{word[0]}." for word in words[:-1]] + words[-1:])
        yield " ".join(words * 3)
        yield f"{words[0]} f/k/a {name} f/k/a {words[0]} f/k/a {chance.choice(names)}"
        yield " ".join([words[0]] * 7 + words)
        yield name.replace(" ", "", 1)
        yield " ".join(chance.sample(words, len(words)))


@needs_shared_data
def test_odd_queries_of_the_ofac_list_find_what_a_full_scan_finds() -> None:
    entries: list[Designation] = sorted(
        parse_list("ofac", SHARED_DATA / "ofac"), key=lambda each: each.id[::-1]
    )
    chance = random.Random(11)
    designations = [each for each in entries if len(each.name.split()) > BRANCHED_WORDS][:40] + entries[:40]
    index = index_of(designations)
    names = [each.name for each in chance.sample(designations, 5)]

    for query in odd(names, chance):
        assert found(index, query) == scan(designations, query), query


def test_an_initial_is_bounded_by_every_word_it_stands_for_whatever_letter_that_begins_with() -> None:
    listed = [
        entry(1, "Yevgeniy Khrushchev Petrovich"),
        entry(2, "Hristo Petrov"),
        entry(3, "Georgiy Petrov"),
    ]
    index = index_of(listed)

    for query in ("Е. Петров", "Х. Петров", "Ж. Петров", "Е. Х. Петрович", "Х Г Петров"):
        assert found(index, query) == scan(listed, query), query


@pytest.mark.parametrize(
    ("weak", "weight", "left", "most"),
    [
        (0.95, 1.0, 1.0, 0.05),  # it is alike enough
        (0.8, 1.0, 1.0, -0.04),  # too little: at its lightest, it still costs less than left out
        (0.5, 1.0, 0.45, -0.1125),  # so little that it costs more
        (0.5, 1.0, 1.0, -0.16),
    ],
)
def test_a_word_adds_at_most_what_its_likest_adds_or_what_it_costs_left_out(
    weak: float, weight: float, left: float, most: float
) -> None:
    names = BitMap((1,))
    answer = Expansion(0, weight, left, False, {}, names, BitMap(), weak, BitMap())

    assert _most_added(answer, 0.9, 0.25) == pytest.approx(most)
    assert _most_added(replace(answer, strong=names), 0.9, 0.25) == pytest.approx(0.1 * weight)
