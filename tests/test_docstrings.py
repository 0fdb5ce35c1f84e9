"""The examples in docstrings are what the code does."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import config
import screening
import streams


def examples() -> Iterator[doctest.DocTest]:
    for package in (streams, screening, config):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                module = importlib.import_module(found.name)
                yield from (test for test in doctest.DocTestFinder().find(module) if test.examples)


def test_examples_in_docstrings_are_true() -> None:
    wrong: list[str] = []
    tried = 0
    for test in examples():
        tried += len(test.examples)
        doctest.DocTestRunner().run(test, out=wrong.append)

    assert wrong == []
    assert tried
