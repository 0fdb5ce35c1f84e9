"""Reads a policy from TOML, as people write it, with errors that name the place and what is allowed."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from screening.designations import Kind
from screening.lists import PARSERS, list_name
from screening.payments.mapping import EventMapping
from screening.payments.mapping_file import MappingError, read_mappings
from screening.payments.model import Role
from screening.policy.answers_file import answers_of
from screening.policy.embargoes import Embargo, EmbargoError, read_embargoes
from screening.policy.errors import PolicyError as PolicyError
from screening.policy.rails import rail_names
from screening.policy.rules import TIES, Action, ClearRule, Policy, Rule, StrippingRule
from screening.policy.suggestions_file import suggestions_of
from screening.policy.tables import check_fields, read_toml, table_of, tables_of

Choice = TypeVar("Choice", bound=StrEnum)

_TOP = frozenset(
    (
        *("threshold", "text_threshold", "action", "embargo_action", "party_books", "no_ownership"),
        *(
            "rule",
            "embargo",
            "mapping",
            "shipped_mappings",
            "stripping",
            "decisions",
            "answers",
            "suggestions",
        ),
    )
)
_FOR = ("lists", "programs", "kinds", "roles", "rails")
_EFFECTS = ("threshold", "action", "apply", "exemption")
_RULE = frozenset((*_FOR, *_EFFECTS))
_SANCTIONS = frozenset(list_name(source) for source in PARSERS) - {list_name("csv")}
"""Lists of whole parties, which hit by themselves; any other name is a private list's."""

_STRIPPING = frozenset(("apply", "window_hours", "same"))
_DECISIONS = frozenset(("clear", "rails"))
LONGEST_WINDOW_HOURS = 35 * 24
"""35 days: the topics of payments, alerts and decisions are kept as long (`streams/kafka/topics.py`)."""


NO_MAPPINGS: Mapping[str, str] = MappingProxyType({})


def read_policy(
    text: str, embargoes: Iterable[Embargo] = (), shipped: Mapping[str, str] = NO_MAPPINGS
) -> Policy:
    """The policy of a TOML text. Raises PolicyError.

    `embargoes` apply if the text has no `[[embargo]]` of its own; `embargo = []` switches them off. Payment
    events of other shapes are read by its `[[mapping]]` tables, see `screening.payments.mapping_file`, and
    after those by the mapping files that `shipped_mappings` names; `shipped` has their texts by name.
    """
    table = read_toml(text)
    check_fields(table, _TOP, "the policy")
    rules = tables_of(table.get("rule", []), "rule")
    try:
        own = read_embargoes(text) if "embargo" in table else tuple(embargoes)
        mappings = read_mappings(text) + _shipped(table, shipped)
    except (EmbargoError, MappingError) as error:
        raise PolicyError(str(error)) from None
    answers_of(table.get("answers", {}))  # no part of the policy, and wrong is wrong for everybody
    suggestions_of(table.get("suggestions", {}))
    given: dict[str, Any] = {}
    for name in ("threshold", "text_threshold"):
        if name in table:
            given[name] = _score(table[name], name)
    for name in ("action", "embargo_action"):
        if name in table:
            given[name] = _one_of(Action, table[name], name)
    return Policy(
        **given,
        party_books=_party_books(table),
        no_ownership=_no_ownership(table),
        rules=tuple(_rule(rule, f"rule {number}") for number, rule in enumerate(rules, 1)),
        embargoes=own,
        mappings=mappings,
        stripping=_stripping(table.get("stripping", {})),
        clear=_clear(table.get("decisions", {})),
    )


def _shipped(table: Mapping[str, Any], shipped: Mapping[str, str]) -> tuple[EventMapping, ...]:
    found: tuple[EventMapping, ...] = ()
    for name in _texts(table, "shipped_mappings", "the policy"):
        if name not in shipped:
            known = ", ".join(sorted(shipped)) or "none here"
            raise PolicyError(f"shipped_mappings: {name!r} does not ship; known are {known}")
        found += read_mappings(shipped[name])
    return found


def _stripping(table: object) -> StrippingRule:
    table = table_of(table, "stripping")
    check_fields(table, _STRIPPING, "stripping")
    shipped = StrippingRule()
    hours = table.get("window_hours", shipped.window_hours)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= LONGEST_WINDOW_HOURS:
        raise PolicyError(f"stripping, window_hours: a number from 0 to {LONGEST_WINDOW_HOURS} is expected")
    same = frozenset(_texts(table, "same", "stripping")) if "same" in table else shipped.same
    if not same or not same <= TIES:
        raise PolicyError('stripping, same: "account", "name" or both are expected')
    return StrippingRule(_flag(table, "apply", "stripping"), float(hours), same)


def _clear(table: object) -> ClearRule:
    table = table_of(table, "decisions")
    check_fields(table, _DECISIONS, "decisions")
    published = _flag(table, "clear", "decisions")
    rails = rail_names(_texts(table, "rails", "decisions"), "decisions")
    if "rails" in table and not rails:
        raise PolicyError("decisions, rails: names nothing; leave it out, where that holds on every rail")
    if published and rails:
        raise PolicyError("decisions, rails: only with clear = false, to say on which rails that holds")
    return ClearRule(published, rails)


def _party_books(table: Mapping[str, Any]) -> frozenset[str]:
    books = _list_names(table, "party_books", "the policy")
    if listed := sorted(books & _SANCTIONS):
        raise PolicyError(
            f"the policy, party_books: {listed[0]!r} is a sanctions list; as a party book none of its "
            "entries would hit unless somebody else owns them"
        )
    return books


def _no_ownership(table: Mapping[str, Any]) -> frozenset[str]:
    """Lists, or programs of a list, such as `csl EL`."""
    names = _texts(table, "no_ownership", "the policy")
    _list_names({"no_ownership": [name.partition(" ")[0] for name in names]}, "no_ownership", "the policy")
    return frozenset(names)


def _list_names(table: Mapping[str, Any], name: str, place: str) -> frozenset[str]:
    """List names as they are on the topic: "OFAC" would match nothing, for ever and unnoticed."""
    names = frozenset(_texts(table, name, place))
    for wrong in sorted(names - _SANCTIONS):
        if (meant := wrong.strip().lower()) in _SANCTIONS:
            raise PolicyError(f"{place}, {name}: {wrong!r} is no list; write {meant!r}")
        if not wrong.strip() or ":" in wrong:
            raise PolicyError(f"{place}, {name}: {wrong!r} is no name of a list")
    return names


def _purposeful(table: Mapping[str, Any], place: str) -> None:
    """Refuses a rule that applies to everything, to nothing, or has no effect: each is a slip of the pen."""
    for name in _FOR:
        if table.get(name) == []:
            raise PolicyError(f"{place}, {name}: names nothing, so the rule would never apply; leave it out")
    if table.get("apply") is False:
        for name, every in (("kinds", Kind), ("roles", Role)):
            if set(table.get(name, ())) == set(every):
                raise PolicyError(
                    f"{place}, {name}: names every one, so apply = false would switch all screening off"
                )
    if not any(name in table for name in _FOR):
        if table.get("apply") is False:
            raise PolicyError(
                f"{place}: apply = false without {', '.join(_FOR)} would switch all screening off"
            )
        raise PolicyError(
            f"{place}: is for every payment; set threshold or action at the top, or say what it is for "
            f"({', '.join(_FOR)})"
        )
    if not any(name in table for name in _EFFECTS):
        raise PolicyError(f"{place}: changes nothing; give it threshold, action or apply")
    if "exemption" in table and table.get("apply", True):
        raise PolicyError(f"{place}, exemption: only with apply = false, to say why that is right")


def _rule(table: Mapping[str, Any], place: str) -> Rule:
    check_fields(table, _RULE, place)
    apply = _flag(table, "apply", place)
    exemption = table.get("exemption", "")
    if not isinstance(exemption, str) or ("exemption" in table and not exemption.strip()):
        raise PolicyError(f"{place}, exemption: a text is expected that says why no list is needed here")
    rule = Rule(
        lists=_list_names(table, "lists", place),
        programs=frozenset(_texts(table, "programs", place)),
        kinds=frozenset(_one_of(Kind, text, f"{place}, kinds") for text in _texts(table, "kinds", place)),
        roles=frozenset(_one_of(Role, text, f"{place}, roles") for text in _texts(table, "roles", place)),
        rails=rail_names(_texts(table, "rails", place), place),
        threshold=_score(table["threshold"], f"{place}, threshold") if "threshold" in table else None,
        action=_one_of(Action, table["action"], f"{place}, action") if "action" in table else None,
        apply=apply,
        exemption=exemption.strip(),
    )
    _purposeful(table, place)
    return rule


def _score(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.5 <= value <= 1:
        raise PolicyError(f"{place}: a number from 0.5 to 1 is expected, not {value!r}")
    return float(value)


def _texts(table: Mapping[str, Any], name: str, place: str) -> list[str]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PolicyError(f'{place}, {name}: a list of texts is expected, like ["ofac"]')
    return value


def _flag(table: Mapping[str, Any], name: str, place: str) -> bool:
    value = table.get(name, True)
    if not isinstance(value, bool):
        raise PolicyError(f"{place}, {name}: true or false is expected")
    return value


def _one_of(choices: type[Choice], value: object, place: str) -> Choice:
    for choice in choices:
        if choice == value:
            return choice
    raise PolicyError(f"{place}: {value!r} is none of {', '.join(choices)}")
