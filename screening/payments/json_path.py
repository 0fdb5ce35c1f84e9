"""Paths into JSON for mappings: `$.a.b[0]`, `$.items[*].name`, `$['odd.key']`, `@.name` below an element.

In a list of named values, `$.items[?@.key == 'amount'].value` is the value of a name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from screening.payments.strict_json import pointer

_STEP = re.compile(
    r"""\.(@?[A-Za-z_#][\w-]*)|\[(\d{1,9})\]|\[(\*)\]|\[(?:'([^']+)'|"([^"]+)")\]"""
    r"""|\[\?@\.(@?[A-Za-z_][\w-]*)\s*==\s*(?:'([^']+)'|"([^"]+)")\]"""
)


class Named(NamedTuple):
    """Every element of a list that has a value under a key."""

    key: str
    value: str

    def holds(self, element: Any) -> bool:
        """Whether an element has it, a number by its digits."""
        if not isinstance(element, dict):
            return False
        value = element.get(self.key)
        return str(value) == self.value if type(value) is str or type(value) is int else False


Steps = tuple[str | int | Named | None, ...]
"""Keys, list positions, None for every element of a list, and which of them."""


class JsonPathError(ValueError):
    """This text is no path; it says from where on."""


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A parsed path. `[*]` reads one value that stands where a list could as a list of that one."""

    text: str
    relative: bool
    steps: Steps
    several: bool = False
    """It may lead to more than one place."""

    @classmethod
    def parse(cls, text: str) -> "JsonPath":
        """Raises JsonPathError for what is no path."""
        path, rest = cls.prefix(text)
        if rest:
            known = ".key, ['key'], [0], [*] or [?@.key == 'value']"
            raise JsonPathError(f"{text!r}: cannot read {rest!r}; {known} is expected")
        return path

    @classmethod
    def prefix(cls, text: str) -> tuple["JsonPath", str]:
        """The path that a text begins with, and what follows it. Raises JsonPathError."""
        if text[:1] not in ("$", "@"):
            raise JsonPathError(f"{text!r} must start with $ (the event) or @ (the element of `each`)")
        steps: list[str | int | Named | None] = []
        at = 1
        while step := _STEP.match(text, at):
            name, position, every, quoted, double, key, single_value, value = step.groups()
            if key:
                steps.append(Named(key, single_value or value))
            else:
                steps.append(None if every else int(position) if position else name or quoted or double)
            at = step.end()
        return cls(text[:at], text[0] == "@", tuple(steps), _several(steps)), text[at:]

    def values(self, value: Any, at: str = "") -> Iterable[tuple[Any, str]]:
        """Every value that the path leads to, with its JSON pointer; none where the way ends before."""
        if self.several:
            return [(found, where) for found, where, _ in _follow(value, at, self.steps, ())]
        for step in self.steps:  # most paths lead to one place
            if isinstance(step, str):
                if not isinstance(value, dict) or step not in value:
                    return ()
            elif not isinstance(value, list) or not isinstance(step, int) or step >= len(value):
                return ()
            value = value[step]
        return ((value, at + _pointer_of(self.steps)),)

    def branches(self, value: Any, at: str = "") -> Iterator[tuple[Any, str, Steps]]:
        """The same, each with its own steps: the positions that stand for `[*]`."""
        yield from _follow(value, at, self.steps, ())

    def within(self, trunk: "JsonPath", branch: Steps) -> "JsonPath":
        """This path inside one of the branches of another: as far as both go the same way, `[*]` is the
        branch's own position.

        >>> entries, own = JsonPath.parse("$.batches[*].entries[*]"), ("batches", 2, "entries", 7)
        >>> JsonPath.parse("$.batches[*].currency").within(entries, own).steps
        ('batches', 2, 'currency')
        """
        shared = 0
        for mine, theirs in zip(self.steps, trunk.steps, strict=False):
            if mine != theirs:
                break
            shared += 1
        own = tuple(step for step in branch[:shared] if step != SINGLE)
        steps = own + self.steps[shared:]
        return JsonPath(self.text, self.relative, steps, _several(steps))


def _several(steps: Iterable[str | int | Named | None]) -> bool:
    return any(step is None or isinstance(step, Named) for step in steps)


@lru_cache(maxsize=1024)
def _pointer_of(steps: Steps) -> str:
    return "".join([f"/{pointer(step) if isinstance(step, str) else step}" for step in steps])


SINGLE = -1
"""In the steps of a branch: here `[*]` met a value that is no list."""


def _follow(value: Any, at: str, steps: Steps, gone: Steps) -> Iterator[tuple[Any, str, Steps]]:
    for place, step in enumerate(steps):
        if isinstance(step, str):
            if not isinstance(value, dict) or step not in value:
                return
            value, at = value[step], f"{at}/{pointer(step)}"
        elif isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return
            value, at = value[step], f"{at}/{step}"
        else:
            for number, item in _elements(value, step):
                below = at if number == SINGLE else f"{at}/{number}"
                yield from _follow(item, below, steps[place + 1 :], (*gone, *steps[:place], number))
            return
    yield value, at, (*gone, *steps)


def _elements(value: Any, which: Named | None) -> Iterable[tuple[int, Any]]:
    """The elements of a list that a step means, with their positions; of a single value that value."""
    if value is None:
        return ()
    elements = enumerate(value) if isinstance(value, list) else ((SINGLE, value),)
    return (each for each in elements if which is None or which.holds(each[1]))
