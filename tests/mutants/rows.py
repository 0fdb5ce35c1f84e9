"""The mutations that `invariants.toml` lists, and the entries of `docs/invariants.md` that they break."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LISTED = Path(__file__).with_name("invariants.toml")
PAGE = ROOT / "docs" / "invariants.md"
ENTRY = re.compile(r"^- \*\*(.+?)\*\*(.*?)(?=^- |^## |\Z)", re.MULTILINE | re.DOTALL)
GUARD = re.compile(r"\[`([^`]+)`\]\(\.\./([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Invariant:
    """One entry of the page."""

    rule: str
    guards: Sequence[tuple[str, str]]
    """The tests that it names: each a test or a whole file, by name and path."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break an invariant: `pattern`, which stands once in `file`, becomes `replacement`."""

    row: str
    """How the rule begins that it breaks."""
    file: str
    pattern: str
    replacement: str
    tests: Sequence[str]
    """What must fail then, as pytest names it; one of them is enough."""
    fast: bool = False
    """Run with every `make test`."""
    kafka: bool = False
    """Its tests need a real Kafka."""

    def applied(self, source: str) -> str:
        """The broken source. Raises ValueError where the pattern does not stand there exactly once."""
        if (found := source.count(self.pattern)) != 1:
            raise ValueError(f"{self.file}: {self.pattern!r} stands there {found} times; it must once")
        return source.replace(self.pattern, self.replacement)


def mutations() -> list[Mutation]:
    """All that are listed, in the order of the file. Raises TypeError for a field that is none."""
    return [Mutation(**entry) for entry in tomllib.loads(LISTED.read_text())["mutation"]]


def invariants() -> list[Invariant]:
    """The entries of the page, in its order."""
    return [
        Invariant(" ".join(rule.split()), GUARD.findall(rest))
        for rule, rest in ENTRY.findall(PAGE.read_text())
    ]
