"""A verdict silences its pair, only its pair, and only as long as both are what they were."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from screening import Action, Decision, Designation, Name, NameType, Outcome, Screener, decode_payment
from screening.cases.dispositions import Disposition, Dispositions, Verdict, precision
from screening.cases.fingerprints import designation_fingerprint
from tests.screening.random_payments import Chance

NOW = datetime(2023, 8, 17, 9, 30, tzinfo=UTC)
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))


def decided(name: str = "Versor s.r.o.", designation: Designation = VERSOR) -> Decision:
    screener = Screener()
    screener.upsert(designation)
    (payment,) = decode_payment(b'{"id": "P-1", "parties": [{"name": "%s"}]}' % name.encode())
    return screener.screen(payment)


def verdict_on(decision: Decision, **more: object) -> Disposition:
    (hit,) = decision.hits
    given = {
        "fingerprint": hit.fingerprint,
        "designation_id": hit.designation.id,
        "designation_fingerprint": designation_fingerprint(hit.designation),
        "verdict": Verdict.FALSE_POSITIVE,
        "by": "m.novak",
        "reason": "another company of that name, registered in 1996",
        "until": NOW + timedelta(days=180),
    }
    return Disposition(**(given | more))  # type: ignore[arg-type]


def known(*dispositions: Disposition, four_eyes: bool = False) -> Dispositions:
    table = Dispositions(four_eyes=four_eyes)
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


@settings(deadline=None)
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
