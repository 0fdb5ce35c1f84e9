"""`python -m tests.kept [FOLDER ...]` (`make kept`) writes every golden file below the folders anew.

A golden file holds whole results, and stands beside the test that compares them. Each such test is also a
program that writes its file. Read the difference (`git diff`) before you keep it.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
IS_PROGRAM = '\nif __name__ == "__main__":\n'


def programs(folders: Iterable[Path]) -> Iterator[str]:
    """The tests that write their golden file when they are run, as modules."""
    for folder in folders:
        for path in sorted(folder.rglob("test_*.py")):
            if IS_PROGRAM in path.read_text(encoding="utf-8"):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


def main(folders: Iterable[str]) -> int:
    """Writes them one after the other; 1 if a program failed, whose error is shown."""
    failed = False
    for module in programs([Path(folder).resolve() for folder in folders] or [ROOT / "tests"]):
        sys.stdout.write(f"{module}\n")
        sys.stdout.flush()
        failed |= subprocess.run([sys.executable, "-m", module], cwd=ROOT).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
