"""Small mutants of any module, made by Cosmic Ray, which has an environment of its own.

It needs libraries that nothing else here does, so it stays out of the lock and is called by its command line.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.rows import ROOT

VERSION = "cosmic-ray>=8.4,<9"
HOME = ROOT / ".cache" / "cosmic-ray"
PLACES = Path(__file__).with_name("places.py")
MADE = Path(__file__).with_name("made.py")
POINTLESS = (
    "BitOr",
    "Variable",
    "RemoveDecorator",
    "Replace_Is",
    "Is_",
    "IsNot_",
    "_Is$",
    "ExceptionReplacer",
)
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


def made(chosen: Sequence[Mutant], tree: Path) -> list[str]:
    """The module of `tree` that each of them makes. Raises CalledProcessError where the tool cannot."""
    changes = [(each.file, each.operator, each.occurrence) for each in chosen]
    sources: list[str] = json.loads(_run(str(MADE), json.dumps(changes), cwd=tree))
    return sources


def mutants(folders: Sequence[str]) -> list[Mutant]:
    """Every change of the modules in `folders`, in a fixed order, those of annotations left out."""
    found = [each for folder in folders for each in _listed(folder)]
    typed = {file: _typed(ROOT / file) for file in {each.file for each in found}}
    return sorted(each for each in found if each.line not in typed[each.file])


def _listed(folder: str) -> Iterator[Mutant]:
    place = ROOT / folder
    modules = [place] if place.is_file() else sorted(place.rglob("*.py"))
    names = [str(module.relative_to(ROOT)) for module in modules]
    for line in _run(str(PLACES), ",".join(POINTLESS), *names, cwd=ROOT).splitlines():
        yield Mutant(*json.loads(line))


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


def _run(*arguments: str, cwd: Path) -> str:
    """The output of its Python: the scripts of an environment name the folder it was made in."""
    python = HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", VERSION], check=True)
    return subprocess.run([python, *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout
