"""A long list's words are found by their keys as a short one's: only where they are kept is another."""

import random

import pytest

from screening.matching import spellings
from screening.matching.index import Index
from screening.matching.snapshot import from_lines, to_lines
from screening.matching.spellings import Word, WordKeys
from screening.names.tokens import make_token
from tests.screening.full_scan import entry, found, index_of, scan

LISTED = [entry(number, f"Versor {name}", f"{name} Zuvavov") for number, name in enumerate("ABCDEFGH" * 3)]
LISTED += [entry(100, "Mohammed AL-BINALI bin Ali", "محمد البن علي"), entry(101, "Qorban Zahed", "Hull 44")]
QUERIES = ("Versr", "Zuvavof", "Muhammed Binali", "Qorbanzahed", "Hull forty four", "Bakery", "Versor C")


def word(text: str) -> Word:
    token = make_token(text)
    assert token is not None
    return Word(token)


@pytest.mark.parametrize("most", [0, 7, 1 << 20])
def test_each_key_has_its_words_whatever_came_and_went(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(spellings, "MOST_KEYS", most)
    dice = random.Random(3)
    table, held = WordKeys(), dict[Word, list[str]]()
    for number in range(300):
        if held and dice.random() < 0.4:
            gone = dice.choice(list(held))
            table.drop(gone, held.pop(gone))
        else:
            made = word(f"w{number}")
            held[made] = dice.sample("abcdefghijkl", 3)
            table.put(made, held[made])

        wanted = dice.sample("abcdefghijklm", 2)

        assert set(table.under(wanted)) == {
            one for one, keys in held.items() if not set(wanted).isdisjoint(keys)
        }


def test_a_list_that_grows_long_finds_and_keeps_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    short = index_of(LISTED)
    monkeypatch.setattr(spellings, "MOST_KEYS", 40)
    grown = index_of(LISTED)
    again = Index()
    again.recall(from_lines([*to_lines(grown.snapshot())]))
    for designation in LISTED:
        again.put(designation)

    assert not grown.snapshot().tables.by_key
    assert again.settle() == 0
    for query in QUERIES:
        assert found(grown, query) == found(again, query) == found(short, query), query


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
