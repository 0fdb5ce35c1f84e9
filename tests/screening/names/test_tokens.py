"""A word as the index asks for it: what it is found by, and what it looks for."""

import pytest

from screening.names.scripts import Script
from screening.names.tokens import (
    LONGEST_FUZZY,
    Class,
    Token,
    key_of_longer,
    keys,
    make_loan,
    make_token,
    seeks,
)


def token(word: str) -> Token:
    found = make_token(word)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "holds", "lacks"),
    [
        ("abc", {"abc", "~abc"}, {"^abc", "ab"}),
        ("abcd", {"abcd", "abc", "bcd", "^abc"}, {"^ab", "ab"}),
        ("abcdef", {"abcde", "<abcd", "<cdef", "^abc"}, {">abcd"}),
        ("abcdefg", {">abcd", ">cdef", "-abcde"}, {"<abcd", "abcdef"}),
        ("abcdefgh", {">abcd", "-abcde"}, {"<abcd"}),
        ("abcdefghi", {"-abcde"}, {">abcd", "<abcd"}),
        ("7", {"n"}, {"7", "i7"}),
        ("j", {"j", ".j"}, {"~j"}),
        ("محمد", {"&mHmD", "&mHm", "&HmD"}, {"|mHmD"}),
        ("иванов", {"ivanov", "|fnf"}, {"&fnf"}),
    ],
)
def test_a_list_word_is_found_by_spelling_sound_beginning_and_consonants(
    word: str, holds: set[str], lacks: set[str]
) -> None:
    found = keys(token(word))

    assert holds - found == set()
    assert lacks & found == set()


@pytest.mark.parametrize(
    ("word", "holds", "lacks"),
    [
        ("7", {"n"}, {"7"}),
        ("j", {"j"}, {".j"}),
        ("abcdef", {"abcdef", "abcde", ">abcd", ".a", "&bkDf"}, {"<abcd", "^abc"}),
        ("abcdefg", {"<abcd", "-abcde"}, {">abcd"}),
        ("abcdefgh", {"<abcd"}, {">abcd"}),
        ("abcdefghi", {"-abcde"}, {">abcd", "<abcd"}),
        ("محمد", {"|mHmD", "&mHmD", "|mHm", "&mHm", ".m"}, {"mHmD"}),
        ("иванов", {"ivanov", "&fnf"}, {"|fnf"}),
    ],
)
def test_a_query_word_looks_for_what_a_word_like_it_is_found_by(
    word: str, holds: set[str], lacks: set[str]
) -> None:
    found = {*seeks(token(word))}

    assert holds - found == set(), found
    assert lacks & found == set()


def test_the_beginning_of_a_longer_word_is_looked_for_by_three_letters_or_five() -> None:
    begun = [key_of_longer(text) for text in ("abc", "abcd", "abcde", "abcdef")]

    assert begun == ["^abc", "^abc", "^abcde", "^abcde"]
    assert {"^abc", "^abcde"} <= keys(token("abcdef"))
    assert "^abcde" not in keys(token("abcde"))


def test_a_word_is_a_number_an_initial_or_a_word() -> None:
    assert [token(word).cls for word in ("7", "j", "ab", "trading")] == [
        Class.NUMBER,
        Class.INITIAL,
        Class.WORD,
        Class.BUSINESS,
    ]
    assert make_token("--") is None


@pytest.mark.parametrize("letters", ["tak", "\u043c\u0430\u0440", "\u0645\u062d\u062f", "\u4e2d\u56fd\u660e"])
def test_a_word_of_any_length_has_no_more_keys_than_the_longest_that_may_have_a_slip(letters: str) -> None:
    longest = LONGEST_FUZZY // 3 * letters
    assert {*seeks(token(longest[:50] + longest[51:]))} & {*keys(token(longest))}

    for found in (seeks(token(8 * longest)), keys(token(8 * longest))):
        assert len(found) <= 2 * LONGEST_FUZZY


def test_only_a_word_is_a_loan() -> None:
    loan, number = make_loan("ラブロフ"), make_loan("44")

    assert loan and (loan.script, loan.entry) == (Script.LOAN, "ラブロフ ")
    assert number and (number.script, number.entry) == (Script.LATIN, "44")
    assert make_loan("") is make_token("") is None
