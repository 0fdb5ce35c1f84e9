"""What waits on a shelf, and when the shelf is done."""

from datetime import UTC, datetime

import pytest

from screening import Policy
from screening.customers.book import Book
from screening.decisions import MATCHER, ListState
from streams.customers.shelf import NEVER, Shelf, Trigger
from streams.records.customers import Proof, proof_from_json, proof_to_json

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


def shelf() -> Shelf:
    book = Book(Policy())
    book.put("C-1", b'{"name": "Igor Petrov"}')
    return Shelf(0, book, loaded=True)


def proof(offset: int) -> Proof:
    return Proof(0, offset, 1, "0" * 64, ListState({}, {0: 7}), "p", MATCHER, NOW, NOW, worker="w")


@pytest.mark.parametrize("what", ["designation", "deletion", "customer", "loading"])
def test_a_shelf_is_not_idle_while_anything_waits(what: str) -> None:
    held = shelf()
    assert held.idle

    if what == "designation":
        held.changed.add("ofac:1")
    elif what == "deletion":
        held.gone["C-9"] = None
    elif what == "customer":
        held.wait(Trigger.LIST, (0,))
    else:
        held.loaded = False

    assert not held.idle


def test_the_most_urgent_customer_comes_first_and_once() -> None:
    held = shelf()
    held.begin_pass(NOW, checks=True)
    held.wait(Trigger.CUSTOMER, (0,))

    assert held.next() == (Trigger.CUSTOMER, 0)
    assert held.next() is None


def test_a_pass_ends_when_the_last_of_its_customers_is_ruled() -> None:
    held = shelf()
    held.begin_pass(NOW, checks=False)
    held.end_pass()
    assert (held.pass_began, held.wholly_at) == (NOW, NEVER)

    held.next()
    held.end_pass()

    assert (held.pass_began, held.wholly_at) == (None, NOW)


def test_records_behind_the_proof_are_new() -> None:
    held = shelf()
    assert held.is_new(0, 0)
    held.proof = proof(10)

    proved_ms = round(held.proof.screened_at.timestamp() * 1000)
    assert (held.is_new(9, proved_ms), held.is_new(10, 0)) == (False, True)
    assert held.is_new(9, proved_ms + 1)  # the topic was recreated


def test_a_proof_survives_its_topic() -> None:
    assert proof_from_json(proof_to_json(proof(3))) == proof(3)
    with pytest.raises(ValueError, match="no proof"):
        proof_from_json(b'{"partition": 1}')
