"""A verdict silences its pair, only its pair, and only as long as both are what they were."""

import csv
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from screening import (
    Action,
    Decision,
    Designation,
    Name,
    NameType,
    Outcome,
    Party,
    Policy,
    Reason,
    Role,
    Screener,
    decode_payment,
)
from screening.cases.dispositions import Disposition, Dispositions, SuppressionRules, Verdict
from screening.cases.precision import precision
from screening.designations import Link
from screening.fingerprints import designation_fingerprint, party_fingerprint
from screening.hits.by_resubmission import stopped_by, with_resubmissions
from screening.payments.model import Field, PartyIdentifier
from screening.policy.embargoes import Embargo
from tests.screening.cases.near import another_designation, another_party, written_otherwise
from tests.screening.random_payments import Chance

NOW = datetime(2023, 8, 17, 9, 30, tzinfo=UTC)
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))


def decided(name: str = "Versor s.r.o.", designation: Designation = VERSOR) -> Decision:
    screener = Screener()
    screener.upsert(designation)
    (payment,) = decode_payment(b'{"id": "P-1", "parties": [{"name": "%s"}]}' % name.encode())
    return screener.screen(payment)


def verdict_on(decision: Decision, **more: Any) -> Disposition:
    (hit,) = decision.hits
    given: dict[str, Any] = {
        "fingerprint": hit.fingerprint,
        "designation_id": hit.designation.id,
        "designation_fingerprint": designation_fingerprint(hit.designation),
        "verdict": Verdict.FALSE_POSITIVE,
        "by": "m.novak",
        "reason": "another company of that name, registered in 1996",
        "until": NOW + timedelta(days=180),
    }
    return Disposition(**(given | more))


def known(*dispositions: Disposition, four_eyes: bool = False) -> Dispositions:
    table = Dispositions(SuppressionRules(four_eyes))
    for disposition in dispositions:
        table.put(disposition)
    return table


def test_a_false_positive_silences_the_pair_and_stays_in_the_decision() -> None:
    decision = decided()

    silenced = known(verdict_on(decision)).apply(decision, NOW)

    assert (silenced.outcome, silenced.hits) == (Outcome.CLEAR, ())
    (held,) = silenced.suppressed
    assert (held.hit, held.by, held.until) == (decision.hits[0], "m.novak", NOW + timedelta(days=180))


def test_it_speaks_again_once_the_designation_changes() -> None:
    table = known(verdict_on(decided()))
    grown = replace(VERSOR, names=(*VERSOR.names, Name("Versor Slovakia")))

    assert table.apply(decided(designation=grown), NOW).outcome is Outcome.HIT


def test_it_speaks_again_once_the_party_is_another() -> None:
    assert known(verdict_on(decided())).apply(decided("Versorr s.r.o."), NOW).outcome is Outcome.HIT


def test_it_speaks_again_once_the_verdict_expires() -> None:
    table = known(verdict_on(decided()))

    assert table.apply(decided(), NOW + timedelta(days=180)).outcome is Outcome.HIT


def test_it_speaks_again_once_the_verdict_is_withdrawn() -> None:
    verdict = verdict_on(decided())
    table = known(verdict)
    table.remove(verdict.key)

    assert table.apply(decided(), NOW).outcome is Outcome.HIT


def test_a_true_positive_is_held_and_says_who_confirmed_it() -> None:
    decision = decided()
    review = replace(decision, hits=(replace(decision.hits[0], action=Action.REVIEW),))

    (hit,) = known(verdict_on(decision, verdict=Verdict.TRUE_POSITIVE)).apply(review, NOW).hits

    assert (hit.action, hit.confirmed_by) == (Action.HOLD, "m.novak")


def test_with_four_eyes_one_person_silences_nobody() -> None:
    decision = decided()
    alone, approved = verdict_on(decision), verdict_on(decision, approved_by="j.svoboda")

    assert known(alone, four_eyes=True).apply(decision, NOW).outcome is Outcome.HIT
    assert known(approved, four_eyes=True).apply(decision, NOW).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    "lack", [{"by": ""}, {"reason": " "}, {"until": NOW.replace(tzinfo=None)}, {"approved_by": "M.Novak"}]
)
def test_a_verdict_without_who_why_or_until_is_refused(lack: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(lack))):
        verdict_on(decided(), **lack)


@pytest.mark.parametrize(
    ("by", "approved_by"),
    [
        ("ann", "ann "),
        ("ann", "Ann"),
        ("ann", "\u0430nn"),  # a Cyrillic a: two scripts in one name
        ("coco", "\u0441\u043e\u0441\u043e"),  # all Cyrillic, and looks the same
        ("j.doe", "J Doe"),
        ("ann", "ann\u200b"),
        ("an\u0301n", "ann"),
        ("mill", "mi1l"),
        ("ａｎｎ", "ann"),
    ],
)
def test_one_person_under_two_spellings_is_no_second_pair_of_eyes(by: str, approved_by: str) -> None:
    with pytest.raises(ValueError, match=r"another person|script|not seen|in one name"):
        verdict_on(decided(), by=by, approved_by=approved_by)


@pytest.mark.parametrize(
    ("by", "approved_by"), [("ann", "anna"), ("राम", "रामी"), ("田中", "山田"), ("Иван", "Игорь")]
)
def test_two_people_are_two(by: str, approved_by: str) -> None:
    assert verdict_on(decided(), by=by, approved_by=approved_by).approved_by == approved_by


def test_a_false_positive_counts_no_longer_than_the_rule_says_whatever_it_says_itself() -> None:
    decision = decided()
    table = Dispositions(SuppressionRules(longest=timedelta(days=90)))
    table.put(verdict_on(decision, until=datetime(9999, 12, 31, tzinfo=UTC)), NOW)

    assert table.apply(decision, NOW + timedelta(days=89)).outcome is Outcome.CLEAR
    assert table.apply(decision, NOW + timedelta(days=90)).outcome is Outcome.HIT


def test_a_false_positive_that_says_it_was_given_in_the_future_silences_nobody_yet() -> None:
    decision = decided()
    table = known()
    table.put(verdict_on(decision, until=datetime(9999, 12, 31, tzinfo=UTC)), NOW + timedelta(days=9000))

    assert table.apply(decision, NOW).outcome is Outcome.HIT


def stripped() -> tuple[Decision, Decision]:
    """A payment that was stopped, and one in its place that no longer says what hit."""
    screener = Screener()
    screener.upsert(VERSOR)
    paid = {"id": "P-1", "amount": "9.00", "currency": "EUR", "parties": [{"role": "debtor", "name": "Acme"}]}
    (first,) = decode_payment(json.dumps(paid | {"remittance": "for Versor s.r.o."}).encode())
    (again,) = decode_payment(json.dumps(paid | {"id": "P-2", "remittance": "as agreed"}).encode())
    stopped = screener.screen(first)
    return stopped, with_resubmissions(
        again, screener.screen(again), stopped_by(first, stopped, NOW), screener
    )


def test_what_is_found_of_a_resubmission_says_nothing_of_the_pair_that_was_stopped() -> None:
    stopped, again = stripped()

    assert known(verdict_on(again)).apply(again, NOW).outcome is Outcome.CLEAR
    assert known(verdict_on(again)).apply(stopped, NOW).outcome is Outcome.HIT
    assert known(verdict_on(stopped)).apply(again, NOW).outcome is Outcome.CLEAR


CASES = [
    *csv.DictReader((Path(__file__).parent / "dispositions.csv").read_text(encoding="utf-8").splitlines())
]


@pytest.mark.parametrize("case", CASES)
def test_a_verdict_holds_for_what_was_judged(case: dict[str, str]) -> None:
    """Each row of dispositions.csv: a false positive is recorded for the first, and the second comes."""
    screener = _screener_of(case)
    judged, later = (_of_row(screener, case[name]) for name in ("judged", "later"))
    hits = [hit for hit in judged.hits if hit.reason is not Reason.STRIPPING]
    table = known(*(verdict_on(replace(judged, hits=(hit,))) for hit in hits))
    assert hits

    assert (
        table.apply(later, NOW).outcome is {"silenced": Outcome.CLEAR, "alerts": Outcome.HIT}[case["expect"]]
    )


def _screener_of(case: dict[str, str]) -> Screener:
    if case["where"] == "address":
        return Screener(Policy(embargoes=(Embargo("CRIMEA", case["listed"], names=(case["listed"],)),)))
    screener = Screener()
    screener.upsert(Designation("list:1", (Name(case["listed"], NameType.PRIMARY),)))
    return screener


def _of_row(screener: Screener, text: str) -> Decision:
    event = json.loads(text)
    if "parties" not in event:
        event = {"parties": [event]}
    (payment,) = decode_payment(json.dumps({"id": "P-1"} | event).encode())
    return screener.screen(payment)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_no_other_pair_is_touched(seed: int) -> None:
    chance, screener = Chance(seed), Screener()
    for number in range(15):
        screener.upsert(chance.designation(number))
    decisions = [screener.screen(payment) for payment in map(chance.payment, range(30))]
    hits = [hit for decision in decisions for hit in decision.hits]
    assume(hits)
    silenced = verdict_on(replace(decisions[0], hits=tuple(hits[:1])))
    table = known(silenced)

    for decision in decisions:
        after = table.apply(decision, NOW)
        assert [
            hit for hit in decision.hits if f"{hit.fingerprint}|{hit.designation.id}" != silenced.key
        ] == [*after.hits]
        assert len(after.hits) + len(after.suppressed) == len(decision.hits)


def test_precision_is_the_share_of_true_verdicts_by_list_and_reason() -> None:
    one = verdict_on(decided(), hit_reason="name")
    true = replace(one, fingerprint="other", verdict=Verdict.TRUE_POSITIVE)
    elsewhere = replace(one, designation_id="un:1", hit_reason="")

    found = precision([one, true, elsewhere])

    assert {key: counted.ratio for key, counted in found.items()} == {
        ("ofac", "name"): 0.5,
        ("un", "unknown"): 0.0,
    }


JUDGED = Party(
    Role.CREDITOR,
    names=(Field("Versor s.r.o.", "/parties/0/name"),),
    identifiers=(PartyIdentifier("iban", "SK3112000000198742637541", "/parties/0/account"),),
    addresses=(Field("Hlavna 12, 81101 Bratislava", "/parties/0/address"),),
    countries=(Field("AT", "/parties/0/country"),),
)
VARIANTS = 20_000


def test_a_verdict_silences_its_pair_and_none_of_many_near_variants_of_either_side() -> None:
    chance = random.Random(23)
    (hit,) = decided().hits
    decision = replace(decided(), hits=(replace(hit, fingerprint=party_fingerprint(JUDGED)),))
    table = known(verdict_on(decision))

    def outcome(party: Party, listed: Designation) -> Outcome:
        found = replace(hit, fingerprint=party_fingerprint(party), designation=listed)
        return table.apply(replace(decision, hits=(found,)), NOW).outcome

    silenced = [
        (party, listed)
        for number in range(VARIANTS)
        for party, listed in [
            (another_party(chance, JUDGED), VERSOR)
            if number % 2
            else (written_otherwise(chance, JUDGED), another_designation(chance, VERSOR))
        ]
        if outcome(party, listed) is not Outcome.HIT
    ]
    assert silenced == []
    for _ in range(500):
        assert outcome(written_otherwise(chance, JUDGED), VERSOR) is Outcome.CLEAR


def owned_by(*owners: str) -> Screener:
    """A company of a party book with two owners, of which these are on the list; the second owns through
    another company."""
    screener = Screener(replace(Policy(), party_books=frozenset({"book"})))
    shares = (Link("Orlov", "owned_by", "ofac:1", 60), Link("Holding", "owned_by", "book:2", 60))
    above = (Link("Sidorov", "owned_by", "ofac:2", 60), Link("Volkov", "owned_by", "ofac:3", 60))
    screener.upsert(Designation("book:1", (Name("Kvadrat Trading"),), links=shares))
    screener.upsert(Designation("book:2", (Name("Holding Over It"),), links=above))
    for owner in owners:
        screener.upsert(Designation(owner, (Name(f"Somebody {owner}"),)))
    return screener


@pytest.mark.parametrize("later", [("ofac:1", "ofac:2"), ("ofac:2",), ("ofac:1", "ofac:3")])
def test_a_verdict_on_an_owned_company_holds_for_the_owners_it_was_judged_under(
    later: tuple[str, ...],
) -> None:
    (payment,) = decode_payment(b'{"id": "P-1", "parties": [{"name": "Kvadrat Trading"}]}')
    judged = owned_by("ofac:1").screen(payment)
    table = known(verdict_on(judged))

    assert judged.hits[0].reason is Reason.OWNERSHIP
    assert table.apply(judged, NOW).outcome is Outcome.CLEAR
    assert table.apply(owned_by(*later).screen(payment), NOW).outcome is Outcome.HIT


def test_a_verdict_on_an_owned_company_holds_for_those_who_own_it_through_another() -> None:
    (payment,) = decode_payment(b'{"id": "P-1", "parties": [{"name": "Kvadrat Trading"}]}')
    table = known(verdict_on(owned_by("ofac:2").screen(payment)))

    assert table.apply(owned_by("ofac:2").screen(payment), NOW).outcome is Outcome.CLEAR
    assert table.apply(owned_by("ofac:3").screen(payment), NOW).outcome is Outcome.HIT


def between_banks(receiver: str) -> Decision:
    """A text between two banks, as a payment of theirs alone has it."""
    event = {
        "id": "P-1",
        "parties": [
            {"role": "debtor_agent", "name": "Bank of Bratislava", "bic": "TATRSKBX"},
            {"role": "creditor_agent", "name": receiver, "bic": "BKAUATWW"},
        ],
        "remittance": ["cover for Versor s.r.o. of today"],
    }
    screener = Screener()
    screener.upsert(VERSOR)
    (payment,) = decode_payment(json.dumps(event).encode())
    return screener.screen(payment)


def test_a_verdict_on_a_text_between_banks_holds_for_these_banks() -> None:
    table = known(verdict_on(between_banks("Bank of Vienna")))

    assert table.apply(between_banks("Bank of Vienna"), NOW).outcome is Outcome.CLEAR
    assert table.apply(between_banks("Bank of Graz"), NOW).outcome is Outcome.HIT


def test_a_decision_without_hits_stays_what_it_is_whatever_else_was_judged() -> None:
    hit = decided()
    known = Dispositions()
    known.put(verdict_on(hit))
    error = replace(hit, hits=(), outcome=Outcome.ERROR, error="no list is in force")

    assert known.apply(error, NOW) is error
    assert Dispositions().apply(hit, NOW) is hit
