"""The composed call: a payment in, a decision out."""

from screening import Designation, Name, NameType, Outcome, Policy, Screener, decode_payment
from screening.decisions import Decision, ListState, ListVersion
from screening.payments.model import Role
from screening.policy.rules import Action, Rule

VERSOR = Designation(id="ofac:44521", names=(Name("VERSOR S.R.O.", NameType.PRIMARY),))


def test_a_payment_to_a_designated_party_is_a_hit_that_says_who_and_where() -> None:
    screener = Screener()
    screener.upsert(VERSOR)
    (payment,) = decode_payment(
        b'{"id": "P-1", "parties": [{"role": "debtor", "name": "Acme Trading Ltd"},'
        b' {"role": "creditor", "name": "Versor, s.r.o."}]}'
    )

    decision = screener.screen(payment)

    assert decision.outcome is Outcome.HIT
    (hit,) = decision.hits
    assert (hit.designation.id, hit.role, hit.path) == ("ofac:44521", "creditor", "/parties/1/name")


def test_a_delisted_party_is_clear_with_the_next_call() -> None:
    screener = Screener()
    screener.upsert(VERSOR)
    screener.remove(VERSOR.id)

    assert screener.match("Versor") == []


def test_whoever_measures_is_told_how_many_pairs_each_name_cost() -> None:
    scored: list[int] = []
    screener = Screener(on_scored=scored.append)
    screener.upsert(VERSOR)

    assert screener.match("Versor")
    assert not screener.match("Nordic Timber")

    assert scored[0] == 1
    assert scored[-1] == 0


def test_a_payment_that_no_list_is_applied_to_is_an_error_unless_the_policy_says_why_it_is_exempt() -> None:
    decided = {
        reason: _decided(Rule(rails=frozenset(("sepa_instant",)), apply=False, exemption=reason))
        for reason in ("", "customers are screened instead, Regulation (EU) 2024/886")
    }

    (unsaid, said) = decided.values()
    assert unsaid.outcome is Outcome.ERROR
    assert "no list is applied on rail sepa_instant by policy" in unsaid.error
    assert said.outcome is Outcome.CLEAR
    assert said.notes == (
        "ofac not applied on rail sepa_instant by policy",
        "exempt, for no list is applied: customers are screened instead, Regulation (EU) 2024/886",
    )


def test_a_rule_for_some_roles_leaves_the_list_applied() -> None:
    rule = Rule(rails=frozenset(("sepa_instant",)), roles=frozenset((Role.CREDITOR,)), apply=False)

    assert _decided(rule).outcome is Outcome.CLEAR
    assert _decided(rule).notes == ()


def test_a_list_that_the_policy_names_and_nobody_published_is_noted_in_every_decision() -> None:
    rule = Rule(lists=frozenset(("watchlist",)), action=Action.REVIEW)

    assert _decided(rule).notes == ("list watchlist is named by the policy and not in force",)
    assert _decided(rule, ListState()).notes == ()


def _decided(rule: Rule, lists: ListState | None = None) -> Decision:
    screener = Screener(Policy(rules=(rule,)))
    screener.upsert(VERSOR)
    screener.lists = ListState({"ofac": ListVersion("v1", 1)}, {0: 3}) if lists is None else lists
    (payment,) = decode_payment(b'{"id": "P-1", "rail": "sepa_instant", "parties": [{"name": "Acme"}]}')
    return screener.screen(payment)
