"""Mutants drawn by chance, by a seed: how many of them do the tests near their module notice?"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePath

from tests.mutants.calls import OURS
from tests.mutants.run import Verdict, surroundings
from tests.mutants.tool import Mutant, made, mutants

COMPILE = (sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash")

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
) -> Iterator[tuple[Mutant, Verdict, str]]:
    """What the tests near each mutant say of it, and which one: those on a real Kafka only where `kafka`."""
    sources = made(chosen, tree)
    changes = [[str(each), each.file, source] for each, source in zip(chosen, sources, strict=True)]
    asked = json.dumps({"changes": changes, "kafka": kafka, "seconds": seconds})
    # checked by their hash: a module that is changed and changed back within a second is never mistaken
    subprocess.run([*COMPILE, *OURS], cwd=tree, check=True)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.mutants.warm"],
        cwd=tree,
        env=os.environ | surroundings(tree),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdin and run.stdout
        run.stdin.write(asked)
        run.stdin.close()
        try:
            for line in run.stdout:
                number, verdict, by, tests = json.loads(line)
                yield chosen[number], Verdict(verdict), by or f"{tests} tests"
        except BaseException:
            run.terminate()
            raise
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, "tests.mutants.warm")
