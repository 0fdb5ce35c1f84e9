"""A stopped payment that comes back altered is a hit; an honest second payment is not."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import (
    Decision,
    Designation,
    Name,
    NameType,
    Outcome,
    Payment,
    Policy,
    Screener,
    decode_payment,
)
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.cases.stopped import MOST_ALIKE, MOST_OF_AN_END, StoppedPayments, money
from screening.decisions import Reason
from screening.designations import Identifier
from screening.fingerprints import designation_fingerprint
from screening.hits.by_resubmission import Change, _change, stopped_by, with_resubmissions
from screening.policy.embargoes import Embargo
from screening.policy.rules import Action, Rule, StrippingRule

VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
BANK = Designation(
    "ofac:1", (Name("BANK MELLI IRAN", NameType.PRIMARY),), identifiers=(Identifier("bic", "MELIIRTH"),)
)
IRAN = Embargo("IR", "Iran", countries=("IR",))
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DEBTOR = {"role": "debtor", "name": "Acme Trading Ltd", "account": "GB29NWBK60161331926819"}
CREDITOR = {"role": "creditor", "name": "Versor s.r.o.", "account": "SK3112000000198742637541"}


def screener(policy: Policy | None = None) -> Screener:
    made = Screener(policy or Policy(embargoes=(IRAN,)))
    made.upsert(VERSOR)
    made.upsert(BANK)
    return made


def payment(payment_id: str, *parties: dict[str, Any], **more: Any) -> Payment:
    event = {"id": payment_id, "amount": "12500.00", "currency": "USD", "parties": parties} | more
    (decoded,) = decode_payment(json.dumps(event).encode())
    return decoded


def remembered(*stopped: Payment, by: Screener | None = None) -> StoppedPayments:
    memory = StoppedPayments()
    for each in stopped:
        for hit in stopped_by(each, (by or screener()).screen(each), NOW):
            memory.note(hit, NOW)
    return memory


def decided(
    later: Payment,
    memory: StoppedPayments,
    *,
    by: Screener | None = None,
    after: timedelta = timedelta(hours=1),
) -> Decision:
    own = by or screener()
    return with_resubmissions(later, own.screen(later), memory.like(later, NOW + after), own)


@cache
def paid_first() -> Payment:
    return payment("P-1", DEBTOR, CREDITOR)


@pytest.mark.parametrize(
    ("creditor", "change"),
    [
        ({**CREDITOR, "name": "Vrs"}, "altered"),
        ({**CREDITOR, "name": "V. s.r.o."}, "shortened"),
        ({**CREDITOR, "name": "VSRO"}, "shortened"),
        ({**CREDITOR, "name": "One of our customers"}, "altered"),
        ({"role": "creditor", "account": CREDITOR["account"]}, "removed"),
        ({"role": "creditor", "name": "V r s o", "account": "DE89370400440532013000"}, "shortened"),
        ({"role": "creditor", "name": "Client"}, "altered"),
        (None, "removed"),
    ],
)
def test_the_party_that_hit_removed_shortened_or_altered_is_a_hit(
    creditor: dict[str, Any] | None, change: str
) -> None:
    parties = [DEBTOR, creditor] if creditor else [DEBTOR]
    later = payment("P-2", *parties, amount="12500")
    assert screener().screen(later).outcome is Outcome.CLEAR

    decision = decided(later, remembered(paid_first()))

    (hit,) = decision.hits
    assert decision.outcome is Outcome.HIT
    assert (hit.reason, hit.designation.id, hit.explanation[0].how) == (Reason.STRIPPING, VERSOR.id, change)
    assert hit.stopped is not None
    assert hit.stopped.payment_id == "P-1"
    assert "P-1" in hit.summary and change in hit.summary


def test_of_a_payer_that_hit_the_payer_s_new_name_is_told() -> None:
    to = {**DEBTOR, "role": "creditor"}
    first = payment("P-1", to, {**CREDITOR, "role": "debtor"})
    later = payment("P-2", to, {**CREDITOR, "role": "debtor", "name": "Client"})

    (hit,) = decided(later, remembered(first)).hits
    assert (hit.value, hit.path) == ("Client", "/parties/1/name")


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"role": "creditor_agent", "bic": "MELIIRTHXXX"}, {"role": "creditor_agent", "bic": "DEUTDEFF"}),
        ({"role": "ultimate_creditor", "name": "Versor s.r.o."}, None),
        (
            {"role": "ultimate_creditor", "name": "Versor s.r.o."},
            {"role": "ultimate_creditor", "name": "Vrs"},
        ),
    ],
)
def test_another_role_that_hit_and_is_gone_between_the_same_ends_is_a_hit(
    then: dict[str, Any], now: dict[str, Any] | None
) -> None:
    payee = {"role": "creditor", "name": "Bravo GmbH"}
    later = payment("P-2", DEBTOR, payee, *([now] if now else []))

    decision = decided(later, remembered(payment("P-1", DEBTOR, payee, then)))

    assert {hit.reason for hit in decision.hits} == {Reason.STRIPPING}


def test_a_country_under_embargo_left_out_is_a_hit_for_review() -> None:
    payee = {"role": "creditor", "name": "Tehran Carpets"}

    decision = decided(
        payment("P-2", DEBTOR, payee), remembered(payment("P-1", DEBTOR, payee | {"country": "IR"}))
    )

    assert [(hit.designation.id, hit.action) for hit in decision.hits] == [("embargo:IR", Action.REVIEW)]


def test_text_that_hit_and_is_reworded_is_a_hit() -> None:
    payee = {"role": "creditor", "name": "Bravo GmbH"}
    first = payment("P-1", DEBTOR, payee, remittance=["spare parts for Versor s.r.o."])

    decision = decided(payment("P-2", DEBTOR, payee, remittance=["spare parts"]), remembered(first))

    assert [(hit.role, hit.explanation[0].how) for hit in decision.hits] == [("remittance", "shortened")]


def test_a_payment_that_still_says_what_hit_is_no_resubmission() -> None:
    delisted_for_policy = Screener()  # holds nothing: no hit of its own

    again = with_resubmissions(
        paid_first(),
        delisted_for_policy.screen(paid_first()),
        remembered(paid_first()).like(paid_first(), NOW),
        screener(),
    )

    assert again.hits == ()


def test_a_resubmission_that_hits_by_itself_is_told_once() -> None:
    later = payment("P-2", DEBTOR, {**CREDITOR, "name": "Versor sro Ltd"})

    assert [hit.reason for hit in decided(later, remembered(paid_first())).hits] == [Reason.NAME]


def test_a_delisted_designation_and_one_the_policy_leaves_out_stop_nothing() -> None:
    later = payment("P-2", DEBTOR, {**CREDITOR, "name": "Vrs"}, rail="sepa_instant")
    delisted = screener()
    delisted.remove(VERSOR.id)
    exempt = screener(Policy(rules=(Rule(rails=frozenset({"sepa_instant"}), apply=False),)))

    assert decided(later, remembered(paid_first()), by=delisted).outcome is Outcome.CLEAR
    assert decided(later, remembered(paid_first()), by=exempt).outcome is Outcome.CLEAR


def test_after_the_window_it_is_another_payment() -> None:
    later = payment("P-2", DEBTOR, {**CREDITOR, "name": "Vrs"})

    assert decided(later, remembered(paid_first()), after=timedelta(hours=119)).hits
    assert not decided(later, remembered(paid_first()), after=timedelta(hours=121)).hits


def test_with_accounts_alone_a_payer_s_other_account_is_another_payer() -> None:
    later = payment("P-2", {**DEBTOR, "account": "GB94BARC10201530093459"}, {**CREDITOR, "name": "Vrs"})
    strict = Policy(stripping=StrippingRule(same=frozenset({"account"})))

    assert decided(later, remembered(paid_first())).hits
    assert not decided(later, remembered(paid_first()), by=screener(strict)).hits


def test_the_alert_of_an_amended_payment_under_its_own_id_has_an_id_of_its_own() -> None:
    first = screener().screen(paid_first())

    again = decided(payment("P-1", DEBTOR, {**CREDITOR, "name": "Vrs"}), remembered(paid_first()))

    assert again.hits[0].alert_id != first.hits[0].alert_id


def test_a_verdict_on_the_stopped_pair_holds_for_its_resubmission() -> None:
    later = decided(payment("P-2", DEBTOR, {**CREDITOR, "name": "Vrs"}), remembered(paid_first()))
    (first,) = screener().screen(paid_first()).hits
    verdict = Disposition(
        fingerprint=first.fingerprint,
        designation_id=VERSOR.id,
        designation_fingerprint=designation_fingerprint(VERSOR),
        verdict=Verdict.FALSE_POSITIVE,
        by="m.novak",
        reason="another Versor",
        until=NOW + timedelta(days=1),
    )
    verdicts = Dispositions()
    verdicts.put(verdict)

    assert verdicts.apply(later, NOW).outcome is Outcome.CLEAR


def test_a_resubmission_is_not_remembered_as_stopped_for_itself() -> None:
    later = payment("P-2", DEBTOR, {**CREDITOR, "name": "Vrs"})

    assert [*stopped_by(later, decided(later, remembered(paid_first())), NOW)] == []


@given(
    amount=st.sampled_from(["12500.00", "12500.01", "9.99"]),
    currency=st.sampled_from(["USD", "EUR"]),
    payer=st.sampled_from([DEBTOR, {"role": "debtor", "name": "Bravo Ltd", "account": "GB1"}]),
    payee=st.sampled_from(
        [
            {"role": "creditor", "name": "Quell Inc", "account": "DE89370400440532013000"},
            {"role": "creditor", "name": "Oak & Sons", "bic": "COBADEFF"},
            {"role": "creditor", "name": "Igor Petrov", "account": "FR7630006000011234567890189"},
        ]
    ),
)
def test_an_honest_second_payment_is_not_touched(
    amount: str, currency: str, payer: dict[str, Any], payee: dict[str, Any]
) -> None:
    memory = remembered(paid_first())
    to_another = payment("P-2", payer, payee, amount=amount, currency=currency)
    other_amount = payment("P-3", payer, {**CREDITOR, "name": "Vrs"}, amount=amount, currency=currency)
    other_payer = payment("P-4", {"role": "debtor", "name": "Bravo Ltd", "account": "GB1"}, CREDITOR | payee)

    for later in (to_another, other_payer):
        assert decided(later, memory) == screener().screen(later)
    same = (amount, currency, payer) == ("12500.00", "USD", DEBTOR)
    assert bool(decided(other_amount, memory).hits) is same


def test_hits_are_only_ever_added() -> None:
    payer = {"role": "debtor", "name": "Bank Melli Iran"}
    later = payment("P-2", payer)

    decision = decided(later, remembered(payment("P-1", payer, CREDITOR)))

    assert [hit.designation.id for hit in decision.hits] == [BANK.id, VERSOR.id]
    assert decision.hits[0] == screener().screen(later).hits[0]


def test_the_memory_is_bounded_and_says_what_it_dropped() -> None:
    memory = StoppedPayments(most=3)
    for number in range(5):
        each = payment(f"P-{number}", DEBTOR, CREDITOR, amount=str(number + 1))
        for hit in stopped_by(each, screener().screen(each), NOW):
            memory.note(hit, NOW)
            memory.note(hit, NOW)

    assert (len(memory), memory.dropped) == (3, 2)
    assert [*memory.like(payment("P-9", DEBTOR, CREDITOR, amount="1"), NOW)] == []
    memory.forget(NOW + timedelta(days=6))
    assert (len(memory), memory._found) == (0, {})


def test_of_thousands_of_payers_a_few_are_remembered_and_the_payment_is_known_again() -> None:
    payers = [{"role": "debtor", "account": f"A{number}"} for number in range(2_000)]
    memory = remembered(payment("P-1", *payers, CREDITOR))

    (stopped,) = memory.like(payment("P-2", *payers), NOW)
    decision = decided(payment("P-3", *payers, {**CREDITOR, "name": "Vrs"}), memory)

    assert len(stopped.debtor.codes) == MOST_OF_AN_END
    assert [hit.reason for hit in decision.hits] == [Reason.STRIPPING]


def test_of_one_amount_at_one_end_the_newest_are_searched() -> None:
    memory = remembered(*(payment(f"P-{number:03}", DEBTOR, CREDITOR) for number in range(MOST_ALIKE + 20)))

    found = [stopped.payment_id for stopped in memory.like(paid_first(), NOW)]

    assert len(found) == MOST_ALIKE
    assert {"P-000", "P-019"}.isdisjoint(found)


def test_an_amount_is_the_same_in_every_spelling() -> None:
    assert money("12500.00", "usd") == money("12500", "USD") == ("12500", "USD")
    assert money("1E+3", "USD") == ("1000", "USD")
    assert money(None, "USD") is None is money("12500", None)


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_the_short_way_to_an_amount_s_spelling_is_the_long_one(amount: Decimal) -> None:
    for text in (str(amount), f"{amount:f}", f"{amount}00" if "." in str(amount) else f"{amount}.0"):
        assert money(text, "EUR") == (f"{Decimal(text).normalize():f}", "EUR")


@pytest.mark.parametrize(
    ("now", "change"),
    [
        *(("Versor Trading", Change.SHORTENED), ("Vers Tra", Change.SHORTENED), ("VT", Change.SHORTENED)),
        *(("Versur Trding", Change.ALTERED), ("Xersur Xrading", Change.ALTERED)),
        *(("Trading Versor Ltd", None), ("Nordic Timber", None), ("", None)),
    ],
)
def test_a_spelling_is_shorter_altered_or_of_another(now: str, change: Change | None) -> None:
    assert _change(now, "Versor Trading") is change
