"""`python -m tests.simulation.mutations`: every fix taken back in a copy of the tree, until some seed fails.

python -m tests.simulation.mutations                        # all of `mutations.toml`
python -m tests.simulation.mutations "one publisher"        # those whose fix begins like this
"""

import argparse
import logging
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.run import scratch
from tests.simulation.run import play
from tests.simulation.story import story as story_of

LISTED = Path(__file__).with_name("mutations.toml")


@dataclass(frozen=True, slots=True)
class Revert:
    """A fix taken back."""

    fix: str
    file: str
    pattern: str
    replacement: str

    def applied(self, source: str) -> str:
        """Raises ValueError where the pattern does not stand there exactly once."""
        if (found := source.count(self.pattern)) != 1:
            raise ValueError(f"{self.file}: {self.pattern!r} stands there {found} times; it must once")
        return source.replace(self.pattern, self.replacement)


def reverts() -> list[Revert]:
    return [Revert(**entry) for entry in tomllib.loads(LISTED.read_text())["mutation"]]


def tried(revert: Revert, tree: Path, seeds: int) -> str:
    """What the first failing seed says; empty when none fails."""
    file = tree / revert.file
    whole = file.read_text()
    file.write_text(revert.applied(whole))
    command = [sys.executable, "-m", "tests.simulation", "--seeds", str(seeds), "--until-violation"]
    own = {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(command, cwd=tree, env=os.environ | own, capture_output=True, text=True)
    finally:
        file.write_text(whole)
    if run.returncode not in (0, 1) or (run.returncode == 1 and "seed " not in run.stdout):
        raise RuntimeError(f"{revert.fix}: the simulation could not be run: {run.stderr[-2000:]}")
    return run.stdout if run.returncode else ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutations")
    parser.add_argument("fix", nargs="*", default=[""], help="how it begins")
    parser.add_argument("--seeds", type=int, default=2000)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    survived = 0
    with scratch() as tree:
        for revert in reverts():
            if not revert.fix.startswith(tuple(options.fix)):
                continue
            story = tried(revert, tree, options.seeds)
            survived += not story
            said = re.findall(r"seed (\d+)", story)
            verdict = f"seed {said[0]} fails" if said else "SURVIVED"
            if said and play(story_of(int(said[0]))).violations:
                verdict, survived = f"seed {said[0]} ANYWAY", survived + 1
            sys.stdout.write(f"{verdict:16} without: {revert.fix}\n{story if all(options.fix) else ''}")
            sys.stdout.flush()
    return int(survived > 0)


if __name__ == "__main__":
    sys.exit(main())
