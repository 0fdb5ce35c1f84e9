"""A long list's words are found by their keys as a short one's: only where they are kept is another."""

import random
import time

import pytest

from screening.matching.index import Index
from screening.matching.snapshot import from_lines, to_lines
from screening.matching.words import spellings
from screening.matching.words.spellings import MANY_WORDS, Word, WordKeys, Words, drop, put
from screening.names.tokens import gaps_of_sound, gaps_sought, keys, make_token, seeks, seeks_whole
from tests.screening.full_scan import entry, found, index_of, scan

LISTED = [entry(number, f"Versor {name}", f"{name} Zuvavov") for number, name in enumerate("ABCDEFGH" * 3)]
LISTED += [entry(100, "Mohammed AL-BINALI bin Ali", "محمد البن علي"), entry(101, "Qorban Zahed", "Hull 44")]
QUERIES = ("Versr", "Zuvavof", "Muhammed Binali", "Qorbanzahed", "Hull forty four", "Bakery", "Versor C")


def word(text: str) -> Word:
    token = make_token(text)
    assert token is not None
    return Word(token)


@pytest.mark.parametrize("sieved", [False, True])
@pytest.mark.parametrize("most", [0, 60, 1 << 20])
def test_a_word_is_found_by_its_keys_whatever_came_and_went(
    monkeypatch: pytest.MonkeyPatch, most: int, sieved: bool
) -> None:
    monkeypatch.setattr(spellings, "MOST_KEYS", most)
    monkeypatch.setattr(spellings, "SIEVED", sieved)
    dice = random.Random(3)
    table, held = WordKeys(), set[Word]()
    for _ in range(200):
        if held and dice.random() < 0.4:
            gone = dice.choice(sorted(held, key=lambda one: one.token.text))
            held.remove(gone)
            table.drop(gone)
        else:
            made = word("".join(dice.choices("abclo", k=dice.randint(2, 9))))
            held.add(made)
            table.put(made)

        query = word("".join(dice.choices("abclo", k=dice.randint(2, 9)))).token
        gaps = gaps_sought(query) + gaps_of_sound(query)

        assert set(table.under(seeks_whole(query), gaps)) == {
            one for one in held if not keys(one.token).isdisjoint(set(seeks(query)) - {"." + query.text[0]})
        }


@pytest.mark.parametrize("count", [1, MANY_WORDS - 1, MANY_WORDS, MANY_WORDS + 1, 3 * MANY_WORDS])
def test_words_under_one_key_come_and_go_in_their_order(count: int) -> None:
    table: dict[str, Words] = {}
    words = [word("Versor") for _ in range(count)]
    for one in words:
        put(table, "key", one)
    assert list(table["key"]) == words

    random.Random(5).shuffle(gone := words[:])
    for place, one in enumerate(gone):
        drop(table, "key", one)
        assert list(table.get("key", ())) == [left for left in words if left in set(gone[place + 1 :])]
    assert not table


def test_many_words_under_one_key_take_time_by_their_number_alone() -> None:
    table: dict[str, Words] = {}
    words = [word("Versor") for _ in range(40_000)]
    began = time.process_time()

    for one in words:
        put(table, "key", one)
    for one in reversed(words):
        drop(table, "key", one)

    assert time.process_time() - began < 1


@pytest.mark.parametrize("sieved", [False, True])
def test_a_list_that_grows_long_finds_and_keeps_the_same(
    monkeypatch: pytest.MonkeyPatch, sieved: bool
) -> None:
    short = index_of(LISTED)
    expected = {query: found(short, query) for query in QUERIES}
    monkeypatch.setattr(spellings, "SIEVED", sieved)
    monkeypatch.setattr(spellings, "MOST_KEYS", 40)
    grown = index_of(LISTED)
    again = Index()
    again.recall(from_lines([*to_lines(grown.snapshot())]))
    for designation in LISTED:
        again.put(designation)

    assert not grown.snapshot().tables.by_key
    assert again.settle() == 0
    for query in QUERIES:
        assert found(grown, query) == found(again, query) == expected[query], query


def test_entries_of_a_long_list_go_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spellings, "MOST_KEYS", 40)
    index = index_of(LISTED)
    for designation in LISTED[::2]:
        index.remove(designation.id)
    for designation in LISTED[::4]:
        index.put(designation)

    left = [*LISTED[1::2], *LISTED[::4]]
    for query in QUERIES:
        assert found(index, query) == scan(left, query), query
