"""A lookback says exactly what a full re-screen would say of the change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import (
    Decision,
    Designation,
    Name,
    NameType,
    Outcome,
    Payment,
    Policy,
    Reason,
    Screener,
    decode_payment,
)
from screening.designations import Identifier, Link
from screening.lookback import Lookback, may_hit_more, stoppable
from tests.screening.random_payments import Chance

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY), Name("Versor Slovakia")))


def screener_of(listed: Iterable[Designation]) -> Screener:
    screener = Screener()
    for designation in listed:
        screener.upsert(designation)
    return screener


def hits(decision: Decision | None) -> dict[str, tuple[object, ...]]:
    """Everything a hit says, by its alert id."""
    return {
        hit.alert_id: (hit.designation, hit.name, hit.score, hit.threshold, hit.action, hit.explanation)
        for hit in (decision.hits if decision else ())
    }


def assert_equal_to_a_full_rescreen(
    payments: Iterable[Payment], before: Screener, after: Screener, changed: set[str]
) -> int:
    """New hits of the full re-screen are those of the lookback; returns how many there were."""
    lookback, news = Lookback(after, changed), 0
    for payment in payments:
        original, full = hits(before.screen(payment)), hits(after.screen(payment))
        found = hits(lookback.decide(payment, None, None, NOW))
        new = {alert_id: hit for alert_id, hit in full.items() if alert_id not in original}
        assert {alert_id: hit for alert_id, hit in found.items() if alert_id not in original} == new
        assert found.items() <= full.items()
        news += len(new)
    return news


def test_100_changes_over_10000_payments_give_what_a_full_rescreen_gives() -> None:
    chance = Chance(8)
    listed = {entry.id: entry for entry in map(chance.designation, range(300))}
    before = screener_of(listed.values())
    changed = {chance.change(listed, 1000 + number) for number in range(100)}
    after = screener_of(listed.values())

    payments = map(chance.payment, range(10_000))

    assert assert_equal_to_a_full_rescreen(payments, before, after, changed) > 300


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 5))
def test_any_change_gives_what_a_full_rescreen_gives(seed: int, changes: int) -> None:
    chance = Chance(seed)
    listed = {entry.id: entry for entry in map(chance.designation, range(40))}
    before = screener_of(listed.values())
    changed = {chance.change(listed, 1000 + number) for number in range(changes)}

    assert_equal_to_a_full_rescreen(
        map(chance.payment, range(40)), before, screener_of(listed.values()), changed
    )


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_a_change_that_may_not_hit_more_never_does(seed: int) -> None:
    chance = Chance(seed)
    listed = {entry.id: entry for entry in map(chance.designation, range(20))}
    old = dict(listed)
    changed = chance.change(listed, 1000)
    if changed not in listed or may_hit_more(old.get(changed), listed[changed]):
        return
    before, after = screener_of(old.values()), screener_of(listed.values())

    for payment in map(chance.payment, range(40)):
        told = {(hit.role, hit.designation.id) for hit in before.screen(payment).hits}
        assert {(hit.role, hit.designation.id) for hit in after.screen(payment).hits} <= told


def test_a_company_is_found_when_the_person_who_owns_it_is_designated() -> None:
    policy = Policy(party_books=frozenset({"book"}))
    owner = Designation("ofac:1", (Name("Ashot Mkrtychev", NameType.PRIMARY),))
    holding = Designation(
        "book:1", (Name("Blue Harbour Holding"),), links=(Link(owner.name, "owned_by", owner.id, 60.0),)
    )
    company = Designation(
        "book:2", (Name("Granite Bearings"),), links=(Link(holding.name, "owned_by", holding.id, 50.0),)
    )
    screener = Screener(policy)
    for entry in (holding, company):
        screener.upsert(entry)
    (payment,) = decode_payment(b'{"id": "P-1", "parties": [{"name": "Granite Bearings"}]}')
    assert screener.screen(payment).outcome is Outcome.CLEAR
    screener.upsert(owner)

    decision = Lookback(screener, {owner.id}).decide(payment, None, None, NOW)

    assert decision is not None
    assert [(hit.designation.id, hit.reason) for hit in decision.hits] == [("book:2", Reason.OWNERSHIP)]


def test_a_lookback_s_decision_names_its_trigger_and_the_list_it_was_taken_with() -> None:
    chance = Chance(1)
    screener = screener_of(map(chance.designation, range(50)))
    payments = list(map(chance.payment, range(50)))
    lookback = Lookback(screener, {f"ofac:{number}" for number in range(50)})

    found = [decision for payment in payments if (decision := lookback.decide(payment, None, None, NOW))]

    assert found
    assert {decision.trigger for decision in found} == {"lookback"}
    assert {decision.outcome for decision in found} == {Outcome.HIT}
    assert all(decision.lists is screener.lists for decision in found)


def test_a_designation_that_was_taken_out_meanwhile_finds_nothing() -> None:
    chance = Chance(1)
    lookback = Lookback(screener_of([VERSOR]), {"ofac:1"})

    assert not any(lookback.decide(payment, None, None, NOW) for payment in map(chance.payment, range(200)))


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ({"names": (*VERSOR.names, Name("Versor Trade"))}, True),
        ({"names": VERSOR.names[:1]}, False),
        ({"identifiers": (Identifier("lei", "097900BJHA0000081733"),)}, True),
        ({"countries": ("SK",)}, True),
        ({"programs": ("RUSSIA-EO14024",)}, True),
        ({"remarks": "see also Mkrtychev", "listed_on": date(2023, 8, 16)}, False),
    ],
)
def test_only_what_can_make_a_hit_starts_a_lookback(change: dict[str, Any], more: bool) -> None:
    assert may_hit_more(VERSOR, replace(VERSOR, **change)) is more


def test_a_new_designation_starts_a_lookback() -> None:
    assert may_hit_more(None, VERSOR)


@pytest.mark.parametrize(
    ("status", "answer"),
    [("pending", True), ("PDNG", True), ("ACSC", False), ("Settled", False), ("ACSP", None), (None, None)],
)
def test_whether_a_payment_can_be_stopped_is_told_by_its_status(status: str | None, answer: bool) -> None:
    assert stoppable(status) is answer
