"""`python -m tests.both`: the whole suite in two processes, a core for each; options go to both, say `-x`.

Most tests on brokers and workers wait; those that compute run beside them, in what they leave of the machine.
What the second process says is shown when the first has ended. Ends with the first code that is not 0.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.kafka.jars import KafkaUnavailableError, kafka_jars
from tests.mutants.forked import end_in_order

ROOT = Path(__file__).parents[1]
BESIDE = tuple(
    f"tests/{folder}"
    for folder in (
        *("benchmarks", "browser", "config", "mutants", "screening", "simulation"),
        *("faults", "ops", "security"),
    )
)
"""What computes, and stories of their own brokers that pace themselves: half of the whole by its time."""
NICE = 5
"""The stories in the first process have the shorter limits of time."""


def main(options: list[str]) -> int:
    """Both parts; neither outlives the other's being broken off."""
    with suppress(KafkaUnavailableError):  # each test that needs them says so
        kafka_jars()  # before two processes would fetch them at once
    pytest = [sys.executable, "-m", "pytest", *options]
    end_in_order()
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(
            [*pytest, "-p", "no:cacheprovider", *BESIDE],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.nice(NICE),
        )
        try:
            first = subprocess.run([*pytest, *(f"--ignore={each}" for each in BESIDE)], cwd=ROOT, check=False)
            second = beside.wait()
        finally:
            beside.terminate()
            beside.wait()
            said.seek(0)
            sys.stdout.write(said.read().decode(errors="replace"))
            sys.stdout.flush()
    return first.returncode or second


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
