"""One run: payments flow, faults come on a seeded schedule, and in the end every payment is accounted for."""

import random
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.pipeline import PaymentFeed, Pipeline
from tests.e2e.reconciliation import Account, reconcile
from tests.e2e.records import ends
from tests.e2e.source import generated_list, payments
from tests.e2e.worker import INTERDICT, wait_until
from tests.faults import hurt
from tests.faults.catalogue import CATALOGUE
from tests.faults.ground import Ground
from tests.faults.scene import Scene, Supervisor

SESSION_SECONDS = 6.0
"""The shortest that brokers allow by default: faults are over sooner."""
PAUSE_SECONDS = (0.5, 2.0)
"""Undisturbed time before each fault, at least and at most."""
PATIENCE_SECONDS = 300.0
LISTED = 500
TO_COME = 100
HIT_SHARE = 0.05
"""Far more than life has, so that every fault meets hits in flight."""
SHOPS = 200
"""Few everyday names, so that a run's time goes into delivery."""


@dataclass(frozen=True, slots=True)
class Hurt:
    """One fault of a run, in seconds: how long it lasted, and how long after its end all payments sent until
    then were decided and committed."""

    fault: str
    lasted: float
    recovery: float


@dataclass(slots=True)
class Run:
    """What one seed did and what became of its payments."""

    seed: int
    account: Account
    hurts: list[Hurt] = field(default_factory=list)
    rechecked: int = 0
    """Payments that a designation came before whose own acknowledgement was late, so that they were decided
    without it; `interdict recheck` found them and the account is of what was there after it."""
    exits: dict[int | None, int] = field(default_factory=dict)
    """How often a worker ended, by exit code; negative: by that signal."""
    seconds: float = 0.0


def run(
    ground: Ground,
    folder: Path,
    *,
    seed: int,
    faults: Sequence[str],
    count: int,
    rate: float,
    workers: int = 2,
) -> Run:
    """`count` payments through `workers`, with these faults one after the other.

    Payments come at `rate` a second; those left after the last fault come all at once. `folder` gets the
    workers' logs.
    """
    started = time.monotonic()
    rng = random.Random(seed)
    everybody = generated_list(LISTED + TO_COME, seed=seed)
    sent = list(payments(count, everybody, hits=int(count * HIT_SHARE), seed=seed, shops=SHOPS))
    settings = {
        "INTERDICT_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
        "INTERDICT_LIST_SILENCE_SECONDS": "3",
        **(ground.clocks.environment if ground.clocks else {}),
    }
    prefix = f"faults-{seed}-{time.time_ns() % 10**6}."
    bootstrap = ground.cluster.bootstrap
    pipeline = Pipeline(
        bootstrap, folder, prefix=prefix, workers=workers, settings=settings, command=hurt.COMMAND
    )
    with pipeline:
        pipeline.create_topics()
        pipeline.publish(everybody[:LISTED])
        pipeline.start()
        scene = Scene(ground, pipeline, rng, SESSION_SECONDS, everybody[:LISTED], everybody[LISTED:])
        with Supervisor(pipeline.workers) as supervisor:
            feed = PaymentFeed(bootstrap, pipeline.topics.payments, sent, rate)
            feed.start()
            hurts = [_hurt(scene, fault) for fault in faults]
            feed.hurry()
            feed.finish()
            pipeline.settle(seconds=PATIENCE_SECONDS)
    account = reconcile(bootstrap, pipeline.topics, sent, others="too large")
    rechecked = account.behind
    if rechecked:
        recheck(bootstrap, prefix)
        account = reconcile(bootstrap, pipeline.topics, sent, others="too large")
    if not account.wrong:
        pipeline.delete_topics()
    return Run(seed, account, hurts, rechecked, dict(supervisor.exits), time.monotonic() - started)


def recheck(bootstrap: str, prefix: str) -> None:
    """`interdict recheck`, which exits with 1 when it found something."""
    command = [INTERDICT, "recheck", "--broker", bootstrap, "--prefix", prefix]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"recheck failed: {done.stderr[-2000:]}")


def _hurt(scene: Scene, fault: str) -> Hurt:
    time.sleep(scene.rng.uniform(*PAUSE_SECONDS))
    started = time.monotonic()
    CATALOGUE[fault](scene)
    over = time.monotonic()
    pipeline = scene.pipeline
    sent = ends(pipeline.bootstrap, pipeline.topics.payments)
    wait_until(
        lambda: pipeline.waiting(sent) == 0,
        f"recovery from {fault}",
        seconds=PATIENCE_SECONDS,
        told=lambda: "\n".join(f"{worker.name}: {worker.told()}" for worker in pipeline.workers),
    )
    return Hurt(fault, over - started, time.monotonic() - over)
