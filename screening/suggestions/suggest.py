"""A hit's facts and what the rules make of them, as one pure call."""

import hashlib
from dataclasses import dataclass

from screening.policy.suggestions import Suggested, SuggestionRules
from screening.suggestions.case import Case
from screening.suggestions.facts import Fact, facts_of


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is suggested of one hit: by which rule, and on which facts."""

    suggestion_id: str
    suggested: Suggested
    rule: str
    """Its name; empty where none holds."""
    facts: tuple[Fact, ...]


def suggest(case: Case, rules: SuggestionRules) -> Suggestion:
    """The suggestion on a hit. Its id names the alert alone: who is killed and suggests again says it under
    the same id."""
    facts = facts_of(case)
    suggested, rule = rules.suggest({fact.about: fact.speaks for fact in facts})
    return Suggestion(suggestion_id(case.alert_id), suggested, rule, facts)


def suggestion_id(alert_id: str) -> str:
    """32 hex digits."""
    return hashlib.sha256(f"suggestion\x1f{alert_id}".encode()).hexdigest()[:32]
