"""Mutations tried in a copy of the tree: the sources that are worked on are never touched."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tests.mutants.rows import ROOT, Mutation
from tests.shared_data import SHARED_DATA

LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "__pycache__", "site", "target"), *(".*_cache", ".hypothesis", "*.so")
)
PATIENCE_SECONDS = 1200.0
"""A guard is given up then: it may wait for ever, or the machine may be slow."""
END_SECONDS = 30.0
"""What a run that is broken off may take to stop its brokers and workers."""
UNREADABLE = " during collection"
"""What pytest says of test files that fail when they are imported."""
FAILED = 1
"""The exit code of pytest when tests failed; others say that it could not run them."""


class Verdict(StrEnum):
    KILLED = "killed"
    SURVIVED = "SURVIVED"
    STUCK = "stuck"
    """The tests did not end: a change that a suite with a limit of time notices."""
    NOT_RUN = "NOT RUN"
    """No test ran to its end, or pytest itself failed: nothing is proved."""
    NO_PROGRAM = "no program"
    """The change does not even compile: whoever ran anything would notice, so it counts for nothing."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A copy of the tree that is thrown away; the cache with Kafka's files is shared with it."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder, "tree")
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
        if (ROOT / ".cache").exists() and not (copy / ".cache").is_symlink():
            shutil.rmtree(copy / ".cache", ignore_errors=True)
            (copy / ".cache").symlink_to((ROOT / ".cache").resolve())
        yield copy


def tried(mutation: Mutation, tree: Path) -> Verdict:
    """Whether one of its tests fails in `tree` with the mutation; the tree is as before afterwards."""
    file = tree / mutation.file
    whole = file.read_text()
    try:
        file.write_text(mutation.applied(whole))
    except ValueError as error:  # its line reads otherwise now: the rows behind it are tried all the same
        sys.stderr.write(f"{error}\n")
        return Verdict.NOT_RUN
    try:
        verdict = guarded(mutation.tests, tree)
        return Verdict.NOT_RUN if verdict is Verdict.STUCK else verdict
    finally:
        file.write_text(whole)


def surroundings(tree: Path) -> dict[str, str]:
    """The environment in which the tests of `tree` try its own sources."""
    return {
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "INTERDICT_SHARED_DATA": str(SHARED_DATA),
    }


def guarded(tests: Sequence[str], tree: Path, seconds: float = PATIENCE_SECONDS) -> Verdict:
    """What `tests` say of the tree as it is; given up after `seconds`."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    with subprocess.Popen(
        command,
        cwd=tree,
        env=os.environ | surroundings(tree),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    ) as run:
        try:
            said, _ = run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(run)
            return Verdict.STUCK
    if run.returncode == FAILED or UNREADABLE in said:
        return Verdict.KILLED
    if run.returncode == 0 and " passed" in said:
        return Verdict.SURVIVED
    sys.stderr.write(said[-2000:])
    return Verdict.NOT_RUN


def _end(run: "subprocess.Popen[str]") -> None:
    """In order first, so that nothing is left behind; then all that is."""
    run.terminate()
    try:
        run.communicate(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
