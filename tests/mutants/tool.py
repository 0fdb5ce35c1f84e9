"""Small mutants of any module, made by Cosmic Ray, which has an environment of its own.

It needs libraries that nothing else here does, so it stays out of the lock and is called by its command line.
"""

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutants.rows import ROOT

VERSION = "cosmic-ray>=8.4,<9"
HOME = ROOT / ".cache" / "cosmic-ray"
POINTLESS = ("BitOr", "Variable", "RemoveDecorator", "Replace_Is", "Is_", "IsNot_", "ExceptionReplacer")
"""Operators left out by a part of their name. `|` is nearly always a type here and a decorator makes the
class what it is: both fail on import and would flatter the tests. Identity for equality, or a stranger
for an exception, is mostly the same program; variables need a list of names."""


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One change that the tool can make."""

    file: str
    """The module, from the root of the tree."""
    line: int
    column: int
    operator: str
    occurrence: int
    """Which of the places of that operator in the module, from 0."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.operator.removeprefix('core/')}"

    def make(self, tree: Path) -> None:
        """Change the module in `tree`. Raises CalledProcessError where the tool cannot."""
        _tool("apply", self.file, self.operator, str(self.occurrence), cwd=tree)


def mutants(folders: Sequence[str]) -> list[Mutant]:
    """Every change of the modules in `folders`, in a fixed order, those of annotations left out."""
    found = [each for folder in folders for each in _listed(folder)]
    typed = {file: _typed(ROOT / file) for file in {each.file for each in found}}
    return sorted(each for each in found if each.line not in typed[each.file])


def _listed(folder: str) -> Iterator[Mutant]:
    with tempfile.TemporaryDirectory() as place:
        session = str(Path(place, "session.sqlite"))
        config = Path(place, "config.toml")
        config.write_text(
            f'[cosmic-ray]\nmodule-path = "{folder}"\ntimeout = 1.0\nexcluded-modules = []\n'
            'test-command = "true"\n[cosmic-ray.distributor]\nname = "local"\n'
        )
        _tool("init", str(config), session, cwd=ROOT)
        for line in _tool("dump", session, cwd=ROOT).splitlines():
            for change in json.loads(line)[0]["mutations"]:
                operator = change["operator_name"]
                if not any(part in operator for part in POINTLESS) and not operator.endswith("_Is"):
                    yield _mutant(change)


def _mutant(change: dict[str, Any]) -> Mutant:
    """From the tool's own record of it."""
    line, column = change["start_pos"]
    return Mutant(change["module_path"], line, column, change["operator_name"], change["occurrence"])


def _typed(module: Path) -> set[int]:
    """The lines of annotations and of how a dataclass is made: a change there is mostly the same program."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        for decorator in getattr(node, "decorator_list", ()):
            lines |= _lines(decorator)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(part, ast.expr):
                lines |= _lines(part) - _valued(node)
    return lines


def _valued(node: ast.AST) -> set[int]:
    """The lines of what an annotated name is set to: they hold code."""
    value = getattr(node, "value", None)
    return _lines(value) if value is not None else set()


def _lines(node: ast.expr) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _tool(*arguments: str, cwd: Path) -> str:
    """Its output. It is called as a module: the scripts of an environment name the folder it was made in."""
    python = HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", VERSION], check=True)
    command = [python, "-m", "cosmic_ray.cli", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout
