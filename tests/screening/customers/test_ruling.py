"""A customer hits as the same party would in a payment, and by those who own it."""

from datetime import UTC, datetime

import pytest

from screening import Designation, Name, NameType, Reason, Screener, decode_payment
from screening.customers.book import Book
from screening.customers.customer import decode_customer
from screening.customers.ruling import rule
from screening.decisions import Decision
from screening.ledger import ListDigest
from screening.payments.model import PaymentError
from screening.policy.rules import Policy

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
VERSOR = Designation("ofac:1", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
PETROV = Designation("eu:2", (Name("Igor Petrovsky", NameType.PRIMARY),))


def ruled(value: str, *listed: Designation) -> Decision:
    screener = Screener()
    for entry in listed or (VERSOR, PETROV):
        screener.upsert(entry)
    return rule(decode_customer("C-1", value.encode()), screener, None, NOW, "customer")


def reasons(decision: Decision) -> list[tuple[str, str]]:
    return sorted((hit.reason, hit.designation.id) for hit in decision.hits)


def test_a_customer_hits_as_the_same_party_of_a_payment_does() -> None:
    party = '"name": "Versor", "kind": "organization", "country": "SK", "address": "1 Quay, Bratislava"'
    screener = Screener()
    screener.upsert(VERSOR)
    (payment,) = decode_payment(f'{{"id": "P-1", "parties": [{{{party}}}]}}'.encode())

    (hit,), (same,) = ruled(f"{{{party}}}").hits, screener.screen(payment).hits

    for field in (
        "designation",
        "name",
        "value",
        "score",
        "threshold",
        "action",
        "explanation",
        "fingerprint",
    ):
        assert getattr(hit, field) == getattr(same, field)


def test_an_alert_keeps_its_id_when_something_else_of_the_customer_changes() -> None:
    (before,) = ruled('{"name": "Versor s.r.o.", "address": "1 Quay"}').hits
    (after,) = ruled('{"name": "Versor s.r.o.", "address": "2 Quay", "directors": [{"name": "Ann"}]}').hits

    assert before.alert_id == after.alert_id


@pytest.mark.parametrize(
    ("owners", "owned"),
    [
        ('{"name": "Versor s.r.o.", "percent": 50}', True),
        ('{"name": "Versor s.r.o.", "percent": 49.9}', False),
        ('{"name": "Versor s.r.o."}', False),
        ('{"name": "Versor s.r.o.", "percent": 30}, {"name": "Versor", "percent": 20}', True),
        ('{"name": "Versor s.r.o.", "percent": 30}, {"name": "Igor Petrovsky", "percent": 30}', False),
        ('{"name": "Blue Holding", "percent": 60, "owners": [{"name": "Versor", "percent": 50}]}', True),
        ('{"name": "Blue Holding", "percent": 60, "owners": [{"name": "Versor", "percent": 40}]}', False),
        ('{"name": "Blue Holding", "percent": 40, "owners": [{"name": "Versor", "percent": 90}]}', False),
    ],
)
def test_blocked_owners_count_list_by_list_and_through_companies(owners: str, owned: bool) -> None:
    decision = ruled(f'{{"name": "Granite Bearings", "owners": [{owners}]}}')

    assert ((Reason.OWNERSHIP, "ofac:1") in reasons(decision)) is owned
    assert any(reason == Reason.NAME for reason, _ in reasons(decision))


def test_a_verdict_on_an_owned_customer_holds_for_its_owners_alone() -> None:
    owned = '{"name": "Granite", "owners": [{"name": "%s", "percent": %d}, {"name": "Ann", "percent": 9}]}'
    said = {
        hit.fingerprint
        for name, percent in (("Versor", 60), ("Versor", 60), ("Versor", 70), ("Igor Petrovsky", 60))
        for hit in ruled(owned % (name, percent)).hits
        if hit.reason is Reason.OWNERSHIP
    }

    assert len(said) == 3


def test_a_director_is_a_hit_and_owns_nothing() -> None:
    decision = ruled('{"name": "Granite Bearings", "directors": [{"name": "Igor Petrovsky"}]}')

    assert reasons(decision) == [(Reason.NAME, "eu:2")]


def test_a_book_is_proved_by_count_and_hash_as_a_list_is() -> None:
    book, counted = Book(Policy()), ListDigest()
    values = {"C-1": b'{"name": "Ann"}', "C-2": b'{"name": "Ben"}', "C-3": b"no JSON"}
    for key, value in values.items():
        counted.add(key.encode(), value)
        if key == "C-3":
            with pytest.raises(PaymentError):
                book.put(key, value)
        else:
            book.put(key, b'{"name": "Someone before"}')
            book.put(key, value)
    assert (len(book), book.sha256, [*book.unreadable]) == (3, counted.sha256, ["C-3"])

    for key, value in values.items():
        counted.remove(key.encode(), value)
        book.remove(key)

    assert (len(book), book.sha256, [*book.unreadable]) == (0, counted.sha256, [])


@pytest.mark.parametrize(
    "value",
    [
        "[]",
        "{}",
        '{"name": "A", "id": "C-2"}',
        '{"name": "A", "owners": {"name": "B"}}',
        '{"name": "A", "owners": ["B"]}',
        '{"name": "A", "owners": [{"name": "B", "percent": 101}]}',
        '{"name": "A", "owners": [{"name": "B", "percent": "60"}]}',
        '{"name": "A", "name": "B"}',
        '{"name": "A", "owners": [' + ", ".join(['{"name": "B"}'] * 300) + "]}",
        '{"name": "A", "owners": ' + '[{"name": "B", "owners": ' * 12 + "[]" + "}]" * 12 + "}",
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(value: str) -> None:
    with pytest.raises(PaymentError, match=r"/|twice|name"):
        decode_customer("C-1", value.encode())


def test_an_id_that_is_no_text_is_refused() -> None:
    with pytest.raises(PaymentError, match="UTF-8"):
        decode_customer(b"\xff".decode(errors="surrogateescape"), b'{"name": "A"}')
