"""The walls of the house that no other tool holds."""

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

import grimp
import pytest

import screening
import streams
from tests.kept import programs

ROOT = Path(__file__).parents[1]
FOREIGN = ("faust", "mode", "aiokafka")
MOST_MODULES = 16
"""More modules in a folder than this are more than a reader keeps in mind."""


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def foreign_private_names(own: type) -> set[str]:
    """Names with one underscore that classes of Faust, mode and aiokafka bring to a class of ours."""
    found: set[str] = set()
    for base in own.__mro__:
        if base.__module__.partition(".")[0] in FOREIGN:
            found |= {name for name in vars(base) if is_private(name)}
            found |= {node.attr for node in ast.walk(tree(base)) if is_own_attribute(node)}
    return found


def tree(of: type) -> ast.AST:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(of)))
    except (OSError, TypeError):
        return ast.Module([], [])


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and not name.startswith("_abc_")


def is_own_attribute(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("self", "cls")
        and is_private(node.attr)
    )


def used_names(own: type) -> set[str]:
    nodes = list(ast.walk(tree(own)))
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name for name in defined if is_private(name)} | {
        node.attr for node in nodes if isinstance(node, ast.Attribute) and is_own_attribute(node)
    }


def test_private_names_of_faust_and_aiokafka_stand_in_faust_internals_only() -> None:
    """By inheritance; ruff's SLF keeps out what is read of another object."""
    wrong = {
        f"{own.__module__}.{own.__name__}: {name}"
        for module in modules(streams)
        if not module.__name__.startswith("streams.faust_internals")
        for own in vars(module).values()
        if inspect.isclass(own) and own.__module__ == module.__name__
        for name in used_names(own) & foreign_private_names(own)
    }

    assert wrong == set()


def test_the_test_sees_a_private_name_that_is_inherited() -> None:
    internals = importlib.import_module("streams.faust_internals.app")

    assert "_new_transport" in used_names(internals.App) & foreign_private_names(internals.App)


@pytest.mark.parametrize("package", [streams, screening], ids=lambda package: package.__name__)
def test_no_folder_holds_more_modules_than_a_reader_keeps_in_mind(package: ModuleType) -> None:
    folders = [folder for folder in (ROOT / package.__name__).rglob("*") if folder.is_dir()]
    crowded = {
        str(folder.relative_to(ROOT)): len(held)
        for folder in folders
        if len(held := [file for file in folder.glob("*.py") if file.name != "__init__.py"]) > MOST_MODULES
    }

    crowded.pop("streams/commands", None)  # one module a command
    assert crowded == {}


@pytest.mark.parametrize("package", [streams, screening], ids=lambda package: package.__name__)
def test_every_room_stands_on_a_floor_of_the_import_contracts(package: ModuleType) -> None:
    """A room that no contract names could import whatever it likes."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = [floor for contract in contracts for floor in contract.get("layers", ())]
    placed = {room for floor in floors for room in floor.split(" | ")}

    rooms = {found.name for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")}
    assert rooms - {f"{package.__name__}.__main__"} - placed == set()


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("streams", "screening", "config")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(f"imports go in a circle: {' <- '.join(error.args[1])}")


def test_a_change_has_one_room_that_is_there_and_what_follows_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    rows = re.findall(
        r"^\| ([^|]+) \| `([^`|]+)` \| ([^|]+) \|$", page.partition("## Where a change")[2], re.MULTILINE
    )

    assert len(rows) == page.partition("## Where a change")[2].count("\n| ") - 2
    for change, room, follows in rows:
        assert (ROOT / room).exists(), change
        places = [place for place in re.findall(r"`([\w/.]+)`", follows) if "/" in place]
        places += re.findall(r"`make kept IN=([^`]+)`", follows)
        places += [f"{module.replace('.', '/')}.py" for module in re.findall(r"`python -m ([^`]+)`", follows)]
        assert [place for place in places if not (ROOT / place).exists()] == [], change


def test_every_module_on_the_way_of_a_name_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    way = page.partition("## Where a rule about names belongs")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:names|matching|keys)/[\w/.]*)`", way)

    assert len(named) >= 20
    assert [name for name in named if not (ROOT / "screening" / name).exists()] == []


def test_every_test_with_a_golden_file_writes_it() -> None:
    found = {*programs([ROOT / "tests"])}
    holding = [
        path
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"^from tests\.screening\.said import .*\bkept\b", path.read_text(), re.MULTILINE)
    ]

    assert holding
    assert {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in holding} <= found


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 takes too much of a text for `(...)++` (cpython 106052): a name was a code."""
    possessive = re.compile(r"\)(?:[*+?]|\{[0-9,]*\})\+")
    found = [
        f"{path}:{number}"
        for folder in ("screening", "streams", "config")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "re.compile" in line and possessive.search(line)
    ]
    assert not found


def test_what_types_are_told_to_pass_over_says_why() -> None:
    """Its code alone does not tell whether the annotation is wrong or the program."""
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["packages"]
    bare = re.compile(r"# type: ignore\[[a-z, -]+\](?!  # \w)")
    found = [
        f"{path}:{number}"
        for folder in packages
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert {"tests", "benchmarks"} < {*packages}
    assert not found


def test_a_sum_that_an_object_keeps_says_what_it_starts_with() -> None:
    """Without it the sum is a number of either kind, which mypyc takes for a whole one: customers met a
    TypeError."""
    found = [
        f"{path}:{node.lineno}"
        for path in sorted((ROOT / "screening").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "sum"
        if len(node.value.args) < 2
    ]
    assert not found


def test_tables_for_a_terminal_are_those_that_take_no_cell_for_markup() -> None:
    """A reason with `[/b]` in it ended a report with a traceback. The demo's tables hold its own words."""
    found = [
        str(path)
        for path in sorted((ROOT / "streams").rglob("*.py"))
        if "from rich.table import" in path.read_text(encoding="utf-8") and path.parent.name != "demo"
    ]
    assert not found


def test_metrics_are_made_in_one_place_which_leaves_out_when_each_was_made() -> None:
    """Six of eight programs showed a second series beside each counter, `_created`, which no panel reads."""
    made = re.compile(r"\b(?:Counter|Gauge|Histogram|Info|Summary|disable_created_metrics)\(")
    homes = [
        module
        for module in sorted((ROOT / "streams").rglob("*.py"))
        if "prometheus_client" in (text := module.read_text("utf-8")) and made.search(text)
    ]
    assert homes == [ROOT / "streams" / "metrics.py"]


def test_nothing_outside_the_domain_inherits_from_what_is_compiled_of_it() -> None:
    """Python refuses it when the module is imported: after `make native` no worker would start."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    left_out = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]["exclude"]
    found = [
        f"{own.__module__}.{own.__qualname__}"
        for module in modules(streams)
        for own in vars(module).values()
        if isinstance(own, type) and own.__module__ == module.__name__
        for base in own.__mro__[1:]
        if base.__module__.startswith("screening.")
        and not any(fnmatch(f"/{base.__module__.replace('.', '/')}.py", each) for each in left_out)
    ]
    assert not found
