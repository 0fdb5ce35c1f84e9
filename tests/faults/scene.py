"""A running pipeline that is about to be hurt: its brokers, its workers and who starts them again."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from screening import Designation
from streams.resource import Resource
from tests.e2e.pipeline import Pipeline
from tests.e2e.worker import WorkerProcess, wait_until
from tests.faults.ground import Ground
from tests.kafka.broker import KafkaBroker, KafkaCluster

RESTART_SECONDS = 1.0
"""After this a supervisor (Kubernetes, systemd) starts a worker again that ended."""
MINUTE_SECONDS = 60.0
PATIENCE_SECONDS = 300.0
"""For what must happen, on a machine that is busy with other things."""
FIRST_DAY = date(2023, 8, 14)


class Supervisor(threading.Thread, Resource):
    """Starts every worker again that ended, whatever ended it, and counts how they ended."""

    def __init__(self, workers: Sequence[WorkerProcess]) -> None:
        super().__init__(name="supervisor", daemon=True)
        self.exits: Counter[int | None] = Counter()
        self._workers = workers
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(RESTART_SECONDS):
            for worker in self._workers:
                if not worker.running:
                    self.exits[worker.exit_code] += 1
                    worker.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def close(self) -> None:
        """Nobody is started again, also after a run that was broken off."""
        self._ended.set()
        self.join()


@dataclass(slots=True)
class ListDates:
    """The dates that list files give themselves in a run, each younger than the one before."""

    days: int = 0

    @property
    def before(self) -> str:
        """Of the file that is in force, or of one just as old."""
        return str(FIRST_DAY + timedelta(self.days))

    def newer(self) -> str:
        self.days += 1
        return self.before


@dataclass(slots=True)
class Scene:
    """What a fault may touch. `unlisted` are parties whose listing comes in the middle of a fault."""

    ground: Ground
    pipeline: Pipeline
    lookback: WorkerProcess
    """Follows the list, beside the workers."""
    rng: random.Random
    session_seconds: float
    listed: list[Designation]
    unlisted: list[Designation] = field(default_factory=list)
    dates: ListDates = field(default_factory=ListDates)

    @property
    def cluster(self) -> KafkaCluster:
        return self.ground.cluster

    def broker(self) -> KafkaBroker:
        """Any of the brokers."""
        return self.rng.choice(self.cluster.brokers)

    def worker(self) -> WorkerProcess:
        """Any of the workers."""
        return self.rng.choice(self.pipeline.workers)

    def change_list(self) -> None:
        """One party is designated, another taken off; both are paid all along."""
        if self.unlisted:
            coming = self.unlisted.pop()
            self.pipeline.change(coming.id, coming)
            self.listed.append(coming)
        leaving = self.listed.pop(self.rng.randrange(len(self.listed)))
        self.pipeline.change(leaving.id, None)

    def change_list_if_served(self) -> None:
        """The same while one broker is away: only where others keep the list, too."""
        if len(self.cluster.brokers) > 1:
            self.change_list()

    def step_clocks(self, processes: Sequence[WorkerProcess | KafkaBroker], seconds: int) -> None:
        """Each jumps ahead or back by so much, then the other way, and is right again."""
        assert self.ground.clocks
        ways = [self.rng.choice((-1, 1)) for _ in processes]
        for sign in (1, -1, 0):
            for process, way in zip(processes, ways, strict=True):
                self.ground.clocks.step(process.pid, sign * way * seconds)
            self.change_list()
            self.hold(3.0 if sign else 0.0)

    def wait_until_ready(self, worker: WorkerProcess) -> None:
        """Some faults need a worker in the middle of its work."""
        wait_until(
            lambda: worker.running and worker.ready,
            f"{worker.name} works",
            seconds=PATIENCE_SECONDS,
            told=worker.told,
        )

    def hold(self, seconds: float) -> None:
        """The fault lasts."""
        time.sleep(seconds)
