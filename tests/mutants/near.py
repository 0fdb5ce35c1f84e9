"""Which tests are near a module: those that should notice when it is changed."""

import ast
from functools import cache
from pathlib import Path, PurePath

from tests.mutants.rows import ROOT

KAFKA = "tests.kafka"
"""What a test file imports that starts a broker; such files come last."""
MARKED = "pytest.mark.kafka"
"""What stands in one that asks for the broker which all tests share."""
COMMANDS = PurePath("streams/commands")
BY_NAME = "importlib.import_module"
CLI = "streams.cli"
"""By which a test gives commands, whose modules it need not import then."""


def near(file: str) -> list[str]:
    """The test files for the module `file`: its namesake, who imports it, its room's, cheap ones first.

    Where there are none they are those of the room around it, and so on.
    """
    place = PurePath(file).with_suffix("")
    while not (found := _around(place)) and place.parent.parts:
        place = place.parent
    return sorted(found, key=lambda test: (starts_kafka(test), PurePath(test).stem != f"test_{place.name}"))


def _around(place: PurePath) -> set[str]:
    """Who imports the module or package at `place`, and who sits where its tests belong."""
    rooms = {Path("tests", *place.parts), _room(place.parent)}
    return {
        test
        for test, imported in _imports().items()
        if ".".join(place.parts) in imported
        or Path(test).parent in rooms
        or _gives_command(test, place)
        or _looks_at_all(test, place)
    }


def _looks_at_all(test: str, place: PurePath) -> bool:
    """Whether the test file imports whatever stands in the folder like its own, as it finds it there."""
    return BY_NAME in _imports()[test] and Path("tests", *place.parts).is_relative_to(Path(test).parent)


def _gives_command(test: str, place: PurePath) -> bool:
    """Whether the test file gives the command that `place` is the module of."""
    if place.parent != COMMANDS or CLI not in _imports()[test]:
        return False
    return f'"{place.name.replace("_", "-")}"' in (ROOT / test).read_text()


def _room(folder: PurePath) -> Path:
    """Where the tests of a folder stand: the folder like it, or the nearest one around that."""
    room = Path("tests", *folder.parts)
    while not (ROOT / room).is_dir():
        room = room.parent
    return room


@cache
def _imports() -> dict[str, frozenset[str]]:
    """Each test file, and the modules that it imports, by either way of writing it."""
    return {
        str(path.relative_to(ROOT)): frozenset(_imported(ast.parse(path.read_text())))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path.parent.name != "mutants"
    }


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def starts_kafka(test: str) -> bool:
    """Whether the test file needs a real Kafka."""
    return any(name.startswith(KAFKA) for name in _imports()[test]) or MARKED in (ROOT / test).read_text()
