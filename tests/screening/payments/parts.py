"""What is read of a message, and what of that changes when one part of it is another."""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.screening.payments.test_read_whole import read
from tests.screening.said import write

LONGEST_SHOWN = 200
Part = tuple[str, str, bytes | list[str]]
"""The whole, what is changed of it, and the message then or what is read of it."""

VALUES: tuple[Any, ...] = (
    *(None, True, 7, 1.5, "", " ", "ALIH", "ALIHA", "Ali Hassan", "AB12CD9", "12-34-56", "X" * 60),
    *(["Ali", "Hassan"], [" ", 7], {"first": "Ali", "last": "Hassan"}, {"ali_hassan": "X"}),
)
"""What is tried in every place of an event."""


def encoded(event: Any) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < LONGEST_SHOWN else f"{text[:20]}... of {len(text)}"


def short(line: str) -> str:
    """One line that can be kept; field 20 may have several."""
    line = " / ".join(line.splitlines())
    return line if len(line) < LONGEST_SHOWN else f"{line[:150]}...{len(line)}"


def readings(parts: Iterable[Part]) -> dict[str, list[str]]:
    """What is read of each part: of a whole all lines, of a change those that go and come."""
    found: dict[str, list[str]] = {}
    for whole, change, part in sorted(parts, key=lambda part: part[1] != ""):
        lines = [*map(short, read(part) if isinstance(part, bytes) else part)]
        if not change:
            found[whole] = lines
        else:
            found[f"{whole} | {change}"] = [*differing(found[whole], lines)]
    return found


def differing(whole: Iterable[str], lines: Iterable[str]) -> Iterator[str]:
    """The lines that are read no more (`-`), then those that are read instead (`+`); each Python's `difflib`
    has another order."""
    before, now = Counter(whole), Counter(lines)
    yield from [f"- {line}" for line in (before - now).elements()]
    yield from [f"+ {line}" for line in (now - before).elements()]


def of_whole(said: Mapping[str, list[str]], whole: str) -> dict[str, list[str]]:
    """What is said of one whole and its changes."""
    return {name: lines for name, lines in said.items() if name.partition(" | ")[0] == whole}


def hashes(said: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """By whole a line a part: a hash over what its changes come to."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, lines in said.items():
        whole, _, change = name.partition(" | ")
        words = change.split(" ")
        part = " ".join(words[: 2 if words[0] in ("person's", "with", "raw", "list") else 1])
        found.setdefault(whole, {}).setdefault(part, []).extend([change, *lines])
    return {
        whole: [
            f"{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:12]} {part}".rstrip()
            for part, lines in parts.items()
        ]
        for whole, parts in found.items()
    }


def as_program(said: Mapping[str, list[str]], kept: Path) -> None:
    """Prints what is said of the whole that the command line names; without one keeps the hashes of all."""
    if len(sys.argv) > 1:
        for name, lines in of_whole(said, sys.argv[1]).items():
            sys.stdout.write("\n".join([f"== {name}", *lines, ""]))
    else:
        write(kept, hashes(said).items())
