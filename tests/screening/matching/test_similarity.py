"""How alike two words are, and by what: one row for each way of being alike, and for what is none."""

import pytest

from screening.matching.similarity import (
    NOTHING,
    likeness,
    likeness_of_kin,
    near_in_letters,
    near_in_sound,
)
from screening.names.forms import parse
from screening.names.tokens import Token


def word(text: str) -> Token:
    (token,) = parse(text).tokens
    return token


ALIKE = [
    ("versor", "versor", 1.0, "exact"),
    ("versor", "versar", 0.812, "spelling"),
    ("versor", "versors", 0.833, "spelling"),
    ("versor", "ersor", 0.792, "spelling"),
    ("abcdefghi", "abxyefghi", 0.727, "spelling"),
    ("maria", "marta", 0.706, "spelling"),
    ("puten", "putin", 0.9, "phonetic"),
    ("mahluf", "makhlouf", 0.9, "phonetic"),
    ("kvat", "kwat", 0.9, "phonetic"),
    ("李", "lee", 0.95, "phonetic"),
    ("müller", "muller", 0.99, "accents"),
    ("Путин", "putin", 0.98, "transliteration"),
    ("deripaska", "dieripaska", 0.95, "romanisation"),
    ("bortnikov", "bortnikow", 0.95, "romanisation"),
    ("patrushev", "patrouchev", 0.95, "romanisation"),
    ("prigozhin", "prigoschin", 0.95, "romanisation"),
    ("prigozhin", "prigozsin", 0.95, "romanisation"),
    ("lukashenko", "loekasjenko", 0.95, "romanisation"),
    ("slutsky", "slucki", 0.95, "romanisation"),
    ("shoigu", "szojgu", 0.95, "romanisation"),
    ("vladislav", "wladislaw", 0.95, "romanisation"),
    ("chernov", "zernov", 0.86, "romanisation"),
    ("sergei", "serhii", 0.92, "equivalent word"),
    ("Путин", "poutine", 0.95, "romanisation"),
    ("محمد", "muhammad", 0.924, "transcription"),
    ("william", "bill", 0.83, "short form"),
    ("alexander", "sasha", 0.92, "equivalent word"),
    ("j", "john", 0.7, "initial"),
    ("7", "8", 0.5, "other number"),
]


@pytest.mark.parametrize(("one", "other", "score", "how"), ALIKE)
def test_two_words_are_alike_by_what_they_have_in_common(
    one: str, other: str, score: float, how: str
) -> None:
    for found in (likeness(word(one), word(other)), likeness(word(other), word(one))):
        assert (round(found.score, 3), found.how) == (score, how)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("versor", "qwx"), ("versor", "versra"), ("abc", "abd"), ("abcde", "abxye"), ("abcdef", "abxyef")),
        *(("abcdefghi", "abxyzfghi"), ("abcdefghij", "abwxyzghij"), ("kvt", "kwt"), ("j", "k"), ("李", "王")),
        *(("محمد", "mahmud"), ("حسين", "hasan"), ("7", "john")),
    ],
)
def test_two_words_that_have_too_little_in_common_are_two(one: str, other: str) -> None:
    assert likeness(word(one), word(other)) is NOTHING is likeness(word(other), word(one))


@pytest.mark.parametrize(
    ("arabic", "cyrillic", "score", "how"),
    [
        ("منصور", "мансур", 0.93, "consonants"),
        ("منصور", "мансул", 0.72, "consonants but one"),
        ("منصور", "малсул", 0.0, ""),
        ("نصر", "насл", 0.0, ""),
        ("زجعب", "згпб", 0.83, "consonants"),  # one more vowel between them
        ("حسين", "хусейн", 0.93, "consonants"),
        ("حسين", "хасан", 0.0, ""),  # a written y against an a
        ("سليم", "слм", 0.83, "consonants"),  # and against nothing
    ],
)
def test_two_scripts_of_which_neither_is_latin_are_alike_by_their_consonants(
    arabic: str, cyrillic: str, score: float, how: str
) -> None:
    one, other = word(arabic), word(cyrillic)

    for found in (likeness_of_kin(one, other), likeness_of_kin(other, one)):
        assert (round(found.score, 3), found.how) == (score, how)


def test_words_are_compared_that_are_near_in_letters_or_in_sound() -> None:
    texts = ["versor", "versar", "verzur", "fersur", "virsax", "virsur", "tarvik"]
    sounds = [word(text).skeleton for text in texts]

    assert near_in_letters("versor", texts) == {0, 1, 2, 3, 5}
    assert near_in_sound(word("versor").skeleton, sounds) == {0, 1, 2, 3, 5}
    assert near_in_sound(word("versor").skeleton, ["virsu", "virs", "virsur", "virsuka"]) == {0, 2}
    for said, two, three in (
        ("abcde", "abxye", "xbxye"),
        ("abcdef", "abxyef", "xbxyef"),
        ("abcdefghi", "abxyefghi", "xbxyefghi"),
        ("abcdefghij", "abxyefghij", "xbxyefghij"),
    ):
        slips = 1 + (len(said) > 5) + (len(said) > 9)
        assert near_in_letters(said, [two, three]) == {*range(slips - 1)}


@pytest.mark.parametrize(
    ("scanned", "listed", "how"),
    [
        *(("rarnzan", "ramzan", "look-alike letters"), ("vvt", "wt", "look-alike letters")),
        *(("clorokhin", "dorokhin", "look-alike letters"), ("mohammecl", "mohammed", "look-alike letters")),
        *(("clara", "dara", ""), ("ramzan", "rarnzan", "spelling")),
    ],
)
def test_a_word_is_that_which_a_scanner_read_two_letters_of_as_one(
    scanned: str, listed: str, how: str
) -> None:
    assert likeness(word(scanned), word(listed)).how == how
