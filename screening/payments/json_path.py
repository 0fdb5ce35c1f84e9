"""Paths into JSON for mappings: `$.a.b[0]`, `$.items[*].name`, `$['odd.key']`, `@.name` below an element."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from screening.payments.strict_json import pointer

_STEP = re.compile(r"""\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[(\*)\]|\[(?:'([^']+)'|"([^"]+)")\]""")


class JsonPathError(ValueError):
    """This text is no path; it says from where on."""


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A parsed path: keys, list positions, and None for every element of a list."""

    text: str
    relative: bool
    steps: tuple[str | int | None, ...]

    @classmethod
    def parse(cls, text: str) -> "JsonPath":
        """Raises JsonPathError for what is no path."""
        if text[:1] not in ("$", "@"):
            raise JsonPathError(f"{text!r} must start with $ (the event) or @ (the element of `each`)")
        steps: list[str | int | None] = []
        at = 1
        while at < len(text):
            step = _STEP.match(text, at)
            if not step:
                raise JsonPathError(
                    f"{text!r}: cannot read {text[at:]!r}; .key, ['key'], [0] or [*] is expected"
                )
            name, position, every, quoted, double = step.groups()
            steps.append(None if every else int(position) if position else name or quoted or double)
            at = step.end()
        return cls(text, text[0] == "@", tuple(steps))

    def values(self, value: Any, at: str = "") -> Iterator[tuple[Any, str]]:
        """Every value that the path leads to, with its JSON pointer; none where the way ends before."""
        yield from _follow(value, at, self.steps)


def _follow(value: Any, at: str, steps: tuple[str | int | None, ...]) -> Iterator[tuple[Any, str]]:
    if not steps:
        yield value, at
        return
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        if isinstance(value, dict) and step in value:
            yield from _follow(value[step], f"{at}/{pointer(step)}", rest)
    elif isinstance(value, list):
        if step is None:
            for number, item in enumerate(value):
                yield from _follow(item, f"{at}/{number}", rest)
        elif step < len(value):
            yield from _follow(value[step], f"{at}/{step}", rest)
