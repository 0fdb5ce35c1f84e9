"""What ids name: a repeat has the id of the first, and what says anything else has another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import Decision, Designation, Name, NameType, Payment, Policy, Screener
from screening.cases.dispositions import Dispositions
from screening.decisions import ListState, ListVersion, Outcome, content_of
from screening.payments import Field, Party, Role
from screening.payments.model import PartyIdentifier
from tests.screening.cases.test_dispositions import verdict_on

NOON = datetime(2023, 8, 17, 12, tzinfo=UTC)
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
PAID = Payment(
    "P-1",
    (
        Party(Role.DEBTOR, names=(Field("Acme Trading Ltd", "/parties/0/name"),)),
        Party(Role.CREDITOR, names=(Field("Versor s.r.o.", "/parties/1/name"),)),
    ),
    amount="12500.00",
    currency="USD",
)


def screener(*listed: Designation, policy: Policy | None = None) -> Screener:
    found = Screener(policy or Policy())
    for designation in listed:
        found.upsert(designation)
    return found


def with_creditor(**changes: Any) -> Payment:
    return PAID._replace(parties=(PAID.parties[0], PAID.parties[1]._replace(**changes)))


def test_a_payment_delivered_again_has_the_same_ids() -> None:
    first, again = (screener(VERSOR).screen(PAID) for _ in range(2))

    assert first.decision_id == again.decision_id
    assert first.hits[0].alert_id == again.hits[0].alert_id


def test_an_alerts_id_is_that_of_every_later_version_and_a_decisions_names_its_matcher() -> None:
    """Whoever keys cases by it finds them after an update: another matcher is no other alert."""
    found = screener(VERSOR).screen(PAID)

    assert found.hits[0].alert_id == "c619ebe1a595ee8e9c6833dd52c3fdfe"
    assert replace(found, matcher="0").decision_id != found.decision_id


@pytest.mark.parametrize(
    "other",
    [
        PAID._replace(id="P-2"),
        PAID._replace(amount="12500.01"),
        PAID._replace(currency="EUR"),
        PAID._replace(rail="sepa"),
        PAID._replace(parties=PAID.parties[::-1]),
        PAID._replace(parties=(*PAID.parties, Party(Role.REMITTANCE, texts=(Field("INV 1", "/r"),)))),
        with_creditor(role=Role.ULTIMATE_CREDITOR),
        with_creditor(countries=(Field("SK", "/parties/1/country"),)),
        with_creditor(addresses=(Field("Main Street 1", "/parties/1/address"),)),
        with_creditor(identifiers=(PartyIdentifier("iban", "SK1", "/parties/1/account"),)),
    ],
)
def test_other_content_under_any_id_has_other_ids(other: Payment) -> None:
    first, second = screener(VERSOR).screen(PAID), screener(VERSOR).screen(other)

    assert first.decision_id != second.decision_id
    assert {hit.alert_id for hit in first.hits}.isdisjoint(hit.alert_id for hit in second.hits)


@pytest.mark.parametrize("same", [PAID._replace(status="ACSC"), PAID._replace(time=NOON)])
def test_a_status_that_moves_on_is_no_other_payment(same: Payment) -> None:
    assert screener(VERSOR).screen(same).decision_id == screener(VERSOR).screen(PAID).decision_id


def test_no_value_can_be_written_to_look_like_two() -> None:
    one = PAID._replace(parties=(Party(Role.OTHER, names=(Field("A\x1f/p\x1fB", "/p"),)),))
    two = PAID._replace(parties=(Party(Role.OTHER, names=(Field("A", "/p"), Field("B", "/p"))),))

    assert content_of(one) != content_of(two)


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=4), max_size=3), max_size=3))
def test_every_content_has_its_own_hash(parties: list[list[str]]) -> None:
    def paid(values: list[list[str]]) -> Payment:
        return Payment("P", tuple(Party(Role.OTHER, texts=tuple(Field(v, "") for v in vs)) for vs in values))

    flat = [[value] for values in parties for value in values]
    assert (content_of(paid(parties)) == content_of(paid(flat))) is (parties == flat)


def test_a_list_that_changed_elsewhere_leaves_the_id_as_it_is() -> None:
    before, after = screener(VERSOR), screener(VERSOR)
    after.lists = ListState({"un": ListVersion("2", 7)}, {0: 99})

    assert before.screen(PAID).decision_id == after.screen(PAID).decision_id


def amended(decision: Decision) -> Decision:
    (hit,) = decision.hits
    return replace(decision, hits=(replace(hit, designation=replace(VERSOR, remarks="amended")),))


def silenced(decision: Decision) -> Decision:
    known = Dispositions()
    known.put(verdict_on(decision, until=NOON + timedelta(days=9)))
    return known.apply(decision, NOON)


def cleared(decision: Decision) -> Decision:
    return replace(decision, hits=(), outcome=Outcome.CLEAR)


@pytest.mark.parametrize("change", [amended, silenced, cleared])
def test_a_decision_that_says_anything_else_has_an_id_of_its_own(
    change: Callable[[Decision], Decision],
) -> None:
    decision = screener(VERSOR).screen(PAID)

    assert change(decision).decision_id != decision.decision_id


@pytest.mark.parametrize(
    "other",
    [
        *({"trigger": "lookback"}, {"policy": "another"}, {"matcher": "9"}, {"notes": ("not applied",)}),
        *(
            {"payment_id": "P-other"},
            {"content": "0" * 32},
            {"outcome": Outcome.CLEAR},
            {"error": "too_large"},
        ),
    ],
    ids=str,
)
def test_each_thing_that_a_decision_says_alone_makes_another_decision(other: dict[str, Any]) -> None:
    decision = screener(VERSOR).screen(PAID)

    assert replace(decision, **other).decision_id != decision.decision_id


def test_two_lookbacks_of_one_payment_are_two_decisions() -> None:
    other = replace(VERSOR, id="eu:7")
    both = screener(VERSOR, other).screen(PAID, trigger="lookback")

    one, two = (replace(both, hits=(hit,)) for hit in both.hits)
    assert one.decision_id != two.decision_id
    assert one.hits[0].alert_id != two.hits[0].alert_id


def test_what_a_lookback_finds_is_the_alert_that_a_worker_would_have_raised() -> None:
    live, late = (screener(VERSOR).screen(PAID, trigger=trigger) for trigger in ("payment", "lookback"))

    assert live.hits[0].alert_id == late.hits[0].alert_id


def test_two_unreadable_messages_under_one_key_are_two_decisions() -> None:
    first, second = (Screener().refuse("K", "not_json: at 1", raw) for raw in (b"{", b"["))

    assert first.decision_id != second.decision_id
    assert first.decision_id == Screener().refuse("K", "not_json: at 1", b"{").decision_id
