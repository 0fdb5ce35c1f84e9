"""A policy file: what it says, and what it says of mistakes."""

from pathlib import Path

import pytest

from screening import Action, Kind, Policy, Role
from screening.policy.file import PolicyError, read_policy

SHIPPED = Path(__file__).parents[3] / "config" / "policy.toml"


def test_the_shipped_policy_holds_what_the_code_defaults_to() -> None:
    policy, default = read_policy(SHIPPED.read_text("utf-8")), Policy()

    assert (policy.threshold, policy.text_threshold, policy.action, policy.embargo_action) == (
        default.threshold,
        default.text_threshold,
        default.action,
        default.embargo_action,
    )


def test_every_number_of_the_shipped_policy_has_its_reason_above_it() -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    for place, line in enumerate(lines):
        if line.startswith(("threshold", "text_threshold", "action", "embargo_action")):
            above = [text for text in lines[:place] if text.strip()][-4:]
            assert any(text.startswith("#") for text in above), line


def test_the_last_matching_rule_wins() -> None:
    policy = read_policy("""
        [[rule]]
        lists = ["ofac"]
        threshold = 0.9
        [[rule]]
        kinds = ["vessel"]
        threshold = 0.85
        action = "review"
        [[rule]]
        rails = ["sepa_instant"]
        apply = false
    """)

    assert policy.ruling("ofac", (), Kind.PERSON, Role.CREDITOR, None) == (0.9, Action.HOLD)
    assert policy.ruling("ofac", (), Kind.VESSEL, Role.CREDITOR, None) == (0.85, Action.REVIEW)
    assert policy.ruling("un", (), Kind.PERSON, Role.CREDITOR, "sepa_instant") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("threshold = ", "not TOML"),
        ("treshold = 0.8", "'treshold' is no field; known are"),
        ("threshold = 80", "threshold: a number from 0.5 to 1 is expected, not 80"),
        ("threshold = true", "a number from 0.5 to 1"),
        ('action = "block"', "action: 'block' is none of hold, review"),
        ("[rule]\nthreshold = 0.9", "write each rule as [[rule]]"),
        ('[[rule]]\nkinds = ["ship"]', "rule 1, kinds: 'ship' is none of person"),
        ('[[rule]]\nlists = "ofac"', "rule 1, lists: a list of texts is expected"),
        ("[[rule]]\napply = 1", "rule 1, apply: true or false"),
        ("[[rule]]\nrole = []", "rule 1: 'role' is no field"),
        (
            "[[rule]]\napply = false",
            "rule 1: apply = false without lists, programs, kinds, roles, rails would switch",
        ),
        ("[[rule]]\nthreshold = 0.9", "rule 1: is for every payment; set threshold or action at the top"),
        ('[[rule]]\nlists = []\naction = "review"', "rule 1, lists: names nothing"),
        ('[[rule]]\nrails = []\nlists = ["own"]\naction = "hold"', "rule 1, rails: names nothing"),
        ('[[rule]]\nlists = ["own"]', "rule 1: changes nothing"),
        ('[[rule]]\nlists = ["OFAC"]\naction = "hold"', "rule 1, lists: 'OFAC' is no list; write 'ofac'"),
        ('[[rule]]\nlists = ["ofac:1"]\naction = "hold"', "'ofac:1' is no name of a list"),
        ('[[rule]]\nlists = ["own"]\nexemption = "x"', "exemption: only with apply = false"),
        ('[[rule]]\nlists = ["own"]\napply = false\nexemption = ""', "exemption: a text is expected"),
        ('party_books = ["ofac"]', "party_books: 'ofac' is a sanctions list"),
        ('no_ownership = ["CSL EL"]', "no_ownership: 'CSL' is no list; write 'csl'"),
        ('party_books = ["UN"]', "party_books: 'UN' is no list; write 'un'"),
        ("decisions = false", "decisions: a table is expected"),
        ("[decisions]\nhit = false", "decisions: 'hit' is no field; known are clear, rails"),
        ('[decisions]\nrails = ["card"]', "rails: only with clear = false"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(text: str, says: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_policy(text)

    assert says in str(caught.value)


def test_clear_decisions_are_told_unless_left_out_everywhere_or_on_some_rails() -> None:
    everywhere = read_policy("[decisions]\nclear = false").clear
    on_cards = read_policy('[decisions]\nclear = false\nrails = ["card"]').clear

    assert Policy().clear.publishes("card")
    assert not everywhere.publishes("card") and not everywhere.publishes(None)
    assert not on_cards.publishes("card") and on_cards.publishes("swift") and on_cards.publishes(None)
