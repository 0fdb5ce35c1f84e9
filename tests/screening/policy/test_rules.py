"""A policy's rules, one component at a time and two at a time, and the hash that names a policy."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations
from typing import Any

import pytest

from screening.designations import Kind
from screening.payments.model import Role
from screening.policy.rules import Action, ClearRule, Policy, Rule, StrippingRule

MET: dict[str, Any] = {
    "source": "ofac",
    "programs": ("RUSSIA-EO14024", "SDGT"),
    "kind": Kind.PERSON,
    "role": Role.CREDITOR,
    "rail": "swift",
}
"""A designation, and where it is met."""
CONDITIONS: dict[str, tuple[frozenset[Any], dict[str, Any]]] = {
    "lists": (frozenset({"ofac", "eu"}), {"source": "un"}),
    "programs": (frozenset({"SDGT", "IRAN"}), {"programs": ("RUSSIA-EO14024",)}),
    "kinds": (frozenset({Kind.PERSON, Kind.VESSEL}), {"kind": Kind.ORGANIZATION}),
    "roles": (frozenset({Role.CREDITOR, Role.CREDITOR_AGENT}), {"role": Role.DEBTOR}),
    "rails": (frozenset({"swift", "chaps"}), {"rail": "sepa"}),
}
"""What a rule asks for that covers it, and what it is to be for the rule not to."""
UNKNOWN: dict[str, dict[str, Any]] = {
    "programs": {"programs": ()},
    "kinds": {"kind": None},
    "rails": {"rail": None},
}
DEFAULT = (0.8, Action.HOLD)
OTHER = (0.9, Action.REVIEW)


def ruling(*rules: Rule, **other: Any) -> tuple[float, Action] | None:
    return Policy(rules=rules).ruling(**MET | other)


def rule(*conditions: str, **more: Any) -> Rule:
    asked: dict[str, Any] = {name: CONDITIONS[name][0] for name in conditions}
    return Rule(**asked, **more)


EXCEPTION: dict[str, Any] = {"threshold": OTHER[0], "action": OTHER[1]}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_rule_holds_where_its_one_condition_does_and_nowhere_else(condition: str) -> None:
    exception = rule(condition, **EXCEPTION)

    assert ruling(exception) == OTHER
    assert ruling(exception, **CONDITIONS[condition][1]) == DEFAULT
    for other in CONDITIONS.keys() - {condition}:
        assert ruling(exception, **CONDITIONS[other][1]) == OTHER, other


@pytest.mark.parametrize("condition", UNKNOWN)
def test_a_condition_on_what_is_not_known_does_not_hold(condition: str) -> None:
    assert ruling(rule(condition, **EXCEPTION), **UNKNOWN[condition]) == DEFAULT


@pytest.mark.parametrize(("one", "two"), [*combinations(CONDITIONS, 2)])
def test_a_rule_of_two_conditions_needs_both(one: str, two: str) -> None:
    exception = rule(one, two, **EXCEPTION)

    assert ruling(exception) == OTHER
    assert ruling(exception, **CONDITIONS[one][1]) == DEFAULT
    assert ruling(exception, **CONDITIONS[two][1]) == DEFAULT
    assert ruling(exception, **CONDITIONS[one][1], **CONDITIONS[two][1]) == DEFAULT


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ((Rule(threshold=0.9),), (0.9, Action.HOLD)),
        ((Rule(action=Action.REVIEW),), (0.8, Action.REVIEW)),
        ((Rule(apply=False),), None),
        ((Rule(threshold=0.9), Rule(action=Action.REVIEW)), (0.9, Action.REVIEW)),
        ((Rule(action=Action.REVIEW), Rule(threshold=0.9)), (0.9, Action.REVIEW)),
        ((Rule(threshold=0.9), Rule(threshold=0.7)), (0.7, Action.HOLD)),
        ((Rule(threshold=0.7), Rule(threshold=0.9)), (0.9, Action.HOLD)),
        ((Rule(action=Action.REVIEW), Rule(action=Action.HOLD)), (0.8, Action.HOLD)),
        ((Rule(apply=False), Rule(threshold=0.9)), (0.9, Action.HOLD)),
        ((Rule(threshold=0.9), Rule(apply=False)), None),
        ((Rule(threshold=0.9, apply=False), Rule()), (0.9, Action.HOLD)),
    ],
)
def test_of_two_rules_the_later_one_wins_in_what_it_says_and_the_earlier_stands_in_the_rest(
    rules: tuple[Rule, ...], wanted: tuple[float, Action] | None
) -> None:
    assert ruling(*rules) == wanted


def test_a_later_rule_that_does_not_cover_changes_nothing() -> None:
    elsewhere = Rule(roles=frozenset({Role.DEBTOR}), threshold=0.6, apply=False)

    assert ruling(Rule(threshold=0.9), elsewhere) == (0.9, Action.HOLD)


@pytest.mark.parametrize(
    ("rules", "lowest"),
    [
        ((), 0.8),
        ((Rule(threshold=0.9),), 0.8),
        ((Rule(threshold=0.7),), 0.7),
        ((Rule(threshold=0.7), Rule(threshold=0.75)), 0.7),
        ((Rule(threshold=0.75), Rule(threshold=0.7)), 0.7),
        ((Rule(action=Action.REVIEW),), 0.8),
    ],
)
def test_the_lowest_threshold_is_that_of_any_rule_or_the_policy_s_own(
    rules: tuple[Rule, ...], lowest: float
) -> None:
    assert Policy(rules=rules).lowest_threshold == lowest
    assert Policy(rules=rules).lowest_text_threshold == 0.85
    assert Policy(rules=rules, text_threshold=0.6).lowest_text_threshold == lowest
    assert Policy(threshold=0.95).lowest_text_threshold == 0.95


@pytest.mark.parametrize(
    ("role_of_rule", "exempt"), [(frozenset[Role](), True), (frozenset({Role.DEBTOR}), False)]
)
def test_a_list_is_exempt_only_where_no_role_is_screened(role_of_rule: frozenset[Role], exempt: bool) -> None:
    switched_off = Rule(roles=role_of_rule, rails=frozenset({"sepa"}), apply=False)
    policy = Policy(rules=(switched_off,))

    assert policy.exempts("ofac", "sepa") is (switched_off if exempt else None)
    assert policy.exempts("ofac", "swift") is None


def test_of_several_rules_that_switch_a_list_off_the_last_that_still_does_is_named() -> None:
    """Its `exemption` is what the decision says."""
    sepa = frozenset({"sepa"})
    first, last = Rule(rails=sepa, apply=False), Rule(rails=sepa, apply=False, exemption="customers")
    on = Rule(rails=sepa, threshold=0.9)

    assert Policy(rules=(first, last)).exempts("ofac", "sepa") is last
    assert Policy(rules=(first, on, last)).exempts("ofac", "sepa") is last
    assert Policy(rules=(first, on)).exempts("ofac", "sepa") is None
    assert Policy(rules=(Rule(lists=frozenset({"un"}), apply=False),)).exempts("ofac", "sepa") is None


@pytest.mark.parametrize(
    ("source", "programs", "reaches"),
    [
        ("ofac", (), True),
        ("ofac", ("EL",), True),
        ("book", (), False),
        ("book", ("ANY",), False),
        ("csl", (), True),
        ("csl", ("EL",), False),
        ("csl", ("EL", "UVL"), False),
        ("csl", ("EL", "SDN"), True),
    ],
)
def test_a_listing_reaches_what_it_owns_unless_its_list_or_all_its_programs_do_not(
    source: str, programs: tuple[str, ...], reaches: bool
) -> None:
    policy = Policy(no_ownership=frozenset({"book", "csl EL", "csl UVL"}), party_books=frozenset({"firms"}))

    assert policy.reaches_what_it_owns(source, programs) is reaches
    assert policy.ownership == (frozenset({"firms"}), frozenset({"book", "csl EL", "csl UVL"}))


def test_a_policy_names_every_list_that_it_says_something_about() -> None:
    rules = (Rule(lists=frozenset({"ofac", "embargo"})), Rule(lists=frozenset({"un"})), Rule())
    policy = Policy(rules=rules, party_books=frozenset({"book"}), no_ownership=frozenset({"csl EL", "eu"}))

    assert policy.lists_named == {"ofac", "un", "book", "csl", "eu"}


def test_meeting_an_embargo_has_an_action_of_its_own() -> None:
    policy = Policy(action=Action.HOLD, embargo_action=Action.REVIEW)
    rule = Rule(lists=frozenset({"embargo"}), action=Action.HOLD)

    assert policy.ruling("embargo", (), None, Role.DEBTOR, None) == (0.8, Action.REVIEW)
    assert replace(policy, rules=(rule,)).ruling("embargo", (), None, Role.DEBTOR, None) == (0.8, Action.HOLD)
    assert policy.ruling("ofac", (), None, Role.DEBTOR, None) == (0.8, Action.HOLD)


ONE_RULE = Rule(frozenset({"ofac", "un"}), threshold=0.9)
POLICY = Policy(rules=(ONE_RULE,), party_books=frozenset({"a", "b"}))
OTHERS: dict[str, Any] = {
    "threshold": 0.81,
    "text_threshold": 0.86,
    "action": Action.REVIEW,
    "embargo_action": Action.HOLD,
    "party_books": frozenset({"a"}),
    "no_ownership": frozenset({"csl EL"}),
    "stripping": StrippingRule(window_hours=1.0),
    "clear": ClearRule(published=False),
}
RULES: dict[str, Any] = {
    "lists": frozenset({"ofac"}),
    "programs": frozenset({"SDGT"}),
    "kinds": frozenset({Kind.PERSON}),
    "roles": frozenset({Role.DEBTOR}),
    "rails": frozenset({"swift"}),
    "threshold": 0.91,
    "action": Action.REVIEW,
    "apply": False,
    "exemption": "customers are screened",
}


def changed() -> Iterator[Policy]:
    """The policy, each time with one field of it, or of its rule, changed."""
    for name, value in OTHERS.items():
        yield replace(POLICY, **{name: value})
    for name, value in RULES.items():
        yield replace(POLICY, rules=(replace(ONE_RULE, **{name: value}),))
    yield replace(POLICY, rules=())
    yield replace(POLICY, rules=(ONE_RULE, Rule()))
    yield replace(POLICY, rules=(Rule(), ONE_RULE))


def test_every_field_of_a_policy_and_of_a_rule_is_in_its_hash() -> None:
    hashes = [policy.sha256 for policy in (POLICY, *changed())]

    assert len(set(hashes)) == len(hashes)
    assert {field.name for field in fields(Rule)} == RULES.keys()
    assert {field.name for field in fields(Policy)} == OTHERS.keys() | {"rules", "embargoes", "mappings"}


HASHED = """
from screening.designations import Kind
from screening.payments.model import Role
from screening.policy.rules import ClearRule, Policy, Rule
rule = Rule(frozenset("abcdefgh"), frozenset("ijklmnop"), frozenset(Kind), frozenset(Role), frozenset("qrst"))
clear = ClearRule(False, frozenset("abcdefgh"))
print(Policy(rules=(rule,), party_books=frozenset("uvwxyz"), clear=clear).sha256)
"""


def test_a_policy_has_one_hash_in_every_process() -> None:
    """Python orders sets of texts anew in each process."""
    hashes = {
        subprocess.run(
            [sys.executable, "-c", HASHED],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(hashes) == 1
    assert len(hashes.pop().strip()) == 64


@pytest.mark.parametrize("score", [80, 1.01, 0, -0.8, float("nan")])
def test_a_threshold_that_no_score_could_meet_makes_no_policy(score: float) -> None:
    """With 80, meant as percent, every payment was clear."""
    for made in (
        lambda: Policy(threshold=score),
        lambda: Policy(text_threshold=score),
        lambda: Rule(threshold=score),
    ):
        with pytest.raises(ValueError, match=f"threshold: a number above 0 and up to 1 .*{score}"):
            made()
    assert Policy(threshold=1, text_threshold=0.01, rules=(Rule(threshold=1),)).lowest_threshold == 1
