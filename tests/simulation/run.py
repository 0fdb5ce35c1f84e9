"""One run: a story played on the real parts over the model cluster, then the account of it."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from screening.cases.dispositions import Disposition, Verdict
from streams.kafka.connection import aiokafka_options
from streams.lists.withdrawing import withdraw
from tests.simulation.account import Account, Paid, Violation
from tests.simulation.clients import Kafka, Producer
from tests.simulation.cluster import NODES, Cluster
from tests.simulation.group import Group
from tests.simulation.loop import Process, VirtualLoop
from tests.simulation.parties import LISTS, Edition, payment
from tests.simulation.scene import (
    PARTITIONS,
    POLICIES,
    SETTINGS,
    TOPICS,
    Publisher,
    Worker,
    in_place_of_kafka,
)
from tests.simulation.story import PUBLISHERS, SECONDS, WORKERS, Event, Story

TEND_SECONDS = 0.6
SETTLE_SECONDS = 240.0
"""How long after the last fault everything must be decided and every copy of the list the same."""
LOOK_SECONDS = 1.0
BURST = 12
"""So many payments at once keep a slow worker busy while the list changes under it."""
MOMENT_SECONDS = 1.0
"""From the moment in which a publisher begins to the one in which the workers' tables change."""


@dataclass(slots=True)
class Outcome:
    """What a run came to; no violations when all is well."""

    story: Story
    violations: list[Violation]
    trace: int = 0
    """The same for two runs of one story."""
    seconds: float = 0.0
    """Simulated."""
    refused: list[str] = field(default_factory=list)
    """Why publications came to nothing."""


class Run:
    """The scene of one story."""

    def __init__(self, story: Story, loop: VirtualLoop, kafka: Kafka) -> None:
        self.story = story
        self.loop = loop
        self.kafka = kafka
        self.cluster = kafka.cluster
        self.group = Group(kafka, TOPICS.payments)
        self.workers = {name: Worker(kafka, self.group, name, story.required) for name in WORKERS}
        self.publishers = {name: Publisher(kafka, name, listed) for name, listed in PUBLISHERS}
        self.paid: list[Paid] = []
        self.withdrawn: list[tuple[str, float, float, str]] = []
        self.others: list[Process] = []
        self.publications = 0
        for publisher in self.publishers.values():
            publisher.on_publish = self._publishing
        self.calm_at = 0.0
        """When the last fault is over."""

    async def play(self) -> list[Violation]:
        self._tend()
        for publisher in self.publishers.values():
            publisher.start()
        for worker in self.workers.values():
            worker.start()
        for event in self.story.events:
            self.loop.later(max(0.0, event.at), self._happen, event)
            self.calm_at = max(self.calm_at, event.at)
        account = Account(self)
        await asyncio.sleep(max(SECONDS, self.calm_at))
        while self.loop.now < self.calm_at + SETTLE_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            if self.loop.now > self.calm_at and account.settled:
                break
        return account.violations()

    def _tend(self) -> None:
        """What controller and coordinators do now and then."""
        self.cluster.tend()
        self.kafka.coordinator.tend()
        self.group.tend()
        self.loop.later(TEND_SECONDS * (0.5 + self.loop.rng.random()), self._tend)

    def _happen(self, event: Event) -> None:
        getattr(self, "_" + event.what.replace(" ", "_"))(event)

    def _over(self, event: Event, action: Callable[[], None]) -> None:
        """Ends the fault when its time is over."""
        self.calm_at = max(self.calm_at, event.at + event.seconds)
        self.loop.later(event.seconds, action)

    def _process(self, name: str) -> Process:
        return (self.workers.get(name) or self.publishers[name]).process

    # the events of `story.WORDS`

    def _pay(self, event: Event) -> None:
        self._send(self.loop.rng.randrange(PARTITIONS[TOPICS.payments]), event.whom)

    def _pay_meanwhile(self, event: Event) -> None:
        """When its publication comes: see `_publishing`."""

    def _publishing(self, edition: Edition) -> None:
        """Payments to parties of a list, the delisted above all, while a publication comes into force."""
        self.publications += 1
        rng, known = self.loop.rng, LISTS[edition.list_name]
        gone = [party for party in known if party not in edition.names]
        for event in self.story.events:
            if event.what == "pay meanwhile" and event.steps == self.publications:
                partition = rng.randrange(PARTITIONS[TOPICS.payments])
                parties = rng.choices([*gone, *gone, *gone, *known], k=BURST)
                self.loop.later(rng.random() * MOMENT_SECONDS, self._send, partition, *parties)

    def _send(self, partition: int, *parties: str) -> None:
        for party in parties:
            name = f"P-{len(self.paid) + 1}"
            at = int(self.loop.wall() * 1000)
            self.cluster.put(TOPICS.payments, partition, at, name.encode(), payment(name, party), ())
            self.paid.append(Paid(name, party, self.loop.now))

    def _edition(self, event: Event) -> None:
        self.publishers[event.whom].source.edition = event.edition

    def _kill(self, event: Event) -> None:
        process = self._process(event.whom)
        process.after(event.steps, process.kill)

    def _stop(self, event: Event) -> None:
        process = self._process(event.whom)

        def stop() -> None:
            process.stop()
            self.calm_at = max(self.calm_at, self.loop.now + event.seconds)
            self.loop.later(event.seconds, self.loop.resume, process)

        process.after(event.steps, stop)

    def _upgrade(self, event: Event) -> None:
        worker = self.workers[event.whom]
        worker.end_in_order(POLICIES[1 - POLICIES.index(worker.policy)])

    def _cut(self, event: Event) -> None:
        node = self.cluster.nodes[self.cluster.leader]
        node.cut = True
        self._over(event, lambda: self.cluster.heal(node))

    def _freeze(self, event: Event) -> None:
        node = self.cluster.nodes[self.cluster.leader]
        node.frozen = True
        self._over(event, lambda: self.cluster.heal(node))

    def _cut_follower(self, event: Event) -> None:
        node = self.cluster.nodes[self.loop.rng.choice([n for n in NODES if n != self.cluster.leader])]
        node.cut = True
        self._over(event, lambda: self.cluster.heal(node))

    def _move(self, event: Event) -> None:
        del event
        self.cluster.move()

    def _compact(self, event: Event) -> None:
        for node in self.cluster.nodes.values():
            node.log.compact(int(node.log.end * event.share), tombstones=event.whom != "kept")

    def _delete(self, event: Event) -> None:
        log = self.cluster.nodes[self.cluster.leader].log
        log.delete_before(int(log.stable * event.share))
        for node in self.cluster.nodes.values():
            node.log.delete_before(log.start)

    def _strays(self, event: Event) -> None:
        """A program that has the right to write, and never heard of publications."""
        process = Process("somebody")
        self.others.append(process)
        keys = [f"{event.whom}:{number}" for number in range(8) if self.loop.rng.random() < 0.4]
        self.loop.start(process, self._send_strays(keys or [f"{event.whom}:0"]))

    async def _send_strays(self, keys: list[str]) -> None:
        producer = Producer()
        await producer.start()
        for key in keys:
            await (await producer.send(TOPICS.designations, None, key=key.encode(), partition=0))

    def _lossy(self, event: Event) -> None:
        self.cluster.lost = event.share
        self._over(event, lambda: setattr(self.cluster, "lost", 0.0))

    def _slow(self, event: Event) -> None:
        self.cluster.slow = float(event.steps)
        self._over(event, lambda: setattr(self.cluster, "slow", 1.0))

    def _coordinator_away(self, event: Event) -> None:
        self.kafka.coordinator.cluster.coordinator_away = True
        self._over(event, lambda: setattr(self.cluster, "coordinator_away", False))

    def _skew(self, event: Event) -> None:
        kind, _, number = event.whom.partition(" ")
        if kind == "broker":
            self.cluster.nodes[int(number)].skew += event.seconds
        else:
            self._process(event.whom).skew += event.seconds

    def _forbidden(self, event: Event) -> None:
        self.cluster.forbidden.add(TOPICS.alerts)
        self._over(event, lambda: self.cluster.forbidden.discard(TOPICS.alerts))

    def _withdraw(self, event: Event) -> None:
        process = Process("operator")
        self.others.append(process)
        for publisher in self.publishers.values():
            if publisher.list_name == event.whom:
                publisher.ended = True
                publisher.process.kill()
        self.loop.start(process, self._withdrawal(event.whom))

    async def _withdrawal(self, name: str) -> None:
        """Again until it is done, as they would who gave the order and read what is advised."""
        forgotten = False
        while True:
            began, why = self.loop.now, ""
            try:
                await withdraw(
                    aiokafka_options(SETTINGS),
                    list_name=name,
                    topic=TOPICS.designations,
                    reason="no longer needed",
                    by="jo",
                    forgotten=forgotten,
                )
            except Exception as error:
                why = f"{type(error).__name__}: {error}"
            self.withdrawn.append((name, began, self.loop.now, why))
            if not why:
                await asyncio.sleep(60.0)  # longer than anybody stands still
                if not self._still_requires(name):
                    return
            forgotten = forgotten or not why or "say --forgotten" in why
            await asyncio.sleep(3.0)

    def _still_requires(self, name: str) -> bool:
        """A worker says so that stood still when the list was withdrawn, and the marker is deleted since."""
        replicas = (worker.replica for worker in self.workers.values())
        said = (reason for replica in replicas if replica for reason in replica.reasons)
        return any(reason.startswith(f"list {name} is required") for reason in said)

    def _disposition(self, event: Event) -> None:
        """Of the first alert there is on the party."""
        for partition in range(PARTITIONS[TOPICS.alerts]):
            for entry in self.cluster.logs[TOPICS.alerts, partition].entries:
                hit = orjson.loads(entry.value or b"{}")["hits"][0]
                if hit["value"] == event.whom:
                    given = Disposition(
                        hit["fingerprint"],
                        hit["designation"]["id"],
                        hit["designation"]["fingerprint"],
                        Verdict.FALSE_POSITIVE,
                        by="jo",
                        reason="another company",
                        until=datetime(2024, 1, 1, tzinfo=UTC),
                    )
                    value = orjson.dumps(given)
                    at = int(self.loop.wall() * 1000)
                    self.cluster.put(TOPICS.dispositions, 0, at, given.key.encode(), value, ())
                    return

    def bury(self) -> None:
        owners: list[Worker | Publisher] = [*self.workers.values(), *self.publishers.values()]
        for owner in owners:
            owner.ended = True
        for process in (*(owner.process for owner in owners), *self.others):
            process.kill()


def play(story: Story) -> Outcome:
    """Run a story to its end. Raises SimulationError where the simulation itself is at fault."""
    rng = random.Random(f"run {story.seed}")
    loop = VirtualLoop(rng)
    asyncio.set_event_loop(loop)
    kafka = Kafka(Cluster(loop, rng, PARTITIONS, TOPICS.designations))
    run = Run(story, loop, kafka)
    with in_place_of_kafka(kafka):
        try:
            violations = loop.run_until_complete(run.play())
        finally:
            run.bury()
            _end(loop)
    refused = [why for publisher in run.publishers.values() for *_, why in publisher.outcomes if why]
    return Outcome(story, violations, hash((loop.steps, loop.now)), loop.now, refused)


def _end(loop: VirtualLoop) -> None:
    """Nothing of the run goes on."""
    asyncio.set_event_loop(None)
    for process in loop.processes:
        process.bury()
    loop.clear()
    loop.close()
