"""A pair that was alerted before is a repeat with a number; everything else is news."""

from dataclasses import replace

import pytest

from screening import Decision, Designation, Name, NameType, Screener, decode_payment
from screening.cases.repeats import Pairs, Repeat

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))


def decided(payment_id: str, name: str = "Versor s.r.o.") -> Decision:
    screener = Screener()
    screener.upsert(VERSOR)
    raw = f'{{"id": "{payment_id}", "parties": [{{"name": "{name}"}}]}}'
    (payment,) = decode_payment(raw.encode())
    return screener.screen(payment)


def note(pairs: Pairs, decision: Decision, at: float) -> str:
    (hit,) = decision.hits
    pairs.note(hit.alert_id, hit.fingerprint, hit.designation.id, at)
    return hit.alert_id


def test_the_first_alert_of_a_pair_is_news_and_the_next_are_counted() -> None:
    pairs = Pairs()
    assert pairs.repeats(decided("P-1")) == {}
    first = note(pairs, decided("P-1"), 1.0)

    second = decided("P-2", "VERSOR, S.R.O.")
    assert pairs.repeats(second) == {second.hits[0].alert_id: Repeat(first, 2)}
    note(pairs, second, 2.0)
    assert [*pairs.repeats(decided("P-3")).values()] == [Repeat(first, 3)]


def test_another_party_with_the_same_designation_is_news() -> None:
    pairs = Pairs()
    note(pairs, decided("P-1"), 1.0)

    assert pairs.repeats(decided("P-2", "Versorr s.r.o.")) == {}


def test_a_repeated_delivery_is_numbered_as_it_was() -> None:
    pairs = Pairs()
    first = note(pairs, decided("P-1"), 1.0)
    note(pairs, decided("P-2"), 2.0)
    note(pairs, decided("P-2"), 2.0)

    assert pairs.repeats(decided("P-1")) == {}
    assert [*pairs.repeats(decided("P-2")).values()] == [Repeat(first, 2)]
    assert [*pairs.repeats(decided("P-3")).values()] == [Repeat(first, 3)]


def test_the_earliest_alert_is_the_first_whatever_order_partitions_are_read_in() -> None:
    pairs = Pairs()
    note(pairs, decided("P-2"), 2.0)
    first = note(pairs, decided("P-1"), 1.0)

    assert [*pairs.repeats(decided("P-3")).values()] == [Repeat(first, 3)]


@pytest.mark.parametrize("most", [1, 2])
def test_what_is_remembered_is_bounded(most: int) -> None:
    pairs = Pairs(most)
    decision = decided("P-1")
    for number in range(5):
        hit = replace(decision.hits[0], fingerprint=f"{number:032x}", alert_id=f"{number:032x}")
        note(pairs, replace(decision, hits=(hit,)), float(number))

    assert len(pairs) == most


@pytest.mark.parametrize("moments", [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0)])
def test_two_workers_that_meet_a_pair_at_once_both_raise_it_and_then_agree_which_was_first(
    moments: tuple[float, float],
) -> None:
    one, other = Pairs(), Pairs()
    left, right = decided("P-1"), decided("P-2")
    assert one.repeats(left) == other.repeats(right) == {}  # neither has read the other's alert

    _, first = min(zip(moments, (each.hits[0].alert_id for each in (left, right)), strict=True))
    for at, decision in zip(moments, (left, right), strict=True):
        note(one, decision, at)
    for at, decision in zip(reversed(moments), (right, left), strict=True):
        note(other, decision, at)

    for memory in (one, other):
        assert [*memory.repeats(decided("P-3")).values()] == [Repeat(first, 3)]
