"""What is suggested for a hit, by rules over the facts for and against it: the `[suggestions]` table of a
policy.

Not part of `Policy`: a suggestion changes no decision, so its rules are in no decision's hash. They have a
hash of their own, which each suggestion states.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What a fact is about."""

    NAME = "name"
    IDENTIFIER = "identifier"
    KIND = "kind"
    GENDER = "gender"
    BIRTH_DATE = "birth_date"
    COUNTRY = "country"
    ADDRESS = "address"
    TIES = "ties"
    DISPOSITION = "disposition"
    NAMESAKES = "namesakes"


class Speaks(StrEnum):
    """Whether a fact supports that the party is the listed one."""

    FOR = "for"
    AGAINST = "against"
    OPEN = "open"
    """It tells nothing as it stands: what to ask for, or to look at."""


class Suggested(StrEnum):
    """What a rule suggests. A disposition can only be one of the first two, and only a person gives one."""

    TRUE_POSITIVE = "true_positive"
    FALSE_POSITIVE = "false_positive"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class SuggestionRule:
    """Applies if every fact of `supports` speaks for the hit, every one of `contradicts` against it, and none
    of `unless_for` and `unless_against` does."""

    name: str
    suggest: Suggested
    supports: frozenset[About] = frozenset()
    contradicts: frozenset[About] = frozenset()
    unless_for: frozenset[About] = frozenset()
    unless_against: frozenset[About] = frozenset()

    def holds(self, speaking: Mapping[About, Speaks]) -> bool:
        found_for = {about for about, speaks in speaking.items() if speaks is Speaks.FOR}
        found_against = {about for about, speaks in speaking.items() if speaks is Speaks.AGAINST}
        return (
            self.supports <= found_for
            and self.contradicts <= found_against
            and self.unless_for.isdisjoint(found_for)
            and self.unless_against.isdisjoint(found_against)
        )


@dataclass(frozen=True, slots=True)
class SuggestionRules:
    """The first rule that applies decides; if none does, nothing is suggested."""

    rules: tuple[SuggestionRule, ...] = ()

    def suggest(self, speaking: Mapping[About, Speaks]) -> tuple[Suggested, str]:
        """What is suggested, and the name of the rule; empty if none applies."""
        for rule in self.rules:
            if rule.holds(speaking):
                return rule.suggest, rule.name
        return Suggested.UNDECIDED, ""

    @property
    def sha256(self) -> str:
        """Identifies these rules in every suggestion made by them."""
        text = repr(
            [(rule.name, rule.suggest, *(sorted(facts) for facts in _facts_of(rule))) for rule in self.rules]
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _facts_of(rule: SuggestionRule) -> tuple[frozenset[About], ...]:
    return rule.supports, rule.contradicts, rule.unless_for, rule.unless_against
