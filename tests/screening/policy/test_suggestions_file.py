"""Claims about `[suggestions]`: rules as people write them, and errors that name the place."""

import pytest

from screening.policy.errors import PolicyError
from screening.policy.file import read_policy
from screening.policy.suggestions import About, Suggested, SuggestionRule
from screening.policy.suggestions_file import read_suggestions

WRITTEN = """
[[suggestions.rule]]
name = "born on another day"
suggest = "false_positive"
against = ["birth_date"]
unless_for = ["identifier"]
"""


def test_a_rule_is_read_as_it_is_written() -> None:
    found = read_suggestions(WRITTEN)

    assert found is not None
    assert found.rules == (
        SuggestionRule(
            "born on another day",
            Suggested.FALSE_POSITIVE,
            contradicts=frozenset((About.BIRTH_DATE,)),
            unless_for=frozenset((About.IDENTIFIER,)),
        ),
    )
    assert read_suggestions("") is None


def test_rules_change_no_decision_and_have_a_hash_of_their_own() -> None:
    assert read_policy(WRITTEN).sha256 == read_policy("").sha256
    one, other = read_suggestions(WRITTEN), read_suggestions(WRITTEN.replace('"identifier"', '"address"'))
    assert one is not None and other is not None
    assert one.sha256 != other.sha256


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"false_positive"', '"undecided"', "suggestions, rule 1, suggest"),
        ('"birth_date"', '"born"', "suggestions, rule 1, against: a list of facts is expected"),
        ('against = ["birth_date"]', "", "suggestions, rule 1: rests on no fact"),
        ("unless_for", "unless", "suggestions, rule 1: 'unless' is no field"),
        ('name = "born on another day"', 'name = " "', "suggestions, rule 1, name"),
    ],
)
def test_a_wrong_rule_is_named_for_everybody(old: str, new: str, place: str) -> None:
    for read in (read_suggestions, read_policy):
        with pytest.raises(PolicyError, match=place):
            read(WRITTEN.replace(old, new))


def test_two_rules_of_one_name_could_not_be_told_apart_when_they_are_measured() -> None:
    with pytest.raises(PolicyError, match="two rules have the name"):
        read_suggestions(WRITTEN * 2)
