"""SWIFT messages of several payments: which field belongs to which, by type and where none is told."""

import pytest

from screening.payments.mt.batches import statement_currency, transactions


@pytest.mark.parametrize(
    ("kind", "tags", "of"),
    [
        ("", "20 32B 20", ""),
        ("", "20 32B 20 32B", "1 1 2 2"),
        ("", "20 32B 32B", ""),
        ("", "20 21 32B 21 32B", "0 1 1 2 2"),
        ("", "20 21 32B 20 21 32B", "1 1 1 2 2 2"),
        ("", "61 62F", "1 0"),
        ("", "60F 61", "0 1"),
        ("", "61", ""),
        ("", "60M 61 86 62M", "0 1 1 0"),
        ("", "61 60M", "1 1"),
        ("", "61 86 61 86 64", ""),
        ("101", "20 50H 21 32B 59 21 32B 71A", "0 0 1 1 1 2 2 2"),
        ("101", "21 59 21 32B", "0 0 1 1"),
        ("101", "21 59", "0 0"),
        ("102", "20 21 32B 59 21 32B 32A 71G", "0 1 1 1 2 2 0 0"),
        ("102", "20 32A 21 32B", "0 0 1 1"),
        ("103", "20 32A 59", ""),
        ("104", "21 32B 21 32B 32B 19", "1 1 2 2 0 0"),
        ("104", "32B 21 59", "0 0 0"),
        ("107", "21 32B 59 32B", "1 1 1 0"),
        ("110", "20 21 32A 59 21 32B", "0 1 1 1 2 2"),
        ("201", "20 32B 20 33B", "1 1 2 2"),
        ("203", "19 20 32B 58A 20 32B 72", "0 1 1 1 2 2 2"),
        ("204", "20 32B", "1 1"),
        ("210", "20 21 32B 50 21 33B", "0 1 1 1 2 2"),
        ("940", "20 60F 61 86 61 86 62F 64 86", "0 0 1 1 2 2 0 0 0"),
        ("940", "61 64", "1 0"),
        ("942", "61 86 90D 86 61 90C", "1 1 0 0 2 0"),
        ("950", "60F 61 62M 65", "0 1 0 0"),
    ],
)
def test_a_field_belongs_to_its_transaction_or_to_all(kind: str, tags: str, of: str) -> None:
    found = transactions(kind, [(tag, "") for tag in tags.split()])

    assert " ".join(map(str, found)) == of


@pytest.mark.parametrize(
    ("tag", "value", "currency"),
    [
        ("60F", "C261127EUR1,", "EUR"),
        ("60M", "D261127USD1,", "USD"),
        ("62F", "C261127CHF1,", "CHF"),
        ("62M", "C261127GBP1,", "GBP"),
        ("90D", "12EUR5,", "EUR"),
        ("90C", "12345USD5,", "USD"),
        ("90C", "123456USD5,", None),
        ("34F", "SEKD1000,", "SEK"),
        ("60F", "X261127EUR1,", None),
        ("60F", "C26112EUR1,", None),
        ("64", "C261127EUR1,", None),
    ],
)
def test_a_statement_has_the_currency_of_its_balances(tag: str, value: str, currency: str | None) -> None:
    assert statement_currency({tag: value}) == currency


def test_of_several_balances_the_first_says_the_currency() -> None:
    assert statement_currency({"34F": "SEK1,", "90D": "1USD5,", "60F": "C261127EUR1,"}) == "EUR"
