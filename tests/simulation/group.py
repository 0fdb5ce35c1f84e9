"""The payments' consumer group, and Faust's part of a worker: from fetched records to acknowledged offsets.

`Payments` stands for Faust's consumer and app around the real `BatchStream`: it joins the group, fetches from
the committed offsets, drops what it holds when partitions change hands, and commits what was acknowledged.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from faust.types import Message

from streams.faust_internals.batches import BatchStream
from tests.simulation.clients import Kafka
from tests.simulation.cluster import Answer, Node

SESSION_SECONDS = 4.0
HEARTBEAT_SECONDS = 1.0
COMMIT_SECONDS = 0.7
FETCH_SECONDS = 3.0


@dataclass(slots=True)
class Member:
    heard_at: float
    partitions: list[int] = field(default_factory=list)


class Group:
    """The coordinator's side: who has which partition, and how far everybody has come."""

    def __init__(self, kafka: Kafka, topic: str) -> None:
        self._kafka = kafka
        self.topic = topic
        self.generation = 0
        self.members: dict[str, Member] = {}
        self.committed: dict[int, int] = {}

    def heartbeat(self, name: str) -> tuple[int, list[int]]:
        """The generation and the member's partitions; who is not known joins."""
        now = self._kafka.loop.now
        if name not in self.members:
            self.members[name] = Member(now)
            self._share_out()
        self.members[name].heard_at = now
        return self.generation, list(self.members[name].partitions)

    def leave(self, name: str) -> None:
        if self.members.pop(name, None):
            self._share_out()

    def commit(self, name: str, generation: int, offsets: dict[int, int]) -> bool:
        """False for who is of an older generation, and commits nothing."""
        if name not in self.members or generation != self.generation:
            return False
        self.committed |= offsets
        return True

    def tend(self) -> None:
        """Who was not heard of for a session's time is a member no longer."""
        now = self._kafka.loop.now
        silent = [name for name, each in self.members.items() if now - each.heard_at > SESSION_SECONDS]
        for name in silent:
            del self.members[name]
        if silent:
            self._share_out()

    def _share_out(self) -> None:
        self.generation += 1
        names = sorted(self.members)
        for place, name in enumerate(names):
            partitions = range(self._kafka.cluster.topics[self.topic])
            self.members[name].partitions = [each for each in partitions if each % len(names) == place]


class Stream(BatchStream):
    """The real stream of batches, over what `Payments` fetches."""

    should_stop = False

    def __init__(self, payments: "Payments") -> None:  # without Faust's own: there is no app
        self.channel = payments  # type: ignore[assignment]  # of a channel, only what is read
        self.app = payments.app
        self.events_total = 0
        self._processors = []
        self._finalized = False

    async def maybe_start(self) -> bool:
        return False


class Payments:
    """One worker's consumer of payments; also the channel that its stream reads."""

    def __init__(self, kafka: Kafka, group: Group, member: str) -> None:
        self._kafka = kafka
        self._group = group
        self._member = member
        self._partitions: list[int] = []
        self._positions: dict[int, int] = {}
        self._acknowledged: defaultdict[int, set[int]] = defaultdict(set)
        self._committed: dict[int, int] = {}
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        self.app: Any = SimpleNamespace(
            consumer=SimpleNamespace(unacked=set()),
            consumer_generation_id=-1,
            flow_control=SimpleNamespace(is_active=lambda: True),
            topics=SimpleNamespace(acking_topics={group.topic}),
            monitor=SimpleNamespace(stream_inbound_time={}),
        )

    async def __anext__(self) -> Any:
        return await self.queue.get()

    async def follow_group(self) -> None:
        """Heartbeats; what they answer is the assignment."""
        while True:
            generation, partitions = await self._ask(lambda: self._group.heartbeat(self._member))
            if generation != self.app.consumer_generation_id:
                await self._take_over(generation, partitions)
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _take_over(self, generation: int, partitions: list[int]) -> None:
        """From the committed offsets; what was fetched before is dropped."""
        while not self.queue.empty():
            self.queue.get_nowait()
        committed = await self._ask(lambda: dict(self._group.committed))
        self._acknowledged.clear()
        self._committed = {each: committed.get(each, 0) for each in partitions}
        self._positions = dict(self._committed)
        self._partitions = partitions
        self.app.consumer_generation_id = generation

    async def fetch(self) -> None:
        """Everything new of this worker's partitions, as events."""
        cluster = self._kafka.cluster
        while True:
            generation, found = self.app.consumer_generation_id, False
            for partition in self._partitions:
                records, end = cluster.logs[self._group.topic, partition].read(
                    self._positions[partition], committed=True
                )
                self._positions[partition] = end
                for record in records:
                    found = True
                    self.queue.put_nowait(self._event(record, partition, generation))
            if found:
                await asyncio.sleep(0.001 + cluster.rng.random() ** 3 * 0.05)
            else:
                await cluster.change(self._group.topic, FETCH_SECONDS)

    def _event(self, record: Any, partition: int, generation: int) -> Any:
        message = Message(
            self._group.topic,
            partition,
            record.offset,
            timestamp=record.timestamp / 1000,
            timestamp_type=0,
            headers=list(record.headers),
            key=record.key,
            value=record.value,
            checksum=None,
            generation_id=generation,
        )
        message.tracked = False

        def acknowledge() -> bool:
            if generation == self.app.consumer_generation_id:
                self._acknowledged[partition].add(record.offset)
            return True

        return SimpleNamespace(message=message, value=record.value, ack=acknowledge)

    async def commit_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            await self.commit()

    async def commit(self) -> None:
        """Up to the first payment that is not acknowledged."""
        offsets = dict(self._committed)
        for partition, done in self._acknowledged.items():
            while offsets.get(partition, -1) in done:
                offsets[partition] += 1
        generation = self.app.consumer_generation_id
        if offsets != self._committed and await self._ask(
            lambda: self._group.commit(self._member, generation, offsets)
        ):
            self._committed = offsets

    async def leave(self) -> None:
        await self._ask(lambda: self._group.leave(self._member))

    async def _ask(self, question: Any) -> Any:
        """Until it is answered: what the group's coordinator says."""

        def arrive(node: Node, answer: Answer) -> None:
            del node
            answer(question())

        cluster = self._kafka.cluster
        while True:
            try:
                return await cluster.ask(self._kafka.coordinator.node, arrive)
            except Exception:
                await asyncio.sleep(0.1)
