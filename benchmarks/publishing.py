"""`python -m benchmarks.publishing`: a whole list onto a real Kafka and into force in two workers.

OFAC's list of ../shared/data where it is, else a generated one of its size. Prints what each publication sent
and how long until both workers had it in force: the whole list, the same again, one entry changed, one gone.
"""

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from screening import Designation
from tests.command import say
from tests.e2e.__main__ import the_list
from tests.e2e.pipeline import Pipeline
from tests.e2e.source import generated_list
from tests.e2e.worker import WorkerProcess, wait_until
from tests.kafka.broker import KafkaCluster


def main() -> None:
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with (
        KafkaCluster() as cluster,
        tempfile.TemporaryDirectory() as folder,
        Pipeline(cluster.bootstrap, Path(folder), prefix="publishing.") as pipeline,
    ):
        pipeline.create_topics()
        pipeline.publish(generated_list(1, source="first"))  # workers start with some list
        pipeline.start()
        whole = the_list()
        amended = [replace(whole[0], remarks="amended"), *whole[1:]]
        for what, listed in (
            ("the whole list", whole),
            ("the same again", whole),
            ("one entry changed", amended),
            ("one entry gone", amended[1:]),
        ):
            publication(pipeline, what, listed)


def publication(pipeline: Pipeline, what: str, listed: Sequence[Designation]) -> None:
    started = time.perf_counter()
    done = pipeline.publish(listed)
    sent = done.added + done.amended + done.removed
    published = time.perf_counter() - started
    for worker in pipeline.workers:
        wait_until(partial(holds, worker, done.list_name, done.sha256), f"{worker.name} holds it")
    in_force = time.perf_counter() - started
    markers = 2 if done.committed else 0
    say(
        f"{what}: {done.entries:,} entries, {sent:,} sent and {markers} markers, published in "
        f"{published:.2f} s, in force in both workers {in_force:.2f} s after the start"
    )


def holds(worker: WorkerProcess, name: str, sha256: str) -> bool:
    lists = worker.status()["lists"]
    return name in lists and lists[name]["sha256"] == sha256 and worker.ready


if __name__ == "__main__":
    main()
