"""Paths into JSON for mappings: `$.a.b[0]`, `$.items[*].name`, `$['odd.key']`, `@.name` below an element."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.payments.strict_json import pointer

_STEP = re.compile(r"""\.(@?[A-Za-z_#][\w-]*)|\[(\d{1,9})\]|\[(\*)\]|\[(?:'([^']+)'|"([^"]+)")\]""")

Steps = tuple[str | int | None, ...]
"""Keys, list positions, and None for every element of a list."""


class JsonPathError(ValueError):
    """This text is no path; it says from where on."""


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A parsed path. `[*]` reads one value that stands where a list could as a list of that one."""

    text: str
    relative: bool
    steps: Steps

    @classmethod
    def parse(cls, text: str) -> "JsonPath":
        """Raises JsonPathError for what is no path."""
        path, rest = cls.prefix(text)
        if rest:
            raise JsonPathError(f"{text!r}: cannot read {rest!r}; .key, ['key'], [0] or [*] is expected")
        return path

    @classmethod
    def prefix(cls, text: str) -> tuple["JsonPath", str]:
        """The path that a text begins with, and what follows it. Raises JsonPathError."""
        if text[:1] not in ("$", "@"):
            raise JsonPathError(f"{text!r} must start with $ (the event) or @ (the element of `each`)")
        steps: list[str | int | None] = []
        at = 1
        while step := _STEP.match(text, at):
            name, position, every, quoted, double = step.groups()
            steps.append(None if every else int(position) if position else name or quoted or double)
            at = step.end()
        return cls(text[:at], text[0] == "@", tuple(steps)), text[at:]

    def values(self, value: Any, at: str = "") -> Iterable[tuple[Any, str]]:
        """Every value that the path leads to, with its JSON pointer; none where the way ends before."""
        if None in self.steps:
            return [(found, where) for found, where, _ in _follow(value, at, self.steps, ())]
        for step in self.steps:  # most paths lead to one place
            if isinstance(step, str):
                if not isinstance(value, dict) or step not in value:
                    return ()
            elif not isinstance(value, list) or step is None or step >= len(value):
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
        return JsonPath(self.text, self.relative, own + self.steps[shared:])


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
        elif isinstance(value, list):
            if step is None:
                for number, item in enumerate(value):
                    own = (*gone, *steps[:place], number)
                    yield from _follow(item, f"{at}/{number}", steps[place + 1 :], own)
                return
            if step >= len(value):
                return
            value, at = value[step], f"{at}/{step}"
        elif step is None and value is not None:
            yield from _follow(value, at, steps[place + 1 :], (*gone, *steps[:place], SINGLE))
            return
        else:
            return
    yield value, at, (*gone, *steps)
