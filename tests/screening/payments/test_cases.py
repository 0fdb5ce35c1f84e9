"""Messages as they really come, each standing for its kind: what is read from them, and what is hit where.

`cases/cases.csv`, a row a case: `files` are decoded as one record each; `payments` are `id,amount,currency,
rail` in order, `*` or nothing for anything; `hits` are `n:role@path~entry` that must be there, `!n:entry`
those that must not, `none` for none at all; `relation` compares the payments or their decisions.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import zip_longest
from pathlib import Path

import pytest

from screening import Designation, Kind, Name, NameType, Policy, Screener
from screening.decisions import Decision
from screening.designations import Identifier
from screening.payments import Payment, PaymentError, decode_payment
from streams.offline.policies import load_policy

CASES = Path(__file__).parent / "cases"
ROWS = list(csv.DictReader((CASES / "cases.csv").read_text(encoding="utf-8").splitlines()))
"""The case files of one folder and what is right for each."""


def entries(text: str) -> Iterator[Designation]:
    """`id=name~kind~scheme=value;…`"""
    for entry in text.split(";"):
        id_, _, told = entry.partition("=")
        name, kind, *codes = told.split("~")
        identifiers = tuple(Identifier(*code.split("=", 1)) for code in codes)
        yield Designation(
            f"case:{id_}",
            (Name(name, NameType.PRIMARY),),
            Kind(kind) if kind else None,
            identifiers=identifiers,
        )


def screener_of(row: dict[str, str]) -> Screener:
    screener = Screener(load_policy(None) if row["policy"] == "shipped" else Policy())
    for designation in entries(row["list"]):
        screener.upsert(designation)
    return screener


def decoded(row: dict[str, str]) -> list[Payment]:
    files = row["files"].split("|")
    return [payment for file in files for payment in decode_payment((CASES / file).read_bytes())]


def differences(row: dict[str, str], payments: list[Payment], decisions: list[Decision]) -> Iterator[str]:
    """Everything in which what was read and hit is not what is right."""
    if row["payments"] not in ("any", "read or refused"):
        expected = row["payments"].split(";")
        if len(expected) != len(payments):
            yield f"{len(payments)} payments, not {len(expected)}: {[payment.id for payment in payments]}"
        for payment, told in zip(payments, expected, strict=False):
            yield from _unlike(payment, told.split(","))
    found = [
        (number, hit.role.value, hit.path, hit.designation.id.removeprefix("case:"))
        for number, decision in enumerate(decisions, 1)
        for hit in decision.hits
    ]
    for told in filter(None, row["hits"].split(";")):
        if not _holds(told, found):
            yield f"{told}: hits are {found}"
    ids = [payment.id for payment in payments]
    relations = {
        "ids-differ": len(set(ids)) == len(ids),
        "ids-same": len(set(ids)) == 1,
        "format-same": len({payment.format for payment in payments}) == 1,
        "decisions-differ": len({decision.decision_id for decision in decisions}) == len(decisions),
        "decisions-same": len({decision.decision_id for decision in decisions}) == 1,
    }
    yield from (word for word in row["relation"].split() if not relations[word])


def _unlike(payment: Payment, told: list[str]) -> Iterator[str]:
    has = (payment.id, payment.amount, payment.currency, payment.rail)
    for what, value in zip_longest(told, has[: len(told)]):
        if what in ("*", ""):
            continue
        if what == "-":
            same = value is None
        elif value is not None and value == payment.amount:
            same = Decimal(value) == Decimal(what)
        else:
            same = value is not None and fnmatchcase(value, what)
        if not same:
            yield f"{payment.id}: {value} is not {what}"


def _holds(told: str, found: list[tuple[int, str, str, str]]) -> bool:
    if told == "none":
        return not found
    if told.startswith("!"):
        number, _, entry = told[1:].rpartition(":")
        return not any(hit[3] == entry and number in ("", str(hit[0])) for hit in found)
    place, _, entry = told.partition("~")
    number, _, where = place.partition(":")
    role, _, path = where.partition("@")
    return any(
        number in ("*", str(hit[0]))
        and role in ("*", hit[1])
        and fnmatchcase(hit[2], path)
        and hit[3] == entry
        for hit in found
    )


LATER: dict[str, str] = {}
"""Rows that are not right yet, with the reason."""


def cases() -> Iterator[object]:
    for row in ROWS:
        why = LATER.get(row["files"])
        marks = [pytest.mark.xfail(strict=True, reason=why)] if why else []
        yield pytest.param(row, id=row["files"], marks=marks)


@pytest.mark.parametrize("row", list(cases()))
def test_a_message_as_it_comes_gives_its_payments_and_hits(row: dict[str, str]) -> None:
    try:
        payments = decoded(row)
    except PaymentError:
        assert row["payments"] == "read or refused"
        return
    screener = screener_of(row)

    decisions = [screener.screen(payment) for payment in payments]

    assert list(differences(row, payments, decisions)) == []
