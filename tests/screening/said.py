"""Files of what is said of a thing, whole: a line `== thing`, and behind it the lines that are said of it."""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from difflib import ndiff
from pathlib import Path

HEAD = "== "


def kept(file: Path) -> dict[str, list[str]]:
    """What the file says, by the thing."""
    found: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(HEAD):
            lines = found[line.removeprefix(HEAD)] = []
        else:
            lines.append(line)
    return found


def changed(said: Mapping[str, list[str]], say: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """By the thing: the lines that are said no more (`-`), and those that are said now (`+`)."""
    now = {thing: [*say(thing)] for thing in said}
    return {
        thing: [line for line in ndiff(lines, now[thing]) if line[0] in "+-"]
        for thing, lines in said.items()
        if lines != now[thing]
    }


def write(file: Path, said: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Writes the file anew, each thing with its lines."""
    texts = [f"{HEAD}{thing}\n" + "".join(f"{line}\n" for line in lines) for thing, lines in said]
    file.write_text("".join(texts), encoding="utf-8")


def written(value: object) -> str:
    """As Python writes it, what has no order of its own sorted."""
    if isinstance(value, re.Pattern):
        return repr(value.pattern)
    if isinstance(value, Mapping):
        pairs = [f"{written(key)}: {written(each)}" for key, each in value.items()]
        return "{" + ", ".join(sorted(pairs)) + "}"
    if isinstance(value, Set):
        return "{" + ", ".join(sorted(map(written, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(written, value)) + ")"
    return repr(value)
