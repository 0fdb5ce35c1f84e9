"""The payments that the demo invents: which go to the three companies, and what each looks like."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import orjson

from streams.demo.payments import COMPANIES, ONE_IN, DemoPayment, payments

FIRST: dict[str, Any] = {
    "id": "DEMO-000001",
    "amount": "19833.47",
    "currency": "EUR",
    "rail": "sepa",
    "parties": [
        {"role": "debtor", "name": "Granite Coffee BV", "country": "NL", "kind": "organization"},
        {"role": "creditor", "name": "Bruno Eriksen", "kind": "person"},
    ],
    "remittance": ["INV 2537 freight"],
}
SECOND = {
    "id": "DEMO-000002",
    "amount": "403.33",
    "currency": "GBP",
    "rail": "sepa",
    "parties": [
        {"role": "debtor", "name": "Delta Bearings SARL", "country": "FR", "kind": "organization"},
        {"role": "creditor", "name": "Greta Gruber", "kind": "person"},
    ],
    "remittance": ["INV 6200 spare parts"],
}


def invented(seed: int, number: int = 400) -> list[DemoPayment]:
    return list(islice(payments(seed), number))


def told(payment: DemoPayment) -> dict[str, Any]:
    """The event without its time, which is now."""
    event: dict[str, Any] = orjson.loads(payment.value)
    now = datetime.now(UTC)
    assert now - timedelta(minutes=5) < datetime.fromisoformat(event.pop("time")) <= now
    return event


def test_every_eighth_goes_to_one_of_the_three_in_turn_under_a_spelling_of_its_own() -> None:
    made = invented(1)
    named = [payment.company for payment in made]

    assert [place for place, company in enumerate(named, 1) if company] == list(range(ONE_IN, 401, ONE_IN))
    assert [company for company in named if company][:4] == [
        *("Defense Engineering", "Versor", "Verus", "Defense Engineering")
    ]
    for short, (_, country, spellings) in COMPANIES.items():
        ours = [told(payment)["parties"][1] for payment in made if payment.company == short]
        assert {party["name"] for party in ours} == set(spellings)
        assert {(party["country"], party["kind"], party["role"]) for party in ours} == {
            (country, "organization", "creditor")
        }


def test_a_seed_names_its_payments() -> None:
    first, second, third, fourth = map(told, invented(1, 4))

    assert [told(payment) for payment in invented(1, 4)] == [first, second, third, fourth]
    assert told(invented(2, 1)[0]) != first
    assert first == FIRST
    assert invented(1, 1)[0].creditor == FIRST["parties"][1]["name"]
    assert second == SECOND


def test_amounts_are_between_fifty_and_ninety_thousand_in_cents() -> None:
    amounts = [told(payment)["amount"] for payment in invented(3)]

    assert all(amount[-3] == "." and 50 <= float(amount) < 90_000 for amount in amounts)
    assert min(map(float, amounts)) < 1_000 and max(map(float, amounts)) > 85_000
    persons = [told(payment)["parties"][1]["kind"] for payment in invented(3)].count("person")
    assert 140 < persons < 210  # half of those that go to none of the three
