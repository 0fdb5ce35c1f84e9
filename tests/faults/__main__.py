"""`python -m tests.faults`: the long series. Every run has its seed; `--seed N --runs 1` repeats one.

Prints what each run came to, then a table with the recovery time of every kind of fault. With `--results` a
series that was broken off is gone on with: the seeds in that file are not run again. A run that does not
settle in time is told and left out of the file. Exit code 1 when a payment is missing, wrongly clear,
repeated under another id or not alerted to, when the audit found something, or a run did not settle.
"""

import argparse
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import KafkaException

from tests.command import end_in_order, say
from tests.faults.catalogue import CATALOGUE, not_here, schedule
from tests.faults.ground import ground
from tests.faults.report import keep, kept, table, told
from tests.faults.run import Run, run


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first run; each next run has the next one"
    )
    parser.add_argument("--payments", type=int, default=20_000, help="in each run")
    parser.add_argument(
        "--rate", type=float, default=500.0, help="payments a second, until a run's last fault is over"
    )
    parser.add_argument("--faults-a-run", type=int, default=2)
    parser.add_argument("--brokers", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--fault", action="append", choices=list(CATALOGUE), help="only this kind; repeatable"
    )
    parser.add_argument("--results", type=Path, help="keep each run's result in this file, one JSON a line")
    parser.add_argument("--table", type=Path, help="write the table to this file, too")
    parser.add_argument(
        "--evidence", type=Path, help="keep the logs and records of runs that went wrong here"
    )
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # brokers are away on purpose
    runs = kept(asked.results) if asked.results else []
    left = [
        seed
        for seed in range(asked.seed, asked.seed + asked.runs)
        if seed not in {done.seed for done in runs}
    ]
    absent = not_here()
    for kind, why in absent.items():
        say(f"not run: {kind}: {why}")
    kinds = [kind for kind in asked.fault or CATALOGUE if kind not in absent]
    failed = 0
    while left:
        try:
            for done in _series(asked, kinds, left):
                runs.append(done)
                if asked.results:
                    keep(done, asked.results)
                for line in told(done):
                    say(line)
        except (OSError, RuntimeError, KafkaException) as error:  # on to the next seed, with new brokers
            failed += 1
            say(f"run {left.pop(0)} FAILED: {error}")
    text = "\n".join(table(runs))
    say(text)
    if asked.table:
        asked.table.write_text(f"{text}\n")
    return 1 if failed or any(done.wrong or done.account.behind for done in runs) else 0


def _series(asked: argparse.Namespace, kinds: list[str], left: list[int]) -> Iterator[Run]:
    """Run what is left on one cluster; a seed is taken from `left` when its run is through."""
    with tempfile.TemporaryDirectory() as shared, ground(asked.brokers, Path(shared)) as under:
        while left:
            with _folder(asked.evidence, left[0]) as folder:
                done = run(
                    under,
                    folder,
                    seed=left[0],
                    faults=schedule(left[0], kinds, asked.faults_a_run),
                    count=asked.payments,
                    rate=asked.rate,
                    workers=asked.workers,
                )
                if not done.wrong:
                    shutil.rmtree(folder)
            left.pop(0)
            yield done


@contextmanager
def _folder(evidence: Path | None, seed: int) -> Iterator[Path]:
    """For one run's logs; it stays where somebody wants the evidence and the run did not take it away."""
    if evidence is None:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    own = evidence / f"run-{seed}"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    yield own


if __name__ == "__main__":
    end_in_order()
    sys.exit(main())
