"""Mutants drawn by chance, by a seed: how many of them do the tests near their module notice?"""

import ast
import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePath

from tests.mutants.near import near, starts_kafka
from tests.mutants.run import Verdict, guarded
from tests.mutants.tool import Mutant, mutants

PROMISES = (
    "screening/ledger.py",
    "screening/fingerprints.py",
    "screening/decisions.py",
    "screening/payments",
    "screening/lists",
    "screening/policy",
    "screening/cases",
    "screening/judge.py",
    "streams/audit",
    "streams/kafka",
    "streams/lists",
    "streams/records",
    "streams/worker",
)
"""Where delivery, the lists' proof, decoding, policy, dispositions, audit and access are kept."""


def promised(file: str) -> bool:
    """Whether the module is one of those, or in a room of them."""
    return any(PurePath(file).is_relative_to(each) for each in PROMISES)


def draw(number: int, seed: int, folders: Sequence[str]) -> list[Mutant]:
    """`number` mutants of `folders`, each of another place: one with many operators counts once."""
    chance = random.Random(seed)
    places = [list(each) for _, each in groupby(mutants(folders), key=lambda m: (m.file, m.line, m.column))]
    chosen = chance.sample(places, min(number, len(places)))
    return [chance.choice(changes) for changes in chosen]


def tried_by_chance(
    chosen: Sequence[Mutant], tree: Path, seconds: float, *, kafka: bool
) -> Iterator[tuple[Mutant, Verdict]]:
    """What the tests near each mutant say of it, those on a real Kafka only where `kafka`."""
    for mutant in chosen:
        tests = [test for test in near(mutant.file) if kafka or not starts_kafka(test)]
        file = tree / mutant.file
        whole = file.read_text()
        mutant.make(tree)
        try:
            if not _is_program(file.read_text()):
                yield mutant, Verdict.NO_PROGRAM
            else:
                yield mutant, guarded(tests, tree, seconds) if tests else Verdict.NOT_RUN
        finally:
            file.write_text(whole)


def _is_program(source: str) -> bool:
    """The tool takes the stars of `f(*names)` for an operator, too."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True
