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
from tests.faults import beside, hurt
from tests.faults.beside import Audit, LookedBack
from tests.faults.catalogue import CATALOGUE
from tests.faults.ground import Ground
from tests.faults.scene import PATIENCE_SECONDS, Scene, Supervisor

SESSION_SECONDS = 6.0
"""The shortest that brokers allow by default: faults are over sooner."""
PAUSE_SECONDS = (0.5, 2.0)
"""Undisturbed time before each fault, at least and at most."""
LISTED = 500
TO_COME = 100
SOON, AS_OFTEN = 10, 50
"""Those of them that are designated first are paid so much oftener: the lookback has payments to find."""
HIT_SHARE = 0.05
"""Far more than life has, so that every fault meets hits in flight."""
SHOPS = 200
"""Few everyday names, so that a run's time goes into delivery."""
KEYED = {"INTERDICT_AUDIT_KEY": "the key of a series"}
"""With it, nobody but our writers can have sealed what is found."""


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
    lookback: LookedBack = field(default_factory=LookedBack)
    audit: Audit = field(default_factory=Audit)
    rechecked: int = 0
    """Payments that a designation came before whose own acknowledgement was late, so that they were decided
    without it; `interdict recheck` found them and the account is of what was there after it."""
    exits: dict[int | None, int] = field(default_factory=dict)
    """How often a worker or the lookback ended, by exit code; negative: by that signal."""
    seconds: float = 0.0

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What must not be, by kind."""
        found = {
            **self.account.wrong,
            "not_alerted": self.lookback.not_alerted,
            "wrongly_alerted": self.lookback.wrongly_alerted,
            "findings": self.audit.findings,
        }
        return {kind: ids for kind, ids in found.items() if ids}


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
    """`count` payments through `workers`, with these faults one after the other, and a lookback beside them.

    Payments come at `rate` a second; those left after the last fault come all at once. `folder` gets the
    logs of workers and lookback.
    """
    started = time.monotonic()
    rng = random.Random(seed)
    everybody = generated_list(LISTED + TO_COME, seed=seed)
    paid = [*everybody, *everybody[-SOON:] * AS_OFTEN]
    sent = list(payments(count, paid, hits=int(count * HIT_SHARE), seed=seed, shops=SHOPS))
    settings = {
        "INTERDICT_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
        "INTERDICT_LIST_SILENCE_SECONDS": "3",
        **KEYED,
        **(ground.clocks.environment if ground.clocks else {}),
    }
    prefix = f"faults-{seed}-{time.time_ns() % 10**6}."
    bootstrap = ground.cluster.bootstrap
    pipeline = Pipeline(
        bootstrap, folder, prefix=prefix, workers=workers, settings=settings, command=hurt.COMMAND
    )
    lookback = beside.follower(pipeline, folder, settings)
    with pipeline:
        pipeline.create_topics()
        pipeline.publish(everybody[:LISTED])
        pipeline.start(seconds=PATIENCE_SECONDS)
        try:
            beside.start_following(pipeline, lookback, PATIENCE_SECONDS)
            scene = Scene(
                ground, pipeline, lookback, rng, SESSION_SECONDS, everybody[:LISTED], everybody[LISTED:]
            )
            with Supervisor([*pipeline.workers, lookback]) as supervisor:
                feed = PaymentFeed(bootstrap, pipeline.topics.payments, sent, rate)
                feed.start()
                hurts = [_hurt(scene, fault) for fault in faults]
                feed.hurry()
                feed.finish()
                pipeline.settle(seconds=PATIENCE_SECONDS)
                beside.wait_for_lookback(bootstrap, pipeline.topics, sent, PATIENCE_SECONDS)
        finally:
            lookback.stop()
    account = reconcile(bootstrap, pipeline.topics, sent, others="too large")
    rechecked = account.behind
    if rechecked:
        beside.interdict("recheck", bootstrap=bootstrap, prefix=prefix, settings=KEYED)
        account = reconcile(bootstrap, pipeline.topics, sent, others="too large")
    done = Run(
        seed,
        account,
        hurts,
        beside.looked_back(bootstrap, pipeline.topics, sent),
        beside.verify(bootstrap, prefix, KEYED, folder),
        rechecked,
        dict(supervisor.exits),
        time.monotonic() - started,
    )
    if not done.wrong:
        pipeline.delete_topics()
    return done


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
