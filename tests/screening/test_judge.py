"""The one composition of a decision: list and policy, then resubmissions, then dispositions."""

from screening import Outcome, Party, Policy, Reason, Role
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.decisions import Hit
from screening.fingerprints import designation_fingerprint
from screening.judge import decide, judged
from screening.payments.model import Field, Payment
from screening.policy.rules import StrippingRule
from tests.screening.hits.test_by_resubmission import (
    CREDITOR,
    DEBTOR,
    HOUR,
    NOW,
    paid_first,
    payment,
    remembered,
    screener,
)


def stripped() -> Payment:
    return payment("P-2", DEBTOR, CREDITOR | {"name": "V. Trading"})


def false_positive(hit: Hit) -> Dispositions:
    known = Dispositions()
    known.put(
        Disposition(
            hit.fingerprint,
            hit.designation.id,
            designation_fingerprint(hit.designation),
            Verdict.FALSE_POSITIVE,
            by="m.novak",
            reason="another Versor",
            until=NOW + 24 * HOUR,
        )
    )
    return known


def test_without_memory_and_dispositions_it_is_what_list_and_policy_say() -> None:
    own = screener()

    assert decide(paid_first(), own, None, None, NOW) == own.screen(paid_first())


def test_a_resubmission_is_a_hit_that_a_disposition_of_its_pair_silences() -> None:
    own, memory = screener(), remembered(paid_first())
    found = decide(stripped(), own, memory, None, NOW + HOUR)
    (hit,) = found.hits
    assert hit.reason is Reason.STRIPPING

    silenced = decide(stripped(), own, memory, false_positive(hit), NOW + HOUR)

    assert silenced.outcome is Outcome.CLEAR
    assert [each.hit for each in silenced.suppressed] == [hit]


def test_a_policy_without_stripping_looks_at_no_memory() -> None:
    own = screener(Policy(stripping=StrippingRule(apply=False)))

    assert decide(stripped(), own, remembered(paid_first()), None, NOW + HOUR).outcome is Outcome.CLEAR


def test_what_list_and_policy_say_stands_beside_the_decision() -> None:
    own = screener()
    (hit,) = own.screen(paid_first()).hits

    found = judged(paid_first(), own, None, false_positive(hit), NOW)

    assert (found.screened.hits, found.decision.hits) == ((hit,), ())


def test_a_false_positive_beside_a_name_that_was_lost_clears_nothing() -> None:
    own, lost = screener(), Party(Role.ULTIMATE_CREDITOR, (Field("????? ???", "/2/name"),))
    asked = paid_first()._replace(parties=(*paid_first().parties, lost))
    (hit,) = own.screen(asked).hits

    decision = decide(asked, own, None, false_positive(hit), NOW)

    assert (decision.outcome, len(decision.suppressed)) == (Outcome.ERROR, 1)
    assert decision.error.startswith("not_utf8: /2/name")


def test_the_decision_names_its_trigger() -> None:
    assert decide(paid_first(), screener(), None, None, NOW, "barrier").trigger == "barrier"
