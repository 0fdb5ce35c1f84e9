"""Payments at the gate: their deadline, their names, and how many bytes of them are held."""

from typing import Any

import pytest

from screening import Policy
from screening.policy.answers import AnswerPolicy
from streams.answers.payments import LONGEST_NAME, MOST_BYTES, Payments, _short
from streams.kafka.log import Place, Record
from streams.records.answers import Reference

NOW = 1_000.0
ONE = b'{"id": "P-1", "rail": "sepa", "uetr": "u", "parties": [{"name": "Acme"}]}'


def gate(policy: Policy | None = None, most: int = MOST_BYTES) -> Payments:
    client = {"bootstrap.servers": "127.0.0.1:1"}
    return Payments(client, "payments", policy or Policy(), AnswerPolicy(), most)


def record(value: bytes, time: float = NOW, offset: int = 0) -> Record:
    return Record(offset, time, b"k", value, {})


@pytest.mark.parametrize(
    ("sent", "counts_from"), [(NOW, NOW), (NOW - 9, NOW - 9), (NOW + 9, NOW), (-5.0, 0.0), (0.0, 0.0)]
)
def test_a_deadline_counts_from_the_timestamp_and_from_now_where_that_is_in_the_future(
    sent: float, counts_from: float
) -> None:
    found = gate().waiting(Place(0, 1), record(ONE, sent), NOW)

    assert found is not None
    assert found.due == counts_from + AnswerPolicy().deadline("sepa")
    assert (found.rail, found.references) == ("sepa", (Reference("P-1", "sepa", "u"),))
    assert found.record is not None and not found.answered


def test_what_cannot_be_read_waits_without_a_name_and_what_is_no_payment_does_not_wait() -> None:
    found = gate().waiting(Place(0, 1), record(b"{"), NOW)
    assert found is not None
    assert (found.rail, found.references) == (None, (Reference(),))
    assert found.due == NOW + AnswerPolicy().deadline(None)


def test_names_are_cut_at_their_bound_and_can_be_written() -> None:
    assert LONGEST_NAME == 1024
    assert [len(_short("n" * length)) for length in (1023, 1024, 1025)] == [1023, 1024, 1024]
    assert _short("n" * 1023 + "\u00e9") == "n" * 1023  # no half of a character
    assert _short("\ud800") == "?"
    (bare,) = gate().references(record(b'{"id": "P-1", "parties": [{"name": "A"}]}')) or ()
    assert bare == Reference("P-1", None, "")


@pytest.mark.parametrize(("most", "held"), [(300, [True] * 3), (299, [False, True, True]), (99, [False] * 3)])
def test_the_oldest_are_let_go_of_where_they_hold_too_many_bytes(most: int, held: list[bool]) -> None:
    one, raw = gate(most=most), ONE.ljust(100)
    waiting: list[Any] = [one.waiting(Place(0, at), record(raw, offset=at), NOW) for at in range(3)]

    assert [each.record is not None for each in waiting] == held
    assert [bool(each.references) for each in waiting] == held
    assert one._bytes == 100 * sum(held)


def test_bytes_of_payments_that_left_make_room() -> None:
    one, raw = gate(most=200), ONE.ljust(100)
    first: Any = one.waiting(Place(0, 0), record(raw), NOW)
    first.let_go()
    rest: list[Any] = [one.waiting(Place(0, at), record(raw, offset=at), NOW) for at in (1, 2)]

    assert [each.record is not None for each in rest] == [True, True]
    assert one._bytes == 200
    assert MOST_BYTES == 67_108_864
