"""Policy: what counts as a hit and what happens then. Values only; built once, hashed, passed in.

The shipped policy, with the reason for every number, is `config/policy.toml`.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from screening.designations import Kind
from screening.payments.mapping import EventMapping
from screening.payments.model import Role
from screening.policy.embargoes import SOURCE as EMBARGO
from screening.policy.embargoes import Embargo

HASHED_AS = "hashed as"
"""Key in a field's metadata: its name in `Policy.sha256`, by which earlier decisions know a policy."""


class Action(StrEnum):
    """What the payment platform is asked to do. HOLD stops the payment, REVIEW lets an analyst look."""

    HOLD = "hold"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Rule:
    """One exception to the defaults; an empty field matches everything, and the last matching rule wins."""

    lists: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    roles: frozenset[Role] = frozenset()
    rails: frozenset[str] = frozenset()
    threshold: float | None = None
    action: Action | None = None
    apply: bool = True
    """False: the list is not screened here at all (a rail where the law has customers screened instead)."""
    exemption: str = ""
    """Why that is right, where no other list is left: without it such a payment is an error, not clear."""

    def __post_init__(self) -> None:
        _check_score("threshold", self.threshold if self.threshold is not None else 1.0)

    def covers(
        self, source: str, programs: Iterable[str], kind: Kind | None, role: Role, rail: str | None
    ) -> bool:
        return (
            (not self.lists or source in self.lists)
            and (not self.programs or not self.programs.isdisjoint(programs))
            and (not self.kinds or kind in self.kinds)
            and (not self.roles or role in self.roles)
            and (not self.rails or rail in self.rails)
        )


def _check_score(name: str, value: float) -> None:
    """Raises ValueError for a threshold such as 80 where 0.80 was meant, or NaN: nobody would ever be a
    hit."""
    if not 0 < value <= 1:
        raise ValueError(f"{name}: a number above 0 and up to 1 is expected, not {value!r}")


TIES = frozenset(("account", "name"))


@dataclass(frozen=True, slots=True)
class StrippingRule:
    """When a payment counts as a resubmission of a stopped one (`screening.hits.by_resubmission`)."""

    apply: bool = True
    window_hours: float = 120.0
    same: frozenset[str] = TIES
    """What tells that payer and payee are the same: `account` (any code of the party), `name`."""


@dataclass(frozen=True, slots=True)
class ClearRule:
    """Whether the decision about a clear payment is published; those about hits and errors always are."""

    published: bool = field(default=True, metadata={HASHED_AS: "told"})
    rails: frozenset[str] = frozenset()
    """Where `published` is false, the rails on which none is published; none named: all of them."""

    def publishes(self, rail: str | None) -> bool:
        return self.published or (bool(self.rails) and rail not in self.rails)


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds and actions by list, program, kind, role and rail.

    Raises ValueError, as a rule does, for a threshold that no score could reach.
    """

    threshold: float = 0.80
    """Name score from which a strong alias is a hit."""
    text_threshold: float = 0.85
    """The same for names inside free text, where chance likeness is commoner."""
    action: Action = Action.HOLD
    rules: tuple[Rule, ...] = ()
    embargoes: tuple[Embargo, ...] = ()
    embargo_action: Action = Action.REVIEW
    """What meeting an embargo leads to; a rule for the list `embargo` can say otherwise."""
    mappings: tuple[EventMapping, ...] = ()
    """How payment events of other shapes are read; here, for it decides what of them is screened."""
    party_books: frozenset[str] = frozenset()
    """Lists of companies with their owners, which hit only when blocked persons own them (`ties`)."""
    no_ownership: frozenset[str] = frozenset()
    """Listings that do not reach what their party owns: a list, or one of its programs (`csl EL`)."""
    stripping: StrippingRule = StrippingRule()
    clear: ClearRule = ClearRule()

    def __post_init__(self) -> None:
        _check_score("threshold", self.threshold)
        _check_score("text_threshold", self.text_threshold)

    def ruling(
        self, source: str, programs: Iterable[str], kind: Kind | None, role: Role, rail: str | None
    ) -> tuple[float, Action] | None:
        """Threshold and action for one designation found in one role on one rail; None if it is not applied
        there."""
        action = self.embargo_action if source == EMBARGO else self.action
        threshold, apply = self.threshold, True
        for rule in self.rules:
            if rule.covers(source, programs, kind, role, rail):
                threshold = threshold if rule.threshold is None else rule.threshold
                action = rule.action or action
                apply = rule.apply
        return (threshold, action) if apply else None

    def exempts(self, source: str, rail: str | None) -> Rule | None:
        """The rule by which no part of a list is applied on a rail, whoever pays; None if some is."""
        if any(self.ruling(source, (), None, role, rail) for role in Role):
            return None
        covering = (rule for rule in self.rules if rule.covers(source, (), None, Role.OTHER, rail))
        return next((rule for rule in reversed([*covering]) if not rule.apply), None)

    def reaches_what_it_owns(self, source: str, programs: Collection[str]) -> bool:
        """Whether a listing makes its party a blocked owner; one program that does is enough."""
        if source in self.no_ownership:
            return False
        return not programs or any(f"{source} {program}" not in self.no_ownership for program in programs)

    @property
    def ownership(self) -> tuple[frozenset[str], frozenset[str]]:
        """Everything that decides who counts as owned: two policies on one table must agree on it."""
        return self.party_books, self.no_ownership

    @property
    def lists_named(self) -> frozenset[str]:
        """Every list that the policy mentions; one that is not in force is a mistake."""
        exempt = {name.partition(" ")[0] for name in self.no_ownership}
        named = self.party_books.union(exempt, *(rule.lists for rule in self.rules))
        return named - {EMBARGO}

    @property
    def lowest_threshold(self) -> float:
        """The lowest score that any rule could make a hit; the index must not lose a candidate above it."""
        lowest = self.threshold
        for rule in self.rules:
            if rule.threshold is not None and rule.threshold < lowest:
                lowest = rule.threshold
        return lowest

    @property
    def lowest_text_threshold(self) -> float:
        """The same for names inside free text."""
        return max(self.text_threshold, self.lowest_threshold)

    @property
    def sha256(self) -> str:
        """Identifies this policy in every decision; equal for equal policies, on every machine."""
        return hashlib.sha256(_canonical(self).encode()).hexdigest()


def _hashed_name(of: Field[Any]) -> str:
    name: str = of.metadata.get(HASHED_AS, of.name)
    return name


def _canonical(value: object) -> str:
    if is_dataclass(value):
        named = (f"{_hashed_name(each)}={_canonical(getattr(value, each.name))}" for each in fields(value))
        return "(" + ",".join(named) + ")"
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(map(_canonical, value))) + "}"
    if isinstance(value, Mapping):
        return "<" + ",".join(sorted(f"{key}={_canonical(item)}" for key, item in value.items())) + ">"
    if isinstance(value, tuple):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return repr(str(value)) if isinstance(value, str) else repr(value)
