"""What a customer is read as and what is found of it by its owners, whole; and how large one may be.

`decoded.txt` holds it for a customer's JSON; `python -m tests.screening.customers.test_decoded_whole` writes
it anew, to be read before it is kept.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from screening import Designation, Kind, Name, NameType, Screener
from screening.customers.customer import Customer, decode_customer
from screening.customers.ruling import rule
from screening.limits import LimitError
from screening.payments.model import PaymentError, PaymentProblem
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("decoded.txt")
KEPT = kept(SAID)
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
LIST = (
    Designation("ofac:1", (Name("VERSOR S.R.O.", NameType.PRIMARY),), Kind.ORGANIZATION),
    Designation("ofac:2", (Name("Ashot MKRTYCHEV", NameType.PRIMARY),), Kind.PERSON),
    Designation("eu:3", (Name("Igor PETROVSKY", NameType.PRIMARY),), Kind.PERSON),
)


@cache
def screener() -> Screener:
    made = Screener()
    for entry in LIST:
        made.upsert(entry)
    return made


def decoded(said: str) -> list[str]:
    """Its parties with their places, its shares, and its hits; or why it is refused."""
    try:
        customer = decode_customer("C-1", said.encode())
    except PaymentError as error:
        return [f"  ! {error.problem}: {error.detail}"]
    return [*of_customer(customer), *of_hits(customer)]


def of_customer(customer: Customer) -> Iterator[str]:
    for place, party in zip(customer.places, customer.parties, strict=True):
        born = party.birth_date and f"{party.birth_date.earliest} {party.birth_date.latest}"
        yield f"  {place or '/'} {party.role} {party.kind or '-'} {born or '-'} {party.gender or '-'}"
        for what in ("names", "identifiers", "addresses", "countries", "texts"):
            yield from (f"    {what} {[*each]}" for each in getattr(party, what))
    yield from (f"  {share.owner} has {share.percent} of {share.owned or '/'}" for share in customer.shares)


def of_hits(customer: Customer) -> Iterator[str]:
    decision = rule(customer, screener(), None, NOW, "customer")
    yield f"  {decision.outcome} {decision.error}".rstrip()
    for hit in decision.hits:
        whose = customer.place_of(hit.path)
        yield f"    {hit.reason} {hit.designation.id} {hit.score} {hit.path} of {whose!r}"
        yield f"      {hit.value!r}: {hit.summary}"
        yield from (
            f"      {row.query} ~ {row.matched} {row.how} {row.similarity}" for row in hit.explanation
        )


def test_a_customer_is_read_and_ruled_as_it_always_was() -> None:
    assert changed(KEPT, decoded) == {}


def nested(levels: int) -> bytes:
    value = '{"name": "A"}'
    for _ in range(levels):
        value = f'{{"name": "A", "owners": [{value}]}}'
    return value.encode()


def refused(raw: bytes, key: str = "C-1") -> PaymentProblem | None:
    try:
        decode_customer(key, raw)
    except PaymentError as error:
        return error.problem
    return None


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (nested(8), None),
        (nested(9), PaymentProblem.TOO_DEEP),
        (json.dumps({"name": "A", "owners": [{"name": "B"}] * 199}).encode(), None),
        (json.dumps({"name": "A", "owners": [{"name": "B"}] * 200}).encode(), PaymentProblem.TOO_LARGE),
        (json.dumps({"name": "A", "directors": [{"name": "B"}] * 200}).encode(), PaymentProblem.TOO_LARGE),
        (b'{"name": "A"}'.ljust(262_144), None),
        (b'{"name": "A"}'.ljust(262_145), PaymentProblem.TOO_LARGE),
    ],
)
def test_a_customer_has_so_many_levels_parties_and_bytes(raw: bytes, problem: PaymentProblem | None) -> None:
    assert refused(raw) == problem


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("", PaymentProblem.MISSING_ID),
        (" \t", PaymentProblem.MISSING_ID),
        ("\ud7ff", None),
        ("\ud800", PaymentProblem.NOT_UTF8),
        ("\udfff", PaymentProblem.NOT_UTF8),
        ("\ue000", None),
        ("a\udc80", PaymentProblem.NOT_UTF8),
    ],
)
def test_a_customer_s_key_is_text(key: str, problem: PaymentProblem | None) -> None:
    assert refused(b'{"name": "A"}', key) == problem


def test_a_customer_with_more_values_than_are_screened_together_is_refused() -> None:
    with pytest.raises(LimitError):
        decode_customer("C-1", json.dumps({"name": "A", "addresses": ["Quay"] * 2_500}).encode())
    most = decode_customer("C-1", json.dumps({"name": "A", "addresses": ["Quay"] * 2_499}).encode())
    assert len(most.parties[0].addresses) == 2_499


if __name__ == "__main__":
    write(SAID, [(said, decoded(said)) for said in KEPT])
