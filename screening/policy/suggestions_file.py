"""The `[suggestions]` table of a policy file to `SuggestionRules`, with errors that name the place."""

import tomllib
from collections.abc import Mapping
from typing import Any

from screening.policy.errors import PolicyError
from screening.policy.suggestions import About, Suggested, SuggestionRule, SuggestionRules

_FACTS = ("for", "against", "unless_for", "unless_against")
_RULE = frozenset(("name", "suggest", *_FACTS))
_GIVEN = (Suggested.TRUE_POSITIVE, Suggested.FALSE_POSITIVE)


def read_suggestions(text: str) -> SuggestionRules | None:
    """The rules of a policy's TOML text, None where it has no `[suggestions]`. Raises PolicyError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"not TOML: {error}") from None
    return suggestions_of(table["suggestions"]) if "suggestions" in table else None


def suggestions_of(table: object) -> SuggestionRules:
    """Raises PolicyError."""
    if not isinstance(table, dict):
        raise PolicyError("suggestions: a table is expected, [suggestions]")
    _known(table, frozenset(("rule",)), "suggestions")
    rules = table.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        raise PolicyError("suggestions, rule: write each as [[suggestions.rule]]")
    found = tuple(_rule(each, f"suggestions, rule {number}") for number, each in enumerate(rules, 1))
    names = [rule.name for rule in found]
    for name in names:
        if names.count(name) > 1:
            raise PolicyError(f"suggestions: two rules have the name {name!r}; they are measured by it")
    return SuggestionRules(found)


def _rule(table: Mapping[str, Any], place: str) -> SuggestionRule:
    _known(table, _RULE, place)
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise PolicyError(f"{place}, name: a text is expected that says why, like 'born on another day'")
    if table.get("suggest") not in _GIVEN:
        raise PolicyError(f"{place}, suggest: {' or '.join(_GIVEN)} is expected")
    facts = [_facts(table, field, place) for field in _FACTS]
    if not facts[0] and not facts[1]:
        raise PolicyError(f"{place}: rests on no fact; say which speak for it, or against")
    return SuggestionRule(name.strip(), Suggested(table["suggest"]), *facts)


def _facts(table: Mapping[str, Any], field: str, place: str) -> frozenset[About]:
    value = table.get(field, [])
    known = [*map(str, About)]
    if not isinstance(value, list) or not all(item in known for item in value):
        raise PolicyError(f"{place}, {field}: a list of facts is expected; known are {', '.join(known)}")
    return frozenset(map(About, value))


def _known(table: Mapping[str, Any], names: frozenset[str], place: str) -> None:
    for name in table:
        if name not in names:
            raise PolicyError(f"{place}: {name!r} is no field; known are {', '.join(sorted(names))}")
