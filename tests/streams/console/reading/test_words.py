"""Claims about what a search finds in a record, whatever its format and whoever wrote it."""

import json

import pytest

from streams.console.reading.words import LONGEST_WORD, MOST_WORDS, SearchError, Words, _costly, searchable
from streams.kafka.raw.batches import Record


def record(value: bytes | None, key: bytes = b"P-1") -> Record:
    return Record(0, 0, 0.0, key, value, ())


def said(value: object) -> Record:
    return record(json.dumps(value, ensure_ascii=False).encode())


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("versor", "VERSOR S.R.O."),
        ("VERSOR s.r.o.", "Versor s.r.o."),
        ("müller", "MÜLLER GmbH"),
        ("ПУТИН", "Владимир Путин"),
        ("o'neill", "Conor O'Neill"),
        ("ers", "VERSOR"),
    ],
)
def test_a_word_is_found_inside_a_value_whatever_its_case(words: str, value: str) -> None:
    wanted, found = Words.of(words), said({"hits": [{"value": value}]})

    assert wanted.stand_in(found)
    assert wanted.may_stand_in(found.value or b"")


def test_every_word_must_stand_in_the_same_record() -> None:
    assert not Words.of("versor verus").stand_in(said({"value": "VERSOR"}))


def test_a_letter_that_json_writes_as_a_number_is_found() -> None:
    escaped = record(json.dumps({"name": "Müller"}).encode())

    assert b"\\u00fc" in (escaped.value or b"")
    assert Words.of("müller").stand_in(escaped)


def test_an_entity_of_xml_is_found() -> None:
    assert Words.of("smith&sons").stand_in(record(b"<Nm>Smith&amp;Sons</Nm>"))


def test_names_of_fields_are_no_findings() -> None:
    assert not Words.of("payment_id").stand_in(said({"payment_id": "P-7"}))


def test_the_key_is_searched_too_also_of_a_record_without_a_value() -> None:
    assert Words.of("p-1").stand_in(record(None))


def test_no_words_find_every_record() -> None:
    assert Words.of(" ").stand_in(record(None)) and Words.of("").may_stand_in(b"")


@pytest.mark.parametrize(
    "text", [" ".join(map(str, range(MOST_WORDS + 1))), "x" * (LONGEST_WORD + 1), "\ud800"]
)
def test_what_cannot_be_searched_is_said(text: str) -> None:
    with pytest.raises(SearchError, match=r"^q: "):
        Words.of(text)


def test_a_deeply_nested_value_is_looked_through() -> None:
    nested: object = "VERSOR"
    for _ in range(200):
        nested = [nested]

    assert Words.of("versor").stand_in(said(nested))


def test_what_is_spelled_in_one_way_and_is_long_is_looked_for_first() -> None:
    words = ["o'neil", "acme", "müller", "versor", "a-b"]

    assert sorted(words, key=_costly) == ["versor", "acme", "müller", "o'neil", "a-b"]


@pytest.mark.parametrize(("more", "found"), [(0, False), (1, True)])
def test_a_record_that_is_too_large_to_be_parsed_is_found_by_its_bytes(more: int, found: bool) -> None:
    """The word is the name of a field, which is no value."""
    start = b'{"versor": "'
    value = start + b"x" * (32_768 - len(start) - 2 + more) + b'"}'

    assert Words.of("versor").stand_in(record(value)) is found


@pytest.mark.parametrize(
    "text",
    [
        "x" * (3 * LONGEST_WORD + 1),
        " ".join(map(str, range(MOST_WORDS + 1))),
        "Versor s.r.o.",
        "y" * LONGEST_WORD,
    ],
)
def test_a_text_of_any_length_is_searched_by_words_that_stand_in_it(text: str) -> None:
    words = Words.of(searchable(text))

    assert words.words
    assert words.stand_in(record(None, text.encode()))
    assert not words.stand_in(record(None, b"another"))


def test_a_short_text_is_searched_whole() -> None:
    assert set(searchable("Versor s.r.o.").split()) == {"Versor", "s.r.o."}
    assert searchable("y" * LONGEST_WORD) == "y" * LONGEST_WORD
