"""Names that a payment system cut short: a whole field that is the beginning of a listed name."""

import json

import pytest

from screening import Kind, Screener, decode_payment
from screening.matching.begun import BEGUN, is_begun, key_of_begun, keys_of_beginnings
from screening.names.forms import parse
from tests.screening.full_scan import entry, found, index_of, scan

LISTED = "Quirino Baltazar ZUVAVO ORTIZ TARVAZIN"


@pytest.mark.parametrize("width", range(14, len(LISTED)))
def test_a_name_is_found_wherever_it_was_cut_within_a_word(width: int) -> None:
    listed = [entry(1, LISTED, kind=Kind.PERSON)]
    query = LISTED[:width]

    if len(query.split()[-1]) > 1:
        assert found(index_of(listed), query) == scan(listed, query) == {("test:1", LISTED)}


@pytest.mark.parametrize(
    "query",
    [
        "Quirino ZUV",  # ten letters
        "Quirino Baltazar Z",  # an initial
        "Quirino Baltazar 12",
        "Quirino Baltazar ZU Ltd",
        "International Trading ZUV",  # words of business, which tell nothing
        "Alexander Zu",
        "Quirino Baltazar Hassan",  # a name in its own right
    ],
)
def test_what_is_no_beginning_has_no_key(query: str) -> None:
    assert key_of_begun(parse(query)) == ""


def test_a_name_that_may_be_begun_has_the_key_of_each_that_goes_on() -> None:
    query, name = parse("Quirino Baltazar ZUV"), parse(LISTED)

    assert key_of_begun(query) in set(keys_of_beginnings(name))
    assert is_begun(query, name)
    assert not is_begun(query, parse("Quirino Baltazar ZUV ORTIZ"))
    assert not is_begun(query, parse("Quirino Baltazar ZULU"))
    assert not is_begun(query, parse("Baltazar Quirino ZUVAVO"))
    assert not is_begun(query, parse("Quirino Baltazar"))


def test_a_name_is_no_longer_begun_by_one_that_was_taken_off_the_list() -> None:
    index = index_of([entry(1, LISTED), entry(2, LISTED)])
    index.remove("test:1")

    assert found(index, LISTED[:20]) == {("test:2", LISTED)}


@pytest.mark.parametrize(
    ("name", "remittance", "scores"), [(LISTED[:20], "", [BEGUN]), ("Alice Green", "for " + LISTED[:18], [])]
)
def test_only_a_whole_field_was_cut(name: str, remittance: str, scores: list[float]) -> None:
    screener = Screener()
    screener.upsert(entry(1, LISTED, kind=Kind.PERSON))
    event = {"id": "P", "parties": [{"role": "creditor", "name": name}], "remittance": [remittance]}
    (payment,) = decode_payment(json.dumps(event).encode())

    assert [hit.score for hit in screener.screen(payment).hits] == scores
