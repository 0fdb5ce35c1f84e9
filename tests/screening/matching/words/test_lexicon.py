"""The lexicon: cheap for words and numbers that are not on the list, exact for those that are."""

import pytest

from screening.matching.index import Index
from screening.matching.words.lexicon import Lexicon
from screening.names.forms import parse
from tests.screening.full_scan import entry, found, index_of, scan


@pytest.mark.parametrize(
    ("listed", "query"),
    [
        ("Abu Bakr Hassan", "Abubakr Hassan"),
        ("Van Der Berg Holding Partners Trading", "Vander Berg Holding Partners Trading"),
        ("Khudai Rahim", "Rahimkhudai"),
        ("Al Qaida In Iraq", "Alqaidainiraq"),
        ("محمد خداي رحيم", "محمد خدايرحيم"),
        ("Mohammed Khudai Rahim", "محمد خدايرحيم"),
        ("محمد خداي رحيم", "Mohammed Khudairahim"),
        ("Mohammad Bagher Qorvaz", "محمدباقر قروز"),
        ("Ali Reza Tarvaz", "علیرضا تروز"),
        ("Alireza Tarvaz", "علی رضا تروز"),
    ],
)
def test_words_written_together_find_the_name_that_writes_them_apart(listed: str, query: str) -> None:
    entries = [entry(1, listed), entry(2, "Somebody Else"), entry(3, "Hassan Abu Ali Bakr")]

    assert found(index_of(entries), query) == scan(entries, query)


def test_a_word_without_vowels_is_found_while_the_list_has_one_and_costs_nothing_while_it_has_none() -> None:
    entries = [entry(1, "Somebody Else"), entry(2, "محمود قاسم")]
    queries = ("Mahmoud Qasem", "Mahmud Qasim", "Somebody Else")
    index = index_of(entries[:1])
    assert [found(index, query) for query in queries] == [scan(entries[:1], query) for query in queries]
    asked = parse("Zelmorin Quastoby").tokens
    for token in asked:
        index.answers(token)
    assert all(token.frame is None for token in asked)

    index.put(entries[1])
    with_it = [found(index, query) for query in queries]
    index.remove(entries[1].id)

    assert with_it == [scan(entries, query) for query in queries]
    assert with_it[0]
    assert [found(index, query) for query in queries] == [scan(entries[:1], query) for query in queries]


def test_two_names_written_as_one_find_what_is_listed_and_delisted_since_they_were_looked_up() -> None:
    entries = [entry(1, "Somebody Else"), entry(2, "Ali Reza Tarvaz"), entry(3, "Alireza Tarvaz")]
    queries = ("علیرضا تروز", "علی رضا تروز")
    index = index_of(entries[:1])
    assert [found(index, query) for query in queries] == [scan(entries[:1], query) for query in queries]

    for each in entries[1:]:
        index.put(each)
    every = [found(index, query) for query in queries]
    assert every == [scan(entries, query) for query in queries]
    assert all(every)

    index.remove("test:2")
    index.remove("test:3")
    assert [found(index, query) for query in queries] == [scan(entries[:1], query) for query in queries]


def test_a_number_finds_the_same_after_other_numbers_were_listed_and_delisted() -> None:
    entries = [entry(1, "Fund 7"), entry(2, "Fund 44 Holding"), entry(3, "Unit 29155")]
    index = index_of(entries[:1])
    for query in ("Fund 8", "Fund 44", "29155 Unit"):
        assert found(index, query) == scan(entries[:1], query), query

    for each in entries[1:]:
        index.put(each)
    for query in ("Fund 8", "Fund 44", "29155 Unit", "Fund 7"):
        assert found(index, query) == scan(entries, query), query

    index.remove("test:2")
    for query in ("Fund 8", "Fund 44", "Fund 9", "29155 Unit"):
        assert found(index, query) == scan([entries[0], entries[2]], query), query


def test_a_new_lexicon_answers_nothing() -> None:
    assert len(Lexicon()) == 0


def test_a_word_is_forgotten_with_the_last_name_that_has_it() -> None:
    lexicon = Lexicon()
    names = {number: parse(text).tokens for number, text in ((1, "Zorav Tarvik 7"), (2, "Tarvik Qorvel"))}
    for number, tokens in names.items():
        lexicon.add(number, tokens)
    zorav, tarvik, seven = names[1]

    lexicon.discard(1, names[1])
    assert (lexicon.has("zorav"), lexicon.has("tarvik"), len(lexicon)) == (False, True, 2)
    assert [[*lexicon.expand(token).names] for token in (zorav, tarvik, seven)] == [[], [2], []]
    assert [*lexicon.having_exactly(tarvik)] == [2]


def test_words_that_only_an_initial_of_the_list_answers_share_one_table() -> None:
    lexicon = Lexicon()
    lexicon.add(1, parse("J. R. Zoravkin").tokens)
    words = [
        lexicon.expand(token).near for text in ("Jambul", "Jerfat", "Rumtek") for token in parse(text).tokens
    ]

    assert all(words)
    assert words[0] is words[1]
    assert words[0] is not words[2]


GROWING = (
    *(
        "J",
        "Jorvat",
        "105",
        "1050",
        "NCRI",
        "Ncria",
        "K V T",
        "KVT",
        "Trading",
        "Trade LLC",
        "Iran",
        "Iranian",
    ),
    *(
        "II",
        "Second",
        "Ltd 7",
        "VII",
        "Ivan",
        "Li Wei",
        "王",
        "Aleksandr",
        "Sasha",
        "Unit 41598",
        "EP-GOM",
        "A.",
    ),
    *("Abubakr", "Abu Bakr", "Khudairahim", "Khudai Rahim", "محمد خدايرحيم", "محمد خداي رحيم"),
)


@pytest.mark.parametrize("added", [GROWING, GROWING[::-1]], ids=["forwards", "backwards"])
def test_what_was_asked_before_a_name_was_listed_is_answered_with_it(added: tuple[str, ...]) -> None:
    entries = [entry(number, f"Zorav {name}") for number, name in enumerate(added)]
    index = index_of([])
    for each in entries:
        index.put(each)
        told = [how_many(index, name) for name in added]

    anew = index_of(entries)
    assert told == [how_many(anew, name) for name in added]


def how_many(index: Index, name: str) -> int:
    index.begin_payment()
    return len(index.search(f"Zorav {name}", None, 0.6))


def test_an_answer_is_kept_through_changes_that_do_not_concern_it() -> None:
    lexicon = Lexicon()
    (zorav,) = parse("Zorav").tokens
    lexicon.add(1, [zorav])
    before = lexicon.expand(zorav)

    lexicon.add(2, parse("Qorvel").tokens)
    assert lexicon.expand(zorav) is before
    lexicon.add(3, [zorav])
    assert [*lexicon.expand(zorav).names] == [1, 3]
