"""`python -m tests.e2e.versions COMMIT`: an older version and this one in one group, on a real Kafka.

The older one makes the topics and publishes the list. While payments run, a worker of this version joins its
worker and a gate of this one takes over from its gate, which is killed; then both are killed and the older
ones go on, as when somebody goes back. Exit code 1 where a payment is not decided and answered once, or
wrongly, or where the audit of either version finds anything. Both run on the libraries of this environment.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.command import end_in_order
from tests.e2e.gate import GateProcess, create_gate_topics, seen, sent
from tests.e2e.pipeline import PaymentFeed, Pipeline
from tests.e2e.reconciliation import reconcile
from tests.e2e.source import Planted, generated_list, payments
from tests.e2e.worker import INTERDICT, wait_until
from tests.kafka.broker import KafkaCluster

HERE = Path(__file__).parents[2]
COUNT, HITS, RATE = 1500, 30, 100
ENTRIES = 300
PREFIX = "versions."


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("commit", help="of the older version, as git names it")
    asked = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        checked_out(asked.commit, Path(folder) / "older") as older,
        KafkaCluster() as cluster,
    ):
        wrong = together(cluster.bootstrap, Path(folder), older, PREFIX)
    for text in wrong or ["each payment is decided and answered once, and no audit finds anything"]:
        sys.stdout.write(f"{text}\n")
    return 1 if wrong else 0


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """The repository as it was at a commit."""
    subprocess.run(["git", "-C", HERE, "worktree", "add", "-q", "--detach", folder, commit], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "-C", HERE, "worktree", "remove", "--force", folder], check=True)


def together(bootstrap: str, folder: Path, older: Path, prefix: str) -> list[str]:
    """What is not as it should be, in words; nothing where all is."""
    settings = {"PYTHONPATH": str(older), "INTERDICT_ANSWERS": "true"}
    with Pipeline(bootstrap, folder, prefix=prefix, workers=1, settings=settings) as before:
        ours = Pipeline(bootstrap, folder, prefix=prefix, workers=0)
        names = {"INTERDICT_BROKER": bootstrap, "INTERDICT_TOPIC_PREFIX": prefix}
        environments = [
            {**names, "PYTHONPATH": str(code), "INTERDICT_GROUP": ours.group} for code in (older, HERE)
        ]
        run(environments[0], "topics", "create", "--partitions", "4")
        create_gate_topics(before, 4)
        listed = generated_list(ENTRIES)
        before.publish(listed)
        before.start()
        worker = ours.new_worker("newer")
        gates = [
            GateProcess(name, before, folder, settings={"PYTHONPATH": str(code)})
            for name, code in (("older-gate", older), ("newer-gate", HERE))
        ]
        planted = list(payments(COUNT, listed, hits=HITS))
        feed = PaymentFeed(bootstrap, before.topics.payments, planted, RATE)
        try:
            gates[0].start()
            gates[0].wait_until_answering()
            feed.start()
            wait_until(lambda: feed.sent > COUNT // 5, "a fifth is sent")
            worker.start()
            gates[0].kill()
            gates[1].start()
            worker.wait_until_ready()
            wait_until(lambda: feed.sent > 3 * COUNT // 5, "three fifths are sent")
            for newer in (worker, gates[1]):
                newer.kill()
            gates[0].start()
            feed.finish()
            before.settle()
            wait_until(lambda: answered(before) >= COUNT, "every payment is answered", told=gates[0].log_end)
        finally:
            for process in (worker, *gates):
                process.stop()
        return [*wrong_of(before, planted), *found_by_audit(environments)]


def answered(pipeline: Pipeline) -> int:
    return sum(map(len, seen(pipeline.bootstrap, pipeline.topics).answers.values()))


def wrong_of(pipeline: Pipeline, planted: list[Planted]) -> Iterator[str]:
    account = reconcile(pipeline.bootstrap, pipeline.topics, planted)
    yield from (f"{kind}: {ids[:5]}" for kind, ids in account.wrong.items())
    left = seen(pipeline.bootstrap, pipeline.topics)
    for event, _ in sent(pipeline.bootstrap, pipeline.topics):
        times = len(left.released[event]) + len(left.stopped[event])
        if times != 1:
            yield f"{event} left the gate {times} times"


def found_by_audit(environments: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for environment in environments:
        told = run(environment, "audit", "verify")
        if told.returncode:
            yield told.stdout + told.stderr


def run(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [INTERDICT, *arguments], capture_output=True, text=True, env={**os.environ, **environment}
    )


if __name__ == "__main__":
    end_in_order()
    sys.exit(main())
