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
    rules = [each.rule for each in invariants()]

    assert len(rules) > 130
    assert [rule for rule in rules if not any(rule.startswith(each.row) for each in LISTED)] == []
    assert [
        each.row for each in LISTED if len([rule for rule in rules if rule.startswith(each.row)]) != 1
    ] == []


def test_every_test_that_an_invariant_names_is_there() -> None:
    named = {guard for each in invariants() for guard in each.guards}

    assert [each.rule for each in invariants() if not each.guards] == []
    assert [
        f"{name}: {path}"
        for name, path in sorted(named)
        if name != Path(path).name and f"def {name}(" not in (ROOT / path).read_text()
    ] == []


@pytest.mark.parametrize("mutation", LISTED, ids=NAMES)
def test_a_mutation_changes_one_place_and_its_tests_are_those_that_the_invariant_names(
    mutation: Mutation,
) -> None:
    (broken,) = (each for each in invariants() if each.rule.startswith(mutation.row))

    assert mutation.applied((ROOT / mutation.file).read_text())
    assert mutation.pattern != mutation.replacement
    for test in mutation.tests:
        file, _, name = test.partition("::")
        assert file in {path for _, path in broken.guards}
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
