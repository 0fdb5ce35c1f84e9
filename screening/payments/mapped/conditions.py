"""Which events a mapping is for: `$.ref`, `$.type == 'transfer'`, `@.code not in ['REFUND', 'REPORT']`."""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from screening.payments.json_path import JsonPath, JsonPathError

_COMPARISON = re.compile(r"\s*(==|!=|in\b|not\s+in\b)\s*(.+?)\s*", re.DOTALL)


class ConditionError(ValueError):
    """This text is no condition; it says what is expected."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A path that must lead somewhere; or a value there that is one of `values`; `negated`: none of them."""

    text: str
    path: JsonPath
    values: tuple[Any, ...] | None = None
    negated: bool = False

    @classmethod
    def parse(cls, text: str) -> "Condition":
        """Raises ConditionError."""
        try:
            path, rest = JsonPath.prefix(text)
        except JsonPathError as error:
            raise ConditionError(str(error)) from None
        if not rest.strip():
            return cls(text, path)
        comparison = _COMPARISON.fullmatch(rest)
        if not comparison:
            raise ConditionError(
                f"{text!r}: cannot read {rest!r}; a path alone, or == != in, not in and a value, is expected"
            )
        operator, literal = comparison.groups()
        value = _literal(literal, text)
        several = operator.endswith("in")
        if several != isinstance(value, list):
            raise ConditionError(f"{text!r}: in takes a list such as ['a', 'b'], == and != one value")
        return cls(text, path, tuple(value) if several else (value,), operator.startswith(("!", "not")))

    def holds(self, values: Iterable[Any]) -> bool:
        """Whether it holds for the values that its path leads to."""
        if self.values is None:
            return any(True for _ in values)
        found = any(_same(value, wanted) for value in values for wanted in self.values)
        return found != self.negated


def all_hold(conditions: Iterable[Condition], values: Callable[[JsonPath], Iterable[Any]]) -> bool:
    """Whether every condition holds; `values` follows a path."""
    return all(condition.holds(values(condition.path)) for condition in conditions)


def _literal(text: str, condition: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        raise ConditionError(f"{condition!r}: {text!r} is no value; write 'a text', 12 or true") from None


def _same(value: Any, wanted: Any) -> bool:
    """Equal, or a number and its digits as text: platforms write codes both ways."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, str | int) and isinstance(wanted, str | int):
        return str(value) == str(wanted)
    return bool(value == wanted)
