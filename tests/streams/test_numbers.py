"""The numbers of every module, written down once more: waits, bounds and what is kept.

Operators, runbooks and other programs rest on them, and a test that compares with the constant itself
does not notice when it changes. Who means to change one changes it in `numbers.toml`, too, and looks who
relies on it: `python -m tests.streams.test_numbers` writes the file anew.
"""

import ast
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

KEPT = Path(__file__).with_name("numbers.toml")
Number = int | float
MODULES = sorted(
    ".".join(path.with_suffix("").parts)
    for path in Path("streams").rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)


def numbers(name: str) -> dict[str, Number | list[Number]]:
    """The constants that a module defines itself, and that are numbers, or several."""
    module = import_module(name)
    found: dict[str, Number | list[Number]] = {}
    for node in ast.parse(Path(str(module.__file__)).read_text()).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        for each in target.elts if isinstance(target, ast.Tuple) else (target,):
            if isinstance(each, ast.Name) and each.id.isupper():
                value = getattr(module, each.id)
                if isinstance(value, int | float):
                    found[each.id] = value
                elif isinstance(value, tuple) and all(isinstance(one, int | float) for one in value):
                    found[each.id] = list(value)
    return found


@pytest.mark.parametrize("name", MODULES)
def test_a_number_is_what_it_was(name: str) -> None:
    assert numbers(name) == tomllib.loads(KEPT.read_text()).get(name, {})


def main() -> None:
    """Write the numbers as they are now; read the difference before it is kept."""
    tables = {name: found for name in MODULES if (found := numbers(name))}
    KEPT.write_text(
        "\n".join(
            f'["{name}"]\n' + "".join(f"{key} = {_toml(value)}\n" for key, value in found.items())
            for name, found in tables.items()
        )
    )


def _toml(value: Number | list[Number]) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


if __name__ == "__main__":
    main()
