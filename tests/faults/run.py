"""One run: payments flow, faults come on a seeded schedule, and in the end every payment is accounted for."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.pipeline import PaymentFeed, Pipeline
from tests.e2e.reconciliation import Account, reconcile
from tests.e2e.records import ends
from tests.e2e.source import generated_list, payments
from tests.e2e.worker import wait_until
from tests.faults.catalogue import CATALOGUE
from tests.faults.scene import Scene, Supervisor
from tests.kafka.broker import KafkaCluster

SESSION_SECONDS = 6.0
"""The shortest that brokers allow by default: faults are over sooner."""
PAUSE_SECONDS = (1.0, 4.0)
"""Undisturbed time before each fault, at least and at most."""
PATIENCE_SECONDS = 300.0
LISTED = 500
TO_COME = 100
HIT_SHARE = 0.05
"""Far more than life has, so that every fault meets hits in flight."""


@dataclass(slots=True)
class Run:
    """What one seed did and what became of its payments."""

    seed: int
    account: Account
    recovery_seconds: list[tuple[str, float]] = field(default_factory=list)
    """For each fault, from its beginning until all payments sent before its end were committed."""
    exits: dict[int | None, int] = field(default_factory=dict)
    """How often a worker ended, by exit code; negative: by that signal."""
    seconds: float = 0.0


def run(
    cluster: KafkaCluster,
    folder: Path,
    *,
    seed: int,
    faults: Sequence[str],
    count: int,
    rate: float,
    workers: int = 2,
) -> Run:
    """`count` payments at `rate` a second through `workers`, with these faults one after the other."""
    started = time.monotonic()
    rng = random.Random(seed)
    everybody = generated_list(LISTED + TO_COME, seed=seed)
    sent = list(payments(count, everybody, hits=int(count * HIT_SHARE), seed=seed))
    settings = {
        "INTERDICT_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
        "INTERDICT_LIST_SILENCE_SECONDS": "3",
    }
    prefix = f"faults-{seed}-{time.time_ns() % 10**6}."
    with Pipeline(cluster.bootstrap, folder, prefix=prefix, workers=workers, settings=settings) as pipeline:
        pipeline.create_topics()
        pipeline.publish(everybody[:LISTED])
        pipeline.start()
        scene = Scene(cluster, pipeline, rng, SESSION_SECONDS, everybody[:LISTED], everybody[LISTED:])
        supervisor = Supervisor(pipeline.workers)
        supervisor.start()
        feed = PaymentFeed(cluster.bootstrap, pipeline.topics.payments, sent, rate)
        feed.start()
        recovered = [(fault, _recovery(scene, fault)) for fault in faults]
        feed.finish()
        pipeline.settle(seconds=PATIENCE_SECONDS)
        supervisor.end()
    account = reconcile(cluster.bootstrap, pipeline.topics, sent, others="too large")
    return Run(seed, account, recovered, dict(supervisor.exits), time.monotonic() - started)


def _recovery(scene: Scene, fault: str) -> float:
    time.sleep(scene.rng.uniform(*PAUSE_SECONDS))
    started = time.monotonic()
    CATALOGUE[fault](scene)
    pipeline = scene.pipeline
    sent = ends(pipeline.bootstrap, pipeline.topics.payments)
    wait_until(
        lambda: pipeline.waiting(sent) == 0,
        f"recovery from {fault}",
        seconds=PATIENCE_SECONDS,
        told=lambda: "\n".join(f"{worker.name}: {worker.told()}" for worker in pipeline.workers),
    )
    return time.monotonic() - started
