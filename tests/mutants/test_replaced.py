"""Code that is replaced where it stands: which changes can be made so, and that they are made."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.mutants.near import near
from tests.mutants.replaced import changed, names, replace

TEXT = """
LIMIT = 3

def first(value, least=1):
    return [each for each in range(value) if each > least]

class Held:
    kind = "held"

    def second(self):
        def within():
            return LIMIT + 1
        return within()
"""


@pytest.mark.parametrize(
    ("before", "after", "functions"),
    [
        ("each > least", "each >= least", {"first"}),
        ("LIMIT + 1", "LIMIT - 1", {"Held.second"}),
        ("LIMIT = 3", "LIMIT = 4", None),
        ("least=1", "least=2", None),
        ('"held"', '"kept"', None),
        ("range(value)", "range( value )", set()),
    ],
)
def test_a_change_within_functions_names_them_and_any_other_is_of_the_module(
    before: str, after: str, functions: set[str] | None
) -> None:
    found = changed(Path("/x.py"), TEXT, TEXT.replace(before, after))

    assert (found if found is None else names(found)) == functions


def test_what_is_no_program_is_none() -> None:
    with pytest.raises(SyntaxError):
        changed(Path("/x.py"), TEXT, TEXT.replace("value, least", "value least"))


def test_functions_that_stand_in_memory_do_what_is_changed_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    module: Any = ModuleType("x")
    exec(compile(TEXT, str(file), "exec"), module.__dict__)  # noqa: S102  as an import would
    held, first = module.Held(), module.first
    codes = changed(
        file, TEXT, TEXT.replace("LIMIT + 1", "LIMIT * 5").replace("each > least", "each < least")
    )

    assert codes is not None
    assert (held.second(), first(3)) == (4, [2])
    assert replace(file, codes) == 2
    assert (held.second(), first(3)) == (15, [0])
    assert replace(tmp_path / "y.py", codes) == 0


def test_a_test_that_looks_at_every_module_is_near_each_of_its_folder() -> None:
    numbers = "tests/streams/test_numbers.py"

    assert numbers in near("streams/answers/service.py")
    assert numbers not in near("screening/judge.py")
