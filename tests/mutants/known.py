"""Changes that no test need notice, as `known.toml` lists them: the same program, or not worth a test."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from tests.mutants.rows import ROOT
from tests.mutants.tool import Mutant

LISTED = Path(__file__).with_name("known.toml")


class Kind(StrEnum):
    EQUIVALENT = "equivalent"
    """It is the same program: no test can notice it."""
    ACCEPTED = "accepted"
    """A test could notice it, and would cost more than it saves."""


@dataclass(frozen=True, slots=True)
class Known:
    """Every change by one of `operators` on a `line` that reads so."""

    file: str
    line: str
    """The whole line, without the blanks around it: it need not stand there once only."""
    operators: str
    """Which operators, as a pattern of file names: `NumberReplacer`, `*_Lt_LtE`, `*`."""
    kind: Kind
    why: str

    def stands(self, root: Path = ROOT) -> bool:
        """Whether the line is still in the file."""
        return any(line.strip() == self.line for line in (root / self.file).read_text().splitlines())

    def names(self, mutant: Mutant) -> bool:
        """Whether it tells of `mutant`."""
        return (
            self.file == mutant.file
            and fnmatchcase(mutant.operator.removeprefix("core/"), self.operators)
            and (ROOT / self.file).read_text().splitlines()[mutant.line - 1].strip() == self.line
        )


@cache
def listed() -> list[Known]:
    """All that are known, in the order of the file."""
    entries = tomllib.loads(LISTED.read_text()).get("known", [])
    return [Known(**entry | {"kind": Kind(entry["kind"])}) for entry in entries]


def known(mutant: Mutant) -> Known | None:
    """What is known of it, if anything is."""
    return next((each for each in listed() if each.names(mutant)), None)
