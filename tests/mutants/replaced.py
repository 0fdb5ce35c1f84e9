"""Functions whose code is replaced while they stand: a changed module need not be imported anew."""

import gc
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType

Place = tuple[str, int]
"""A function within its module: how it is called with all around it, and its first line."""
OPTIMIZED = 0x1
"""The flag of code that is a function's, not a module's or a class's."""


@dataclass(slots=True)
class _Module:
    """The functions of a module that stand in no other function, and what is left of it without them."""

    functions: list[CodeType] = field(default_factory=list)
    rest: list[object] = field(default_factory=list)

    def read(self, code: CodeType) -> "_Module":
        self.rest += [code.co_code, code.co_names]
        for each in code.co_consts:
            if not isinstance(each, CodeType):
                self.rest.append(repr(each))
            elif not each.co_flags & OPTIMIZED:
                self.read(each)  # a class
            elif each.co_name.startswith("<"):
                self.rest.append(_written(each))  # a lambda or comprehension that the module runs itself
            else:
                self.functions.append(each)
        return self


def changed(module: Path, before: str, after: str) -> dict[Place, CodeType] | None:
    """The functions that differ between two texts of `module`; None where more than functions does.

    Raises SyntaxError where `after` is no program.
    """
    was, now = (_Module().read(compile(text, str(module), "exec")) for text in (before, after))
    if was.rest != now.rest or len(was.functions) != len(now.functions):
        return None
    pairs = zip(was.functions, now.functions, strict=True)
    return {place(old): new for old, new in pairs if _written(old) != _written(new)}


def replace(module: Path, codes: dict[Place, CodeType]) -> int:
    """Give every function of `module` that stands in memory its new code; how many there were."""
    found = 0
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == str(module):
            new = codes.get(place(each.__code__))
            if new is not None:
                each.__code__ = new
                found += 1
    return found


def place(code: CodeType) -> Place:
    return (code.co_qualname, code.co_firstlineno)


def outermost(name: str) -> str:
    """The function that holds all those within it."""
    return name.split(".<locals>")[0]


def names(codes: Iterable[Place]) -> set[str]:
    return {outermost(name) for name, _ in codes}


def _written(code: CodeType) -> tuple[object, ...]:
    """All that makes two pieces of code differ in what they do."""
    held = tuple(_written(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts)
    return (code.co_code, code.co_names, code.co_varnames, code.co_exceptiontable, held)
