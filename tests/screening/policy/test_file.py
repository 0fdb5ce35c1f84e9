"""A policy file: what it says, and what it says of mistakes."""

from pathlib import Path

import pytest

from screening import Action, Kind, Policy, Role
from screening.policy.embargoes import Embargo
from screening.policy.file import PolicyError, read_policy
from screening.policy.rules import ClearRule, Rule, StrippingRule

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
        ("threshold = " + "[" * 5_000, "not TOML"),
        ("threshold = " + "9" * 5_000, "not TOML"),
        ("treshold = 0.8", "'treshold' is no field; known are"),
        ("threshold = 80", "threshold: a number from 0.5 to 1 is expected, not 80"),
        ("threshold = true", "a number from 0.5 to 1"),
        ('action = "block"', "action: 'block' is none of hold, review"),
        ("[rule]\nthreshold = 0.9", "write each as [[rule]]"),
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
        (
            '[[rule]]\nrails = ["SEPA Instant"]\nthreshold = 0.9',
            "'SEPA Instant' is no rail; write 'sepa_instant'",
        ),
        ('[[rule]]\nrails = [" "]\nthreshold = 0.9', "rule 1, rails: ' ' is no name of a rail"),
        ('[decisions]\nclear = false\nrails = ["Card", "SWIFT"]', "'SWIFT' is no rail; write 'swift'"),
        ("[decisions]\nclear = false\nrails = []", "decisions, rails: names nothing"),
        (f"[[rule]]\nkinds = {[*map(str, Kind)]}\napply = false", "rule 1, kinds: names every one"),
        (f"[[rule]]\nroles = {[*map(str, Role)]}\napply = false", "rule 1, roles: names every one"),
        ('[[rule]]\nlists = ["ofac:1"]\naction = "hold"', "'ofac:1' is no name of a list"),
        ('[[rule]]\nlists = ["own"]\nexemption = "x"', "exemption: only with apply = false"),
        ('[[rule]]\nlists = ["own"]\napply = false\nexemption = ""', "exemption: a text is expected"),
        ('party_books = ["ofac"]', "party_books: 'ofac' is a sanctions list"),
        ('no_ownership = ["CSL EL"]', "no_ownership: 'CSL' is no list; write 'csl'"),
        ('party_books = ["UN"]', "party_books: 'UN' is no list; write 'un'"),
        ("decisions = false", "decisions: a table is expected"),
        ("[decisions]\nhit = false", "decisions: 'hit' is no field; known are clear, rails"),
        ('[decisions]\nrails = ["card"]', "rails: only with clear = false"),
        ('[decisions]\nclear = true\nrails = ["card"]', "rails: only with clear = false"),
        ("[decisions]\nclear = 1", "decisions, clear: true or false is expected"),
        ("[decisions]\nrails = [1]", "decisions, rails: a list of texts is expected"),
        ("rule = [1]", "rule: write each as [[rule]]"),
        ("stripping = 1", "stripping: a table is expected, [stripping]"),
        ("[stripping]\nwindow = 1", "stripping: 'window' is no field; known are apply, same, window_hours"),
        ("[stripping]\nsame = []", 'stripping, same: "account", "name" or both'),
        ('[stripping]\nsame = ["name", "bic"]', 'stripping, same: "account", "name" or both'),
        ("[stripping]\napply = 0", "stripping, apply: true or false"),
        ("mapping = [1]", "mapping"),
        ("embargo = [1]", "[embargo]: a list of tables is expected; write [[embargo]]"),
        ("embargo = 1", "[embargo]: a list of tables is expected; write [[embargo]]"),
        ('[[embargo]]\nid = "x"', "embargo 1: name: a string is needed"),
        ('[[embargo]]\nid = " "\nname = "x"', "embargo 1: id: a string is needed"),
        ('[[embargo]]\nname = "x"', "embargo 1: id: a string is needed"),
        ('[[embargo]]\nid = "x"\nname = "y"\ncountries = "IR"', "countries: a list of strings is expected"),
        ('[[embargo]]\nid = "x"\nname = "y"\ncountries = ["IRN"]', "'IRN' is no ISO 3166-1 alpha-2 code"),
        ('[[embargo]]\nid = "x"\nname = "y"\ncountries = ["ir"]', "'ir' is no ISO 3166-1 alpha-2 code"),
        ('[[embargo]]\nid = "x"\nname = "y"\ngoods = ["a", 1]', "goods[1]: a string is needed"),
        (
            '[[embargo]]\nid = "x"\nname = "y"\ntowns = []',
            "embargo 1: unknown key 'towns'; known are id, name",
        ),
        ('[[rule]]\nlists = ["own", " "]\naction = "hold"', "rule 1, lists: ' ' is no name of a list"),
        ('[[rule]]\nlists = ["own"]\naction = "hold"\n[[rule]]\nx = 1', "rule 2: 'x' is no field"),
        ('[[rule]]\nlists = ["own"]\napply = true\nexemption = "x"', "exemption: only with apply = false"),
        ('[[rule]]\nlists = ["own"]\napply = false\nexemption = 1', "exemption: a text is expected"),
        ('[[rule]]\nprograms = [1]\naction = "hold"', "rule 1, programs: a list of texts"),
        ('[[rule]]\nroles = ["payer"]\naction = "hold"', "rule 1, roles: 'payer' is none of debtor"),
        ('[[rule]]\nlists = ["own"]\nthreshold = 2', "rule 1, threshold: a number from 0.5 to 1"),
        ('[[rule]]\nlists = ["own"]\naction = 1', "rule 1, action: 1 is none of hold, review"),
        ('embargo_action = "stop"', "embargo_action: 'stop' is none of hold, review"),
        ('text_threshold = "high"', "text_threshold: a number from 0.5 to 1"),
        ("shipped_mappings = [1]", "the policy, shipped_mappings: a list of texts"),
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


def test_a_policy_that_says_everything_is_read_whole() -> None:
    policy = read_policy("""
        threshold = 0.7
        text_threshold = 1
        action = "review"
        embargo_action = "hold"
        party_books = ["firms"]
        no_ownership = ["csl EL", "own"]
        [[rule]]
        lists = ["ofac", "own"]
        programs = ["SDGT"]
        kinds = ["person"]
        roles = ["creditor", "debtor"]
        rails = ["swift"]
        threshold = 0.9
        action = "hold"
        apply = false
        exemption = " customers are screened "
        [[rule]]
        programs = ["IRAN"]
        action = "hold"
        [[embargo]]
        id = "iran"
        name = "Iran"
        countries = ["IR"]
        names = ["Persia"]
        places = ["Tehran"]
        goods = ["caviar"]
        [stripping]
        apply = false
        window_hours = 2
        same = ["account"]
        [decisions]
        clear = false
        rails = ["card"]
    """)

    rule = Rule(
        lists=frozenset({"ofac", "own"}),
        programs=frozenset({"SDGT"}),
        kinds=frozenset({Kind.PERSON}),
        roles=frozenset({Role.CREDITOR, Role.DEBTOR}),
        rails=frozenset({"swift"}),
        threshold=0.9,
        action=Action.HOLD,
        apply=False,
        exemption="customers are screened",
    )
    assert policy == Policy(
        0.7,
        1.0,
        Action.REVIEW,
        (rule, Rule(programs=frozenset({"IRAN"}), action=Action.HOLD)),
        (Embargo("iran", "Iran", ("IR",), ("Persia",), ("Tehran",), ("caviar",)),),
        Action.HOLD,
        party_books=frozenset({"firms"}),
        no_ownership=frozenset({"csl EL", "own"}),
        stripping=StrippingRule(False, 2.0, frozenset({"account"})),
        clear=ClearRule(False, frozenset({"card"})),
    )
    assert policy.sha256 == "a028ee2755de378647925d3ab635c71c552d9c748c19ce8b093f82017d7f2937"


def test_a_policy_that_says_nothing_is_the_one_that_the_code_has() -> None:
    assert read_policy("") == Policy()
    assert read_policy("", SHIPPED_ELSEWHERE).embargoes == SHIPPED_ELSEWHERE
    assert read_policy("embargo = []", SHIPPED_ELSEWHERE).embargoes == ()
    assert read_policy('[[rule]]\nlists = ["own"]\napply = false').rules[0].exemption == ""


SHIPPED_ELSEWHERE = (Embargo("x", "X"),)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("threshold = {}", ("0.5", "1", "1.0"), ("0.49", "1.01", "-1")),
        ("text_threshold = {}", ("0.5", "1"), ("0.49", "1.01")),
        ("[stripping]\nwindow_hours = {}", ("0.001", "840"), ("0", "840.01", "-1", "true", '"1"')),
        ("[answers]\ndeadline_seconds = {}", ("0.001", "86400"), ("0", "86400.1", "true", '"1"')),
    ],
)
def test_a_number_is_taken_up_to_its_bounds_and_not_beyond(
    text: str, inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    for number in inside:
        read_policy(text.format(number))
    for number in outside:
        with pytest.raises(PolicyError, match="expected"):
            read_policy(text.format(number))
