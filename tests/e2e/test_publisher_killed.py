"""A publisher killed again and again, workers killed meanwhile: at rest every worker holds the last file."""

import random
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from screening.ledger import ListDigest
from streams.records.json import designation_to_json
from tests.e2e.pipeline import Pipeline
from tests.e2e.publisher import version
from tests.e2e.worker import WorkerProcess, wait_until

pytestmark = pytest.mark.kafka

KILLS = 20
LANDED = KILLS // 4
"""So many kills at least must come before the publication is done, or the test has tried nothing."""


def publisher(pipeline: Pipeline, seed: int) -> subprocess.Popen[str]:
    """A publication in a process of its own; returns once it has begun to talk to the broker."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.e2e.publisher",
            pipeline.bootstrap,
            pipeline.topics.designations,
            str(seed),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    with process.stdout as told:
        assert told.readline() == "publishing\n"
    return process


def digest(seed: int) -> ListDigest:
    found = ListDigest()
    for entry in version(seed):
        found.add(entry.id.encode(), designation_to_json(entry))
    return found


def half_applied(worker: WorkerProcess) -> bool:
    """A version is shown as complete, nothing is coming, and yet the entries are others."""
    lists = worker.status()["lists"].values() if worker.ready else ()
    return any("coming" not in at and not at["sha256"].startswith(at["version"]) for at in lists)


def holds(worker: WorkerProcess, sha256: str) -> bool:
    held: str = worker.status()["lists"]["ofac"]["sha256"]
    return held == sha256


def test_twenty_kills_leave_every_worker_with_the_last_file(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    rng = random.Random(16)
    with Pipeline(kafka, tmp_path, prefix=topic_prefix, workers=2, partitions=2) as pipeline:
        pipeline.create_topics()
        first = publisher(pipeline, 0)
        begun = time.monotonic()
        assert first.wait() == 0
        took = time.monotonic() - begun  # this machine's own measure of where half-way is
        pipeline.start()
        outcomes = []
        for seed in range(1, KILLS + 1):
            process = publisher(pipeline, seed)
            time.sleep(rng.uniform(0, took))
            process.kill()
            outcomes.append(process.wait())
            if rng.random() < 0.2:
                victim = rng.choice(pipeline.workers)
                victim.kill()
                victim.start()
            assert not any(half_applied(worker) for worker in pipeline.workers)
        assert outcomes.count(-9) >= LANDED

        rivals = [publisher(pipeline, seed) for seed in (98, 99)]
        assert 0 in [rival.wait() for rival in rivals]
        assert publisher(pipeline, 100).wait() == 0

        expected = digest(100)
        for worker in pipeline.workers:
            worker.wait_until_ready()
            wait_until(
                partial(holds, worker, expected.sha256),
                f"{worker.name} holds the last file",
                told=worker.told,
            )
            assert worker.status()["lists"]["ofac"]["entries"] == expected.count
