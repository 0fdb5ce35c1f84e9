"""Every invariant has a mutation that can still be made, and the fast ones are noticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants.known import listed
from tests.mutants.rows import ROOT, Mutation, invariants, mutations
from tests.mutants.run import Verdict, scratch, tried

LISTED = mutations()
NAMES = [f"{place} {each.row[:50]}" for place, each in enumerate(LISTED)]
FAST = [each for each in LISTED if each.fast]


def test_every_invariant_has_a_mutation_and_every_mutation_one_invariant() -> None:
    rows = [row.text for row in invariants()]

    assert len(rows) > 40
    assert [text for text in rows if not any(text.startswith(each.row) for each in LISTED)] == []
    assert [
        each.row for each in LISTED if len([text for text in rows if text.startswith(each.row)]) != 1
    ] == []


@pytest.mark.parametrize("mutation", LISTED, ids=NAMES)
def test_a_mutation_changes_one_place_and_its_tests_are_those_that_the_row_names(mutation: Mutation) -> None:
    (row,) = (row for row in invariants() if row.text.startswith(mutation.row))

    assert mutation.applied((ROOT / mutation.file).read_text())
    assert mutation.pattern != mutation.replacement
    for test in mutation.tests:
        file, _, name = test.partition("::")
        assert file in row.guards
        assert name.partition("[")[0] in (ROOT / file).read_text()


def test_what_is_known_of_a_change_tells_of_a_line_that_stands() -> None:
    assert [f"{each.file}: {each.line}" for each in listed() if not each.stands() or not each.why] == []


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    with scratch() as copy:
        yield copy


@pytest.mark.parametrize("mutation", FAST)
def test_an_invariant_that_is_broken_is_noticed(mutation: Mutation, tree: Path) -> None:
    assert tried(mutation, tree) is Verdict.KILLED
