"""How long a designation, or a delisting, takes to bind in every worker.

While payments to one party run through all workers, the party is put on the list topic and taken off again;
the broker's timestamp of that record starts the clock. Two views of where it stops:

- from outside, a worker's last decision that still went by the old list;
- the worker's own `interdict_designation_effective_seconds`, searchable in its table.
"""

import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from screening import Designation
from tests.e2e.pipeline import Pipeline
from tests.e2e.records import producer, read_all
from tests.e2e.source import payment
from tests.e2e.worker import WorkerProcess

RATE = 400.0
"""Payments a second over all workers: with two, each decides one every 5 ms."""
HOLD_SECONDS = 0.25
"""How long each state lasts."""
OBJECTIVE = "0.1"
"""Seconds, as the bucket of the workers' histogram is named."""


@dataclass(frozen=True, slots=True)
class Change:
    """One record on the list topic: from `at_ms` (the broker's, Unix ms) on, the party hits or is clear."""

    designation_id: str
    at_ms: int
    hits: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What 100 or so changes took in one worker."""

    worker: str
    kind: str
    stale_ms: Sequence[float]
    """For each change, milliseconds until the last decision that went by the old list; 0: there was none."""

    def quantile(self, q: float) -> float:
        ordered = sorted(self.stale_ms)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))]

    def __str__(self) -> str:
        p50, p99, most = (self.quantile(q) for q in (0.5, 0.99, 1.0))
        return (
            f"{self.worker}: last decision by the old list after a {self.kind}: p50 {p50:.0f} ms, "
            f"p99 {p99:.0f} ms, max {most:.0f} ms ({len(self.stale_ms)} published)"
        )


def share_in_time(worker: WorkerProcess) -> float:
    """Of all changes the worker applied since its start, the share searchable within the objective."""
    name = "interdict_designation_effective_seconds"
    in_time = worker.metric(rf'{name}_bucket\{{le="{OBJECTIVE}"\}}')
    return in_time / worker.metric(f"{name}_count")


class _Probe(threading.Thread):
    """Payments to whoever is `party` now, at a steady rate."""

    def __init__(self, pipeline: Pipeline, party: Designation) -> None:
        super().__init__(name="probe", daemon=True)
        self.party = party
        self.ended = threading.Event()
        self._topic = pipeline.topics.payments
        self._producer = producer(pipeline.bootstrap)

    def run(self) -> None:
        rng = random.Random(1)
        number = 0
        while not self.ended.wait(1 / RATE):
            sent = payment(f"E-{self.party.id}-{number}", self.party, rng)
            self._producer.produce(self._topic, sent.value, sent.id.encode())
            self._producer.poll(0)
            number += 1
        self._producer.flush()


def measure(pipeline: Pipeline, parties: Sequence[Designation]) -> list[Effect]:
    """Each party is listed and delisted once while payments to it run; two effects for each worker."""
    probe = _Probe(pipeline, parties[0])
    probe.start()
    time.sleep(2 * HOLD_SECONDS)
    changes: list[Change] = []
    for party in parties:
        probe.party = party
        time.sleep(HOLD_SECONDS)
        changes.append(Change(party.id, pipeline.change(party.id, party), hits=True))
        time.sleep(HOLD_SECONDS)
        changes.append(Change(party.id, pipeline.change(party.id, None), hits=False))
        time.sleep(HOLD_SECONDS)
    probe.ended.set()
    probe.join()
    pipeline.settle()
    owner = {
        partition["partition"]: worker.name
        for worker in pipeline.workers
        for partition in worker.status()["partitions"]
    }
    seen = _decisions(pipeline, owner)
    return [
        Effect(
            worker.name,
            kind,
            [_stale_ms(change, seen[worker.name, change.designation_id]) for change in some],
        )
        for worker in pipeline.workers
        for kind, some in (
            ("designation", [change for change in changes if change.hits]),
            ("delisting", [change for change in changes if not change.hits]),
        )
    ]


def _decisions(pipeline: Pipeline, owner: dict[int, str]) -> dict[tuple[str, str], list[tuple[float, bool]]]:
    """When each worker decided about each party (Unix ms), and whether it hit."""
    partition_of = {
        record.key: record.partition for record in read_all(pipeline.bootstrap, pipeline.topics.payments)
    }
    seen: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for record in read_all(pipeline.bootstrap, pipeline.topics.decisions):
        decision = json.loads(record.value or b"{}")
        if not decision["payment_id"].startswith("E-"):
            continue
        party = decision["payment_id"].removeprefix("E-").rpartition("-")[0]
        at_ms = datetime.fromisoformat(decision["screened_at"]).timestamp() * 1000
        hit = any(hit["designation"]["id"] == party for hit in decision["hits"])
        seen[owner[partition_of[record.key]], party].append((at_ms, hit))
    return seen


def _stale_ms(change: Change, decisions: Sequence[tuple[float, bool]]) -> float:
    ends_ms = change.at_ms + HOLD_SECONDS * 1000
    stale = [at for at, hit in decisions if change.at_ms < at < ends_ms and hit is not change.hits]
    return max(stale, default=float(change.at_ms)) - change.at_ms
