"""Reads the `[suggestions]` table of a policy file into `SuggestionRules`, with errors that name the
place."""

from collections.abc import Mapping
from typing import Any

from screening.policy.errors import PolicyError
from screening.policy.suggestions import About, Suggested, SuggestionRule, SuggestionRules
from screening.policy.tables import check_fields, read_toml, table_of, tables_of

_FACTS = ("for", "against", "unless_for", "unless_against")
_RULE = frozenset(("name", "suggest", *_FACTS))
_GIVEN = (Suggested.TRUE_POSITIVE, Suggested.FALSE_POSITIVE)


def read_suggestions(text: str) -> SuggestionRules | None:
    """The rules of a policy's TOML text, None if it has no `[suggestions]`. Raises PolicyError."""
    table = read_toml(text)
    return suggestions_of(table["suggestions"]) if "suggestions" in table else None


def suggestions_of(table: object) -> SuggestionRules:
    """The rules of a table. Raises PolicyError."""
    table = table_of(table, "suggestions")
    check_fields(table, frozenset(("rule",)), "suggestions")
    rules = tables_of(table.get("rule", []), "suggestions.rule")
    found = tuple(_rule(each, f"suggestions, rule {number}") for number, each in enumerate(rules, 1))
    names = [rule.name for rule in found]
    for name in names:
        if names.count(name) > 1:
            raise PolicyError(f"suggestions: two rules have the name {name!r}; they are measured by it")
    return SuggestionRules(found)


def _rule(table: Mapping[str, Any], place: str) -> SuggestionRule:
    check_fields(table, _RULE, place)
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
